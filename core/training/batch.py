"""One micro-batch as tensors: packed rows whose examples can't see one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from espalier.core.training.data import Sample
from espalier.core.training.packing import Row

if TYPE_CHECKING:
    import torch

CHUNK = 256  # positions whose logits exist at a time: 256 x 128k x 4 bytes = 128 MiB for the largest vocabularies


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """`ids` and `positions` are rows by tokens. `predicts` holds flat places whose next token is learnt, `targets` those tokens.

    `segments` says of each row where every example, and the padding, starts and ends.
    """

    ids: torch.Tensor
    positions: torch.Tensor
    predicts: torch.Tensor
    targets: torch.Tensor
    segments: tuple[tuple[tuple[int, int], ...], ...]
    tokens: int
    solution_tokens: int


def batch(rows: Sequence[Row], samples: Sequence[Sample], device: torch.device) -> Batch:
    """Every example starts again at position 0, which is how transformers tells packed examples apart.

    The padding at the end of a row is a further such example of its own, so that nothing attends to it. Padded to the longest row of the batch, not to
    the recipe's length.
    """
    import torch

    width = max(sum(len(samples[index]) for index in row) for row in rows)
    ids = torch.zeros(len(rows), width, dtype=torch.long)
    positions = torch.zeros(len(rows), width, dtype=torch.long)
    predicts: list[int] = []
    targets: list[int] = []
    segments: list[tuple[tuple[int, int], ...]] = []
    for number, row in enumerate(rows):
        start, bounds = 0, list[int]()
        for sample in (samples[index] for index in row):
            end = start + len(sample)
            bounds.append(start)
            ids[number, start:end] = torch.tensor(sample.ids, dtype=torch.long)
            positions[number, start:end] = torch.arange(len(sample))
            learnt = [place for place in range(1, len(sample)) if sample.learn[place]]
            predicts += [number * width + start + place - 1 for place in learnt]
            targets += [sample.ids[place] for place in learnt]
            start = end
        positions[number, start:] = torch.arange(width - start)
        bounds.append(start)
        if start < width:
            bounds.append(width)
        segments.append(tuple(pairwise(bounds)))
    return Batch(
        ids=ids.to(device),
        positions=positions.to(device),
        predicts=torch.tensor(predicts, dtype=torch.long, device=device),
        targets=torch.tensor(targets, dtype=torch.long, device=device),
        segments=tuple(segments),
        tokens=sum(len(samples[index]) for row in rows for index in row),
        solution_tokens=len(targets),
    )


def solution_tokens(rows: Sequence[Row], samples: Sequence[Sample]) -> int:
    """How many tokens of these rows are learnt; the first token of an example is predicted by nothing."""
    return sum(sum(samples[index].learn[1:]) for row in rows for index in row)
