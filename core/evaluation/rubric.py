"""The blind rubric: for each rater a sheet of tasks with two answers, A and B, shuffled by a seed that is kept with the sheet.

Nothing that leaves this module says which arm an answer is from: that is for `rubric_result`, when enough people have rated.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from espalier.core.evaluation.evaluations import ARMS, Arm, evaluation
from espalier.core.evaluation.tasks import EvaluationTask, asked
from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.canonical import digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.project.policy import project_policy

Side = Literal["a", "b"]
SIDES: tuple[Side, Side] = ("a", "b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One answer as a rater sees it, and what this rater has said of it: from 1 to 5, None while it is open."""

    text: str
    readability: int | None
    api_use: int | None
    note: str

    @property
    def rated(self) -> bool:
        return self.readability is not None and self.api_use is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A task with its two answers."""

    task: str
    title: str
    prompt: str
    a: Shown
    b: Shown

    @property
    def rated(self) -> bool:
        return self.a.rated and self.b.rated


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What one rater is asked, in the order in which it is shown to this rater."""

    evaluation: int
    rater: str
    pairs: tuple[Pair, ...]

    @property
    def rated(self) -> int:
        return sum(pair.rated for pair in self.pairs)

    @property
    def complete(self) -> bool:
        return bool(self.pairs) and self.rated == len(self.pairs)


def lay_out(project: Project, number: int, tasks: Sequence[EvaluationTask]) -> None:
    """A form for each answer; that nobody has rated it says that nobody has looked."""
    rows = [(number, task.id, arm) for task in tasks for arm in ARMS]
    with project.write() as db:
        db.executemany("INSERT OR IGNORE INTO rubric (evaluation, task, arm) VALUES (?, ?, ?)", rows)


def sampled(project: Project, number: int) -> list[str]:
    """The tasks that raters are asked about: as many as the policy wants, drawn by lot among those that both arms answered."""
    query = (
        "SELECT task FROM rubric JOIN answers USING (evaluation, task, arm) WHERE evaluation = ?"
        " GROUP BY task HAVING count(*) = 2"
    )
    laid_out = [row["task"] for row in project.rows(query, (number,))]
    most = project_policy(project).evaluation.rubric_tasks
    return sorted(laid_out, key=lambda task: digest(["rubric", number, task]))[:most]


def begin(project: Project, number: int, who: Identity) -> Sheet:
    """The rater's sheet, made with a seed of its own if there is none; raises UnusableInput for a stand-in."""
    if who.automatic:
        raise UnusableInput(f"{who.name} is a stand-in: answers are rated by people.", "Act as a person's identity.")
    if evaluation(project, number).state != "done":
        raise UnusableInput(f"Evaluation {number} is not finished: there is nothing to rate.", "Wait until it is.")
    if not sampled(project, number):
        raise UnusableInput(f"Evaluation {number} has no task that both arms answered.", "Evaluate the run again.")
    with project.write() as db:
        row = (number, who.name, secrets.token_hex(16), utc_now())
        if db.execute("INSERT OR IGNORE INTO rubric_sheets VALUES (?, ?, ?, ?)", row).rowcount:
            audit.record(db, who.name, "rubric.begun", f"evaluation:{number}")
    return sheet(project, number, who.name)


def sheet(project: Project, number: int, rater: str) -> Sheet:
    """As it stands; raises UnusableInput where this rater has not begun."""
    seed = _seed(project, number, rater)
    tasks = {task.id: task for task in asked(project, number)}
    order = sorted((task for task in sampled(project, number) if task in tasks), key=lambda task: digest([seed, task]))
    shown = _shown(project, number, rater)
    pairs = []
    for task in order:
        first, second = arms(seed, task)
        pairs.append(
            Pair(
                task=task,
                title=tasks[task].title,
                prompt=tasks[task].messages[-1]["content"] if tasks[task].messages else "",
                a=shown[task, first],
                b=shown[task, second],
            )
        )
    return Sheet(evaluation=number, rater=rater, pairs=tuple(pairs))


def arm(project: Project, number: int, rater: str, task: str, side: Side) -> Arm:
    """Which arm this rater sees on a side: for storing a rating, and for nothing that is shown."""
    return arms(_seed(project, number, rater), task)[SIDES.index(side)]


def arms(seed: str, task: str) -> tuple[Arm, Arm]:
    """The arms as A and B: by a coin that the seed tosses for each task."""
    return ARMS if int(digest(["arms", seed, task])[:8], 16) % 2 else (ARMS[1], ARMS[0])


def _seed(project: Project, number: int, rater: str) -> str:
    query = "SELECT seed FROM rubric_sheets WHERE evaluation = ? AND rater = ?"
    seed = project.value(query, (number, rater))
    if seed is None:
        raise UnusableInput(f"{rater} has not begun to rate evaluation {number}.", "Begin first.")
    return str(seed)


def _shown(project: Project, number: int, rater: str) -> dict[tuple[str, str], Shown]:
    query = (
        "SELECT answers.task, answers.arm, text, readability, api_use, coalesce(note, '') AS note FROM answers"
        " LEFT JOIN rubric_ratings AS said ON said.evaluation = answers.evaluation AND said.task = answers.task"
        " AND said.arm = answers.arm AND said.rater = ? WHERE answers.evaluation = ?"
    )
    return {
        (row["task"], row["arm"]): Shown(
            text=row["text"], readability=row["readability"], api_use=row["api_use"], note=row["note"]
        )
        for row in project.rows(query, (rater, number))
    }
