"""What is watched while a run trains: one value object a step, and a pass over its gradients."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields

import torch

from espalier.core.training import overflow
from espalier.core.training.overflow import Lost


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """One optimizer step. What was not looked at in this step is None and writes no row.

    loss                 per solution token, over the whole step
    gradient_norm        before clipping
    solution_tokens      the effective batch: tokens that the step's loss averages over
    tokens               with context, without padding
    noise_scale          in solution tokens; a batch much smaller is noisy, one much larger is wasted
    memory               bytes that the device holds now, on a GPU the most in this step; `peak_memory` so far
    overflow             elements of the accumulated gradient that are infinite or NaN; such a step changes no weight
    overflow_activations the same in the outputs of the low-rank matrices
    lost                 by module, where there was any overflow
    zero_share           of the micro-batches' gradient elements, as the backward pass left them
    subnormal_share      of the same: below the smallest normal number of the precision, so losing bits
    """

    loss: float
    gradient_norm: float
    learning_rate: float
    solution_tokens: int
    tokens: int
    tokens_per_second: float
    memory: int
    peak_memory: int
    overflow: int
    noise_scale: float | None = None
    overflow_activations: int | None = None
    zero_share: float | None = None
    subnormal_share: float | None = None
    lost: Mapping[str, Lost] = field(default_factory=dict)

    def rows(self) -> dict[str, float]:
        """By name; what is not finite is left out, since `overflow` says it and SQLite would store a NULL."""
        plain = {one.name: getattr(self, one.name) for one in fields(self) if one.name != "lost"}
        seen = {name: float(value) for name, value in plain.items() if value is not None and math.isfinite(value)}
        return seen | overflow.rows(self.lost)


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


def square(gradients: Iterable[torch.Tensor]) -> float:
    """The squared norm of a gradient in pieces, summed in fp32 whatever precision it came in."""
    norms = [torch.linalg.vector_norm(gradient, dtype=torch.float32) for gradient in gradients]
    return float(torch.stack(norms).square().sum()) if norms else 0.0
