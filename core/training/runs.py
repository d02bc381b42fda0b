"""Runs as rows: what went in, how far it is, what came out, and the curves it left."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from espalier.core.failures import UnusableInput
from espalier.core.jobs.job import enqueue
from espalier.core.models import register
from espalier.core.project import audit, quarantined
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row
from espalier.core.training.recipe import Recipe, recipe_from

State = Literal["queued", "running", "paused", "stopped", "failed", "done"]
WAITING = ("queued", "running", "paused")
COLUMNS = ("step", "steps", "loss", "validation_loss", "tokens_per_second", "peak_memory", "adapter", "device")

# A worker that was killed can't say so in its run's row; the job's row knows. One query serves list, show and the window.
SELECT = """
  SELECT runs.*, jobs.state AS job_state,
    EXISTS (SELECT 1 FROM quarantined WHERE kind = 'run' AND name = CAST(runs.id AS TEXT)) AS quarantined
  FROM runs LEFT JOIN jobs ON jobs.id = runs.job
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """One training run as its row stands; `loss` is of the last step, `validation_loss` the newest, memory in bytes.

    Of a `quarantined` one the adapter's bytes are gone.
    """

    id: int
    job: int | None
    snapshot: str
    model: str
    base: str
    recipe: Recipe
    seed: int
    state: State
    step: int
    steps: int | None
    loss: float | None
    validation_loss: float | None
    tokens_per_second: float | None
    peak_memory: int | None
    adapter: str | None
    versions: Mapping[str, Any]
    device: str | None
    created_at: str
    started_at: str | None
    finished_at: str | None
    quarantined: bool = False


def start(project: Project, *, snapshot: str, model: str, recipe: Recipe, seed: int) -> Run:
    """A new run with its job in the accelerator's lane; raises UnusableInput for an unknown snapshot or model."""
    files = register.model(project, model).files
    number = create(project, snapshot=snapshot, model=model, base_files=files, recipe=recipe, seed=seed)
    update(project, number, job=enqueue(project, "training.run", {"run": number}, "accelerator"))
    return run(project, number)


def create(
    project: Project, *, snapshot: str, model: str, base_files: Mapping[str, str], recipe: Recipe, seed: int
) -> int:
    """A new run, waiting for its job; `base_files` are the base model's {file: SHA-256}, which the worker compares."""
    if not -(2**63) <= seed < 2**63:
        raise UnusableInput(f"The seed {seed} doesn't fit 64 bits.", "Choose a smaller one.")
    quarantined.refuse(project, "snapshot", snapshot)
    if project.value("SELECT 1 FROM artifacts WHERE sha256 = ?", (snapshot,)) is None:
        raise UnusableInput(
            f"The project holds no snapshot {snapshot[:12]}.", "Freeze one: espalier dataset freeze PROJECT"
        )
    row = (snapshot, model, digest(dict(base_files)), canonical_text(recipe.model_dump()), seed, utc_now())
    with project.write() as db:
        cursor = db.execute(
            "INSERT INTO runs (snapshot, model, base, recipe, seed, state, created_at) VALUES (?, ?, ?, ?, ?, 'queued', ?)",
            row,
        )
        number = int(cursor.lastrowid or 0)
        made_of = {
            "snapshot": snapshot,
            "model": model,
            "base": row[2],
            "recipe": digest(recipe.model_dump()),
            "seed": seed,
        }
        audit.record(db, "local user", "train.start", f"run:{number}", made_of)
    return number


def run(project: Project, number: int) -> Run:
    row = project.row(f"{SELECT} WHERE runs.id = ?", (number,))
    if row is None:
        raise UnusableInput(f"There is no run {number}.", "List them: espalier train list PROJECT")
    return _run(row)


def runs(project: Project) -> list[Run]:
    """Newest first."""
    return [_run(row) for row in project.rows(f"{SELECT} ORDER BY runs.id DESC")]


def update(project: Project, number: int, metrics: Sequence[tuple[str, int, float]] = (), **columns: object) -> None:
    """Set columns of the row and add metrics, in one transaction; a metric of the same step replaces the earlier one."""
    with project.write() as db:
        if metrics:
            rows = [(number, name, step, value) for name, step, value in metrics]
            db.executemany("INSERT OR REPLACE INTO metrics (run, name, step, value) VALUES (?, ?, ?, ?)", rows)
        if columns:
            names = ", ".join(f"{name} = :{name}" for name in columns)
            db.execute(f"UPDATE runs SET {names} WHERE id = :id", {**columns, "id": number})


def forget_after(project: Project, number: int, step: int) -> None:
    """Drop the metrics that a resumed run is about to write again."""
    with project.write() as db:
        db.execute("DELETE FROM metrics WHERE run = ? AND step > ?", (number, step))


def checkpoint_folder(project: Project, run: int) -> Path:
    """By run and not by job: another job may go on with what one left."""
    return project.work / "runs" / str(run)


def show(one: Run) -> dict[str, Any]:
    """What `train show` prints; `steps` is how many the run has, `step` how many are done."""
    plain = {name: getattr(one, name) for name in ("id", "state", "snapshot", "model", "seed", "job", "quarantined")}
    times = {name: getattr(one, name) for name in ("created_at", "started_at", "finished_at")}
    columns = {name: getattr(one, name) for name in COLUMNS}
    return plain | {"recipe": one.recipe.model_dump(), "versions": dict(one.versions)} | columns | times


def curve(project: Project, number: int, name: str, points: int = 1000) -> list[tuple[int, float]]:
    """A metric as at most about `points` (step, value) pairs: the lowest and highest of each stretch, so that no spike is lost."""
    rows = project.rows("SELECT step, value FROM metrics WHERE run = ? AND name = ? ORDER BY step", (number, name))
    return decimate([(row["step"], row["value"]) for row in rows], points)


def curve_names(project: Project, number: int) -> list[str]:
    return [
        row["name"] for row in project.rows("SELECT DISTINCT name FROM metrics WHERE run = ? ORDER BY name", (number,))
    ]


def decimate(curve: Sequence[tuple[int, float]], points: int) -> list[tuple[int, float]]:
    """The first and the last point stay, and of each of the stretches between the lowest and the highest, in their order."""
    if len(curve) <= max(points, 4):
        return list(curve)
    inner = curve[1:-1]
    stretches = max(1, (points - 2) // 2)
    kept = [curve[0]]
    for number in range(stretches):
        part = inner[number * len(inner) // stretches : (number + 1) * len(inner) // stretches]
        ends = {min(part, key=lambda point: point[1]), max(part, key=lambda point: point[1])}
        kept += sorted(ends)
    return [*kept, curve[-1]]


def _run(row: Row) -> Run:
    plain = {name: row[name] for name in ("id", "job", "snapshot", "model", "base", "seed", "created_at", *COLUMNS)}
    return Run(
        **plain,
        recipe=recipe_from(json.loads(row["recipe"]), f"of run {row['id']}"),
        state=_state(row["state"], row["job_state"]),
        versions=json.loads(row["versions"]),
        started_at=row["started_at"],
        finished_at=row["finished_at"],
        quarantined=bool(row["quarantined"]),
    )


def _state(state: State, job_state: str | None) -> State:
    """The run's own word, unless its job went on without it: ended while it waited, killed, or queued again."""
    if job_state == "queued" and state != "done":
        return "queued"
    ended: dict[str | None, State] = {
        "stopped": "stopped",
        "cancelled": "stopped",
        "failed": "failed",
        "paused": "paused",
    }
    return ended.get(job_state, state) if state in WAITING else state
