"""What a Llama's config.json must say, and which tensors must then be there, so that nothing is made up when it is loaded."""

from collections.abc import Mapping
from dataclasses import dataclass

from espalier.core.failures import UnusableInput
from espalier.core.models.safetensors_file import Entry

FLOATS = {"F32", "F16", "BF16"}
BOUNDS = {
    "vocab_size": 2_000_000,
    "hidden_size": 131_072,
    "intermediate_size": 524_288,
    "num_hidden_layers": 1_000,
    "num_attention_heads": 1_024,
    "num_key_value_heads": 1_024,
    "head_dim": 4_096,
    "max_position_embeddings": 100_000_000,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The sizes of a Llama, as its config.json gives them; `context` is in tokens."""

    vocabulary: int
    hidden: int
    intermediate: int
    layers: int
    heads: int
    key_value_heads: int
    head: int
    context: int
    tied: bool
    attention_bias: bool
    mlp_bias: bool


def shape(config: Mapping[str, object]) -> Shape:
    """Raises UnusableInput unless this is a plain Llama of believable size."""
    if "auto_map" in config:
        raise UnusableInput("config.json of the model asks for code of its own.", "Use a model that needs none.")
    if config.get("model_type") != "llama" or config.get("architectures") != ["LlamaForCausalLM"]:
        raise UnusableInput("The model isn't of the Llama architecture.", "Use one with architecture LlamaForCausalLM.")
    if "quantization_config" in config:
        raise UnusableInput(
            "The model is quantised already.", "Use the original weights; Espalier quantises them itself."
        )
    heads = _size(config, "num_attention_heads")
    hidden = _size(config, "hidden_size")
    return Shape(
        vocabulary=_size(config, "vocab_size"),
        hidden=hidden,
        intermediate=_size(config, "intermediate_size"),
        layers=_size(config, "num_hidden_layers"),
        heads=heads,
        key_value_heads=_size(config, "num_key_value_heads", heads),
        head=_size(config, "head_dim", hidden // heads),
        context=_size(config, "max_position_embeddings"),
        tied=config.get("tie_word_embeddings", False) is True,
        attention_bias=config.get("attention_bias", False) is True,
        mlp_bias=config.get("mlp_bias", False) is True,
    )


def _size(config: Mapping[str, object], key: str, default: int | None = None) -> int:
    value = config.get(key)
    if value is None:
        value = default
    if type(value) is not int or not 0 < value <= BOUNDS[key]:
        raise UnusableInput(f"config.json of the model gives no believable {key}.", "Fetch the model again.")
    return value


def tensors(model: Shape) -> dict[str, tuple[int, ...]]:
    """name → shape of every parameter (transformers, modeling_llama.py)."""
    wide, narrow = model.heads * model.head, model.key_value_heads * model.head
    attention = {
        "q": (wide, model.hidden),
        "k": (narrow, model.hidden),
        "v": (narrow, model.hidden),
        "o": (model.hidden, wide),
    }
    inner, outer = (model.intermediate, model.hidden), (model.hidden, model.intermediate)
    linear = {f"self_attn.{name}_proj": (size, model.attention_bias) for name, size in attention.items()}
    linear |= {
        f"mlp.{name}_proj": (size, model.mlp_bias) for name, size in (("gate", inner), ("up", inner), ("down", outer))
    }
    layer: dict[str, tuple[int, ...]] = {f"{name}.weight": size for name, (size, _) in linear.items()}
    layer |= {f"{name}.bias": size[:1] for name, (size, biased) in linear.items() if biased}
    layer |= {f"{name}_layernorm.weight": (model.hidden,) for name in ("input", "post_attention")}
    found: dict[str, tuple[int, ...]] = {
        "model.embed_tokens.weight": (model.vocabulary, model.hidden),
        "model.norm.weight": (model.hidden,),
    }
    if not model.tied:
        found["lm_head.weight"] = (model.vocabulary, model.hidden)
    for number in range(model.layers):
        found |= {f"model.layers.{number}.{name}": size for name, size in layer.items()}
    return found


def check_tensors(model: Shape, present: Mapping[str, Entry]) -> None:
    """Raises UnusableInput unless the files hold exactly the model's parameters, in floating point."""
    expected = tensors(model)
    # Files made before 2023 carry a table of frequencies, and some tied ones the head a second time: loading skips both.
    extra = {name for name in present if name not in expected and not name.endswith("rotary_emb.inv_freq")}
    if model.tied:
        extra.discard("lm_head.weight")
    wrong = sorted(name for name, size in expected.items() if name not in present or present[name].shape != size)
    wrong += sorted(extra) + sorted(name for name in present if present[name].dtype not in FLOATS)
    if wrong:
        raise UnusableInput(
            f"The weights don't fit config.json: {wrong[0][:120]!r} is missing, of another shape or not expected.",
            "Fetch the model's files again, all from one revision.",
        )
