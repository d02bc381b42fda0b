"""A model folder is hostile until it has been read."""

import json
import os
import pickle
import struct
from collections.abc import Callable
from pathlib import Path

import numpy
import pytest
from safetensors.numpy import load_file, save_file

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.models.base import inspect, verify
from espalier.core.models.files import sha256
from tests.core.models.tiny import CONFIG, build_tiny_model


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build_tiny_model(tmp_path / "model")


def change_json(path: Path, **changes: object) -> None:
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def test_that_a_plain_llama_is_described_by_the_hashes_of_its_files(folder: Path) -> None:
    model = inspect(folder, "tiny")
    assert model.name == "tiny"
    assert model.files == {path.name: sha256(path) for path in folder.iterdir()}
    assert model.tokenizer_sha256 == model.files["tokenizer.json"]
    assert model.chat_template_sha256 == model.files["chat_template.jinja"]
    assert model.licence == "unknown"
    verify(model)


def test_that_the_revision_follows_the_files(folder: Path, tmp_path: Path) -> None:
    same = build_tiny_model(tmp_path / "same")
    other = build_tiny_model(tmp_path / "other", seed=1)
    assert inspect(folder).revision == inspect(same).revision != inspect(other).revision


@pytest.mark.parametrize("name", ["pytorch_model.bin", "weights.pt", "original.pth", "last.ckpt", "a.pkl", "TRAIN.BIN"])
def test_that_pickles_are_refused_even_beside_safetensors(folder: Path, name: str) -> None:
    (folder / name).write_bytes(pickle.dumps({}))
    with pytest.raises(UnusableInput, match=r"can run code when it is opened"):
        inspect(folder)


@pytest.mark.parametrize("name", ["modeling_tiny.py", "kernel.so"])
def test_that_code_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("import os\n")
    with pytest.raises(UnusableInput, match=r"is code"):
        inspect(folder)


@pytest.mark.parametrize("name", ["adapter_config.json", "model.gguf", "model.safetensors.index.json.bak", "x.json"])
def test_that_a_file_which_loading_could_pick_up_is_refused(folder: Path, name: str) -> None:
    (folder / name).write_text("{}")
    with pytest.raises(UnusableInput, match=r"isn't a file that a Llama model needs"):
        inspect(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer_config.json", "tokenizer.json"])
def test_that_a_request_for_custom_code_is_refused(folder: Path, name: str) -> None:
    change_json(folder / name, auto_map={"AutoModelForCausalLM": "modeling_tiny.Tiny"})
    with pytest.raises(UnusableInput, match=r"asks for code of its own"):
        inspect(folder)


@pytest.mark.parametrize("name", ["config.json", "tokenizer.json", "tokenizer_config.json"])
def test_that_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(UnusableInput, match=f"has no {name}"):
        inspect(folder)


def test_that_a_folder_without_weights_is_refused(folder: Path) -> None:
    (folder / "model.safetensors").unlink()
    with pytest.raises(UnusableInput, match=r"holds no safetensors"):
        inspect(folder)


def test_that_a_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnusableInput, match=r"no model folder at .*nowhere"):
        inspect(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"model_type": "gpt2"}, "isn't of the Llama architecture"),
        ({"architectures": ["LlamaForSequenceClassification"]}, "isn't of the Llama architecture"),
        ({"architectures": None}, "isn't of the Llama architecture"),
        ({"quantization_config": {"quant_method": "gguf"}}, "quantised already"),
        ({"hidden_size": 10**12}, "no believable hidden_size"),
        ({"num_hidden_layers": True}, "no believable num_hidden_layers"),
        ({"num_attention_heads": 0}, "no believable num_attention_heads"),
        ({"vocab_size": "1024"}, "no believable vocab_size"),
        ({"vocab_size": 2048}, "don't fit config.json"),
        ({"num_hidden_layers": 3}, "don't fit config.json"),
        ({"num_hidden_layers": 1}, "don't fit config.json"),
        ({"tie_word_embeddings": False}, "don't fit config.json"),
        ({"attention_bias": True}, "don't fit config.json"),
    ],
)
def test_that_a_config_which_the_weights_do_not_bear_out_is_refused(
    folder: Path, changes: dict[str, object], sentence: str
) -> None:
    change_json(folder / "config.json", **changes)
    with pytest.raises(UnusableInput, match=sentence):
        inspect(folder)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"a":' * 100_000, "[" * 100_000, '{"a": ' + "9" * 10_000 + "}", "\x00" * 100]
)
def test_that_json_of_any_absurdity_is_one_sentence(folder: Path, text: str) -> None:
    (folder / "config.json").write_text(text)
    with pytest.raises(UnusableInput, match=r"config\.json of the model isn't"):
        inspect(folder)


