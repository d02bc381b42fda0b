"""Adapters as artifacts: the same bytes from the same run, nothing of this machine in them, and no trust on the way back."""

import io
import json
import tarfile
from pathlib import Path

import pytest
from safetensors.torch import load, save
from tests.core.training.made import recipe, snapshot, started, steps, tiny

from espalier.core.failures import UnusableInput
from espalier.core.training.adapter import CONFIGURATION, WEIGHTS, adapter_bytes, archive, read, write

GOOD = {CONFIGURATION: b'{"peft_type": "LORA"}', WEIGHTS: save({})}


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes, str]:
    """Two adapters of the same run, from two folders, and the name of the first folder."""
    first, second = tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")
    made = []
    for folder in (first, second):
        run = started(tiny(folder), recipe(max_steps=1), snapshot())
        steps(run)
        made.append(adapter_bytes(run.model, run.masters))
    return made[0], made[1], str(first)


def test_that_the_same_run_gives_the_same_bytes_anywhere(trained: tuple[bytes, bytes, str]) -> None:
    assert trained[0] == trained[1]


def test_that_an_adapter_names_its_model_and_nothing_of_the_machine(trained: tuple[bytes, bytes, str]) -> None:
    configuration = json.loads(read(trained[0])[CONFIGURATION])
    assert configuration["base_model_name_or_path"] == "tiny" and configuration["revision"].startswith("sha256:")
    assert (configuration["r"], configuration["lora_alpha"], configuration["peft_type"]) == (4, 8, "LORA")
    assert trained[2].encode() not in trained[0] and b"/tmp" not in trained[0]
    with tarfile.open(fileobj=io.BytesIO(trained[0])) as tar:
        entries = [(entry.name, entry.mtime, entry.uid, entry.uname, entry.mode) for entry in tar]
    assert entries == [(CONFIGURATION, 0, 0, "", 0o644), (WEIGHTS, 0, 0, "", 0o644)]


def test_that_an_adapter_holds_the_fp32_matrices_under_pefts_names(trained: tuple[bytes, bytes, str]) -> None:
    tensors = load(read(trained[0])[WEIGHTS])
    assert len(tensors) == 2 * 7 * 2 and {str(tensor.dtype) for tensor in tensors.values()} == {"torch.float32"}
    assert "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight" in tensors


def test_that_unfrozen_modules_travel_with_the_adapter(tmp_path: Path) -> None:
    run = started(tiny(tmp_path), recipe(max_steps=1, freeze={"norms": False, "embeddings": False}), snapshot())
    steps(run)
    files = read(adapter_bytes(run.model, run.masters))
    assert {"embed_tokens", "norm"} <= set(json.loads(files[CONFIGURATION])["modules_to_save"])
    names = load(files[WEIGHTS]).keys()
    assert sum("layernorm" in name for name in names) == 4 and sum("embed_tokens" in name for name in names) == 1


def test_that_a_folder_is_written_only_where_nothing_is(tmp_path: Path) -> None:
    write(read(archive(GOOD)), tmp_path / "new")
    assert {path.name for path in (tmp_path / "new").iterdir()} == {CONFIGURATION, WEIGHTS}
    with pytest.raises(UnusableInput, match="not empty"):
        write(GOOD, tmp_path / "new")


def _tar(*entries: tarfile.TarInfo) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        for entry in entries:
            tar.addfile(entry, io.BytesIO(b"x" * entry.size))
    return out.getvalue()


def _entry(name: str, kind: bytes = tarfile.REGTYPE, target: str = "") -> tarfile.TarInfo:
    entry = tarfile.TarInfo(name)
    entry.type, entry.linkname = kind, target
    return entry


@pytest.mark.parametrize(
    "hostile",
    [
        _tar(_entry("../adapter_config.json")),
        _tar(_entry("/etc/adapter_config.json")),
        _tar(_entry("folder/adapter_config.json")),
        _tar(_entry(CONFIGURATION, tarfile.SYMTYPE, "/etc/passwd")),
        _tar(_entry(CONFIGURATION, tarfile.LNKTYPE, "other")),
        _tar(_entry(CONFIGURATION, tarfile.CHRTYPE)),
        _tar(_entry("pytorch_model.bin")),
        archive({CONFIGURATION: GOOD[CONFIGURATION]}),
        archive(GOOD | {CONFIGURATION: b"[]"}),
        archive(GOOD | {CONFIGURATION: b"[" * 100_000}),
        archive(GOOD | {CONFIGURATION: b'{"peft_type": "PROMPT_TUNING"}'}),
        archive(GOOD | {CONFIGURATION: b'{"peft_type": "LORA", "auto_mapping": {"parent_library": "os"}}'}),
        archive(GOOD | {WEIGHTS: b"\x80\x04pickle"}),
        archive(GOOD) + archive(GOOD),
        b"not a tar" * 100,
        archive(GOOD)[:700],
        b"",
    ],
)
def test_that_a_hostile_archive_is_refused(hostile: bytes) -> None:
    if hostile == archive(GOOD) + archive(GOOD):
        assert read(hostile) == GOOD  # a tar ends at its end mark; what follows is never looked at
        return
    with pytest.raises(UnusableInput, match="can't be used"):
        read(hostile)


def test_that_a_name_twice_is_refused() -> None:
    with pytest.raises(UnusableInput, match="something else"):
        read(_tar(_entry(CONFIGURATION), _entry(CONFIGURATION)))


def test_that_a_configuration_of_impossible_size_is_refused() -> None:
    entry = tarfile.TarInfo(CONFIGURATION)
    entry.size = (1 << 20) + 1
    with pytest.raises(UnusableInput, match="too large"):
        read(_tar(entry))
