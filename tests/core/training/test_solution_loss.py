"""The loss: equal to the plain way, packed or alone, and blind to whatever else lies in a row."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from tests.core.training.made import recipe, snapshot, started, tiny
from torch.nn import functional

from espalier.core.models.base import BaseModel
from espalier.core.training.batch import CHUNK, Batch, batch, solution_tokens
from espalier.core.training.data import Sample
from espalier.core.training.loop import Training
from espalier.core.training.loss import solution_loss
from espalier.core.training.packing import Row

CPU = torch.device("cpu")


@pytest.fixture
def base(tmp_path: Path) -> BaseModel:
    return tiny(tmp_path)


@pytest.fixture
def run(base: BaseModel) -> Iterator[Training]:
    """With adapters that are no longer zero, so that every gradient is."""
    made = started(base, recipe(), snapshot())
    with torch.no_grad():
        for slot in made.masters.slots:
            slot.weight.normal_(0, 0.05, generator=torch.Generator().manual_seed(5))
    made.masters.publish()
    yield made


def _gradients(run: Training, rows: list[Row]) -> tuple[float, torch.Tensor]:
    run.masters.clear()
    total = 0.0
    for row in rows:
        loss = solution_loss(run.model, batch([row], run.samples, CPU), 1.0)
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
        run.masters.collect()
        total += float(loss.detach())
    gradient = run.masters.weights[0].grad
    assert gradient is not None
    return total, gradient.clone()


def _plain_loss(run: Training, sample: Sample) -> float:
    """Every logit of one example alone, by the model's own forward pass and a cross entropy in float64."""
    run.model.get_base_model().set_attn_implementation("sdpa")
    ids = torch.tensor([list(sample.ids)])
    labels = torch.tensor([token if learn else -100 for token, learn in zip(sample.ids, sample.learn, strict=True)])
    with torch.no_grad():
        logits = run.model(input_ids=ids).logits[0, :-1].double()
    return float(functional.cross_entropy(logits, labels[1:], ignore_index=-100, reduction="sum"))


def test_that_the_gathered_loss_is_the_cross_entropy_of_all_logits(run: Training) -> None:
    ours = float(solution_loss(run.model, batch([(3,)], run.samples, CPU), 1.0).detach())
    assert ours == pytest.approx(_plain_loss(run, run.samples[3]), rel=1e-6)


def test_that_packed_examples_have_the_loss_and_gradient_that_they_have_alone(run: Training) -> None:
    """fp32 rounds sums in another order: 1e-6 of the loss, 2e-6 of the gradient's norm were seen."""
    packed_loss, packed = _gradients(run, [(0, 1, 2), (3, 4)])
    alone_loss, alone = _gradients(run, [(0,), (1,), (2,), (3,), (4,)])
    assert packed_loss == pytest.approx(alone_loss, rel=1e-6)
    assert float((packed - alone).norm() / alone.norm()) < 1e-5


def test_that_without_position_restarts_packed_rows_would_contaminate_one_another(run: Training) -> None:
    """The canary: the same row as one long example must give clearly another gradient, or the test above proves nothing."""
    _, packed = _gradients(run, [(0, 1, 2)])
    run.model.get_base_model().set_attn_implementation("sdpa")
    row = batch([(0, 1, 2)], run.samples, CPU)
    joined = Batch(
        ids=row.ids,
        positions=torch.arange(row.ids.shape[1])[None],
        predicts=row.predicts,
        targets=row.targets,
        segments=row.segments,
        tokens=row.tokens,
        solution_tokens=row.solution_tokens,
    )
    run.masters.clear()
    solution_loss(run.model, joined, 1.0).backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
    run.masters.collect()
    contaminated = run.masters.weights[0].grad
    assert contaminated is not None and float((contaminated - packed).norm() / packed.norm()) > 0.01


def test_that_a_neighbour_in_the_row_changes_nothing(run: Training) -> None:
    """Bit for bit: what another example says can't reach this one's loss."""

    def loss_of_first(row: Row) -> float:
        whole = batch([row], run.samples, CPU)
        mine = whole.predicts < len(run.samples[row[0]])
        only = Batch(
            ids=whole.ids,
            positions=whole.positions,
            predicts=whole.predicts[mine],
            targets=whole.targets[mine],
            segments=whole.segments,
            tokens=whole.tokens,
            solution_tokens=int(mine.sum()),
        )
        return float(solution_loss(run.model, only, 1.0).detach())

    assert len(run.samples[5]) == len(run.samples[0])
    assert loss_of_first((0, 5)) == loss_of_first((0, 0))


def test_that_transformers_own_packing_agrees_with_ours(run: Training) -> None:
    """Ours attends example by example on a CPU; on a GPU transformers finds the examples by their positions."""
    ours, our_gradient = _gradients(run, [(0, 1, 2), (3,)])
    run.model.get_base_model().set_attn_implementation("sdpa")
    theirs, their_gradient = _gradients(run, [(0, 1, 2), (3,)])
    assert ours == pytest.approx(theirs, rel=1e-6)
    assert float((our_gradient - their_gradient).norm() / their_gradient.norm()) < 1e-5


@pytest.mark.parametrize("attention", ["espalier_packed", "sdpa"])
def test_that_padding_changes_neither_loss_nor_gradient(run: Training, attention: str) -> None:
    run.model.get_base_model().set_attn_implementation(attention)
    apart_loss, apart = _gradients(run, [(4,), (0,)])
    run.masters.clear()
    both = batch([(4,), (0,)], run.samples, CPU)
    assert both.ids.shape[1] > len(run.samples[0])
    loss = solution_loss(run.model, both, 1.0)
    loss.backward()  # type: ignore[no-untyped-call]  # torch leaves backward untyped
    run.masters.collect()
    padded = run.masters.weights[0].grad
    assert padded is not None
    assert float(loss.detach()) == pytest.approx(apart_loss, rel=1e-6)
    assert float((padded - apart).norm() / apart.norm()) < 1e-5


def test_that_a_frozen_head_passes_back_the_gradient_that_a_free_one_would(base: BaseModel) -> None:
    """The free head goes through autograd; long enough for several chunks of logits."""
    run = started(base, recipe(row_tokens=1024), snapshot(), seed=2)
    row = tuple(range(11))
    assert solution_tokens([row], run.samples) > CHUNK
    frozen_loss, frozen = _gradients(run, [row])
    head = run.model.get_base_model().get_output_embeddings()
    head.weight.requires_grad_(True)
    free_loss, free = _gradients(run, [row])
    assert frozen_loss == pytest.approx(free_loss, rel=1e-6)
    assert float((frozen - free).norm() / free.norm()) < 1e-5


def test_that_solution_tokens_are_counted_as_the_batch_counts_them(run: Training) -> None:
    rows = [(0, 1), (2,)]
    assert solution_tokens(rows, run.samples) == batch(rows, run.samples, CPU).solution_tokens
