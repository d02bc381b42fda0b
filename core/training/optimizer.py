"""The optimizer over the flat masters, and its state as plain tensors and numbers."""

from __future__ import annotations

import warnings
from collections.abc import Mapping

import torch

from espalier.core.training.masters import Masters
from espalier.core.training.recipe import Recipe

REMADE = ("qmap1", "qmap2")  # bitsandbytes' code books: constants, shared between parameters


def optimizer(masters: Masters, recipe: Recipe) -> torch.optim.Optimizer:
    """AdamW (Loshchilov and Hutter 2019), or with its moments in 8 bits (Dettmers et al. 2022), or those paged (QLoRA, 2023).

    Weights of one dimension, which are norms, do not decay. The learning rate is set before every step.
    """
    groups = [
        {"params": [weights], "weight_decay": recipe.weight_decay if weights is masters.decaying else 0.0}
        for weights in masters.weights
    ]
    if recipe.optimizer == "adamw":
        return torch.optim.AdamW(groups, lr=recipe.learning_rate, fused=False, foreach=False)
    from bitsandbytes.optim.adamw import AdamW8bit, PagedAdamW8bit

    kind = AdamW8bit if recipe.optimizer == "adamw8bit" else PagedAdamW8bit
    made: torch.optim.Optimizer = kind(groups, lr=recipe.learning_rate)
    return made


def step(optimizer: torch.optim.Optimizer, learning_rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = learning_rate
    with warnings.catch_warnings():  # paged on a CPU is the same optimizer without the paging; the run names its device
        warnings.filterwarnings("ignore", message="Paged optimizers are not supported on CPU")
        optimizer.step()


def state(optimizer: torch.optim.Optimizer) -> tuple[dict[str, torch.Tensor], dict[str, float | int]]:
    """Tensors and numbers of the optimizer's state, as `group.name`; every group holds one flat tensor."""
    tensors: dict[str, torch.Tensor] = {}
    numbers: dict[str, float | int] = {}
    for number, group in enumerate(optimizer.param_groups):
        for name, value in optimizer.state[group["params"][0]].items():
            if not isinstance(value, torch.Tensor):
                numbers[f"{number}.{name}"] = value
            elif name not in REMADE:
                tensors[f"{number}.{name}"] = value
    return tensors, numbers


def restore(
    optimizer: torch.optim.Optimizer, tensors: Mapping[str, torch.Tensor], numbers: Mapping[str, float | int]
) -> None:
    """Put back what `state` gave. In place for bitsandbytes: a replaced tensor would no longer be a paged one."""
    make = getattr(optimizer, "init_state", None)
    for number, group in enumerate(optimizer.param_groups):
        weights = group["params"][0]
        mine = {key.split(".", 1)[1]: value for key, value in tensors.items() if key.startswith(f"{number}.")}
        if make is not None and mine:
            make(group, weights, number, 0)
        slots = optimizer.state[weights]
        for name, tensor in mine.items():
            if name in slots:
                slots[name].copy_(tensor)
            else:
                slots[name] = tensor.to("cpu" if name == "step" else weights.device, copy=True)
        slots.update({key.split(".", 1)[1]: value for key, value in numbers.items() if key.startswith(f"{number}.")})
