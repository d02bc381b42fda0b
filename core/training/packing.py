"""Which examples share a row, and which rows make a step: a pure function of samples, recipe and seed.

Nothing here remembers anything, so a resumed run needs only the number of the step to see the same rows.
"""

import hashlib
from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from espalier.core.failures import UnusableInput
from espalier.core.training.data import Sample
from espalier.core.training.recipe import Recipe

Row = tuple[int, ...]  # indices into the samples, in the order in which they lie in the row


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Every row that a run sees, in order, and how they group into micro-batches and optimizer steps."""

    rows: tuple[Row, ...]
    rows_per_micro: int
    accumulation: int
    steps: int
    epochs: int

    def micro_batches(self, step: int) -> list[tuple[Row, ...]]:
        """The micro-batches of a step, counted from 0; the last step of a run may have fewer."""
        per_step = self.rows_per_micro * self.accumulation
        rows = self.rows[step * per_step : (step + 1) * per_step]
        return [rows[start : start + self.rows_per_micro] for start in range(0, len(rows), self.rows_per_micro)]


def plan(samples: Sequence[Sample], recipe: Recipe, seed: int) -> Plan:
    """Lay the epochs end to end and cut them into steps, so that only the run's very last step can be short."""
    if not samples:
        raise UnusableInput("The snapshot has no examples to train on.", "Freeze a dataset whose train split has some.")
    per_step = recipe.rows_per_micro * recipe.accumulation
    wanted = recipe.max_steps * per_step if recipe.max_steps else None
    rows: list[Row] = []
    epoch = 0
    for epoch in count(1):
        rows += epoch_rows(samples, recipe.row_tokens, seed, epoch)
        if epoch == recipe.epochs or (wanted is not None and len(rows) >= wanted):
            break
    kept = tuple(rows[:wanted])
    return Plan(
        rows=kept,
        rows_per_micro=recipe.rows_per_micro,
        accumulation=recipe.accumulation,
        steps=-(-len(kept) // per_step),
        epochs=epoch,
    )


def epoch_rows(samples: Sequence[Sample], row_tokens: int, seed: int, epoch: int | str) -> list[Row]:
    """Pack one epoch, each sample as often as its `repeats` says, and shuffle the rows."""
    order = [
        (_key(seed, epoch, sample.id, copy), index)
        for index, sample in enumerate(samples)
        for copy in range(sample.repeats)
    ]
    order.sort()
    rows = pack([index for _, index in order], [len(sample) for sample in samples], row_tokens)
    return [row for _, row in sorted((_key(seed, epoch, "row", number), row) for number, row in enumerate(rows))]


def pack(order: Sequence[int], lengths: Sequence[int], row_tokens: int) -> list[Row]:
    """Best-fit decreasing: the longest first, each into the fullest row that still has room; ties keep their order."""
    rows: list[list[int]] = []
    free: list[tuple[int, int]] = []  # (tokens left, row), sorted
    for index in sorted(order, key=lambda index: -lengths[index]):
        place = bisect_left(free, (lengths[index], -1))
        if place < len(free):
            left, row = free.pop(place)
        else:
            left, row = row_tokens, len(rows)
            rows.append([])
        rows[row].append(index)
        insort(free, (left - lengths[index], row))
    return [tuple(row) for row in rows]


def fill(rows: Iterator[Row] | Sequence[Row], samples: Sequence[Sample], row_tokens: int) -> float:
    """The share of the rows' room that holds tokens."""
    used = [sum(len(samples[index]) for index in row) for row in rows]
    return sum(used) / (len(used) * row_tokens) if used else 0.0


def _key(seed: int, epoch: int | str, name: str, number: int) -> bytes:
    """A hash for a shuffle: unlike `random`, the same in every version of Python."""
    return hashlib.sha256(f"{seed}\0{epoch}\0{name}\0{number}".encode()).digest()
