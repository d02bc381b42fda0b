"""Where a run computes, in which precision, and what has to be set for it to compute the same twice."""

from __future__ import annotations

import importlib.metadata
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from espalier.core.failures import UnusableInput
from espalier.core.models.repeatable import compute_repeatably, cores
from espalier.core.training.recipe import Recipe

if TYPE_CHECKING:
    import torch

CPU_INFO = Path("/proc/cpuinfo")
RECORDED = ("torch", "transformers", "peft", "bitsandbytes", "safetensors", "espalier")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The device of a run; `name` is the hardware's own, `dtype` what the base model and the activations are held in."""

    device: torch.device
    name: str
    dtype: torch.dtype
    threads: int


def prepare(recipe: Recipe, *, threads: int | None = None) -> Place:
    """Choose device and precision, and set torch's threads and determinism; call it before anything else touches torch.

    `threads` is what an earlier attempt used: sums over another number of threads round differently. Raises UnusableInput
    where the recipe asks for what this machine can't do.
    """
    count = threads or recipe.threads or cores()
    compute_repeatably(count)
    import torch

    device = torch.device("cuda", 0) if torch.cuda.is_available() else torch.device("cpu")
    return Place(device=device, name=_name(device), dtype=_dtype(recipe, device), threads=count)


def versions(place: Place) -> dict[str, str | int]:
    """What to record beside a run so that it can be made again."""
    found: dict[str, str | int] = {name: importlib.metadata.version(name) for name in RECORDED}
    return found | {"python": platform.python_version(), "threads": place.threads, "precision": str(place.dtype)[6:]}


def _dtype(recipe: Recipe, device: torch.device) -> torch.dtype:
    import torch

    able = _has_bfloat16(device)
    if recipe.precision == "bf16" and device.type == "cuda" and not able:
        raise UnusableInput(f"The {_name(device)} has no bf16.", "Set precision to auto or fp32.")
    chosen = recipe.precision if recipe.precision != "auto" else "bf16" if able else "fp32"
    return {"bf16": torch.bfloat16, "fp32": torch.float32}[chosen]


def _has_bfloat16(device: torch.device) -> bool:
    """In hardware: emulated bf16 is slower than fp32, on a CPU and on a GPU."""
    import torch

    if device.type == "cuda":
        return torch.cuda.get_device_capability(device) >= (8, 0)
    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def cpu_name() -> str:
    """As the system gives it; needs no torch."""
    if CPU_INFO.exists():
        for line in CPU_INFO.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def _name(device: torch.device) -> str:
    import torch

    return torch.cuda.get_device_name(device) if device.type == "cuda" else cpu_name()
