"""Evaluations as rows: what they were asked, how far they are, what they found.

Only whether it is done is written into an evaluation's row. How it stands until then is asked of its job, which alone knows that a
worker was killed.
"""

import json
from dataclasses import dataclass
from typing import Literal

from espalier.core.evaluation.idiom import read_idiom
from espalier.core.failures import UnusableInput
from espalier.core.jobs.job import Job, enqueue, jobs
from espalier.core.jobs.life import pulse
from espalier.core.project import audit, quarantined
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row

Arm = Literal["base", "adapter"]
State = Literal["queued", "running", "interrupted", "paused", "stopped", "cancelled", "failed", "done"]
ARMS: tuple[Arm, Arm] = ("base", "adapter")
SUITE = "held-out"
ANSWER_TOKENS = 192
KIND = "evaluation.run"  # of the job that makes one


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the arms are asked: greedily, with at most `max_new_tokens`; `idiom` is TOML text, `tickets` a CSV's path."""

    max_new_tokens: int = ANSWER_TOKENS
    batch_size: int = 16
    most_tasks: int | None = None
    idiom: str | None = None
    tickets: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One comparison of base and adapter on a suite; `job` is the newest that works on it, None before the first."""

    id: int
    run: int
    suite: str
    tier: str
    settings: Settings
    state: State
    job: Job | None
    summary: dict[str, object]
    created_at: str
    finished_at: str | None


def create(project: Project, run: int, settings: Settings, suite: str = SUITE) -> int:
    row = (run, suite, canonical_text({name: getattr(settings, name) for name in settings.__slots__}), utc_now())
    with project.write() as db:
        cursor = db.execute(
            "INSERT INTO evaluations (run, suite, settings, state, created_at) VALUES (?, ?, ?, 'queued', ?)", row
        )
        number = int(cursor.lastrowid or 0)
        audit.record(db, "local user", "eval.run", f"evaluation:{number}", {"run": run, "suite": suite})
    return number


def queue(project: Project, run: int, settings: Settings, suite: str = SUITE) -> tuple[int, int]:
    """A new evaluation and its job; raises UnusableInput for a run that is quarantined, or an idiom that can't be read."""
    quarantined.refuse(project, "run", str(run))
    if settings.idiom is not None:
        read_idiom(settings.idiom)
    number = create(project, run, settings, suite)
    return number, enqueue(project, KIND, {"evaluation": number}, "accelerator")


def evaluation(project: Project, number: int) -> Evaluation:
    row = project.row("SELECT * FROM evaluations WHERE id = ?", (number,))
    if row is None:
        raise UnusableInput(f"There is no evaluation {number}.", "Start one: espalier eval run PROJECT RUN")
    return _evaluation(row, _jobs(project).get(number))


def evaluations(project: Project) -> list[Evaluation]:
    """Newest first."""
    found = _jobs(project)
    return [
        _evaluation(row, found.get(row["id"])) for row in project.rows("SELECT * FROM evaluations ORDER BY id DESC")
    ]


def newest(project: Project, number: int | None = None) -> int:
    """That number, or the newest evaluation's; raises UnusableInput where there is none."""
    found = number or project.value("SELECT max(id) FROM evaluations")
    if found is None:
        raise UnusableInput("The project has no evaluation.", "Start one: espalier eval run PROJECT RUN")
    return int(found)


def begun(project: Project, number: int, tier: str, self_test: str) -> None:
    """In which sandbox it is judged."""
    with project.write() as db:
        db.execute("UPDATE evaluations SET tier = ?, self_test = ? WHERE id = ?", (tier, self_test, number))


def finish(project: Project, number: int, summary: dict[str, object]) -> None:
    with project.write() as db:
        row = (canonical_text(summary), utc_now(), number)
        db.execute("UPDATE evaluations SET summary = ?, state = 'done', finished_at = ? WHERE id = ?", row)
        audit.record(db, "espalier", "eval.done", f"evaluation:{number}", {"gates": summary.get("gates", [])})


def _jobs(project: Project) -> dict[object, Job]:
    """The newest job of each evaluation."""
    return {one.args.get("evaluation"): one for one in reversed(jobs(project)) if one.kind == KIND}


def _state(row: Row, job: Job | None) -> State:
    """A job of an unfinished evaluation that waits again, or whose worker is gone, was interrupted."""
    if row["state"] == "done" or job is None:
        return "done" if row["state"] == "done" else "failed" if row["state"] == "failed" else "queued"
    if job.state == "queued":
        return "interrupted" if job.attempts else "queued"
    if job.state == "running":
        return "interrupted" if job.life is not None and pulse(job.life) == "dead" else "running"
    return "running" if job.state == "done" else job.state


def _evaluation(row: Row, job: Job | None) -> Evaluation:
    return Evaluation(
        id=row["id"],
        run=row["run"],
        suite=row["suite"],
        tier=row["tier"],
        settings=Settings(**json.loads(row["settings"])),
        state=_state(row, job),
        job=job,
        summary=json.loads(row["summary"]),
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )
