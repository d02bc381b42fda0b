"""Packing and order: everything once, nothing too long, and the same again from the same seed."""

from array import array
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.training.made import recipe

from espalier.core.failures import UnusableInput
from espalier.core.training.data import Sample
from espalier.core.training.packing import epoch_rows, fill, pack, plan

LENGTHS = st.lists(st.integers(1, 64), min_size=1, max_size=60)


def _samples(lengths: list[int], repeats: int = 1) -> list[Sample]:
    return [
        Sample(id=f"{number:04}", repeats=repeats, ids=array("q", range(length)), learn=bytes([0] + [1] * (length - 1)))
        for number, length in enumerate(lengths)
    ]


@given(LENGTHS, st.integers(1, 3), st.integers(0, 2**40), st.integers(1, 5))
def test_that_an_epoch_holds_every_sample_as_often_as_it_repeats(
    lengths: list[int], repeats: int, seed: int, epoch: int
) -> None:
    rows = epoch_rows(_samples(lengths, repeats), 64, seed, epoch)
    assert Counter(index for row in rows for index in row) == dict.fromkeys(range(len(lengths)), repeats)
    assert all(sum(lengths[index] for index in row) <= 64 for row in rows)


@given(LENGTHS)
def test_that_packing_needs_at_most_twice_the_rows_that_the_tokens_would_fill(lengths: list[int]) -> None:
    rows = pack(range(len(lengths)), lengths, 64)
    assert len(rows) <= 2 * -(-sum(lengths) // 64)


def test_that_a_sample_goes_into_the_fullest_row_with_room() -> None:
    assert pack([0, 1, 2, 3], [6, 5, 4, 3], 10) == [(0, 2), (1, 3)]


def test_that_order_is_a_function_of_seed_and_epoch_alone() -> None:
    samples = _samples([10] * 40)
    assert epoch_rows(samples, 64, 7, 1) == epoch_rows(samples, 64, 7, 1)
    assert epoch_rows(samples, 64, 7, 1) != epoch_rows(samples, 64, 7, 2)
    assert epoch_rows(samples, 64, 7, 1) != epoch_rows(samples, 64, 8, 1)


def test_that_a_plan_cuts_the_epochs_into_steps_and_only_the_last_is_short() -> None:
    made = plan(_samples([64] * 5), recipe(max_steps=None, epochs=3, row_tokens=64, accumulation=4), 1)
    assert (made.steps, made.epochs, len(made.rows)) == (4, 3, 15)
    assert [len(made.micro_batches(step)) for step in range(made.steps)] == [4, 4, 4, 3]


@pytest.mark.parametrize(("epochs", "max_steps", "steps"), [(1, None, 3), (None, 7, 7), (1, 2, 2), (1, 9, 3)])
def test_that_a_run_ends_with_its_epochs_or_its_steps_whichever_is_first(
    epochs: int | None, max_steps: int | None, steps: int
) -> None:
    chosen = recipe(epochs=epochs, max_steps=max_steps, row_tokens=64, accumulation=2)
    assert plan(_samples([64] * 5), chosen, 1).steps == steps


def test_that_a_run_without_examples_is_refused() -> None:
    with pytest.raises(UnusableInput, match="no examples"):
        plan([], recipe(), 1)


def test_that_fill_is_the_share_of_the_rows_that_holds_tokens() -> None:
    assert fill([(0, 1), (2,)], _samples([30, 30, 4]), 64) == 0.5
