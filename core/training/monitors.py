"""What is watched while a run trains: one value object a step, and the two passes that look inside the low-rank paths."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

import torch
from torch import nn


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """One optimizer step. What was not looked at in this step is None and writes no row.

    loss                 per solution token, over the whole step
    gradient_norm        before clipping
    solution_tokens      the effective batch: tokens that the step's loss averages over
    tokens               with context, without padding
    noise_scale          in solution tokens; a batch much smaller is noisy, one much larger is wasted
    overflow             elements of the accumulated gradient that are infinite or NaN; such a step changes no weight
    overflow_activations the same in the outputs of the low-rank matrices
    zero_share           of the micro-batches' gradient elements, as the backward pass left them
    subnormal_share      of the same: below the smallest normal number of the precision, so losing bits
    """

    loss: float
    gradient_norm: float
    learning_rate: float
    solution_tokens: int
    tokens: int
    tokens_per_second: float
    peak_memory: int
    overflow: int
    noise_scale: float | None = None
    overflow_activations: int | None = None
    zero_share: float | None = None
    subnormal_share: float | None = None

    def rows(self) -> dict[str, float]:
        """By name; what is not finite is left out, since `overflow` says it and SQLite would store a NULL."""
        return {
            name: float(value) for name, value in asdict(self).items() if value is not None and math.isfinite(value)
        }


@dataclass(slots=True)
class Underflow:
    """Counts over the gradients of the micro-batches of one step."""

    zero: int = 0
    subnormal: int = 0
    elements: int = 0

    def look(self, gradients: Iterable[torch.Tensor]) -> None:
        for gradient in gradients:
            size = gradient.abs()
            zero = int((size == 0).sum())
            self.zero += zero
            self.subnormal += int((size < torch.finfo(gradient.dtype).tiny).sum()) - zero
            self.elements += gradient.numel()

    def share(self, count: int) -> float | None:
        return count / self.elements if self.elements else None


@contextmanager
def counting_overflow(layers: Sequence[nn.Module]) -> Iterator[list[torch.Tensor]]:
    """Within, every output of these layers adds its number of infinite or NaN elements to the list."""
    counts: list[torch.Tensor] = []

    def look(_layer: nn.Module, _given: Any, output: torch.Tensor) -> None:
        counts.append((~torch.isfinite(output.detach())).sum())

    handles = [layer.register_forward_hook(look) for layer in layers]
    try:
        yield counts
    finally:
        for handle in handles:
            handle.remove()


def square(gradients: Iterable[torch.Tensor]) -> float:
    """The squared norm of a gradient in pieces, summed in fp32 whatever precision it came in."""
    norms = [torch.linalg.vector_norm(gradient, dtype=torch.float32) for gradient in gradients]
    return float(torch.stack(norms).square().sum()) if norms else 0.0
