"""The memory of a run: what it takes of its device, measured every step, beside what it was expected to take."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import psutil

from espalier.core.failures import UnusableInput
from espalier.core.models import llama, register
from espalier.core.models.files import read_object
from espalier.core.project.file import Project
from espalier.core.training import estimate
from espalier.core.training.estimate import Range
from espalier.core.training.runs import Run

if TYPE_CHECKING:
    import torch

NOW, DEVICE = "memory", "device_memory"  # metrics; the second is written once an attempt, at the step it begins with


class Gauge:
    """Reads a device's memory step by step: of CUDA's allocator on a GPU, of this process on a CPU."""

    def __init__(self, device: torch.device) -> None:
        self._device = device
        self._peak = _highest(device)  # that of loading the model
        if device.type == "cuda":
            _begin_anew(device)

    def read(self) -> tuple[int, int]:
        """Bytes now and at the highest so far. A GPU's `now` is the highest since the last reading: between steps it holds little."""
        if self._device.type == "cuda":
            now = highest = _highest(self._device)
            _begin_anew(self._device)
        else:
            now, highest = psutil.Process().memory_info().rss, _process_peak()
        self._peak = max(self._peak, highest, now)  # the system counts its peak of a process coarsely
        return now, self._peak


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """Bytes: from where to where the whole was estimated, and what it is made of."""

    whole: Range
    parts: dict[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Bytes: `now` as last measured and `total` of the device, None in runs from before they were.

    `expected` is None where the model's shape is not known.
    """

    now: int | None
    peak: int | None
    total: int | None
    expected: Expected | None


def total(device: torch.device) -> int:
    """Bytes that the device has."""
    if device.type != "cuda":
        return psutil.virtual_memory().total
    import torch

    return int(torch.cuda.get_device_properties(device).total_memory)


def memory(project: Project, run: Run) -> Memory:
    return Memory(
        now=_newest(project, run, NOW),
        peak=run.peak_memory,
        total=_newest(project, run, DEVICE),
        expected=expected(project, run),
    )


def expected(project: Project, run: Run) -> Expected | None:
    """By the estimate's formula, in the precision in which the run computes; None where the model is not on this machine."""
    precision = "fp32" if run.versions.get("precision") == "float32" else run.recipe.precision
    recipe = run.recipe.model_copy(update={"precision": precision})
    try:
        config = register.model(project, run.model).path / "config.json"
        if not config.is_file():
            return None
        shape = llama.shape(read_object(config))
    except UnusableInput:
        return None
    return Expected(whole=estimate.memory(shape, recipe), parts=estimate.memory_parts(shape, recipe))


def told(found: Memory) -> dict[str, Any]:
    """What `train show` says of it, but for the peak, which it has by itself."""
    whole = None if found.expected is None else found.expected.whole
    return {
        "now": found.now,
        "device": found.total,
        "expected": None if whole is None else {"low": round(whole.low), "high": round(whole.high)},
    }


def _newest(project: Project, run: Run, name: str) -> int | None:
    query = "SELECT value FROM metrics WHERE run = ? AND name = ? ORDER BY step DESC LIMIT 1"
    value = project.value(query, (run.id, name))
    return None if value is None else int(value)


def _highest(device: torch.device) -> int:
    if device.type != "cuda":
        return _process_peak()
    import torch

    return int(torch.cuda.max_memory_allocated(device))


def _begin_anew(device: torch.device) -> None:
    import torch

    torch.cuda.reset_peak_memory_stats(device)


def _process_peak() -> int:
    """Windows says it among the rest; elsewhere it is asked for by a module that Windows lacks."""
    on_windows: int | None = getattr(psutil.Process().memory_info(), "peak_wset", None)
    if on_windows is not None:
        return on_windows
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if platform.system() == "Darwin" else peak * 1024  # Linux counts in KiB
