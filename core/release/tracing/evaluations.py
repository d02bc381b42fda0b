"""Evaluations: the tasks, answers and verdicts that hold the secret, and those whose adapter has learnt it."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

from espalier.core.project.file import Project, Row
from espalier.core.release.tracing.runs import TracedRun
from espalier.core.release.tracing.sought import Sought
from espalier.core.release.tracing.state import State

OF_TASK = ("title", "messages", "reference", "tests", "path", "qualified_name", "service")
_TASKS = "SELECT * FROM tasks ORDER BY id"
_ANSWERS = "SELECT evaluation, task, arm, text FROM answers ORDER BY evaluation, task, arm"
_VERDICTS = "SELECT evaluation, task, arm, detail FROM results WHERE detail <> '' AND \"check\" <> 'loss'"


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedTask:
    """`where`: prompt, reference, answer of the base, answer of the adapter, verdict."""

    task: str
    where: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedEvaluation:
    """`reached` where a text of its own holds the secret; else it stands as its run does."""

    id: int
    run: int
    state: State
    tasks: tuple[TracedTask, ...]


def traced_evaluations(
    project: Project, runs: Sequence[TracedRun], own: Set[str], value: Sought
) -> list[TracedEvaluation]:
    """`own`: the examples that were built from one of the secret's places."""
    held = {row["id"]: where for row in project.rows(_TASKS) if (where := task_holds(row, own, value))}
    said = _said(project, value)
    states = {one.id: one.state for one in runs}
    found = []
    for row in project.rows("SELECT id, run FROM evaluations ORDER BY id"):
        tasks = tuple(_tasks(project, row["id"], held, said.get(row["id"], {})))
        state: State | None = "reached" if tasks else states.get(row["run"])
        if state is not None:
            found.append(TracedEvaluation(id=row["id"], run=row["run"], state=state, tasks=tasks))
    return found


def task_holds(row: Row, own: Set[str], value: Sought) -> tuple[str, ...]:
    """In which of prompt and reference it stands; a name or a title counts to the prompt."""
    held = {name for name in OF_TASK if value.holds(row[name], row["path"], own=row["example"] in own)}
    return (*(("prompt",) if held - {"reference"} else ()), *(("reference",) if "reference" in held else ()))


def answers_that_hold(project: Project, value: Sought) -> Iterator[Row]:
    yield from (row for row in project.rows(_ANSWERS) if value.holds(row["text"]))


def _said(project: Project, value: Sought) -> dict[int, dict[str, set[str]]]:
    """By evaluation and task, which answers and verdicts hold it."""
    found: dict[int, dict[str, set[str]]] = {}
    for row in answers_that_hold(project, value):
        found.setdefault(row["evaluation"], {}).setdefault(row["task"], set()).add(f"answer of the {row['arm']}")
    for row in project.rows(_VERDICTS):
        if value.holds(row["detail"]):
            found.setdefault(row["evaluation"], {}).setdefault(row["task"], set()).add("verdict")
    return found


def _tasks(
    project: Project, number: int, held: Mapping[str, tuple[str, ...]], said: Mapping[str, set[str]]
) -> Iterator[TracedTask]:
    rows = project.rows("SELECT task FROM asked WHERE evaluation = ?", (number,))
    asked = {row["task"] for row in rows}
    for task in sorted({*(asked & held.keys()), *said}):
        yield TracedTask(task=task, where=(*(held.get(task, ()) if task in asked else ()), *sorted(said.get(task, ()))))
