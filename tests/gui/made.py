"""Projects as the window's tests need them: made by core's own functions, with runs that look as a trainer leaves them."""

import math
import random
from pathlib import Path

from espalier.core.jobs.claim import claim
from espalier.core.jobs.job import enqueue
from espalier.core.jobs.life import this_process
from espalier.core.project import artifacts
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.recipe import Recipe
from espalier.core.training.schedule import learning_rate

STEPS = 400


def recipe(**changes: object) -> Recipe:
    table: dict[str, object] = {
        "name": "careful",
        "epochs": 2,
        "learning_rate": 2e-4,
        "row_tokens": 2048,
        "validate_every": 50,
    }
    return Recipe.model_validate(table | changes)


def project(folder: Path, policy: str = "solo") -> Project:
    """The caller closes it."""
    return Project.create(folder / "payments", policy=policy)


def run(made: Project, *, seed: int = 17) -> tuple[int, int]:
    """A run and the job that will train it, both waiting."""
    snapshot = artifacts.store(made, b"{}\n", "application/jsonl")
    files = {"model.safetensors": "0" * 64}
    number = runs.create(made, snapshot=snapshot, model="smollm2-135m", base_files=files, recipe=recipe(), seed=seed)
    job = enqueue(made, "training.run", {"run": number}, "accelerator")
    runs.update(made, number, job=job)
    return number, job


def metrics(first: int, last: int, seed: int = 1) -> list[tuple[str, int, float]]:
    """Steps from `first` to `last`, as a trainer writes them: a loss that falls and a gradient that has one spike."""
    noise = random.Random(seed * 1000 + first)
    rows: list[tuple[str, int, float]] = []
    for step in range(first, last + 1):
        fall = 0.82 + 1.05 * math.exp(-step / 70)
        measured = {
            "loss": fall + noise.gauss(0, 0.035),
            "gradient_norm": 0.5 + 1.6 * math.exp(-step / 40) + abs(noise.gauss(0, 0.05)) + (2.2 if step == 190 else 0),
            "learning_rate": learning_rate(recipe(), step - 1, STEPS),
            "noise_scale": 900 * (1 - math.exp(-step / 90)) + 40 + noise.gauss(0, 12),
            "tokens_per_second": 3100 + noise.gauss(0, 70),
            "solution_tokens": 1480 + noise.randrange(-200, 200),
            "overflow": 0,
            "overflow_activations": 0,
            "zero_share": 0.012,
            "subnormal_share": 0.0004,
        }
        rows += [(name, step, float(value)) for name, value in measured.items()]
        if step % 50 == 0:
            rows.append(("validation_loss", step, fall + 0.03))
    return rows


def at_work(made: Project, number: int, job: int, step: int = 260) -> None:
    """As a worker leaves it in the middle of its work; the worker is this process."""
    claimed = claim(made, "accelerator", this_process())
    assert claimed is not None
    assert claimed.id == job
    runs.update(
        made,
        number,
        metrics(1, step),
        state="running",
        started_at=utc_now(),
        step=step,
        steps=STEPS,
        loss=0.845,
        validation_loss=0.867,
        tokens_per_second=3104.2,
        peak_memory=15_676_000_000,
        device="NVIDIA GeForce RTX 4090",
        versions='{"peft":"0.21.2","python":"3.11.7","torch":"2.13.0","transformers":"5.23.0"}',
    )
    with made.write() as db:
        db.execute(
            "UPDATE jobs SET done = ?, total = ?, message = 'loss 0.845', attempt_first_done = 0,"
            " attempt_started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-600 seconds') WHERE id = ?",
            (step, STEPS, job),
        )


def ended(made: Project, number: int, job: int, state: str, failure: str | None = None) -> None:
    """The run and its job in the state in which a worker would have left them."""
    runs.update(made, number, state=state, finished_at=None if state == "paused" else utc_now())
    with made.write() as db:
        db.execute(
            "UPDATE jobs SET state = ?, failure = ?, request = NULL, finished_at = ? WHERE id = ?",
            (state, failure, utc_now(), job),
        )
