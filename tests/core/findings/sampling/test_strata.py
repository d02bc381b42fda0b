"""Strata: no small one goes unread, drawing in portions changes nothing, and the bound on the total is the exact one."""

import math
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom
from statsmodels.stats.proportion import proportion_confint

from espalier.core.findings.sampling.one_sample import miss_bound
from espalier.core.findings.sampling.strata import FEWEST, Stratum, allocate, doubt, head, total_bound, total_required

SIZES = st.lists(st.integers(1, 400), min_size=1, max_size=12)


@given(SIZES, st.integers(0, 3000))
def test_that_an_allocation_adds_up_and_leaves_no_stratum_out(sizes: list[int], more: int) -> None:
    drawn = allocate(sizes, [0] * len(sizes), more)
    assert sum(drawn) == min(more, sum(sizes))
    assert all(0 <= one <= size for one, size in zip(drawn, sizes, strict=True))
    if more >= FEWEST * len(sizes):
        assert all(one >= min(FEWEST, size) for one, size in zip(drawn, sizes, strict=True))


@given(SIZES, st.integers(0, 300), st.integers(0, 300))
def test_that_portions_come_to_the_same_as_one_draw(sizes: list[int], first: int, then: int) -> None:
    none = [0] * len(sizes)
    drawn = allocate(sizes, none, first)
    after = [one + more for one, more in zip(drawn, allocate(sizes, drawn, then), strict=True)]
    assert after == allocate(sizes, none, first + then)


def test_that_large_strata_are_drawn_from_in_proportion() -> None:
    assert allocate([7000, 2000, 1000, 3], [0, 0, 0, 0], 302) == [210, 60, 30, 2]


STRATA = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 9)), min_size=1, max_size=3)


@given(STRATA, st.sampled_from([0.05, 0.025, 0.31]))
def test_that_the_bound_is_the_worst_of_all_spreads(strata: list[tuple[int, int]], alpha: float) -> None:
    sizes, read = [size for size, _ in strata], [min(size, done) for size, done in strata]

    def unseen(marks: tuple[int, ...]) -> float:
        each = zip(sizes, read, marks, strict=True)
        return math.prod(float(hypergeom.pmf(0, size, bad, done)) for size, done, bad in each)

    spreads = product(*(range(size - done + 1) for size, done in zip(sizes, read, strict=True)))
    hidden = [(sum(one), unseen(one)) for one in spreads]
    least, most = (max(bad for bad, chance in hidden if chance > alpha * near) for near in (1 + 1e-9, 1 - 1e-9))
    assert least <= total_bound(sizes, read, alpha) <= most


@pytest.mark.parametrize(("size", "read"), [(500, 0), (500, 17), (500, 250), (500, 500), (40_000, 299)])
def test_that_one_stratum_has_the_bound_of_drawing_without_replacement(size: int, read: int) -> None:
    assert total_bound([size], [read], 0.05) / size == miss_bound(size, read, 0)


def test_that_in_a_large_corpus_the_bound_is_that_of_clopper_and_pearson() -> None:
    sizes, read = [7_000_000, 2_000_000, 1_000_000], [210, 60, 30]
    exact = proportion_confint(0, 300, alpha=0.1, method="beta")[1]  # two-sided 90 % is one-sided 95 %
    assert total_bound(sizes, read, 0.05) / sum(sizes) == pytest.approx(exact, rel=1e-4)
    assert exact == pytest.approx(0.009936, abs=1e-6)


def test_that_a_stratum_nobody_read_may_be_all_misses() -> None:
    assert total_bound([900, 100], [900, 0], 0.05) == 100
    assert total_bound([], [], 0.05) == 0


@pytest.mark.parametrize("sizes", [[5000], [7000, 2000, 1000, 3], [40] * 30, [2, 1]])
def test_that_what_is_required_meets_the_bound_and_one_less_does_not(sizes: list[int]) -> None:
    none = [0] * len(sizes)
    needed = total_required(sizes, none, 0.01, 0.05)
    for read, meets in ((needed, True), (needed - 1, False)):
        assert (total_bound(sizes, allocate(sizes, none, read), 0.05) <= 0.01 * sum(sizes)) is meets


def test_that_a_million_files_in_two_hundred_strata_are_bounded() -> None:
    sizes = [5000] * 200
    needed = total_required(sizes, [0] * 200, 0.01, 0.05)
    assert 380 <= needed <= 420


@given(SIZES, st.data())
def test_that_the_head_is_the_longest_beginning_of_the_queue_that_is_ready(
    sizes: list[int], data: st.DataObject
) -> None:
    ready = [data.draw(st.integers(0, min(size, 12))) for size in sizes]
    found, none = head(sizes, ready), [0] * len(sizes)
    assert found == allocate(sizes, none, sum(found))
    assert all(one <= done for one, done in zip(found, ready, strict=True))
    longer = allocate(sizes, none, sum(found) + 1)
    assert sum(found) == sum(sizes) or any(one > done for one, done in zip(longer, ready, strict=True))


@given(st.lists(st.integers(1, 500), min_size=1, max_size=4), st.integers(0, 4))
def test_that_all_ways_to_spread_the_misses_share_one_doubt(files: list[int], misses: int) -> None:
    ways = (one for one in product(range(misses + 1), repeat=len(files)) if sum(one) == misses)
    assert sum(doubt(files, one, misses) for one in ways) == pytest.approx(0.05 / 2**misses)


def test_that_misses_in_strata_that_are_gone_keep_their_price() -> None:
    assert doubt([10, 20], [0, 0], 3) == pytest.approx(0.05 / 8)
    assert doubt([30], [2], 2) == pytest.approx(0.05 / 4)
    assert doubt([90, 10], [0, 1], 1) == pytest.approx(0.05 / 2 * 0.3)


def test_that_a_stratum_knows_what_of_its_order_is_unread() -> None:
    one = Stratum(service="s", language="Go", files=9, size=9, drawn=6, missed=0, waiting=(2, 4))
    assert (one.read, one.ready) == (4, 2)
    assert [one.unread(first) for first in range(10)] == [0, 0, 0, 1, 1, 2, 2, 3, 4, 5]
