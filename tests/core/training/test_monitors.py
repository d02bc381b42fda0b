"""The monitors against direct computation."""

import math
from pathlib import Path

import pytest
import torch
from tests.core.training.made import recipe, snapshot, started, steps, tiny
from torch import nn

from espalier.core.failures import WorkFailed
from espalier.core.models.base import BaseModel
from espalier.core.training.batch import batch, solution_tokens
from espalier.core.training.loop import Stepped, train
from espalier.core.training.loss import solution_loss
from espalier.core.training.monitors import Measures, Underflow, square
from espalier.core.training.noise import Noise
from espalier.core.training.overflow import MODULES, Lost
from espalier.core.training.watch import OverflowWatch, low_rank_layers, module_of


@pytest.fixture
def base(tmp_path: Path) -> BaseModel:
    return tiny(tmp_path)


def test_that_a_step_reports_what_a_direct_computation_gives(base: BaseModel) -> None:
    """Loss, gradient norm, effective batch and noise scale of the first step, from plain gradients."""
    measured = steps(started(base, recipe(max_steps=1, accumulation=3, inspect_every=1), snapshot()))[0].measures
    run = started(base, recipe(max_steps=1, accumulation=3), snapshot())
    run.model.train()
    micro = run.plan.micro_batches(0)
    counts = [solution_tokens(rows, run.samples) for rows in micro]
    weights = [slot.copy for slot in run.masters.slots]
    sums, losses = [], []
    for rows in micro:
        loss = solution_loss(run.model, batch(rows, run.samples, torch.device("cpu")), 1.0)
        gradients = torch.autograd.grad(loss, weights)
        sums.append(torch.cat([gradient.flatten() for gradient in gradients]).double())
        losses.append(float(loss.detach()))
    whole = sum(sums, torch.zeros(())) / sum(counts)
    means = [gradient / count for gradient, count in zip(sums, counts, strict=True)]
    apart = sum(1 / count for count in counts) / 3 - 1 / sum(counts)
    spread = float(sum(mean.square().sum() for mean in means) / 3 - whole.square().sum()) / apart
    signal = float(whole.square().sum()) - spread / sum(counts)
    assert measured.solution_tokens == sum(counts)
    assert measured.tokens == sum(len(run.samples[index]) for rows in micro for row in rows for index in row)
    assert measured.loss == pytest.approx(sum(losses) / sum(counts), rel=1e-6)
    assert measured.gradient_norm == pytest.approx(float(whole.norm()), rel=1e-5)
    assert measured.noise_scale == pytest.approx(spread / signal, rel=1e-3)
    zero_share = sum(int((gradient == 0).sum()) for gradient in sums) / sum(gradient.numel() for gradient in sums)
    assert (
        measured.zero_share == pytest.approx(zero_share, abs=1e-9) and zero_share > 0.4
    )  # B is zero, so A has no gradient


def test_that_the_noise_scale_of_made_up_gradients_is_found() -> None:
    """Gradients with |G|² = 1 and a per-token variance of 500 in all: the scale is 500 tokens."""
    generator = torch.Generator().manual_seed(0)
    truth = torch.zeros(1000)
    truth[0] = 1.0
    noise = Noise()
    for _ in range(400):
        counts = [40, 80, 120, 160]
        micro = [truth + torch.randn(1000, generator=generator) * math.sqrt(0.5 / count) for count in counts]
        whole = sum((gradient * count for gradient, count in zip(micro, counts, strict=True)), torch.zeros(())) / sum(
            counts
        )
        noise.add([float(gradient.square().sum()) for gradient in micro], counts, float(whole.square().sum()))
    assert noise.scale == pytest.approx(500, rel=0.05)


def test_that_one_micro_batch_says_nothing_about_noise() -> None:
    noise = Noise()
    noise.add([1.0], [10], 1.0)
    assert noise.scale is None


def test_that_zero_and_subnormal_gradients_are_counted() -> None:
    underflow = Underflow()
    underflow.look([torch.tensor([0.0, 1.0, 1e-40, -1e-39]), torch.tensor([0.0, 6e-8, 1.0, 1.0], dtype=torch.float16)])
    assert underflow.share(underflow.zero) == 2 / 8
    assert underflow.share(underflow.subnormal) == 3 / 8


