"""NF4 and 8-bit optimizers: they train, and their gradients are those of the same weights unquantised."""

from pathlib import Path
from typing import Any

import pytest
import torch
from bitsandbytes import functional
from bitsandbytes.nn.modules import Linear4bit
from tests.core.training.made import recipe, snapshot, started, steps, tiny

from espalier.core.models import embedded
from espalier.core.models.base import BaseModel
from espalier.core.training.batch import batch
from espalier.core.training.loop import Training
from espalier.core.training.loss import solution_loss

CPU = torch.device("cpu")


@pytest.fixture
def base(tmp_path: Path) -> BaseModel:
    return tiny(tmp_path)


def _stirred(run: Training) -> Training:
    """With adapters that are no longer zero, or half of the gradients would be."""
    generator = torch.Generator().manual_seed(5)
    with torch.no_grad():
        for slot in run.masters.slots:
            slot.weight.normal_(0, 0.05, generator=generator)
    run.masters.publish()
    return run


def _gradient(run: Training) -> torch.Tensor:
    run.model.train()
    run.masters.clear()
    loss = solution_loss(run.model, batch([(0, 1)], run.samples, CPU), 1.0)
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
    run.masters.collect()
    gradient = run.masters.weights[0].grad
    assert gradient is not None
    return gradient.clone()


def _dequantised_twin(quantised: Training, plain: Training) -> Training:
    """The unquantised training with the weights that the 4-bit ones stand for."""
    theirs = dict(plain.model.named_modules())
    for name, layer in quantised.model.named_modules():
        if isinstance(layer, Linear4bit):
            twin: Any = theirs[name]
            weights: Any = layer.weight
            with torch.no_grad():
                twin.weight.copy_(functional.dequantize_4bit(weights.data, weights.quant_state))
    return plain


def _generate(run: Training) -> None:
    """A pass in evaluation mode without gradients, which is where bitsandbytes repacks weights in place."""
    run.model.eval()
    with torch.no_grad():
        solution_loss(run.model, batch([(2,)], run.samples, CPU), 1.0)


def _without_the_guard(run: Training) -> None:
    """Of layers whose size the repacking takes; on others it stops with an error, which nobody would miss."""
    for layer in run.model.modules():
        if isinstance(layer, Linear4bit) and layer.in_features % 64 == 0:
            layer.support_avx512bf16_for_cpu = True


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_that_gradients_after_an_evaluation_are_those_of_the_dequantised_twin(
    base: BaseModel, dtype: torch.dtype
) -> None:
    quantised = _stirred(started(base, recipe(quantisation="nf4"), snapshot(), dtype=dtype))
    twin = _dequantised_twin(quantised, _stirred(started(base, recipe(), snapshot(), dtype=dtype)))
    _generate(quantised)
    ours, theirs = _gradient(quantised), _gradient(twin)
    tolerance = 1e-5 if dtype == torch.float32 else 0.05
    assert float((ours - theirs).norm() / theirs.norm()) < tolerance


@pytest.mark.skipif(not torch.cpu.get_capabilities().get("avx512_bf16"), reason="only such processors repack weights")
def test_that_the_guard_is_what_keeps_those_gradients_right(base: BaseModel) -> None:
    """Should this fail, bitsandbytes has mended it, and the guard in models/load.py can go."""
    quantised = _stirred(started(base, recipe(quantisation="nf4"), snapshot(), dtype=torch.bfloat16))
    right = _gradient(quantised)
    _without_the_guard(quantised)
    _generate(quantised)
    wrong = _gradient(quantised)
    assert float((wrong - right).norm() / right.norm()) > 0.2


def test_that_two_steps_on_a_four_bit_base_lower_the_loss_of_its_validation(base: BaseModel) -> None:
    run = started(base, recipe(quantisation="nf4", max_steps=2, optimizer="paged_adamw8bit"), snapshot())
    assert sum(isinstance(layer, Linear4bit) for layer in run.model.modules()) == 14
    losses = [event.measures.loss for event in steps(run)]
    assert losses == pytest.approx([6.95, 6.9], abs=0.05) and losses[1] < losses[0]


def test_that_eight_bit_states_reach_an_adapters_small_matrices(base: BaseModel) -> None:
    """Of themselves they are below bitsandbytes' 4096 elements and would stay in 32 bits; the flat masters are not."""
    run = started(base, recipe(optimizer="adamw8bit"), snapshot())
    eight_bit = [event.measures.loss for event in steps(run)]
    state = run.optimizer.state[run.masters.weights[0]]
    assert state["state1"].dtype == torch.uint8 and state["state1"].numel() == run.masters.weights[0].numel()
    assert max(slot.weight.numel() for slot in run.masters.slots) < 4096
    exact = [event.measures.loss for event in steps(started(base, recipe(), snapshot()))]
    assert eight_bit == pytest.approx(exact, abs=0.03) and eight_bit != exact


@pytest.mark.slow
def test_that_the_embedded_model_takes_two_steps_in_four_bits() -> None:
    base = embedded.ensure(lambda done, total, message: None)
    chosen = recipe(quantisation="nf4", max_steps=2, optimizer="paged_adamw8bit", validation_rows=0, learning_rate=1e-3)
    run = started(base, chosen, snapshot(8, 0), dtype=torch.bfloat16)
    losses = [event.measures.loss for event in steps(run)]
    assert len(losses) == 2 and 1.0 < losses[1] < 7.0
