"""Watching the low-rank paths for overflow: how many of their outputs are infinite or NaN, and in which module that began."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import torch
from torch import nn

from espalier.core.training.masters import Slot
from espalier.core.training.overflow import MODULES, Lost

ENDS = (".lora_A.default", ".lora_B.default")


class OverflowWatch:
    """Over the forward passes of one step. On a GPU counts stay there until they are asked for: a step waits for them once."""

    def __init__(self, layers: Sequence[tuple[str, nn.Module]]) -> None:
        """Layers with the module that each belongs to."""
        self._layers = layers
        self._counts: list[tuple[str, torch.Tensor]] = []  # of all outputs of a layer, and of those where it began
        self._looked_at: Counter[str] = Counter()
        self._total, self._began = 0, Counter[str]()

    @contextmanager
    def looking(self) -> Iterator[None]:
        """Within, outputs are counted. Leave it before the backward pass, in which checkpointed layers are computed again."""
        handles = [layer.register_forward_hook(self._hook(module)) for module, layer in self._layers]
        try:
            yield
        finally:
            for handle in handles:
                handle.remove()

    @property
    def total(self) -> int:
        """Of all outputs."""
        self._collect()
        return self._total

    @property
    def lost(self) -> dict[str, Lost]:
        """By module, where it began."""
        self._collect()
        return {module: Lost(count=count, of=self._looked_at[module]) for module, count in self._began.items() if count}

    def _hook(self, module: str) -> Any:
        def look(_layer: nn.Module, given: tuple[torch.Tensor, ...], output: torch.Tensor) -> None:
            output = output.detach()
            self._looked_at[module] += output.numel()
            if output.device.type == "cpu" and _sums_up(output):
                return
            lost = (~torch.isfinite(output)).sum()
            began = torch.isfinite(given[0].detach().sum(dtype=torch.float32))
            self._counts.append((module, torch.stack((lost, lost * began))))

        return look

    def _collect(self) -> None:
        if not self._counts:
            return
        counts = torch.stack([count for _, count in self._counts]).tolist()
        for (module, _), (lost, began) in zip(self._counts, counts, strict=True):
            self._total += lost
            self._began[module] += began
        self._counts = []


def _sums_up(output: torch.Tensor) -> bool:
    """Whether its sum is finite, and so all of it is. A processor adds sixty times as fast as it looks at each element."""
    return math.isfinite(float(output.sum(dtype=torch.float32)))


def lost_gradients(slots: Sequence[Slot]) -> dict[str, Lost]:
    """By module, for a step whose gradient is not finite; weights that belong to no module are left out."""
    found: dict[str, Lost] = {}
    for slot in slots:
        module = module_of(slot.name)
        if module is not None:
            before = found.get(module, Lost(count=0, of=0))
            count = int((~torch.isfinite(slot.gradient)).sum())
            found[module] = Lost(count=before.count + count, of=before.of + slot.gradient.numel())
    return {module: one for module, one in found.items() if one.count}


def module_of(name: str) -> str | None:
    """The projection that a weight or a layer belongs to, by its name."""
    return next((part for part in name.split(".") if part in MODULES), None)


def low_rank_layers(model: nn.Module) -> list[tuple[str, nn.Module]]:
    """The two small matrices of every adapter, each with its module."""
    named = [(module_of(name), part) for name, part in model.named_modules() if name.endswith(ENDS)]
    return [(module, part) for module, part in named if module is not None]
