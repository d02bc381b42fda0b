"""Rating an answer: stored at once; when enough people have rated everything, the result enters the evaluation's summary."""

from dataclasses import dataclass
from typing import Any

from espalier.core.evaluation import rubric, statistics
from espalier.core.evaluation.evaluations import evaluation
from espalier.core.evaluation.rubric import Side
from espalier.core.evaluation.rubric_result import result
from espalier.core.evaluation.thresholds import RUBRIC, rubric_threshold
from espalier.core.failures import UnusableInput
from espalier.core.findings.typed import require_clean
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity
from espalier.core.project.policy import project_policy

LEAST, MOST, LONGEST_NOTE = 1, 5, 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one rater has said of one answer: numbers from 1 to 5, None while they are open."""

    readability: int | None = None
    api_use: int | None = None
    note: str = ""


def rate(
    project: Project,
    number: int,
    who: Identity,
    task: str,
    side: Side,
    *,
    readability: int | None = None,
    api_use: int | None = None,
    note: str | None = None,
) -> Said:
    """What is None stays as it was; returns what stood before, for `take_back`.

    Raises UnusableInput for a task that this rater was not asked, a number off the scale, a note that is too long or holds a
    secret.
    """
    for value in (readability, api_use):
        if value is not None and not LEAST <= value <= MOST:
            raise UnusableInput(f"{value} is not on the scale.", f"Rate from {LEAST} to {MOST}.")
    if note is not None and len(note) > LONGEST_NOTE:
        raise UnusableInput("The note is too long.", f"Use at most {LONGEST_NOTE} characters.")
    require_clean(note or "")
    if task not in rubric.sampled(project, number):
        raise UnusableInput(f"{task[:12]} is not among the tasks to rate.", "List them: espalier eval rubric PROJECT")
    arm = rubric.arm(project, number, who.name, task, side)
    statistics.load()
    with project.write() as db:
        before = _said(db, (number, task, arm, who.name))
        after = Said(
            readability=before.readability if readability is None else readability,
            api_use=before.api_use if api_use is None else api_use,
            note=before.note if note is None else note,
        )
        _store(db, (number, task, arm, who.name), after)
        _settle(project, db, number, who)
    return before


def take_back(project: Project, number: int, who: Identity, task: str, side: Side, before: Said) -> None:
    """Let what `rate` returned stand again, also that nothing was said."""
    arm = rubric.arm(project, number, who.name, task, side)
    statistics.load()
    with project.write() as db:
        _store(db, (number, task, arm, who.name), before)
        _settle(project, db, number, who)


def _said(db: Connection, key: tuple[int, str, str, str]) -> Said:
    row = db.execute(
        "SELECT readability, api_use, note FROM rubric_ratings WHERE (evaluation, task, arm, rater) = (?, ?, ?, ?)", key
    ).fetchone()
    return Said() if row is None else Said(readability=row[0], api_use=row[1], note=row[2])


def _store(db: Connection, key: tuple[int, str, str, str], said: Said) -> None:
    db.execute(
        "INSERT OR REPLACE INTO rubric_ratings (evaluation, task, arm, rater, readability, api_use, note, rated_at)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, said.readability, said.api_use, said.note, utc_now()),
    )


def _settle(project: Project, db: Connection, number: int, who: Identity) -> None:
    """Put what the raters found into the summary, from which gates, reports and releases are read; nothing, while some are open."""
    found, before = result(project, number), evaluation(project, number).summary
    if found is None and not before.get("rubric"):
        return
    gate = rubric_threshold(found, project_policy(project).evaluation).shown()
    given: Any = before.get("gates", [])
    gates = [gate if one["name"] == RUBRIC else one for one in given]
    after = {**before, "rubric": None if found is None else found.shown(), "gates": gates}
    if canonical_text(after) != canonical_text(before):
        db.execute("UPDATE evaluations SET summary = ? WHERE id = ?", (canonical_text(after), number))
        detail: dict[str, object] = {"gate": gate, "raters": 0 if found is None else found.raters}
        audit.record(db, who.name, "rubric.result", f"evaluation:{number}", detail)
