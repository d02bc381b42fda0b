"""Jobs: rows of the project file that a worker claims; the file is the only thing that window, command line and worker share."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from espalier.core.failures import UnusableInput
from espalier.core.jobs.life import Life
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import now, parse, utc_now
from espalier.core.project.file import Project, Row

Lane = Literal["cpu", "accelerator"]
State = Literal["queued", "running", "paused", "stopped", "cancelled", "failed", "done"]
ENDED = ("stopped", "cancelled", "failed", "done")


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a job failed: the kind of failure, what happened, and what to do about it."""

    kind: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """One long work as its row stands; `seconds_left` is an estimate over the running attempt, None while it can't be told."""

    id: int
    kind: str
    lane: Lane
    args: dict[str, object]
    state: State
    request: str | None
    done: int
    total: int
    message: str
    attempts: int
    life: Life | None
    failure: Failure | None
    result: dict[str, object] | None
    ended_by: str | None
    created_at: str
    heartbeat_at: str | None
    finished_at: str | None
    seconds_left: float | None

    @property
    def ended(self) -> bool:
        return self.state in ENDED


def enqueue(project: Project, kind: str, args: Mapping[str, object], lane: Lane) -> int:
    """Add a job; raises UnusableInput when one of the same kind and arguments already waits or runs."""
    text = canonical_text(dict(args))
    with project.write() as db:
        same = db.execute(
            "SELECT id, state FROM jobs WHERE kind = ? AND args = ? AND state IN ('queued', 'running', 'paused')",
            (kind, text),
        ).fetchone()
        if same is not None:
            sentence = f"Job {same['id']} already does this ({kind}, {same['state']})."
            raise UnusableInput(sentence, f"Watch it with: espalier job show {project.path.name} {same['id']}")
        cursor = db.execute(
            "INSERT INTO jobs (kind, lane, args, state, created_at) VALUES (?, ?, ?, 'queued', ?)",
            (kind, lane, text, utc_now()),
        )
        return int(cursor.lastrowid or 0)


def job(project: Project, number: int) -> Job:
    row = project.row("SELECT * FROM jobs WHERE id = ?", (number,))
    if row is None:
        raise UnusableInput(f"There is no job {number}.", "List them: espalier job list PROJECT")
    return _job(row)


def jobs(project: Project, *, active_only: bool = False) -> list[Job]:
    """Newest first."""
    where = "WHERE state IN ('queued', 'running', 'paused')" if active_only else ""
    return [_job(row) for row in project.rows(f"SELECT * FROM jobs {where} ORDER BY id DESC")]


def _job(row: Row) -> Job:
    return Job(
        id=row["id"],
        kind=row["kind"],
        lane=row["lane"],
        args=json.loads(row["args"]),
        state=row["state"],
        request=row["request"],
        done=row["done"],
        total=row["total"],
        message=row["message"],
        attempts=row["attempts"],
        life=_life(row),
        failure=_failure(row["failure"]),
        result=json.loads(row["result"]) if row["result"] else None,
        ended_by=row["ended_by"],
        created_at=row["created_at"],
        heartbeat_at=row["heartbeat_at"],
        finished_at=row["finished_at"],
        seconds_left=_seconds_left(row),
    )


def _life(row: Row) -> Life | None:
    if row["pid"] is None:
        return None
    return Life(host=row["host"], boot=row["boot"], pid=row["pid"], started=row["process_started"])


def _failure(text: str | None) -> Failure | None:
    return Failure(**json.loads(text)) if text else None


def _seconds_left(row: Row) -> float | None:
    gained = row["done"] - row["attempt_first_done"]
    if row["state"] != "running" or gained <= 0 or row["attempt_started_at"] is None:
        return None
    elapsed = (now() - parse(row["attempt_started_at"])).total_seconds()
    return float(elapsed * (row["total"] - row["done"]) / gained)
