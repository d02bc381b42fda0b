"""The temporal split and the balance: nothing held out is learnt, in any disguise, and no service drowns the rest."""

from collections import Counter
from datetime import UTC, datetime
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from espalier.core.dataset.balance import balance
from espalier.core.dataset.snapshot import serialise
from espalier.core.dataset.split import LEAST_TEST, Cut, choose_cut, divide
from espalier.core.examples.example import Example, Kind, Label, Provenance

CUT = Cut(test_from="2026-07-01T00:00:00.000Z", quarters=1)
WORDS = ("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda_", "mu")


def _solution(number: int) -> str:
    """Code whose shingles no other number's has."""
    names = [f"{word}_{number}" for word in WORDS]
    return "\n".join(f"    {left} = {right}({number})" for left, right in pairwise(names))


def _example(
    number: int,
    day: str,
    *,
    name: str = "",
    service: str = "pay",
    solution: str = "",
    kind: Kind = "completion",
    label: Label = "accepted",
) -> Example:
    return Example(
        kind=kind,
        label=label,
        language="Python",
        service=service,
        task=f"Write {number}.",
        context="",
        constraints=(),
        solution=solution or _solution(number),
        provenance=Provenance(
            repository="r",
            commit=f"c{number}",
            path="a.py",
            first_line=1,
            last_line=2,
            committed_at=f"{day}T00:00:00.000Z",
        ),
        qualified_name=name or f"f{number}",
        tokens=100,
    )


def _ids(examples: tuple[Example, ...]) -> set[str]:
    return {one.id for one in examples}


def test_that_what_appeared_after_the_cut_is_held_out() -> None:
    old = [_example(n, "2026-01-01") for n in range(40)]
    new = [_example(100 + n, "2026-08-01") for n in range(5)]
    parts = divide([*new, *old], CUT)
    assert _ids(parts.test) == {one.id for one in new}
    assert len(parts.train) + len(parts.validation) == 40
    assert not _ids(parts.train) & (_ids(parts.validation) | _ids(parts.test))


def test_that_copies_variants_and_earlier_versions_of_held_out_code_are_not_learnt() -> None:
    held_out = _example(1, "2026-08-01")
    same = _example(2, "2026-01-01", solution=held_out.solution + "  # the same")
    near = _example(3, "2026-01-01", solution=held_out.solution + "\n    tail = 1")
    earlier = _example(4, "2026-01-01", name="f1")
    others = [_example(10 + n, "2026-02-01") for n in range(20)]
    parts = divide([held_out, same, near, earlier, *others], CUT)
    assert not {same.id, near.id, earlier.id} & _ids(parts.train)
    assert sum(parts.leaks.values()) == 3
    assert len(parts.leaks) == 3


def test_that_only_the_newest_version_before_the_cut_is_learnt() -> None:
    versions = [_example(n, f"2026-0{n}-01", name="f") for n in (1, 2, 3)]
    others = [_example(10 + n, "2026-02-01") for n in range(20)]
    parts = divide([*versions, *others, _example(99, "2026-08-01")], CUT)
    kept = _ids(parts.train) | _ids(parts.validation)
    assert versions[2].id in kept
    assert not {versions[0].id, versions[1].id} & kept


def test_that_the_cut_goes_back_until_enough_is_held_out() -> None:
    newest = datetime(2026, 9, 30, tzinfo=UTC)
    few = [_example(n, "2026-08-01") for n in range(LEAST_TEST - 1)]
    old = _example(98, "2026-01-01")
    assert choose_cut([*few, _example(99, "2026-05-01"), old], newest).test_from.startswith("2026-04-01")
    assert choose_cut([*few, _example(99, "2026-09-01"), old], newest).test_from.startswith("2026-07-01")
    assert choose_cut(few, newest, "2025-02-03").test_from.startswith("2025-02-03")


def test_that_the_cut_never_goes_back_to_where_nothing_is_left_to_learn() -> None:
    newest = datetime(2026, 9, 30, tzinfo=UTC)
    young = [_example(1, "2026-05-01"), _example(2, "2026-08-01")]
    assert choose_cut(young, newest).test_from.startswith("2026-07-01")


def test_that_a_monolith_does_not_drown_the_rest() -> None:
    train = [_example(n, "2026-01-01", service="monolith") for n in range(400)]
    train += [_example(1000 + n, "2026-01-01", service="small") for n in range(25)]
    counted = Counter(one.service for one, _ in balance(train, 100, seed=1))
    assert counted["small"] == 20  # sqrt(25) of sqrt(400) + sqrt(25), of 100
    assert counted["monolith"] == 80
    shown = Counter[str]()
    for one, repeats in balance(train, None, seed=1):
        shown[one.service] += repeats
    assert shown["small"] == 75
    assert shown["monolith"] == 400


def test_that_scarce_negatives_are_all_taken_and_changes_stay_a_seasoning() -> None:
    train = [_example(n, "2026-01-01") for n in range(100)]
    train += [_example(200 + n, "2026-01-01", kind="change") for n in range(100)]
    train += [_example(400 + n, "2026-01-01", kind="review", label="rejected") for n in range(3)]
    chosen = Counter(one.kind for one, _ in balance(train, 100, seed=1))
    assert chosen["review"] == 3
    assert chosen["review"] + chosen["change"] == 20


@given(st.randoms(use_true_random=False))
def test_that_neither_order_nor_repetition_of_the_work_changes_the_bytes(random: object) -> None:
    train = [_example(n, "2026-01-01", service=f"s{n % 3}") for n in range(30)]
    shuffled = list(train)
    random.shuffle(shuffled)  # type: ignore[attr-defined]  # hypothesis types its random as object
    placed = [(one, "train", repeats) for one, repeats in balance(shuffled, 20, seed=4)]
    again = [(one, "train", repeats) for one, repeats in balance(train, 20, seed=4)]
    assert serialise(placed) == serialise(again)  # type: ignore[arg-type]  # literals inferred as str
