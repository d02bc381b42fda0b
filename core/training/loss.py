"""Cross entropy at the solution's positions only, without ever holding the logits of a whole batch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn import functional

from espalier.core.training.attention import NAME
from espalier.core.training.batch import CHUNK

if TYPE_CHECKING:
    from espalier.core.training.batch import Batch


def solution_loss(model: nn.Module, batch: Batch, scale: float) -> torch.Tensor:
    """`scale` times the summed cross entropy of the batch's solution tokens, in fp32.

    The decoder runs over every token, the output head only over the positions whose next token is learnt. `use_cache=False`, since
    transformers looks for packed examples only where there is neither a cache nor a mask.
    """
    base = base_model(model)
    decoder, head = base.get_decoder(), base.get_output_embeddings()
    where = {"segments": batch.segments} if base.config._attn_implementation == NAME else {}
    hidden = decoder(input_ids=batch.ids, position_ids=batch.positions, use_cache=False, **where).last_hidden_state
    chosen = hidden.reshape(-1, hidden.shape[-1])[batch.predicts]
    if any(parameter.requires_grad for parameter in head.parameters()):
        logits = head(chosen).float()
        return functional.cross_entropy(logits, batch.targets, reduction="sum") * scale
    loss: torch.Tensor = _FrozenHead.apply(chosen, head.weight, batch.targets, scale)  # type: ignore[no-untyped-call]  # torch leaves apply untyped
    return loss


def base_model(model: nn.Module) -> Any:
    """The model under the adapter, with the adapter's layers inside it; Any, since transformers publishes no types."""
    unwrap = getattr(model, "get_base_model", None)
    return model if unwrap is None else unwrap()


class _FrozenHead(torch.autograd.Function):
    """Head and cross entropy in one, chunk by chunk, the gradient taken on the way: a frozen head needs none of its own.

    The gradient of a sum of cross entropies is (softmax - one-hot) W; the method of Liger-Kernel (Hsu et al. 2024).
    """

    @staticmethod
    def forward(
        ctx: Any, hidden: torch.Tensor, weight: torch.Tensor, targets: torch.Tensor, scale: float
    ) -> torch.Tensor:
        gradient = torch.empty_like(hidden)
        total = torch.zeros((), dtype=torch.float64, device=hidden.device)
        for start in range(0, len(targets), CHUNK):
            part, wanted = hidden[start : start + CHUNK], targets[start : start + CHUNK, None]
            logits = (part @ weight.T).float()
            level = logits.logsumexp(dim=-1, keepdim=True)
            total += (level - logits.gather(1, wanted)).sum(dtype=torch.float64)
            if ctx.needs_input_grad[0]:
                slope = logits.sub_(level).exp_().scatter_add_(1, wanted, torch.full_like(level, -1.0)).mul_(scale)
                gradient[start : start + CHUNK] = slope.to(hidden.dtype) @ weight
        ctx.save_for_backward(gradient)
        return (total * scale).float()

    @staticmethod
    def backward(ctx: Any, *outer: torch.Tensor) -> tuple[torch.Tensor, None, None, None]:
        (gradient,) = ctx.saved_tensors
        return gradient * outer[0].to(gradient.dtype), None, None, None
