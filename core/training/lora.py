"""Low-rank adapters on a frozen base, by PEFT: what is trained, what is frozen, and under which names."""

from __future__ import annotations

from typing import Any

from torch import nn

from espalier.core.training.attention import use_packed_attention
from espalier.core.training.recipe import TARGETS, Recipe

NORMS = ("input_layernorm", "post_attention_layernorm", "norm")
EMBEDDINGS = ("embed_tokens",)


def attach(model: Any, recipe: Recipe, *, name: str, revision: str) -> Any:
    """The model with fresh adapters, everything else frozen as the recipe says.

    `name` and `revision` go into the adapter's configuration in place of the path that transformers would put there.
    """
    from peft import LoraConfig, get_peft_model

    config = LoraConfig(
        task_type="CAUSAL_LM",
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        target_modules=list(TARGETS[recipe.targets]),
        modules_to_save=unfrozen(recipe) or None,
        ensure_weight_tying=not recipe.freeze.embeddings and bool(model.config.tie_word_embeddings),
        revision=revision,
    )
    adapted = get_peft_model(model, config)
    if model.device.type == "cpu":
        use_packed_attention(model)
    adapted.peft_config["default"].base_model_name_or_path = name
    if recipe.gradient_checkpointing:
        # Not reentrant: the other kind finds no gradient to follow where the embeddings are frozen.
        model.activation_checkpointing_enable({"use_reentrant": False})
    return adapted


def unfrozen(recipe: Recipe) -> list[str]:
    """The modules that are trained whole, by the last part of their names."""
    norms = () if recipe.freeze.norms else NORMS
    return [*norms, *(() if recipe.freeze.embeddings else EMBEDDINGS)]


def trained(model: nn.Module) -> list[tuple[str, nn.Parameter]]:
    """What the optimizer changes, by PEFT's names, in the model's order; a tied weight once."""
    return [(name, parameter) for name, parameter in model.named_parameters() if parameter.requires_grad]
