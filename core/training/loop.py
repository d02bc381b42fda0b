"""The training loop, told top to bottom: micro-batches, one gradient, one step, and what was seen on the way.

`train` yields after every micro-batch, optimizer step and validation row; whoever iterates writes metrics, saves checkpoints
and may stop at any yield. All that decides what comes next lies in `Training.progress`, the masters and the optimizer: a step or a
validation that was broken off is done again from its start.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch

from espalier.core.failures import WorkFailed
from espalier.core.training import optimizer as optimizers
from espalier.core.training.batch import batch, solution_tokens
from espalier.core.training.data import Sample
from espalier.core.training.device import Place
from espalier.core.training.lora import trained
from espalier.core.training.loss import solution_loss
from espalier.core.training.masters import Masters
from espalier.core.training.memory import Gauge
from espalier.core.training.monitors import Measures, Underflow, square
from espalier.core.training.noise import Noise
from espalier.core.training.packing import Plan, Row, epoch_rows, plan
from espalier.core.training.random_state import random_state, set_random_state
from espalier.core.training.recipe import Recipe
from espalier.core.training.schedule import learning_rate
from espalier.core.training.watch import OverflowWatch, lost_gradients, low_rank_layers

HOPELESS = 3  # steps in a row whose gradient is not finite; one alone changes no weight and is only counted


@dataclass(slots=True, kw_only=True)
class Progress:
    """Where a run stands: steps done, the step whose validation is done (-1: none), and what outlives a step.

    `random` is torch's random state as the next step will start with it, `overflows` how many steps in a row were lost.
    """

    step: int = 0
    validated: int = -1
    random: dict[str, torch.Tensor] = field(default_factory=random_state)
    noise: Noise = field(default_factory=Noise)
    overflows: int = 0


@dataclass(slots=True, kw_only=True)
class Training:
    """A run at work. The model's adapters are seeded by the caller, before it makes this."""

    model: Any
    recipe: Recipe
    place: Place
    samples: Sequence[Sample]
    validation: Sequence[Sample]
    validation_rows: Sequence[Row]
    plan: Plan
    masters: Masters
    optimizer: torch.optim.Optimizer
    progress: Progress
    gauge: Gauge
    clock: Callable[[], float] = time.perf_counter


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """An optimizer step is done and its update applied; `step` counts from 1."""

    step: int
    measures: Measures


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulated:
    """One more micro-batch of a step that is not done yet."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Validating:
    """One more validation row was measured."""

    done: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Validated:
    """The loss per solution token on the validation split after this many steps; at 0 it is the base model's."""

    step: int
    loss: float


Event = Accumulated | Stepped | Validating | Validated


def training(
    model: Any, recipe: Recipe, place: Place, samples: Sequence[Sample], validation: Sequence[Sample], seed: int
) -> Training:
    """Put a run together from a model whose adapters are attached."""
    masters = Masters(trained(model), place.dtype)
    rows = epoch_rows(validation, recipe.row_tokens, 0, "validation")[: recipe.validation_rows] if validation else []
    return Training(
        model=model,
        recipe=recipe,
        place=place,
        samples=samples,
        validation=validation,
        validation_rows=rows,
        plan=plan(samples, recipe, seed),
        masters=masters,
        optimizer=optimizers.optimizer(masters, recipe),
        progress=Progress(),
        gauge=Gauge(place.device),
    )


def train(run: Training) -> Iterator[Event]:
    """Go on from `run.progress` to the end of the plan."""
    run.masters.publish()
    set_random_state(run.progress.random)
    while True:
        if _validation_is_due(run):
            yield from _validate(run)
        if run.progress.step == run.plan.steps:
            return
        measures = yield from _step(run)
        yield Stepped(step=run.progress.step, measures=measures)


def _step(run: Training) -> Generator[Accumulated, None, Measures]:
    """One optimizer step: the mean over every solution token of its micro-batches, however unevenly these are filled."""
    recipe, progress, masters = run.recipe, run.progress, run.masters
    started = run.clock()
    micro_batches = run.plan.micro_batches(progress.step)
    learnt = sum(solution_tokens(rows, run.samples) for rows in micro_batches)
    # After a step that was lost the next one is looked at, whichever it is, for there may be no more than two.
    inspect = (progress.step + 1) % recipe.inspect_every == 0 or progress.overflows > 0
    underflow, watch = Underflow(), OverflowWatch(low_rank_layers(run.model) if inspect else [])
    tokens, loss = 0, 0.0
    micro_squares: list[float] = []
    micro_tokens: list[int] = []

    run.model.train()
    masters.clear()
    for done, rows in enumerate(micro_batches, start=1):
        part = batch(rows, run.samples, run.place.device)
        with watch.looking():
            scaled = solution_loss(run.model, part, 1 / learnt)
        scaled.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
        loss += float(scaled.detach())
        tokens += part.tokens
        gradients = [slot.copy.grad for slot in masters.slots if slot.copy.grad is not None]
        if recipe.gradient_noise and len(micro_batches) > 1:
            micro_squares.append(square(gradients) * (learnt / part.solution_tokens) ** 2)
            micro_tokens.append(part.solution_tokens)
        if inspect:
            underflow.look(gradients)
        masters.collect()
        yield Accumulated(done=done, total=len(micro_batches))

    norm = masters.norm()
    rate = learning_rate(recipe, progress.step, run.plan.steps)
    lost = 0 if math.isfinite(norm) else masters.not_finite()
    if math.isfinite(norm):
        masters.scale(min(1.0, recipe.clip / (norm + 1e-6)))
        optimizers.step(run.optimizer, rate)
        masters.publish()
        progress.noise.add(micro_squares, micro_tokens, norm**2)
    progress.overflows = progress.overflows + 1 if lost else 0
    if progress.overflows == HOPELESS:
        began = f" It began in {', '.join(watch.lost)}." if watch.lost else ""
        sentence = f"The gradients overflowed {HOPELESS} steps in a row, last at step {progress.step + 1} ({lost} values).{began}"
        raise WorkFailed(sentence, "Lower the recipe's learning_rate, or its clip, and start a new run.")
    progress.step += 1
    progress.random = random_state()

    memory, peak_memory = run.gauge.read()
    seconds = run.clock() - started
    return Measures(
        loss=loss,
        gradient_norm=norm,
        learning_rate=rate,
        solution_tokens=learnt,
        tokens=tokens,
        tokens_per_second=tokens / seconds if seconds > 0 else 0.0,
        memory=memory,
        peak_memory=peak_memory,
        overflow=lost,
        noise_scale=progress.noise.scale,
        overflow_activations=watch.total if inspect else None,
        zero_share=underflow.share(underflow.zero),
        subnormal_share=underflow.share(underflow.subnormal),
        lost=watch.lost or (lost_gradients(masters.slots) if lost else {}),
    )


def _validation_is_due(run: Training) -> bool:
    step = run.progress.step
    on_time = step % run.recipe.validate_every == 0 or step == run.plan.steps
    return bool(run.validation_rows) and on_time and run.progress.validated < step


def _validate(run: Training) -> Iterator[Event]:
    """The mean loss over the validation rows, a row at a time; draws nothing random."""
    run.model.eval()
    total, learnt = 0.0, 0
    for done, row in enumerate(run.validation_rows, start=1):
        with torch.no_grad():
            part = batch([row], run.validation, run.place.device)
            total += float(solution_loss(run.model, part, 1.0))
        learnt += part.solution_tokens
        yield Validating(done=done, total=len(run.validation_rows))
    run.progress.validated = run.progress.step
    yield Validated(step=run.progress.step, loss=total / learnt)
