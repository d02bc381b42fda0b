"""Erasing the text of what is quarantined: examples, tasks, answers, the bytes of snapshots and adapters, files at work.

Each step can be done again, whole or half done, and comes to the same. Ids and hashes stay where they are.
"""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from espalier.core.examples.verification import WITHHELD
from espalier.core.project import artifacts
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Connection, Project, Row
from espalier.core.project.quarantined import ERASED, WORD
from espalier.core.release.tracing import loose
from espalier.core.release.tracing.evaluations import answers_that_hold, task_holds
from espalier.core.release.tracing.outside import erase_work, work_left
from espalier.core.release.tracing.runs import TracedRun
from espalier.core.release.tracing.sought import Sought

AT_ONCE = 100  # rows in one short transaction
_BUILT = "SELECT rowid AS number, * FROM examples WHERE id = ? AND build IN (SELECT id FROM builds)"
_EXAMPLE = (
    "UPDATE examples SET task = ?, context = '', constraints = '[]', solution = '', rationale = '', state = 'dropped',"
    " reason = ?, path = ?, qualified_name = ?, service = ? WHERE rowid = ?"
)
_TASK = (
    "UPDATE tasks SET title = ?, messages = ?, reference = ?, tests = '[]', path = ?, qualified_name = ?, service = ?"
    " WHERE id = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What is quarantined, by kind: ids of examples, hashes of snapshots, numbers of runs, hashes of adapters."""

    examples: tuple[str, ...]
    snapshots: tuple[str, ...]
    runs: tuple[str, ...]
    adapters: tuple[str, ...]

    def rows(self) -> list[tuple[str, str]]:
        return [
            *(("example", name) for name in self.examples),
            *(("snapshot", name) for name in self.snapshots),
            *(("run", name) for name in self.runs),
            *(("adapter", name) for name in self.adapters),
        ]


def erase(project: Project, plan: Plan, runs: Sequence[TracedRun], own: Set[str], value: Sought) -> None:
    """`own`: the examples that were built from one of the secret's places. The log is not emptied yet."""
    _examples(project, plan.examples, value)
    _tasks(project, {*own, *plan.examples}, value)
    _answers(project, value)
    loose.erase(project, value)
    for sha256 in (*plan.snapshots, *plan.adapters, *artifacts.unfinished(project)):
        artifacts.erase(project, sha256)
    erase_work(work_left(project, runs, value))


def _examples(project: Project, names: Sequence[str], value: Sought) -> None:
    for start in range(0, len(names), AT_ONCE):
        with project.write() as db:
            for name in names[start : start + AT_ONCE]:
                for row in db.execute(_BUILT, (name,)).fetchall():
                    _example(db, row, value)


def _example(db: Connection, row: Row, value: Sought) -> None:
    db.execute(_EXAMPLE, (f"{WORD} {row['id']}", WORD, *_names(row, value), row["number"]))


def _names(row: Row, value: Sought) -> tuple[str, str, str]:
    """Path, function and service: where one holds the secret itself it goes too."""
    path, function, service = (
        WITHHELD if value.holds(row[name], own=True) else str(row[name])
        for name in ("path", "qualified_name", "service")
    )
    return path, function, service


def _tasks(project: Project, examples: Set[str], value: Sought) -> None:
    said = canonical_text([{"role": "user", "content": ERASED}])
    for row in project.rows("SELECT * FROM tasks"):
        if task_holds(row, examples, value):
            with project.write() as db:
                db.execute(_TASK, (ERASED, said, ERASED, *_names(row, value), row["id"]))


def _answers(project: Project, value: Sought) -> None:
    sql = "UPDATE answers SET text = ?, finished = ? WHERE evaluation = ? AND task = ? AND arm = ?"
    for row in answers_that_hold(project, value):
        with project.write() as db:
            db.execute(sql, (ERASED, WORD, row["evaluation"], row["task"], row["arm"]))