def test_that_overflowing_activations_of_the_low_rank_paths_are_counted(base: BaseModel) -> None:
    run = started(base, recipe(), snapshot())
    layers = low_rank_layers(run.model)
    assert len(layers) == 2 * 7 * 2
    assert {module for module, _ in layers} == set(MODULES)
    poisoned = next(layer for module, layer in layers if module == "q_proj" and isinstance(layer, nn.Linear))
    watch = OverflowWatch(layers)
    with torch.no_grad():
        poisoned.weight[0].fill_(float("inf"))
        given = torch.ones(5, poisoned.in_features)
        with watch.looking():
            poisoned(given)
        poisoned(given)
    assert watch.total == 5
    assert watch.lost == {"q_proj": Lost(count=5, of=5 * 4)}


def test_that_what_is_handed_on_counts_where_it_began(base: BaseModel) -> None:
    """`v_proj` of the second layer gives infinities to all that come after it, and they are no overflow of those."""
    run = started(base, recipe(inspect_every=1, max_steps=2), snapshot())
    slot = next(slot for slot in run.masters.slots if ".1.self_attn.v_proj.lora_A" in slot.name)
    with torch.no_grad():
        slot.weight[2].fill_(float("inf"))
    measures = steps(run, lambda event: run.progress.step == 1)[0].measures
    tokens = measures.overflow_activations
    assert tokens is not None
    assert set(measures.lost) == {"v_proj"}
    assert 0 < measures.lost["v_proj"].count < tokens
    rows = measures.rows()
    assert rows["overflow_count.v_proj"] == measures.lost["v_proj"].count
    assert rows["overflow_share.v_proj"] == measures.lost["v_proj"].count / measures.lost["v_proj"].of
    assert not [name for name in rows if name.endswith("q_proj")]


def test_that_checkpointing_counts_the_same(base: BaseModel) -> None:
    """Layers that are computed again in the backward pass are counted once."""
    found = []
    for frugal in (False, True):
        run = started(base, recipe(inspect_every=1, gradient_checkpointing=frugal), snapshot())
        with torch.no_grad():
            run.masters.slots[0].weight.fill_(float("inf"))
        measures = steps(run, lambda event: isinstance(event, Stepped))[0].measures
        found.append((measures.overflow_activations, measures.lost))
    assert found[0] == found[1]


def test_that_a_lost_step_that_was_not_looked_at_is_told_by_its_gradient_and_the_next_one_is_looked_at(
    base: BaseModel,
) -> None:
    run = started(base, recipe(inspect_every=100, max_steps=9), snapshot())
    slot = next(slot for slot in run.masters.slots if ".1.mlp.down_proj.lora_A" in slot.name)
    with torch.no_grad():
        slot.weight.fill_(float("inf"))
    seen: list[Measures] = []
    with pytest.raises(WorkFailed, match=r"overflowed 3 steps in a row.* It began in down_proj\."):
        seen.extend(event.measures for event in train(run) if isinstance(event, Stepped))
    first, second = seen
    assert first.overflow_activations is None
    assert sum(one.count for one in first.lost.values()) == first.overflow > 0
    assert set(first.lost) == set(MODULES)
    assert second.overflow_activations is not None
    assert set(second.lost) == {"down_proj"}


def test_that_a_weight_belongs_to_the_projection_in_its_name() -> None:
    assert module_of("base_model.model.model.layers.3.mlp.gate_proj.lora_A.default.weight") == "gate_proj"
    assert module_of("base_model.model.model.layers.3.input_layernorm.weight") is None


def test_that_a_step_counts_the_overflow_of_its_activations(base: BaseModel) -> None:
    run = started(base, recipe(inspect_every=1), snapshot())
    with torch.no_grad():
        run.masters.slots[0].weight.fill_(float("inf"))
    measured = steps(run, lambda event: True)
    assert measured == []
    measures = next(event.measures for event in steps(run, lambda event: run.progress.step == 1))
    assert measures.overflow > 0 and (measures.overflow_activations or 0) > 0


def test_that_the_squared_norm_is_summed_in_fp32() -> None:
    pieces = [torch.full((1000,), 0.01, dtype=torch.bfloat16)] * 3
    assert square(pieces) == pytest.approx(3000 * float(pieces[0][0]) ** 2, rel=1e-6)


def test_that_rows_leave_out_what_was_not_looked_at_and_what_is_not_finite() -> None:
    measures = Measures(
        loss=float("nan"),
        gradient_norm=float("inf"),
        learning_rate=0.1,
        solution_tokens=3,
        tokens=4,
        tokens_per_second=5.0,
        memory=5,
        peak_memory=6,
        overflow=7,
    )
    assert set(measures.rows()) == {
        "learning_rate", "solution_tokens", "tokens", "tokens_per_second", "memory", "peak_memory", "overflow"
    }  # fmt: skip
