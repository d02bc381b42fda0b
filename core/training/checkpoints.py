"""Checkpoints: everything a run needs to go on as if nothing had happened, whole or not there at all.

    step-00000040/
      adapter.safetensors     the fp32 masters, by PEFT's names
      optimizer.safetensors   the optimizer's tensors
      random.safetensors      torch's random state, of the CPU and of every GPU
      state.json              step, sums, the optimizer's numbers, and which run this belongs to
      manifest.json           {file: SHA-256} of the four

A checkpoint is written under another name, flushed, and renamed; the two newest are kept, and a damaged one is passed over.
Tensors are safetensors and the rest JSON: nothing here is ever unpickled.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors import torch as safetensors

from espalier.core.failures import WorkFailed
from espalier.core.project.canonical import canonical

KEPT = 2
FORMAT = 1
TENSORS = ("adapter", "optimizer", "random")


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """`owner` names the run that it belongs to beyond its number: a digest over project, inputs and seed."""

    step: int
    owner: str
    adapter: Mapping[str, torch.Tensor]
    optimizer: Mapping[str, torch.Tensor]
    random: Mapping[str, torch.Tensor]
    state: Mapping[str, Any]


def save(folder: Path, checkpoint: Checkpoint) -> Path:
    """Write it beside the others and drop all but the newest two; raises WorkFailed where the disk won't have it."""
    target = folder / f"step-{checkpoint.step:08d}"
    unfinished = folder / f".{target.name}.new"
    with _explained(folder):
        folder.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir()
        parts = _parts(checkpoint)
        parts["manifest.json"] = canonical({name: hashlib.sha256(data).hexdigest() for name, data in parts.items()})
        for name, data in parts.items():
            _write(unfinished / name, data)
        _flush(unfinished)
        _replace(unfinished, target)
        _flush(folder)
        for old in _newest_first(folder)[KEPT:]:
            shutil.rmtree(old)
    return target


def newest(folder: Path, owner: str) -> Checkpoint | None:
    """The newest that is whole and belongs to this run; None where there is none."""
    for path in _newest_first(folder):
        found = _load(path)
        if found is not None and found.owner == owner:
            return found
    return None


def _parts(checkpoint: Checkpoint) -> dict[str, bytes]:
    tensors = {"adapter": checkpoint.adapter, "optimizer": checkpoint.optimizer, "random": checkpoint.random}
    parts = {f"{name}.safetensors": _bytes(part) for name, part in tensors.items()}
    state = {"format": FORMAT, "step": checkpoint.step, "owner": checkpoint.owner, **checkpoint.state}
    parts["state.json"] = json.dumps(state, sort_keys=True, allow_nan=False).encode()
    return parts


def _bytes(tensors: Mapping[str, torch.Tensor]) -> bytes:
    return safetensors.save({name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()})


def _load(path: Path) -> Checkpoint | None:
    """None for anything that is not whole: a missing file, another hash, what can't be parsed."""
    try:
        manifest = json.loads((path / "manifest.json").read_bytes())
        parts = {
            name: (path / name).read_bytes() for name in (*(f"{part}.safetensors" for part in TENSORS), "state.json")
        }
        if manifest != {name: hashlib.sha256(data).hexdigest() for name, data in parts.items()}:
            return None
        state = json.loads(parts["state.json"])
        if state.pop("format") != FORMAT:
            return None
        tensors = {name: safetensors.load(parts[f"{name}.safetensors"]) for name in TENSORS}
        return Checkpoint(step=state.pop("step"), owner=state.pop("owner"), state=state, **tensors)
    except (OSError, ValueError, KeyError, AttributeError, SafetensorError):
        return None


def _newest_first(folder: Path) -> list[Path]:
    return sorted(folder.glob("step-*"), reverse=True)


def _write(path: Path, data: bytes) -> None:
    with path.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _replace(unfinished: Path, target: Path) -> None:
    """A folder can't be renamed onto one that is not empty, as a damaged one is: move that aside first."""
    if target.exists():
        aside = target.with_name(f".{target.name}.old")
        shutil.rmtree(aside, ignore_errors=True)
        target.rename(aside)
        unfinished.rename(target)
        shutil.rmtree(aside)
    else:
        unfinished.rename(target)


def _flush(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        what = "the disk is full" if full else (error.strerror or "the system refused")
        remedy = "Free some space" if full else "Check the folder's disk and permissions"
        sentence = f"A checkpoint could not be written to {folder}: {what}."
        raise WorkFailed(sentence, f"{remedy} and resume the run; it goes on from the checkpoint before.") from None
