"""Greedy answers of a model to rendered prompts, batch by batch, the same ones every time.

Rows that have ended leave the batch, so that one long answer doesn't make the others wait for their turn to be paid for.
"""

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from espalier.core.failures import UnusableInput
from espalier.core.models.tokenizer import Tokenizer

if TYPE_CHECKING:
    import torch

FENCE = "```"
BATCH = 16
"""Rows at a time; a processor pays for reading the weights once a step, so 16 rows cost 1.4 to 3 times less a token than 8."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """An answer; `tokens` counts what was generated, and `finished` is "length" where the limit cut it off."""

    text: str
    tokens: int
    finished: Literal["stop", "length"]


def code_block_is_closed(text: str) -> bool:
    """Whether a fenced block was opened and closed again: what follows is never read."""
    return sum(line.startswith(FENCE) for line in text.splitlines()) >= 2


def batches(lengths: Sequence[int], size: int) -> list[list[int]]:
    """Positions in groups of `size`, longest prompts first, so that memory shows its peak at once and padding is short."""
    order = sorted(range(len(lengths)), key=lambda position: (-lengths[position], position))
    return [order[start : start + size] for start in range(0, len(order), size)]


def generate(
    model: Any,
    tokenizer: Tokenizer,
    prompts: Sequence[str],
    *,
    max_new_tokens: int,
    on_batch: Callable[[list[int], list[Generation]], None],
    batch_size: int = BATCH,
    stop: Callable[[str], bool] = code_block_is_closed,
    done: Container[int] = (),
    tick: Callable[[], None] = lambda: None,
) -> dict[int, Generation]:
    """Answer each prompt (of `Tokenizer.chat`), greedily, until it ends its message, `stop` says so, or the limit is reached.

    `on_batch` gets the positions of a batch and their answers as soon as they are there. Batches are made from all prompts
    and then left out where every position is in `done`: so a resumed evaluation computes what an uninterrupted one would.
    `tick` is called once a token and may raise to stop. Raises UnusableInput where a prompt leaves no room for its answer.
    """
    tokens = [tokenizer.encode_chat(prompt) for prompt in prompts]
    _check_room(tokens, max_new_tokens, model.config.max_position_embeddings)
    answers: dict[int, Generation] = {}
    was_training = model.training
    model.eval()
    try:
        for batch in batches([len(prompt) for prompt in tokens], batch_size):
            if all(position in done for position in batch):
                continue
            found = _answer(model, tokenizer, [tokens[position] for position in batch], max_new_tokens, stop, tick)
            answers |= zip(batch, found, strict=True)
            on_batch(batch, found)
    finally:
        model.train(was_training)
    return answers


def _check_room(prompts: Sequence[Sequence[int]], max_new_tokens: int, context: int) -> None:
    for position, prompt in enumerate(prompts):
        if not prompt or len(prompt) + max_new_tokens > context:
            raise UnusableInput(
                f"Prompt {position} has {len(prompt)} tokens, and the model reads {context} with its answer.",
                f"Shorten the prompt, or allow fewer than {max_new_tokens} new tokens.",
            )


def _answer(
    model: Any,
    tokenizer: Tokenizer,
    prompts: list[list[int]],
    limit: int,
    stop: Callable[[str], bool],
    tick: Callable[[], None],
) -> list[Generation]:
    import torch
    from transformers import DynamicCache

    answers: list[list[int]] = [[] for _ in prompts]
    finished: dict[int, Generation] = {}
    rows = list(range(len(prompts)))
    ids, mask = _padded(prompts, tokenizer.eos_id, model.device)
    positions = (mask.cumsum(-1) - 1).clamp(min=0)
    cache = DynamicCache(config=model.config)
    with torch.no_grad():
        while rows:
            tick()
            output = model(
                input_ids=ids,
                attention_mask=mask,
                position_ids=positions,
                past_key_values=cache,
                use_cache=True,
                logits_to_keep=1,
            )
            chosen: torch.Tensor = output.logits[:, -1].argmax(-1)
            for row, token in zip(rows, chosen.tolist(), strict=True):
                answers[row].append(token)
                if ended := _ended(answers[row], tokenizer, limit, stop):
                    finished[row] = ended
            kept = [place for place, row in enumerate(rows) if row not in finished]
            if len(kept) < len(rows):
                rows = [rows[place] for place in kept]
                selected = torch.tensor(kept, dtype=torch.long, device=model.device)
                cache.batch_select_indices(selected)
                chosen, mask, positions = chosen[selected], mask[selected], positions[selected]
            ids, positions = chosen[:, None], positions[:, -1:] + 1
            mask = torch.cat([mask, mask.new_ones(len(rows), 1)], dim=-1)
    return [finished[row] for row in range(len(prompts))]


def _padded(prompts: list[list[int]], filler: int, device: "torch.device") -> "tuple[torch.Tensor, torch.Tensor]":
    """Token ids and mask, padded on the left so that every row goes on at its end."""
    import torch

    width = max(map(len, prompts))
    ids = torch.tensor([[filler] * (width - len(prompt)) + prompt for prompt in prompts], device=device)
    mask = torch.tensor([[0] * (width - len(prompt)) + [1] * len(prompt) for prompt in prompts], device=device)
    return ids, mask


def _ended(answer: list[int], tokenizer: Tokenizer, limit: int, stop: Callable[[str], bool]) -> Generation | None:
    text = tokenizer.decode(answer)
    if answer[-1] == tokenizer.eos_id or stop(text):
        return Generation(text=text, tokens=len(answer), finished="stop")
    return Generation(text=text, tokens=len(answer), finished="length") if len(answer) >= limit else None
