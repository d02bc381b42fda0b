"""Rating an answer: stored at once; when enough people have rated everything, the result enters the evaluation's summary."""

from typing import Any

from espalier.core.evaluation import rubric, statistics
from espalier.core.evaluation.evaluations import evaluation
from espalier.core.evaluation.rubric import Side
from espalier.core.evaluation.rubric_result import result
from espalier.core.evaluation.thresholds import RUBRIC, rubric_threshold
from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity
from espalier.core.project.policy import project_policy

LEAST, MOST, LONGEST_NOTE = 1, 5, 2000


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
) -> None:
    """What is None stays as it was. Raises UnusableInput for a task that this rater was not asked, or a number off the scale."""
    for value in (readability, api_use):
        if value is not None and not LEAST <= value <= MOST:
            raise UnusableInput(f"{value} is not on the scale.", f"Rate from {LEAST} to {MOST}.")
    if note is not None and len(note) > LONGEST_NOTE:
        raise UnusableInput("The note is too long.", f"Use at most {LONGEST_NOTE} characters.")
    if task not in rubric.sampled(project, number):
        raise UnusableInput(f"{task[:12]} is not among the tasks to rate.", "List them: espalier eval rubric PROJECT")
    arm = rubric.arm(project, number, who.name, task, side)
    statistics.load()
    with project.write() as db:
        db.execute(
            "INSERT INTO rubric_ratings VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET"
            " readability = coalesce(excluded.readability, readability), api_use = coalesce(excluded.api_use, api_use),"
            " note = CASE WHEN ? THEN excluded.note ELSE note END, rated_at = excluded.rated_at",
            (number, task, arm, who.name, readability, api_use, note or "", utc_now(), note is not None),
        )
        _settle(project, db, number, who)


def _settle(project: Project, db: Connection, number: int, who: Identity) -> None:
    """Put what the raters found into the summary, from which gates, reports and releases are read."""
    found = result(project, number)
    if found is None:
        return
    before = evaluation(project, number).summary
    gate = rubric_threshold(found, project_policy(project).evaluation).shown()
    given: Any = before.get("gates", [])
    gates = [gate if one["name"] == RUBRIC else one for one in given]
    after = {**before, "rubric": found.shown(), "gates": gates}
    if canonical_text(after) != canonical_text(before):
        db.execute("UPDATE evaluations SET summary = ? WHERE id = ?", (canonical_text(after), number))
        audit.record(db, who.name, "rubric.result", f"evaluation:{number}", {"gate": gate, "raters": found.raters})
