"""Attention over packed rows, one example at a time: on a CPU the masked square of a whole row costs many times its diagonal blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch

NAME = "espalier_packed"

Segments = Sequence[Sequence[tuple[int, int]]]  # of each row, the start and end of every example and of the padding


def use_packed_attention(model: Any) -> None:
    """Make a model take `segments` in its forward pass and attend within them only.

    Transformers makes no mask for an implementation that it has none for, and hands what it does not know through to here.
    """
    from transformers import AttentionInterface

    AttentionInterface.register(NAME, _attention)
    model.set_attn_implementation(NAME)


def _attention(
    module: torch.nn.Module,
    query: torch.Tensor,
    key: torch.Tensor,
    value: torch.Tensor,
    attention_mask: torch.Tensor | None,
    *,
    segments: Segments | None = None,
    **settings: Any,
) -> tuple[torch.Tensor, None]:
    """Heads before positions going in, positions before heads coming out, as transformers has it."""
    from transformers.integrations.sdpa_attention import sdpa_attention_forward

    if segments is None:
        raise AssertionError("the packed attention is for training, which always says where the examples lie")
    rows = []
    for number, row in enumerate(segments):
        parts = []
        for start, end in row:
            place = (slice(number, number + 1), slice(None), slice(start, end))
            # In fp32: the backward pass of torch's bf16 kernel takes twice as long for the length of a function.
            inputs = query[place].float(), key[place].float(), value[place].float()
            seen, _ = sdpa_attention_forward(module, *inputs, None, is_causal=True, **settings)
            parts.append(seen.to(query.dtype))
        rows.append(torch.cat(parts, dim=1))
    return torch.cat(rows), None
