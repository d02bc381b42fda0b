"""How much memory and time a recipe will take, before anything is loaded: ranges, from the model's shape alone.

Memory counts, in bytes, with N_lin the parameters of the layers' matrices, N_emb those of embedding and head, N_lora the adapter's, T the tokens of a
micro-batch, h, I, L, V the model's sizes, and b the bytes of an activation (2 for bf16, 4 for fp32):

    base         N_lin·b + N_emb·b, or with NF4 and double quantisation N_lin·(1/2 + 1/64 + 4/16384) + N_emb·b   (Dettmers et al. 2023)
    adapter      N_lora·(4 + 4 + 8 + 2b): fp32 master, gradient, Adam's two moments (2 with 8 bits), and the model's copy with its gradient
    activations  L·T·b·(10h + 6I); with gradient checkpointing L·T·b·h and one layer's T·b·(10h + 6I)           (Korthikanti et al. 2022)
    head         256·V·6 + 4·T·h: the loss holds the logits of 256 positions at a time
    process      0.7 GB for Python, torch and a device context

10h + 6I was fitted to the memory of a real run of the embedded model; against published figures for 7B to 70B models the sum lies within a fifth.
Time counts T·(4·N_lin [+ 2·N_lin recomputed] + 4·N_head·share learnt + 6·N_lora) operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import psutil

from espalier.core.failures import UnusableInput
from espalier.core.models import llama, register
from espalier.core.models.files import read_object
from espalier.core.models.repeatable import cores
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project import artifacts
from espalier.core.project.file import Project
from espalier.core.training import packing
from espalier.core.training.batch import CHUNK
from espalier.core.training.data import samples
from espalier.core.training.device import cpu_name
from espalier.core.training.recipe import TARGETS, Recipe

GB = 1_000_000_000
PROCESS = 0.7 * GB
NF4_BYTES = 0.5 + 1 / 64 + 4 / 16384
SPREAD = (0.8, 1.25)

# Dense bf16 tensor throughput in TFLOP/s, from the vendor's data sheets; a run reaches 15 to 45 % of it.
PEAK_TFLOPS = {
    "B200": 2250,
    "H200": 989,
    "H100": 989,
    "A100": 312,
    "L40S": 362,
    "RTX 6000 Ada": 364,
    "RTX A6000": 155,
    "RTX 5090": 210,
    "RTX 4090": 165,
    "RTX 3090": 71,
    "A10": 125,
    "L4": 121,
}
REACHED = (0.15, 0.45)
CPU_GFLOPS = (25, 170)  # a thread: fp32 on an old core, bf16 with matrix instructions on a new one


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Hardware:
    """`memory` is what the machine or the GPU has free now, in bytes; `flops` what it may reach a second, None if unknown."""

    name: str
    memory: int
    flops: Range | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """Bytes and seconds; `parts` are what the memory is made of. `basis` says whether the time comes from earlier runs here or from the hardware's figures."""

    device: str
    steps: int
    epochs: int
    tokens: int
    solution_tokens: int
    fill: float
    memory: Range
    parts: dict[str, float]
    memory_free: int
    fits: Literal["yes", "perhaps", "no"]
    seconds: Range | None
    basis: Literal["earlier runs", "hardware", "unknown"]


def estimate(project: Project, *, snapshot: str, model: str, recipe: Recipe, seed: int = 0) -> Estimate:
    """Tokenises and packs the snapshot, so that steps and tokens are exact; loads neither torch nor the model."""
    base = register.model(project, model)
    if not base.path.is_dir():
        raise UnusableInput(
            f"The model {model} is not on this machine yet.", "Prepare it: espalier model verify PROJECT"
        )
    learnt = samples(artifacts.read(project, snapshot), "train", Tokenizer.load(base.path), recipe.row_tokens)
    plan = packing.plan(learnt, recipe, seed)
    tokens = sum(len(learnt[index]) for row in plan.rows for index in row)
    solution = sum(sum(learnt[index].learn[1:]) for row in plan.rows for index in row)
    shape, here = llama.shape(read_object(base.path / "config.json")), hardware(recipe)
    needed, speed = memory(shape, recipe), earlier_speed(project, model, here.name)
    seconds = None
    if speed is not None:
        seconds = Range(low=tokens / speed.high, high=tokens / speed.low)
    elif here.flops is not None:
        work = operations(shape, recipe, tokens, solution)
        seconds = Range(low=work / here.flops.high, high=work / here.flops.low)
    return Estimate(
        device=here.name,
        steps=plan.steps,
        epochs=plan.epochs,
        tokens=tokens,
        solution_tokens=solution,
        fill=packing.fill(plan.rows, learnt, recipe.row_tokens),
        memory=needed,
        parts=memory_parts(shape, recipe),
        memory_free=here.memory,
        fits="yes" if needed.high <= here.memory else "no" if needed.low > here.memory else "perhaps",
        seconds=seconds,
        basis="earlier runs" if speed is not None else "hardware" if here.flops is not None else "unknown",
    )


