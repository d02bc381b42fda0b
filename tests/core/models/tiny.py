"""A tiny Llama with SmolLM2's tokenizer design and chat template, made from a seed in a moment and without torch."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy
from safetensors.numpy import save_file
from tokenizers import Tokenizer
from tokenizers.decoders import ByteLevel as ByteLevelDecoder
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Digits, Sequence
from tokenizers.trainers import BpeTrainer

VOCABULARY = 1024
HIDDEN = 64
INTERMEDIATE = 160
LAYERS = 2
HEADS = 4
KEY_VALUE_HEADS = 2
CONTEXT = 2048
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")

CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou are a helpful AI assistant<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}"
)

PROSE = """
Write the function that this company would write. Use the helpers which are given in the context, keep the names,
and answer with one block of Python code and nothing else. You are a helpful AI assistant.
system user assistant
```python
import asyncio
from dataclasses import dataclass, field
```
A repository keeps its history; a reader opens every file, looks for a password or an address, and writes down where
each one was found. Nobody should guess: measure twice, then change what is slow. Tests describe behaviour, messages
explain the failure, and a person decides. While waiting for the network, another thread may continue; when something
breaks halfway through, start again from the last known good position without losing anything. Numbers between zero and
nine hundred, dates, times, paths, headers, queries, buffers, sockets, channels, schedulers, iterators, generators,
decorators, exceptions, annotations, dictionaries, sequences, strings, bytes, floating point and complex arithmetic.
except ValueError as error:
    logger.warning("could not parse %s", error)
elif isinstance(item, Mapping):
    yield from map(str, sorted(item.items()))
while not finished and depth < maximum:
    await asyncio.sleep(0)
class Handler(Protocol):
    @property
    def name(self) -> str: ...
    @staticmethod
    def handle(request, response, *arguments, **options) -> bool | None: ...
lambda left, right: left ** 2 + right // 3 % 7 != 0
global nonlocal finally continue break pass async def with try del print input open range enumerate zip filter
"""

CONFIG = {
    "architectures": ["LlamaForCausalLM"],
    "model_type": "llama",
    "vocab_size": VOCABULARY,
    "hidden_size": HIDDEN,
    "intermediate_size": INTERMEDIATE,
    "num_hidden_layers": LAYERS,
    "num_attention_heads": HEADS,
    "num_key_value_heads": KEY_VALUE_HEADS,
    "head_dim": HIDDEN // HEADS,
    "hidden_act": "silu",
    "max_position_embeddings": CONTEXT,
    "rms_norm_eps": 1e-5,
    "rope_theta": 10000.0,
    "attention_bias": False,
    "mlp_bias": False,
    "tie_word_embeddings": True,
    "bos_token_id": 1,
    "eos_token_id": 2,
    "pad_token_id": 2,
    "torch_dtype": "float32",
}


def build_tiny_model(folder: Path, seed: int = 0) -> Path:
    """Write the model into `folder` (made if absent) and return it; the same seed gives the same bytes."""
    folder.mkdir(parents=True, exist_ok=True)
    _train_tokenizer().save(str(folder / "tokenizer.json"))
    _write_json(folder / "config.json", CONFIG)
    _write_json(
        folder / "tokenizer_config.json",
        {
            "bos_token": "<|im_start|>",
            "eos_token": "<|im_end|>",
            "pad_token": "<|im_end|>",
            "unk_token": "<|endoftext|>",
            "model_max_length": CONTEXT,
            "clean_up_tokenization_spaces": False,
            "tokenizer_class": "PreTrainedTokenizerFast",
        },
    )
    (folder / "chat_template.jinja").write_text(CHAT_TEMPLATE, encoding="utf-8")
    save_file(_weights(seed), folder / "model.safetensors", metadata={"format": "pt"})
    return folder


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def _train_tokenizer() -> Tokenizer:
    tokenizer = Tokenizer(BPE())
    tokenizer.pre_tokenizer = Sequence([Digits(individual_digits=True), ByteLevel(add_prefix_space=False)])
    tokenizer.decoder = ByteLevelDecoder()
    trainer = BpeTrainer(
        vocab_size=VOCABULARY,
        special_tokens=list(SPECIAL),
        initial_alphabet=sorted(ByteLevel.alphabet()),
        show_progress=False,
    )
    tokenizer.train_from_iterator(_texts(), trainer)
    return tokenizer


def _texts() -> Iterator[str]:
    """Code and prose enough for the merges; fixed here, so that the vocabulary doesn't move with the repository."""
    for verb in ("load", "create", "delete", "update", "validate", "publish", "cancel", "approve"):
        for noun in ("order", "invoice", "ticket", "shipment", "account", "session", "customer", "payment"):
            yield (
                f"def {verb}_{noun}(store: Store, {noun}_id: int) -> Result[{noun.title()}]:\n"
                f'    """{verb.title()} one {noun} and report what happened to it."""\n'
                f'    with shield("{noun}.{verb}") as span:\n'
                f"        {noun} = store.fetch({noun}_id)\n"
                f"        if {noun} is None:\n"
                f'            raise LookupError(f"no such {noun}: {{{noun}_id}}")\n'
                f"        for line in {noun}.lines:\n"
                f"            total += line.quantity * line.price\n"
                f"        span.emit(count=len({noun}.lines), total=0)\n"
                f"        return Ok({noun})\n\n\n"
                f"def test_that_{verb}_{noun}_returns_the_{noun}() -> None:\n"
                f"    assert {verb}_{noun}(Store(), 1234567890).value == {noun.title()}(identifier=1)\n"
            )
    yield PROSE


def _weights(seed: int) -> dict[str, numpy.ndarray]:
    random = numpy.random.Generator(numpy.random.PCG64(seed))

    def normal(rows: int, columns: int) -> numpy.ndarray:
        return random.normal(0.0, 0.02, (rows, columns)).astype(numpy.float32)

    narrow = KEY_VALUE_HEADS * (HIDDEN // HEADS)
    weights = {"model.embed_tokens.weight": normal(VOCABULARY, HIDDEN)}
    for layer in range(LAYERS):
        prefix = f"model.layers.{layer}"
        weights[f"{prefix}.self_attn.q_proj.weight"] = normal(HIDDEN, HIDDEN)
        weights[f"{prefix}.self_attn.k_proj.weight"] = normal(narrow, HIDDEN)
        weights[f"{prefix}.self_attn.v_proj.weight"] = normal(narrow, HIDDEN)
        weights[f"{prefix}.self_attn.o_proj.weight"] = normal(HIDDEN, HIDDEN)
        weights[f"{prefix}.mlp.gate_proj.weight"] = normal(INTERMEDIATE, HIDDEN)
        weights[f"{prefix}.mlp.up_proj.weight"] = normal(INTERMEDIATE, HIDDEN)
        weights[f"{prefix}.mlp.down_proj.weight"] = normal(HIDDEN, INTERMEDIATE)
        weights[f"{prefix}.input_layernorm.weight"] = numpy.ones(HIDDEN, numpy.float32)
        weights[f"{prefix}.post_attention_layernorm.weight"] = numpy.ones(HIDDEN, numpy.float32)
    weights["model.norm.weight"] = numpy.ones(HIDDEN, numpy.float32)
    return weights
