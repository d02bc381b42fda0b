"""What the trainer's tests are made of: a tiny model, a snapshot in the company's idiom, a recipe and a loaded training."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from tests.core.models.tiny import build_tiny_model

from espalier.core.jobs.claim import claim
from espalier.core.jobs.job import Job, job
from espalier.core.jobs.life import this_process
from espalier.core.models import register
from espalier.core.models.base import BaseModel, inspect
from espalier.core.models.load import load_base
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project import artifacts
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.data import samples
from espalier.core.training.device import Place
from espalier.core.training.loop import Event, Stepped, Training, train, training
from espalier.core.training.lora import attach
from espalier.core.training.recipe import Recipe
from espalier.core.worker.__main__ import perform

VERBS = ("load", "create", "delete", "update", "cancel", "approve")
NOUNS = ("order", "invoice", "ticket", "shipment", "account", "session")


def snapshot(train: int = 24, validation: int = 4, repeats: int = 1) -> bytes:
    """Examples of unequal length, as a frozen snapshot's bytes."""
    made = [_line(number, "train", repeats) for number in range(train)]
    made += [_line(100 + number, "validation", 1) for number in range(validation)]
    made.append(_line(999, "test", 1))
    return b"".join(json.dumps(line, sort_keys=True).encode() + b"\n" for line in made)


def _line(number: int, split: str, repeats: int) -> dict[str, Any]:
    verb, noun = VERBS[number % len(VERBS)], NOUNS[number * 7 % len(NOUNS)]
    body = "".join(f"        {noun}.check({step})\n" for step in range(number % 5))
    solution = f'    with shield("{noun}.{verb}") as span:\n{body}        span.emit(count={number})\n        return Ok({noun})\n'
    return {
        "id": f"{number:064x}",
        "kind": "completion",
        "label": "accepted",
        "split": split,
        "repeats": repeats,
        "service": "shop",
        "language": "python",
        "messages": [
            {"role": "system", "content": "Write Python."},
            {"role": "user", "content": f"def {verb}_{noun}_{number}({noun}_id: int) -> Result:"},
            {"role": "assistant", "content": solution},
        ],
    }


def recipe(**changes: Any) -> Recipe:
    """Six quick steps of two rows in fp32; change what a test is about."""
    small: dict[str, Any] = {
        "name": "test",
        "rank": 4,
        "alpha": 8,
        "learning_rate": 0.01,
        "warmup": 0.2,
        "max_steps": 6,
        "row_tokens": 256,
        "rows_per_micro": 1,
        "accumulation": 2,
        "precision": "fp32",
        "threads": 1,
        "validate_every": 3,
        "validation_rows": 2,
        "checkpoint_every": 2,
        "inspect_every": 2,
    }
    return Recipe(**(small | changes))


def cpu(dtype: torch.dtype = torch.float32) -> Place:
    return Place(device=torch.device("cpu"), name="test", dtype=dtype, threads=1)


def tiny(tmp_path: Path) -> BaseModel:
    return inspect(build_tiny_model(tmp_path / "tiny"), "tiny")


def started(
    base: BaseModel, chosen: Recipe, data: bytes, *, seed: int = 1, dtype: torch.dtype = torch.float32
) -> Training:
    """A training on a freshly loaded model, at step 0."""
    torch.set_num_threads(1)
    tokenizer = Tokenizer.load(base.path)
    model = load_base(
        base,
        device="cpu",
        dtype="float32" if dtype == torch.float32 else "bfloat16",
        quantisation="nf4" if chosen.quantisation == "nf4" else None,
    )
    torch.manual_seed(seed)
    adapted = attach(model, chosen, name=base.name, revision=base.revision)
    learnt = samples(data, "train", tokenizer, chosen.row_tokens)
    held = samples(data, "validation", tokenizer, chosen.row_tokens)
    return training(adapted, chosen, cpu(dtype), learnt, held, seed)


def steps(run: Training, until: Callable[[Event], bool] = lambda event: False) -> list[Stepped]:
    """Train on, to the end or to the first event that `until` names, and return the steps on the way."""
    seen: list[Stepped] = []
    for event in train(run):
        if isinstance(event, Stepped):
            seen.append(event)
        if until(event):
            break
    return seen


def project_with_run(folder: Path, chosen: Recipe, data: bytes, *, seed: int = 1) -> tuple[Project, int]:
    """A project that knows the tiny model and the snapshot, and a run that waits for its job; the caller closes it."""
    project = Project.create(folder / "project")
    register.register(project, build_tiny_model(folder / "tiny"), "tiny", actor="test")
    snapshot = artifacts.store(project, data, "application/jsonl")
    return project, runs.start(project, snapshot=snapshot, model="tiny", recipe=chosen, seed=seed).id


def work(project: Project) -> Job:
    """Let this process do the project's next job, as a worker would, and return how the job stands then."""
    claimed = claim(project, "accelerator", this_process())
    assert claimed is not None
    perform(project, claimed, lambda: False)
    return job(project, claimed.id)