def memory(shape: llama.Shape, recipe: Recipe) -> Range:
    """The formula of this module's docstring, with the spread that was seen around it."""
    total = sum(memory_parts(shape, recipe).values())
    return Range(low=total * SPREAD[0], high=total * SPREAD[1])


def memory_parts(shape: llama.Shape, recipe: Recipe) -> dict[str, float]:
    """Bytes by what takes them: weights, adapter, optimizer, activations, logits, process; their sum is the estimate."""
    width = 4 if recipe.precision == "fp32" else 2
    tokens = recipe.rows_per_micro * recipe.row_tokens
    linear, embedded, low_rank = linear_parameters(shape), embedding_parameters(shape), lora_parameters(shape, recipe)
    base = linear * (NF4_BYTES if recipe.quantisation == "nf4" else width) + embedded * width
    unfrozen = 0 if recipe.freeze.embeddings else shape.vocabulary * shape.hidden
    moments = 8 if recipe.optimizer == "adamw" else 2
    layer = tokens * width * (10 * shape.hidden + 6 * shape.intermediate)
    kept = shape.layers * tokens * width * shape.hidden
    head = CHUNK * shape.vocabulary * 6 + 4 * tokens * shape.hidden
    if unfrozen:
        head = 10 * tokens * shape.vocabulary  # a head that learns needs all the logits at once
    unpacked = 2 * shape.hidden * shape.intermediate if recipe.quantisation == "nf4" else 0
    return {
        "weights": base + unpacked,
        "adapter": (low_rank + unfrozen) * (8 + 2 * width),
        "optimizer": (low_rank + unfrozen) * moments,
        "activations": kept + layer if recipe.gradient_checkpointing else shape.layers * layer,
        "logits": head,
        "process": PROCESS,
    }


def operations(shape: llama.Shape, recipe: Recipe, tokens: int, solution_tokens: int) -> float:
    """Floating-point operations of a whole run; attention itself is left out, since rows are short."""
    linear = linear_parameters(shape) * (6 if recipe.gradient_checkpointing else 4)
    head = 4 * shape.vocabulary * shape.hidden
    return tokens * (linear + 6 * lora_parameters(shape, recipe)) + solution_tokens * head


def linear_parameters(shape: llama.Shape) -> int:
    return shape.layers * sum(inner * outer for inner, outer in _matrices(shape).values())


def embedding_parameters(shape: llama.Shape) -> int:
    return shape.vocabulary * shape.hidden * (1 if shape.tied else 2)


def lora_parameters(shape: llama.Shape, recipe: Recipe) -> int:
    matrices = _matrices(shape)
    return shape.layers * recipe.rank * sum(sum(matrices[name]) for name in TARGETS[recipe.targets])


def hardware(recipe: Recipe) -> Hardware:
    """The first GPU where there is one, else the processor; asks the driver and not torch."""
    found = _gpu()
    if found is not None:
        return found
    threads = recipe.threads or cores()
    low, high = (threads * gflops * 1e9 for gflops in CPU_GFLOPS)
    return Hardware(name=cpu_name(), memory=psutil.virtual_memory().available, flops=Range(low=low, high=high))


def earlier_speed(project: Project, model: str, device: str) -> Range | None:
    """Tokens a second of finished runs of the same model on the same device, give or take a quarter."""
    rows = project.rows(
        "SELECT tokens_per_second AS speed FROM runs WHERE state = 'done' AND model = ? AND device = ? AND speed > 0",
        (model, device),
    )
    speeds = [float(row["speed"]) for row in rows]
    return Range(low=min(speeds) / SPREAD[1], high=max(speeds) * SPREAD[1]) if speeds else None


def _matrices(shape: llama.Shape) -> dict[str, tuple[int, int]]:
    """The seven matrices of a layer, as (inputs, outputs)."""
    wide, narrow, hidden, inner = (
        shape.heads * shape.head,
        shape.key_value_heads * shape.head,
        shape.hidden,
        shape.intermediate,
    )
    return {
        "q_proj": (hidden, wide),
        "k_proj": (hidden, narrow),
        "v_proj": (hidden, narrow),
        "o_proj": (wide, hidden),
        "gate_proj": (hidden, inner),
        "up_proj": (hidden, inner),
        "down_proj": (inner, hidden),
    }


def _gpu() -> Hardware | None:
    import pynvml

    try:
        pynvml.nvmlInit()
        handle = pynvml.nvmlDeviceGetHandleByIndex(0)
        name, free = pynvml.nvmlDeviceGetName(handle), pynvml.nvmlDeviceGetMemoryInfo(handle).free
        pynvml.nvmlShutdown()
    except pynvml.NVMLError:
        return None
    peak = next((tflops for known, tflops in PEAK_TFLOPS.items() if known in str(name)), None)
    flops = Range(low=peak * 1e12 * REACHED[0], high=peak * 1e12 * REACHED[1]) if peak else None
    return Hardware(name=str(name), memory=int(free), flops=flops)
