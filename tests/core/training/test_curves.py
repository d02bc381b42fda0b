"""The pyramid of a metric against what plain Python finds in the same points."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.core.training.made import recipe

from espalier.core.project import artifacts
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.curves import FEWEST, READ_AT_ONCE, Pyramid, Trace, follow

# Of few different values, so that the lowest often stands in several places; with gaps between the steps.
PIECES = st.lists(st.lists(st.tuples(st.integers(1, 5), st.integers(-20, 20)), max_size=300), min_size=1, max_size=6)
Curve = list[tuple[int, float]]


def grown(pieces: Sequence[Sequence[tuple[int, int]]]) -> tuple[Pyramid, Curve]:
    """A pyramid that has been added to piece by piece, and the same points in a list."""
    pyramid, curve, step = Pyramid(), Curve(), 0
    for piece in pieces:
        before = len(curve)
        for apart, value in piece:
            step += apart
            curve.append((step, value / 4))
        added = curve[before:]
        pyramid.add(np.array([one for one, _ in added], np.int64), np.array([one for _, one in added], np.float64))
    return pyramid, curve


def of(values: Sequence[float]) -> Trace:
    pyramid = Pyramid()
    pyramid.add(np.arange(len(values)), np.array(values, np.float64))
    return pyramid.trace()


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project") as made:
        yield made


@pytest.fixture
def number(project: Project) -> int:
    snapshot = artifacts.store(project, b"{}", "application/jsonl")
    return runs.create(project, snapshot=snapshot, model="m", base_files={"a": "b"}, recipe=recipe(), seed=1)


@settings(deadline=None)
@given(PIECES, st.integers(-5, 5000), st.integers(0, 5000), st.integers(1, 120))
def test_that_any_stretch_has_its_extremes_among_few_points(
    pieces: list[list[tuple[int, int]]], low: int, width: int, most: int
) -> None:
    pyramid, curve = grown(pieces)
    found = pyramid.trace().points(low, low + width, most)
    inside = [point for point in found if low <= point[0] <= low + width]
    there = [point for point in curve if low <= point[0] <= low + width]
    assert len(found) <= max(most, FEWEST)
    assert list(found) == sorted(set(found)) and set(found) <= set(curve)
    if there:
        assert min(value for _, value in inside) == min(value for _, value in there)
        assert max(value for _, value in inside) == max(value for _, value in there)
        assert (inside[0], inside[-1]) == (there[0], there[-1])


@settings(deadline=None)
@given(PIECES, st.integers(-5, 5000), st.integers(0, 5000))
def test_that_one_neighbour_stands_at_either_side(pieces: list[list[tuple[int, int]]], low: int, width: int) -> None:
    pyramid, curve = grown(pieces)
    found = pyramid.trace().points(low, low + width, 40)
    before, after = [one for one in curve if one[0] < low], [one for one in curve if one[0] > low + width]
    assert [one for one in found if one[0] < low] == before[-1:]
    assert [one for one in found if one[0] > low + width] == after[:1]


def test_that_a_spike_stays_however_long_the_curve() -> None:
    values = np.ones(1_000_000)
    values[777_777], values[123_456] = 9.0, -9.0
    found = of(values.tolist()).points(most=500)
    assert len(found) <= 500
    assert {(777_777, 9.0), (123_456, -9.0)} <= set(found)


def test_that_a_closer_look_shows_every_point() -> None:
    values = [float(step % 7) for step in range(50_000)]
    found = of(values).points(20_000, 20_500)
    assert list(found) == [(step, values[step]) for step in range(19_999, 20_502)]


def test_that_what_has_been_handed_on_stays_as_it_was_while_the_curve_grows() -> None:
    pyramid = Pyramid()
    kept: list[tuple[Trace, object]] = []
    for first in range(0, 9_000, 900):
        steps = np.arange(first, first + 900)
        pyramid.add(steps, np.sin(steps) + steps)
        kept.append((pyramid.trace(), pyramid.trace().points(most=100)))
    assert all(trace.points(most=100) == points for trace, points in kept)


def test_that_a_trace_is_the_same_until_something_is_added_and_cannot_be_written() -> None:
    pyramid = Pyramid()
    pyramid.add(np.arange(3), np.ones(3))
    first = pyramid.trace()
    pyramid.add(np.empty(0, np.int64), np.empty(0))
    assert pyramid.trace() is first
    with pytest.raises(ValueError, match="read-only"):
        first.values[0] = 7.0
    pyramid.add(np.array([5]), np.ones(1))
    assert pyramid.trace() is not first and pyramid.trace() != first


def test_that_nothing_and_one_point_are_curves_too() -> None:
    assert of([]).points() == () and of([]).smoothed() == () and of([]).total == 0
    assert of([2.5]).points() == ((0, 2.5),) == of([2.5]).smoothed()
    assert of([2.5]).points(10, 20) == ((0, 2.5),)


def test_that_what_is_not_finite_is_left_out() -> None:
    trace = of([1.0, float("nan"), float("inf"), 4.0, float("-inf")])
    assert trace.points() == ((0, 1.0), (3, 4.0))
    assert (trace.last, trace.total, len(trace)) == (4.0, 5.0, 2)


@settings(deadline=None)
@given(st.lists(st.floats(-100, 100), min_size=1, max_size=400))
def test_that_the_smooth_curve_is_the_mean_around_each_point(values: list[float]) -> None:
    number = len(values)
    for step, mean in of(values).smoothed():
        half = min(max(2, number // 20), step, number - 1 - step)
        around = values[step - half : step + half + 1]
        assert mean == pytest.approx(sum(around) / len(around), abs=1e-9)


def test_that_the_smooth_curve_is_the_same_from_nearby() -> None:
    trace = of([float(step * step % 97) for step in range(30_000)])
    far, near = dict(trace.smoothed(most=30_000)), trace.smoothed(9_000, 9_100)
    assert [step for step, _ in near] == list(range(8_999, 9_102))
    assert all(far[step] == value for step, value in near)


def test_that_a_run_is_read_on_from_where_reading_stopped(project: Project, number: int) -> None:
    pyramid = Pyramid()
    assert not follow(project, number, "loss", pyramid)
    runs.update(project, number, [("loss", step, 1.0 / step) for step in range(1, 11)])
    assert follow(project, number, "loss", pyramid)
    assert not follow(project, number, "loss", pyramid)
    runs.update(project, number, [("loss", step, 1.0 / step) for step in (11, 15, 16)] + [("other", 12, 0.0)])
    assert follow(project, number, "loss", pyramid)
    assert pyramid.trace().points() == tuple((step, 1.0 / step) for step in [*range(1, 12), 15, 16])


def test_that_steps_are_right_where_some_are_missing_between_two_reads(project: Project, number: int) -> None:
    steps = [*range(1, READ_AT_ONCE + 10), *range(READ_AT_ONCE + 20, READ_AT_ONCE + 40), 3 * READ_AT_ONCE]
    runs.update(project, number, [("loss", step, step / 2) for step in steps])
    pyramid = Pyramid()
    follow(project, number, "loss", pyramid)
    assert pyramid.trace().steps.tolist() == steps
    assert pyramid.trace().values.tolist() == [step / 2 for step in steps]


def test_that_memory_stays_within_fifty_bytes_a_point() -> None:
    pyramid = Pyramid()
    for first in range(0, 200_000, 1_000):
        pyramid.add(np.arange(first, first + 1_000), np.zeros(1_000))
    assert pyramid.size <= 50 * len(pyramid)