def test_that_an_oversized_json_file_is_not_read(folder: Path) -> None:
    os.truncate(folder / "config.json", 10 << 30)
    with pytest.raises(UnusableInput, match=r"larger than any model's"):
        inspect(folder)


def truncated(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def padded(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def empty(path: Path) -> None:
    path.write_bytes(b"")


def endless_header(path: Path) -> None:
    path.write_bytes(struct.pack("<Q", 2**63 - 1) + path.read_bytes()[8:])


def rewritten(change: Callable[[dict[str, dict[str, object]]], object]) -> Callable[[Path], None]:
    def rewrite(path: Path) -> None:
        content = path.read_bytes()
        (length,) = struct.unpack("<Q", content[:8])
        header = json.loads(content[8 : 8 + length])
        change(header)
        encoded = json.dumps(header).encode()
        path.write_bytes(struct.pack("<Q", len(encoded)) + encoded + content[8 + length :])

    return rewrite


NORM = "model.norm.weight"
LIES: dict[str, Callable[[Path], None]] = {
    "truncated": truncated,
    "padded": padded,
    "empty": empty,
    "endless header": endless_header,
    "shape larger than its bytes": rewritten(lambda header: header[NORM].update(shape=[2**40])),
    "negative length": rewritten(lambda header: header[NORM].update(shape=[-64])),
    "offsets beyond the file": rewritten(lambda header: header[NORM].update(data_offsets=[0, 2**50])),
    "offsets that overlap": rewritten(lambda header: header[NORM].update(data_offsets=[0, 256])),
    "unknown dtype": rewritten(lambda header: header[NORM].update(dtype="PICKLE")),
    "a tensor that is text": rewritten(lambda header: header.update({NORM: "x"})),  # type: ignore[dict-item]  # the lie
    "a hundred dimensions": rewritten(lambda header: header[NORM].update(shape=[1] * 99 + [64])),
}


@pytest.mark.parametrize("lie", LIES)
def test_that_a_safetensors_header_which_lies_is_refused(folder: Path, lie: str) -> None:
    LIES[lie](folder / "model.safetensors")
    with pytest.raises(UnusableInput, match=r"The weights model\.safetensors can't be used"):
        inspect(folder)


def test_that_a_header_of_deep_json_is_refused(folder: Path) -> None:
    deep = b"[" * 1_000_000
    (folder / "model.safetensors").write_bytes(struct.pack("<Q", len(deep)) + deep)
    with pytest.raises(UnusableInput, match=r"header isn't JSON"):
        inspect(folder)


def split(folder: Path) -> dict[str, str]:
    """The tiny model in two shards with an index; returns the weight map."""
    weights = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    places: dict[str, str] = {}
    for number, names in enumerate((sorted(weights)[:7], sorted(weights)[7:]), start=1):
        shard = f"model-0000{number}-of-00002.safetensors"
        save_file({name: weights[name] for name in names}, folder / shard)
        places |= dict.fromkeys(names, shard)
    write_index(folder, places)
    return places


def write_index(folder: Path, places: dict[str, str]) -> None:
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": places}))


def test_that_shards_with_their_index_are_accepted(folder: Path) -> None:
    split(folder)
    assert len([name for name in inspect(folder).files if name.startswith("model-")]) == 2


def test_that_a_shard_missing_from_the_folder_is_named(folder: Path) -> None:
    split(folder)
    (folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(UnusableInput, match=r"disagree about 'model-00002-of-00002"):
        inspect(folder)


def test_that_a_shard_missing_from_the_index_is_named(folder: Path) -> None:
    split(folder)
    (folder / "model-00003-of-00003.safetensors").write_bytes(
        (folder / "model-00001-of-00002.safetensors").read_bytes()
    )
    with pytest.raises(UnusableInput, match=r"disagree about 'model-00003-of-00003"):
        inspect(folder)


def test_that_an_index_which_points_out_of_the_folder_is_refused(folder: Path) -> None:
    places = split(folder)
    write_index(folder, places | {NORM: "../../secret.safetensors"})
    with pytest.raises(UnusableInput, match=r"disagree about '\.\./\.\./secret"):
        inspect(folder)


def test_that_an_index_which_puts_a_tensor_in_the_wrong_shard_is_refused(folder: Path) -> None:
    places = split(folder)
    write_index(folder, places | {NORM: "model-00001-of-00002.safetensors"})
    with pytest.raises(UnusableInput, match=r"doesn't hold what"):
        inspect(folder)


def test_that_shards_without_an_index_are_refused(folder: Path) -> None:
    split(folder)
    (folder / "model.safetensors.index.json").unlink()
    with pytest.raises(UnusableInput, match=r"weights in parts"):
        inspect(folder)


def test_that_integer_weights_are_refused(folder: Path) -> None:
    weights = load_file(folder / "model.safetensors")
    save_file(weights | {NORM: numpy.ones(64, numpy.int8)}, folder / "model.safetensors")
    with pytest.raises(UnusableInput, match=r"don't fit config.json"):
        inspect(folder)


def test_that_a_link_out_of_the_folder_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere.json").write_text(json.dumps(CONFIG))
    (folder / "generation_config.json").symlink_to(tmp_path / "elsewhere.json")
    with pytest.raises(UnusableInput, match=r"generation_config\.json .* link to somewhere outside"):
        inspect(folder)


def test_that_a_linked_folder_under_a_hidden_name_is_refused(folder: Path, tmp_path: Path) -> None:
    (folder / ".cache").symlink_to(tmp_path)
    with pytest.raises(UnusableInput, match=r"link to somewhere outside"):
        inspect(folder)


@pytest.mark.parametrize("make", [Path.mkdir, lambda path: os.mkfifo(path)])
def test_that_what_is_no_file_is_refused_without_being_opened(folder: Path, make: Callable[[Path], None]) -> None:
    (folder / "config.json").unlink()
    make(folder / "config.json")
    with pytest.raises(UnusableInput, match=r"config\.json .* isn't a file"):
        inspect(folder)


def test_that_a_tokenizer_with_more_tokens_than_the_weights_is_refused(folder: Path) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    tokenizer["added_tokens"].append({**tokenizer["added_tokens"][0], "id": 1024, "content": "<|more|>"})
    (folder / "tokenizer.json").write_text(json.dumps(tokenizer))
    with pytest.raises(UnusableInput, match=r"tokens that its weights don't know"):
        inspect(folder)


def test_that_a_model_without_chat_template_is_refused(folder: Path) -> None:
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(UnusableInput, match=r"no chat template"):
        inspect(folder)


def test_that_a_promised_hash_is_compared(folder: Path) -> None:
    files = inspect(folder).files
    inspect(folder, manifest=files)
    with pytest.raises(UnusableInput, match=r"tokenizer\.json of the model isn't the file that was promised"):
        inspect(folder, manifest={**files, "tokenizer.json": "0" * 64})


def test_that_a_changed_byte_is_found_and_named(folder: Path) -> None:
    model = inspect(folder)
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        file.write(b"\x7f")
    with pytest.raises(GateShut, match=r"model\.safetensors changed") as caught:
        verify(model)
    assert caught.value.items == ("model.safetensors",)


def test_that_a_file_which_came_or_went_is_found(folder: Path) -> None:
    model = inspect(folder)
    (folder / "generation_config.json").write_text("{}")
    (folder / "chat_template.jinja").unlink()
    with pytest.raises(GateShut) as caught:
        verify(model)
    assert caught.value.items == ("chat_template.jinja", "generation_config.json")


def test_that_code_planted_after_registration_is_found(folder: Path) -> None:
    model = inspect(folder)
    (folder / "tokenization_tiny.py").write_text("import os\n")
    with pytest.raises(UnusableInput, match=r"tokenization_tiny\.py .* is code"):
        verify(model)


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("README.md", "---\nlanguage: en\nlicense: apache-2.0\n---\n# Tiny", "Apache-2.0"),
        ("README.md", '---\r\nlicense: "mit"\r\n---\r\n', "MIT"),
        ("README.md", "---\nlicense: llama3.1\n---\n", "LicenseRef-llama3.1"),
        ("README.md", "no front matter\nlicense: mit\n", "unknown"),
        ("LICENSE", "   Apache License\n   Version 2.0, January 2004\n", "Apache-2.0"),
        ("LICENSE.txt", "LLAMA 3.1 COMMUNITY LICENSE AGREEMENT\n", "LicenseRef-llama3.1"),
        ("LICENSE", "All rights reserved.", "unknown"),
    ],
)
def test_that_the_licence_is_what_the_folder_says(folder: Path, name: str, text: str, expected: str) -> None:
    (folder / name).write_bytes(text.encode())
    assert inspect(folder).licence == expected
