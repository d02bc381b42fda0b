"""Checkpoints: whole or passed over, the two newest kept, and nothing of them ever run."""

import errno
import json
import os
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from espalier.core.failures import WorkFailed
from espalier.core.training import checkpoints
from espalier.core.training.checkpoints import Checkpoint, newest, save


def _checkpoint(step: int, owner: str = "me") -> Checkpoint:
    tensors = {"weights": torch.arange(4.0) + step}
    return Checkpoint(step=step, owner=owner, adapter=tensors, optimizer=tensors, random=tensors, state={"sum": 0.1})


def _steps(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_that_a_checkpoint_comes_back_as_it_was_saved(tmp_path: Path) -> None:
    save(tmp_path, _checkpoint(3))
    found = newest(tmp_path, "me")
    assert found is not None and (found.step, found.state) == (3, {"sum": 0.1})
    assert torch.equal(found.adapter["weights"], torch.arange(4.0) + 3)


def test_that_the_two_newest_are_kept(tmp_path: Path) -> None:
    for step in (9, 10, 100):
        save(tmp_path, _checkpoint(step))
    assert _steps(tmp_path) == ["step-00000010", "step-00000100"]


def test_that_there_may_be_none(tmp_path: Path) -> None:
    assert newest(tmp_path / "nothing", "me") is None


def _truncate(path: Path) -> None:
    os.truncate(path / "optimizer.safetensors", 20)


def _flip(path: Path) -> None:
    data = bytearray((path / "adapter.safetensors").read_bytes())
    data[-1] ^= 1
    (path / "adapter.safetensors").write_bytes(data)


def _lose(path: Path) -> None:
    (path / "random.safetensors").unlink()


def _unmanifest(path: Path) -> None:
    (path / "manifest.json").write_text("[]")


def _garble(path: Path) -> None:
    (path / "manifest.json").write_bytes(b"\xff{")


def _add(path: Path) -> None:
    manifest = json.loads((path / "manifest.json").read_text())
    (path / "manifest.json").write_text(json.dumps(manifest | {"more.bin": "00"}))


@pytest.mark.parametrize("damage", [_truncate, _flip, _lose, _unmanifest, _garble, _add])
def test_that_a_damaged_one_is_passed_over_for_the_one_before(tmp_path: Path, damage: Callable[[Path], None]) -> None:
    save(tmp_path, _checkpoint(1))
    damage(save(tmp_path, _checkpoint(2)))
    found = newest(tmp_path, "me")
    assert found is not None and found.step == 1


def test_that_one_is_written_over_a_damaged_one_of_the_same_step(tmp_path: Path) -> None:
    _truncate(save(tmp_path, _checkpoint(2)))
    save(tmp_path, _checkpoint(2))
    found = newest(tmp_path, "me")
    assert found is not None and found.step == 2 and _steps(tmp_path) == ["step-00000002"]


def test_that_one_of_another_run_is_passed_over(tmp_path: Path) -> None:
    save(tmp_path, _checkpoint(1))
    save(tmp_path, _checkpoint(2, owner="another"))
    found = newest(tmp_path, "me")
    assert found is not None and found.step == 1


def test_that_what_was_left_half_written_is_not_taken_and_does_not_hinder(tmp_path: Path) -> None:
    whole = save(tmp_path, _checkpoint(1))
    whole.rename(tmp_path / ".step-00000002.new")
    assert newest(tmp_path, "me") is None
    save(tmp_path, _checkpoint(2))
    assert _steps(tmp_path) == ["step-00000002"]


def test_that_a_pickle_in_the_place_of_tensors_is_never_opened(tmp_path: Path) -> None:
    """Even with a manifest that vouches for it."""
    import hashlib

    path = save(tmp_path, _checkpoint(1))
    marker = tmp_path / "executed"

    class Bomb:
        def __reduce__(self) -> tuple[object, tuple[object, ...]]:
            return Path.touch, (marker,)

    bomb = pickle.dumps(Bomb())
    (path / "optimizer.safetensors").write_bytes(bomb)
    manifest = json.loads((path / "manifest.json").read_text())
    manifest["optimizer.safetensors"] = hashlib.sha256(bomb).hexdigest()
    (path / "manifest.json").write_text(json.dumps(manifest))
    assert newest(tmp_path, "me") is None and not marker.exists()


def test_that_a_full_disk_keeps_the_earlier_one_and_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, _checkpoint(1))

    def full(path: Path, data: bytes) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(checkpoints, "_write", full)
    with pytest.raises(WorkFailed, match="the disk is full") as failed:
        save(tmp_path, _checkpoint(2))
    assert "Free some space" in failed.value.remedy
    found = newest(tmp_path, "me")
    assert found is not None and found.step == 1
