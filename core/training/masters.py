"""The fp32 truth of every trained weight, and the copies of it that the model computes with.

A bf16 weight has eight bits: a step of 1e-4 on a weight near 1 rounds away entirely, so training the copies themselves would lose
most small updates. The masters lie in one flat tensor (two where some weights must not decay): an optimizer over one large tensor is one call, and
bitsandbytes pages or quantises it whole, while it leaves the small matrices of an adapter in ordinary fp32 memory.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import nn


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One trained parameter: the model's copy, and its places in the flat weights and gradient."""

    name: str
    copy: nn.Parameter
    weight: torch.Tensor
    gradient: torch.Tensor


class Masters:
    """`weights` are the optimizer's parameters, and their `.grad` is summed over a step's micro-batches."""

    def __init__(self, trained: Sequence[tuple[str, nn.Parameter]], compute: torch.dtype) -> None:
        decaying = [(name, parameter) for name, parameter in trained if parameter.ndim > 1]
        constant = [(name, parameter) for name, parameter in trained if parameter.ndim <= 1]
        self.decaying = _flatten(decaying)
        self.constant = _flatten(constant)
        self.weights = [flat for flat in (self.decaying, self.constant) if flat is not None]
        self.slots = [*_slots(decaying, self.decaying), *_slots(constant, self.constant)]
        for slot in self.slots:
            slot.copy.data = slot.copy.data.to(compute)

    def collect(self) -> None:
        """Add the gradients of the model's copies to the masters' and drop them."""
        for slot in self.slots:
            if slot.copy.grad is not None:
                slot.gradient.add_(slot.copy.grad)
                slot.copy.grad = None

    def publish(self) -> None:
        """Round the masters into the model's copies."""
        with torch.no_grad():
            for slot in self.slots:
                slot.copy.copy_(slot.weight)

    def clear(self) -> None:
        for weights in self.weights:
            _gradient(weights).zero_()

    def norm(self) -> float:
        """Of the whole gradient; infinite or NaN where any part of it is."""
        norms = [torch.linalg.vector_norm(_gradient(weights)) for weights in self.weights]
        return float(torch.linalg.vector_norm(torch.stack(norms)))

    def scale(self, factor: float) -> None:
        for weights in self.weights:
            _gradient(weights).mul_(factor)

    def not_finite(self) -> int:
        return sum(int((~torch.isfinite(_gradient(weights))).sum()) for weights in self.weights)

    def tensors(self) -> dict[str, torch.Tensor]:
        """The fp32 weights by PEFT's names: views, so that they change with the masters."""
        return {slot.name: slot.weight for slot in self.slots}

    def restore(self, tensors: Mapping[str, torch.Tensor]) -> None:
        """Take weights as `tensors` gave them, and publish; raises KeyError or RuntimeError for a name or shape that differs."""
        with torch.no_grad():
            for slot in self.slots:
                slot.weight.copy_(tensors[slot.name])
        self.publish()


def _flatten(named: Sequence[tuple[str, nn.Parameter]]) -> nn.Parameter | None:
    if not named:
        return None
    flat = nn.Parameter(torch.cat([parameter.detach().float().flatten() for _, parameter in named]))
    flat.grad = torch.zeros_like(flat)
    return flat


def _slots(named: Sequence[tuple[str, nn.Parameter]], flat: nn.Parameter | None) -> list[Slot]:
    slots: list[Slot] = []
    if flat is None:
        return slots
    start = 0
    for name, parameter in named:
        part = slice(start, start + parameter.numel())
        weight, gradient = flat.data[part].view_as(parameter), _gradient(flat)[part].view_as(parameter)
        slots.append(Slot(name=name, copy=parameter, weight=weight, gradient=gradient))
        start += parameter.numel()
    return slots


def _gradient(weights: torch.Tensor) -> torch.Tensor:
    if weights.grad is None:
        raise AssertionError("a master lost its gradient; nothing may set it to None")
    return weights.grad
