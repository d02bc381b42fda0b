"""The loop on a tiny model: exact losses, exact resumption, and what is frozen stays frozen."""

import math
from collections.abc import Sequence
from pathlib import Path

import pytest
import torch
from tests.core.training.made import recipe, snapshot, started, steps, tiny

from espalier.core.failures import WorkFailed
from espalier.core.models.base import BaseModel
from espalier.core.training.checkpoints import newest, save
from espalier.core.training.loop import Accumulated, Event, Stepped, Training, Validated, Validating, train
from espalier.core.training.lora import trained
from espalier.core.training.resume import checkpoint_of, resume
from espalier.core.training.schedule import learning_rate

LOSSES = [6.948268, 6.904841, 6.794478, 6.72984, 6.702599, 6.678553]


@pytest.fixture
def base(tmp_path: Path) -> BaseModel:
    return tiny(tmp_path)


def _curve(events: Sequence[Stepped]) -> list[tuple[int, str, str]]:
    """Loss and gradient norm to the last bit."""
    return [(event.step, event.measures.loss.hex(), event.measures.gradient_norm.hex()) for event in events]


def test_that_the_losses_of_a_seeded_run_are_these(base: BaseModel) -> None:
    """Literal figures in fp32 on one thread; another processor may differ in the last digits, a change of the method will not."""
    losses = [event.measures.loss for event in steps(started(base, recipe(), snapshot()))]
    assert losses == pytest.approx(LOSSES, abs=2e-4)


def test_that_the_same_seed_gives_the_same_bits_and_another_does_not(base: BaseModel) -> None:
    dropping = recipe(dropout=0.2)
    first, again, other = (_curve(steps(started(base, dropping, snapshot(), seed=seed))) for seed in (1, 1, 2))
    assert first == again != other


@pytest.mark.parametrize("optimizer", ["adamw", "adamw8bit", "paged_adamw8bit"])
def test_that_a_run_broken_off_anywhere_goes_on_to_the_bit(base: BaseModel, tmp_path: Path, optimizer: str) -> None:
    """With dropout and accumulation, broken off in the middle of step 4 and then in the middle of a validation."""
    chosen = recipe(dropout=0.2, optimizer=optimizer, max_steps=6)
    whole = started(base, chosen, snapshot())
    uninterrupted = _curve(steps(whole))

    def in_step_four(event: Event) -> bool:
        return isinstance(event, Accumulated) and (event.done, first.progress.step) == (1, 3)

    def in_last_validation(event: Event) -> bool:
        return isinstance(event, Validating) and second.progress.step == 6

    first = started(base, chosen, snapshot())
    curve = _curve(steps(first, in_step_four))
    save(tmp_path / "run", checkpoint_of(first, "me"))
    second = _resumed(started(base, chosen, snapshot()), tmp_path)
    curve += _curve(steps(second, in_last_validation))
    save(tmp_path / "run", checkpoint_of(second, "me"))
    third = _resumed(started(base, chosen, snapshot()), tmp_path)
    rest = list(train(third))
    assert curve == uninterrupted
    assert [event.step for event in rest if isinstance(event, Validated)] == [6]
    assert not any(isinstance(event, Stepped) for event in rest)
    for one, other in zip(whole.masters.weights, third.masters.weights, strict=True):
        assert torch.equal(one, other)


def _resumed(run: Training, tmp_path: Path) -> Training:
    saved = newest(tmp_path / "run", "me")
    assert saved is not None
    resume(run, saved)
    return run


def test_that_only_the_low_rank_matrices_are_trained(base: BaseModel) -> None:
    run = started(base, recipe(), snapshot())
    before = {name: weights.detach().clone() for name, weights in run.model.named_parameters()}
    steps(run)
    changed = {name for name, weights in run.model.named_parameters() if not torch.equal(weights, before[name])}
    assert changed == {name for name, _ in trained(run.model)} and all(".lora_" in name for name in changed)
    assert len(changed) == 2 * 7 * 2  # A and B of seven matrices in two layers


def test_that_norms_and_embeddings_can_be_unfrozen(base: BaseModel) -> None:
    run = started(base, recipe(freeze={"norms": False, "embeddings": False}, weight_decay=0.1), snapshot())
    before = {slot.name: slot.weight.clone() for slot in run.masters.slots}
    assert [group["weight_decay"] for group in run.optimizer.param_groups] == [0.1, 0.0]
    steps(run)
    changed = {slot.name for slot in run.masters.slots if not torch.equal(slot.weight, before[slot.name])}
    assert sum("layernorm" in name for name in changed) == 4
    assert sum("embed_tokens" in name for name in changed) == 1
    model = run.model.get_base_model()
    assert model.get_output_embeddings().weight.data_ptr() == model.get_input_embeddings().weight.data_ptr()


def test_that_the_step_is_the_mean_over_its_tokens_however_they_are_spread(base: BaseModel) -> None:
    """Two rows at once or one after the other: the same loss and gradient, to fp32 rounding."""
    at_once = steps(started(base, recipe(rows_per_micro=2, accumulation=1, max_steps=1), snapshot()))[0].measures
    in_turn = steps(started(base, recipe(rows_per_micro=1, accumulation=2, max_steps=1), snapshot()))[0].measures
    assert at_once.solution_tokens == in_turn.solution_tokens
    assert at_once.loss == pytest.approx(in_turn.loss, rel=1e-6)
    assert at_once.gradient_norm == pytest.approx(in_turn.gradient_norm, rel=1e-5)


def test_that_gradient_checkpointing_changes_memory_and_no_figure(base: BaseModel) -> None:
    plain = steps(started(base, recipe(dropout=0.2), snapshot()))
    frugal = steps(started(base, recipe(dropout=0.2, gradient_checkpointing=True), snapshot()))
    assert _curve(plain) == _curve(frugal)


def test_that_masters_keep_updates_that_bf16_would_round_away(base: BaseModel) -> None:
    run = started(base, recipe(learning_rate=1e-6, max_steps=1, warmup=0.0), snapshot(), dtype=torch.bfloat16)
    matrices = [slot for slot in run.masters.slots if "lora_B" in slot.name]
    with torch.no_grad():
        for slot in matrices:
            slot.weight.fill_(1.0)
    steps(run)
    for slot in matrices:
        assert slot.copy.dtype == torch.bfloat16 and bool((slot.copy == 1.0).all())
        assert 0.0 < float((slot.weight - 1.0).abs().max()) < 2e-6


def test_that_validation_at_step_zero_is_the_base_models_loss(base: BaseModel) -> None:
    first = next(
        event for event in train(started(base, recipe(dropout=0.5), snapshot())) if isinstance(event, Validated)
    )
    bare = started(base, recipe(), snapshot())
    with bare.model.disable_adapter():
        again = next(event for event in train(bare) if isinstance(event, Validated))
    assert first == again and first.step == 0
    assert first.loss == pytest.approx(math.log(1024), rel=0.02)  # an untrained model guesses among 1024 tokens


def test_that_one_overflow_changes_no_weight_and_three_end_the_run(base: BaseModel) -> None:
    run = started(base, recipe(max_steps=9), snapshot())
    broken = run.model.get_base_model().get_decoder().norm.weight
    with torch.no_grad():
        broken.fill_(float("inf"))
    before = [weights.clone() for weights in run.masters.weights]
    seen: list[Stepped] = []
    with pytest.raises(WorkFailed, match="overflowed 3 steps in a row"):
        seen.extend(event for event in train(run) if isinstance(event, Stepped))
    assert [event.measures.overflow > 0 for event in seen] == [True, True]
    assert all("loss" not in event.measures.rows() for event in seen)
    assert all(torch.equal(now, then) for now, then in zip(run.masters.weights, before, strict=True))


def test_that_the_learning_rate_rises_and_then_falls_along_a_cosine() -> None:
    chosen = recipe(learning_rate=1.0, warmup=0.2)
    rates = [learning_rate(chosen, step, 10) for step in range(10)]
    assert rates[:3] == [0.5, 1.0, 1.0]
    assert rates[6] == pytest.approx(0.5) and 0 < rates[9] < 0.05
    assert learning_rate(recipe(schedule="constant", learning_rate=1.0), 9, 10) == 1.0
