"""One known GGUF file of a Llama model into the safetensors, configuration and tokenizer that the trainer loads; no torch.

Only for a file whose hash is known: the reader trusts what it reads, and 51 bytes can hang it. The output is the same bytes
on every machine, because it comes from elementwise float32 arithmetic and JSON that this module writes itself.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy
from numpy.typing import NDArray

from espalier.core.models import safetensors_file

if TYPE_CHECKING:
    from gguf import GGUFReader, ReaderTensor

OUTER = {"token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight"}
INNER = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}
IDS = {"bos": "bos", "eos": "eos", "pad": "padding"}
"""transformers' name of each control token that matters, and llama.cpp's."""
CONTROL = 3
"""llama.cpp's token type for a token that text never produces."""
ROWS = 4096


def convert(gguf: Path, folder: Path, progress: Callable[[int, int], None]) -> None:
    """Write model.safetensors (bfloat16), config.json, generation_config.json, tokenizer*.json, chat_template.jinja."""
    from gguf import GGUFReader

    reader = GGUFReader(gguf)
    _write_json(folder / "config.json", config(reader))
    ids = {f"{name}_token_id": _integer(reader, f"tokenizer.ggml.{key}_token_id") for name, key in IDS.items()}
    _write_json(folder / "generation_config.json", ids)
    _write_json(folder / "tokenizer.json", tokenizer(reader))
    _write_json(folder / "tokenizer_config.json", tokenizer_config(reader))
    template = _value(reader, "tokenizer.chat_template")
    (folder / "chat_template.jinja").write_bytes(str(template).encode())
    _write_weights(reader, folder / "model.safetensors", progress)


def config(reader: "GGUFReader") -> dict[str, object]:
    """A tied Llama's config.json."""
    heads = _integer(reader, "llama.attention.head_count")
    return {
        "architectures": ["LlamaForCausalLM"],
        "attention_bias": False,
        "bos_token_id": _integer(reader, "tokenizer.ggml.bos_token_id"),
        "dtype": "bfloat16",
        "eos_token_id": _integer(reader, "tokenizer.ggml.eos_token_id"),
        "head_dim": _integer(reader, "llama.embedding_length") // heads,
        "hidden_act": "silu",
        "hidden_size": _integer(reader, "llama.embedding_length"),
        "intermediate_size": _integer(reader, "llama.feed_forward_length"),
        "max_position_embeddings": _integer(reader, "llama.context_length"),
        "mlp_bias": False,
        "model_type": "llama",
        "num_attention_heads": heads,
        "num_hidden_layers": _integer(reader, "llama.block_count"),
        "num_key_value_heads": _integer(reader, "llama.attention.head_count_kv"),
        "pad_token_id": _integer(reader, "tokenizer.ggml.padding_token_id"),
        "rms_norm_eps": _decimal(reader, "llama.attention.layer_norm_rms_epsilon"),
        "rope_parameters": {"rope_theta": _decimal(reader, "llama.rope.freq_base"), "rope_type": "default"},
        "tie_word_embeddings": True,
        "vocab_size": _integer(reader, "llama.vocab_size"),
    }


def tokenizer(reader: "GGUFReader") -> dict[str, object]:
    """tokenizer.json of a byte-level BPE that splits every digit: llama.cpp's pre-tokenizer "smollm", as upstream's file has it.

    transformers' own GGUF conversion forgets the digits, and then tokenizes indented numbers as the model never saw them.
    """
    tokens = _strings(reader, "tokenizer.ggml.tokens")
    types = _value(reader, "tokenizer.ggml.token_type")
    assert isinstance(types, list)
    byte_level = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [
            _control_token(position, tokens[position]) for position, kind in enumerate(types) if kind == CONTROL
        ],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Sequence",
            "pretokenizers": [{"type": "Digits", "individual_digits": True}, byte_level],
        },
        "post_processor": None,
        "decoder": {**byte_level, "add_prefix_space": True},
        "model": {
            "type": "BPE",
            "dropout": None,
            "unk_token": None,
            "continuing_subword_prefix": None,
            "end_of_word_suffix": None,
            "fuse_unk": False,
            "byte_fallback": False,
            "ignore_merges": False,
            "vocab": {token: position for position, token in enumerate(tokens)},
            "merges": _strings(reader, "tokenizer.ggml.merges"),
        },
    }


