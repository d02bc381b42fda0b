"""Held-out loss: of the solution's tokens, of each example by itself, and nothing else."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tests.core.models.tiny import VOCABULARY, build_tiny_model
from torch.nn.functional import log_softmax

from espalier.core.evaluation.loss import ExampleLoss, held_out_loss, mean_loss
from espalier.core.models.base import inspect
from espalier.core.models.load import load_base
from espalier.core.models.tokenizer import Tokenizer

ANSWERS = ["return 1", "x", "def load_order(store):\n    return store.fetch(1)\n" * 8, "", "é😀 café", "\n\n    pass"]
Example = tuple[list[int], list[bool]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


@pytest.fixture(scope="module")
def model(folder: Path) -> Iterator[Any]:
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield load_base(inspect(folder), device="cpu", dtype="float32")
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def examples(folder: Path) -> list[Example]:
    tokenizer = Tokenizer.load(folder)
    return [
        tokenizer.chat_with_mask([{"role": "user", "content": f"question {n}"}, {"role": "assistant", "content": text}])
        for n, text in enumerate(ANSWERS)
    ]


def by_hand(model: Any, example: Example) -> ExampleLoss:
    """The definition: -log p of each learnt token given all before it, in double precision from whole logits."""
    tokens, learnt = example
    with torch.no_grad():
        scores = log_softmax(model(input_ids=torch.tensor([tokens])).logits[0].double(), dim=-1)
    places = [place for place in range(1, len(tokens)) if learnt[place]]
    return ExampleLoss(nll=-sum(float(scores[place - 1, tokens[place]]) for place in places), tokens=len(places))


@pytest.mark.parametrize("batch_tokens", [1, 200, 100_000])
def test_that_the_loss_is_the_definitions_however_it_is_batched(
    model: Any, examples: list[Example], batch_tokens: int
) -> None:
    found = held_out_loss(model, examples, batch_tokens=batch_tokens)
    for one, example in zip(found, examples, strict=True):
        expected = by_hand(model, example)
        assert one.tokens == expected.tokens == sum(example[1])
        assert one.nll == pytest.approx(expected.nll, rel=1e-5)


def test_that_a_model_which_knows_nothing_loses_the_logarithm_of_the_vocabulary(
    folder: Path, examples: list[Example]
) -> None:
    blank: Any = load_base(inspect(folder), device="cpu", dtype="float32")
    with torch.no_grad():
        blank.get_output_embeddings().weight.zero_()
    assert mean_loss(held_out_loss(blank, examples)) == pytest.approx(math.log(VOCABULARY), rel=1e-6)


def test_that_what_is_not_the_solution_does_not_count(model: Any, examples: list[Example]) -> None:
    tokens, learnt = examples[2]
    first = learnt.index(True)
    changed = [*tokens[: first - 6], 700, *tokens[first - 5 :]]
    same_answer = held_out_loss(model, [(tokens, [False] * len(tokens)), (changed, learnt)])
    assert same_answer[0] == ExampleLoss(nll=0.0, tokens=0)
    assert same_answer[1].tokens == sum(learnt)


def test_that_the_first_token_of_all_is_predicted_by_nothing(model: Any) -> None:
    assert held_out_loss(model, [([5, 6, 7], [True, True, True])])[0].tokens == 2


def test_that_the_mean_weighs_tokens_and_not_examples() -> None:
    assert mean_loss([ExampleLoss(nll=10.0, tokens=1), ExampleLoss(nll=0.0, tokens=9)]) == 1.0
    assert math.isnan(mean_loss([]))


def test_that_no_examples_are_no_losses(model: Any) -> None:
    assert held_out_loss(model, []) == []


def test_that_measuring_keeps_the_models_mode_and_asks_for_no_gradient(model: Any, examples: list[Example]) -> None:
    model.train()
    held_out_loss(model, examples[:1])
    assert model.training
    assert all(weights.grad is None for weights in model.parameters())
    model.eval()


def test_that_an_adapter_is_measured_and_not_the_model_under_it(folder: Path, examples: list[Example]) -> None:
    from peft import LoraConfig, get_peft_model

    plain: Any = load_base(inspect(folder), device="cpu", dtype="float32")
    before = held_out_loss(plain, examples)
    adapted: Any = get_peft_model(plain, LoraConfig(r=4, target_modules=["q_proj"], task_type="CAUSAL_LM"))
    assert held_out_loss(adapted, examples) == before  # B is zero at the start
    with torch.no_grad():
        for name, weights in adapted.named_parameters():
            if "lora_B" in name:
                weights.fill_(0.5)
    assert mean_loss(held_out_loss(adapted, examples)) != mean_loss(before)
