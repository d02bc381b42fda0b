"""How well a model predicts held-out solutions: negative log-likelihood in nats over the solution's tokens, example by example."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

TokenizedExample = tuple[Sequence[int], Sequence[bool]]
"""Tokens, and which of them are the solution's: what `Tokenizer.chat_with_mask` returns."""

BATCH_TOKENS = 2048
CHUNK = 256
"""Positions whose logits are in memory at a time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleLoss:
    """`nll` is the sum over the example's `tokens` solution tokens, in nats."""

    nll: float
    tokens: int


def mean_loss(losses: Sequence[ExampleLoss]) -> float:
    """Nats per solution token, each token weighing the same; NaN where there is none."""
    tokens = sum(loss.tokens for loss in losses)
    return sum(loss.nll for loss in losses) / tokens if tokens else float("nan")


def held_out_loss(
    model: Any,
    examples: Sequence[TokenizedExample],
    *,
    batch_tokens: int = BATCH_TOKENS,
    tick: Callable[[], None] = lambda: None,
) -> list[ExampleLoss]:
    """The loss of each example by itself; `tick` is called once a batch and may raise to stop.

    Examples are padded on the right, where a causal model doesn't look, so no example sees another or any padding.
    """
    import torch

    losses: dict[int, ExampleLoss] = {}
    was_training = model.training
    model.eval()
    try:
        with torch.no_grad():
            for batch in _batches([len(tokens) for tokens, _ in examples], batch_tokens):
                tick()
                found = _losses(model, [examples[position] for position in batch])
                losses |= zip(batch, found, strict=True)
    finally:
        model.train(was_training)
    return [losses[position] for position in range(len(examples))]


def _batches(lengths: Sequence[int], most_tokens: int) -> Iterator[list[int]]:
    """Positions by falling length, as many together as stay under `most_tokens` with their padding; at least one."""
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda position: (-lengths[position], position)):
        if batch and lengths[batch[0]] * (len(batch) + 1) > most_tokens:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def _losses(model: Any, examples: Sequence[TokenizedExample]) -> list[ExampleLoss]:
    import torch

    width = max(len(tokens) for tokens, _ in examples)
    ids = torch.zeros(len(examples), width, dtype=torch.long)
    learnt = torch.zeros(len(examples), width, dtype=torch.bool)
    for row, (tokens, mask) in enumerate(examples):
        ids[row, : len(tokens)] = torch.tensor(tokens)
        learnt[row, : len(mask)] = torch.tensor(mask)
    # A token is predicted at the position before it; the first token of all is predicted by nothing.
    rows, places = learnt[:, 1:].nonzero(as_tuple=True)
    nll = _nll(model, ids.to(model.device), rows, places)
    sums = torch.zeros(len(examples), dtype=torch.float64).index_add_(0, rows, nll)
    counts = torch.bincount(rows, minlength=len(examples))
    return [ExampleLoss(nll=total, tokens=count) for total, count in zip(sums.tolist(), counts.tolist(), strict=True)]


def _nll(model: Any, ids: "torch.Tensor", rows: "torch.Tensor", places: "torch.Tensor") -> "torch.Tensor":
    """Of the token after each place, in float64 on the processor; the head runs over those places only."""
    import torch
    from torch.nn.functional import cross_entropy

    llama = model.get_base_model() if hasattr(model, "get_base_model") else model
    hidden = llama.get_decoder()(input_ids=ids, use_cache=False).last_hidden_state[rows, places]
    targets = ids[rows, places + 1]
    pieces = [
        cross_entropy(llama.get_output_embeddings()(part).float(), wanted, reduction="none").double().cpu()
        for part, wanted in zip(torch.split(hidden, CHUNK), torch.split(targets, CHUNK), strict=True)
    ]
    return torch.cat(pieces) if pieces else torch.zeros(0, dtype=torch.float64)