def _control_token(position: int, content: str) -> dict[str, object]:
    plain = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False}
    return {"id": position, "content": content, **plain, "special": True}


def tokenizer_config(reader: "GGUFReader") -> dict[str, object]:
    tokens = _strings(reader, "tokenizer.ggml.tokens")
    named = {**IDS, "unk": "unknown"}
    return {
        **{f"{name}_token": tokens[_integer(reader, f"tokenizer.ggml.{key}_token_id")] for name, key in named.items()},
        "clean_up_tokenization_spaces": False,
        "model_max_length": _integer(reader, "llama.context_length"),
        "tokenizer_class": "PreTrainedTokenizerFast",
    }


def _write_weights(reader: "GGUFReader", path: Path, progress: Callable[[int, int], None]) -> None:
    tensors = {_new_name(tensor.name): tensor for tensor in reader.tensors}
    shapes = {name: tuple(int(length) for length in reversed(tensors[name].shape)) for name in sorted(tensors)}
    done = 0

    def data(name: str) -> Iterable[bytes]:
        nonlocal done
        for weights in _pieces(tensors[name], shapes[name], _heads(reader, tensors[name].name)):
            yield bfloat16(weights).tobytes()
        done += 1
        progress(done, len(shapes))

    safetensors_file.write(path, shapes, "BF16", data)


def _new_name(name: str) -> str:
    """blk.3.attn_q.weight → model.layers.3.self_attn.q_proj.weight"""
    if name in OUTER:
        return OUTER[name]
    _, layer, part, kind = name.split(".")
    return f"model.layers.{layer}.{INNER[part]}.{kind}"


def _heads(reader: "GGUFReader", name: str) -> int:
    """How many heads llama.cpp has interleaved in this tensor; 0 where it left the rows alone."""
    keys: Mapping[str, str] = {"attn_q": "head_count", "attn_k": "head_count_kv"}
    key = next((keys[part] for part in name.split(".") if part in keys), None)
    return _integer(reader, f"llama.attention.{key}") if key else 0


def _pieces(tensor: "ReaderTensor", shape: tuple[int, ...], heads: int) -> Iterator[NDArray[numpy.float32]]:
    """The tensor a few thousand rows at a time, or whole where the rows change places."""
    from gguf.quants import dequantize

    if not heads:
        for row in range(0, len(tensor.data), ROWS):
            yield dequantize(tensor.data[row : row + ROWS], tensor.tensor_type)
        return
    halves = shape[0] // heads // 2
    # llama.cpp stores the two halves of a rotary pair side by side (convert_hf_to_gguf.py, LlamaModel.permute).
    weights = dequantize(tensor.data, tensor.tensor_type).reshape(heads, halves, 2, *shape[1:])
    yield weights.swapaxes(1, 2).reshape(shape)


def bfloat16(values: NDArray[numpy.float32]) -> NDArray[numpy.uint16]:
    """The upper half of each finite float32, rounded to nearest, ties to even: what torch's cast does."""
    bits = numpy.ascontiguousarray(values, dtype="<f4").view("<u4")
    rounded = (bits + numpy.uint32(0x7FFF) + ((bits >> 16) & numpy.uint32(1))) >> 16
    return rounded.astype("<u2")


def _value(reader: "GGUFReader", key: str) -> object:
    return reader.fields[key].contents()


def _integer(reader: "GGUFReader", key: str) -> int:
    return int(str(_value(reader, key)))


def _decimal(reader: "GGUFReader", key: str) -> float:
    """The shortest decimal that is this float32: 1e-05, not 9.999999747378752e-06."""
    return float(str(numpy.float32(str(_value(reader, key)))))


def _strings(reader: "GGUFReader", key: str) -> list[str]:
    found = _value(reader, key)
    assert isinstance(found, list)
    return [str(item) for item in found]


def _write_json(path: Path, value: object) -> None:
    path.write_bytes((json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode())
