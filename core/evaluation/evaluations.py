"""Evaluations as rows: what they were asked, how far they are, what they found."""

import json
from dataclasses import dataclass
from typing import Literal

from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row

Arm = Literal["base", "adapter"]
ARMS: tuple[Arm, Arm] = ("base", "adapter")
SUITE = "held-out"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the arms are asked: greedily, with at most `max_new_tokens`; `idiom` is TOML text, `tickets` a CSV's path."""

    max_new_tokens: int = 192
    batch_size: int = 16
    most_tasks: int | None = None
    idiom: str | None = None
    tickets: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """One comparison of base and adapter on a suite."""

    id: int
    run: int
    suite: str
    tier: str
    settings: Settings
    state: str
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


def evaluation(project: Project, number: int) -> Evaluation:
    row = project.row("SELECT * FROM evaluations WHERE id = ?", (number,))
    if row is None:
        raise UnusableInput(f"There is no evaluation {number}.", "Start one: espalier eval run PROJECT RUN")
    return _evaluation(row)


def evaluations(project: Project) -> list[Evaluation]:
    """Newest first."""
    return [_evaluation(row) for row in project.rows("SELECT * FROM evaluations ORDER BY id DESC")]


def finish(project: Project, number: int, summary: dict[str, object]) -> None:
    with project.write() as db:
        row = (canonical_text(summary), utc_now(), number)
        db.execute("UPDATE evaluations SET summary = ?, state = 'done', finished_at = ? WHERE id = ?", row)
        audit.record(db, "espalier", "eval.done", f"evaluation:{number}", {"gates": summary.get("gates", [])})


def set_state(project: Project, number: int, state: Literal["running", "failed"]) -> None:
    with project.write() as db:
        db.execute("UPDATE evaluations SET state = ? WHERE id = ?", (state, number))


def _evaluation(row: Row) -> Evaluation:
    return Evaluation(
        id=row["id"],
        run=row["run"],
        suite=row["suite"],
        tier=row["tier"],
        settings=Settings(**json.loads(row["settings"])),
        state=row["state"],
        summary=json.loads(row["summary"]),
        created_at=row["created_at"],
        finished_at=row["finished_at"],
    )
