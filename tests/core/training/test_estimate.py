"""Estimates: against what was published, and against what a run on this machine takes."""

from pathlib import Path

import pytest
from tests.core.models.tiny import CONFIG
from tests.core.training.made import project_with_run, recipe, snapshot, started, steps, tiny, work

from espalier.core.models.llama import Shape, shape
from espalier.core.training import estimate, runs
from espalier.core.training.recipe import Recipe

GB = estimate.GB


def _shape(
    vocabulary: int, hidden: int, intermediate: int, layers: int, heads: int, key_value_heads: int, tied: bool
) -> Shape:
    return Shape(
        vocabulary=vocabulary, hidden=hidden, intermediate=intermediate, layers=layers, heads=heads,
        key_value_heads=key_value_heads, head=hidden // heads, context=8192, tied=tied, attention_bias=False, mlp_bias=False,
    )  # fmt: skip


LLAMA_3B = _shape(128256, 3072, 8192, 28, 24, 8, True)
LLAMA_8B = _shape(128256, 4096, 14336, 32, 32, 8, False)
LLAMA_70B = _shape(128256, 8192, 28672, 80, 64, 8, False)
SMOLLM = _shape(49152, 576, 1536, 30, 9, 3, True)


def test_that_parameters_are_counted_as_the_models_cards_do() -> None:
    total = estimate.linear_parameters(LLAMA_8B) + estimate.embedding_parameters(LLAMA_8B)
    assert total == pytest.approx(8.03e9, rel=0.001)
    assert estimate.linear_parameters(SMOLLM) == 106_168_320
    assert estimate.lora_parameters(LLAMA_8B, recipe(rank=16)) == 41_943_040


@pytest.mark.parametrize(
    ("model", "published"),
    [(LLAMA_3B, 3.5), (LLAMA_8B, 6.0), (LLAMA_8B, 8.5), (LLAMA_70B, 46.0)],
    ids=["3B, a vendor's minimum", "8B, a vendor's minimum", "8B", "70B"],
)
def test_that_four_bit_training_needs_about_what_others_publish(model: Shape, published: float) -> None:
    """Their minima are for shorter rows than 1024 tokens and quantised embeddings, hence a fifth to each side."""
    needed = estimate.memory(
        model, Recipe(name="q", epochs=1, row_tokens=512, quantisation="nf4", gradient_checkpointing=True)
    )
    assert needed.low * 0.8 < published * GB < needed.high * 1.2


def test_that_checkpointing_quantising_and_eight_bits_each_need_less() -> None:
    plain = recipe(row_tokens=2048, precision="bf16", rank=64)
    for change in ({"gradient_checkpointing": True}, {"quantisation": "nf4"}, {"optimizer": "adamw8bit"}):
        assert (
            estimate.memory(LLAMA_8B, plain.model_copy(update=change)).high < estimate.memory(LLAMA_8B, plain).low * 1.6
        )
        assert estimate.memory(LLAMA_8B, plain.model_copy(update=change)).high < estimate.memory(LLAMA_8B, plain).high


def test_that_steps_and_tokens_are_those_of_the_run(tmp_path: Path) -> None:
    project, number = project_with_run(tmp_path, recipe(), snapshot())
    with project:
        one = runs.run(project, number)
        found = estimate.estimate(project, snapshot=one.snapshot, model="tiny", recipe=one.recipe, seed=one.seed)
        run = started(tiny(tmp_path / "again"), recipe(), snapshot())
        done = steps(run)
        assert (found.steps, found.epochs) == (run.plan.steps, run.plan.epochs) == (6, 2)
        assert found.tokens == sum(event.measures.tokens for event in done)
        assert found.solution_tokens == sum(event.measures.solution_tokens for event in done)
        assert found.fits == "yes" and found.seconds is not None and found.seconds.low < found.seconds.high


def test_that_an_earlier_run_here_is_what_time_is_estimated_from(tmp_path: Path) -> None:
    project, number = project_with_run(tmp_path, recipe(), snapshot())
    with project:
        one = runs.run(project, number)
        work(project)
        found = estimate.estimate(project, snapshot=one.snapshot, model="tiny", recipe=one.recipe)
        speed = runs.run(project, number).tokens_per_second
        assert found.basis == "earlier runs" and found.seconds is not None and speed is not None
        assert found.seconds.low < found.tokens / speed < found.seconds.high


def test_that_the_tiny_models_shape_is_read_from_its_configuration() -> None:
    assert estimate.lora_parameters(shape(CONFIG), recipe()) == 2 * 4 * (128 + 96 + 96 + 128 + 224 + 224 + 224)
