"""One task whole: what was asked, the reference, what both arms answered, and what each check said of it."""

from dataclasses import dataclass

from espalier.core.evaluation.evaluations import ARMS, Arm, evaluation
from espalier.core.evaluation.outcomes import in_order
from espalier.core.evaluation.tasks import EvaluationTask, asked
from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """`passed` is None where the check did not run; `detail` is what it said, or why not."""

    check: str
    passed: bool | None
    detail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One arm's; `finished` is stop, length where the limit cut it off, or blocked where it was not kept. None: not asked yet."""

    arm: Arm
    text: str | None
    tokens: int
    finished: str
    verdicts: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweredTask:
    """`tier` is the sandbox that the checks ran in, none where nothing could be run."""

    evaluation: int
    task: EvaluationTask
    base: Answer
    adapter: Answer
    tier: str


def answered(project: Project, number: int, task: str) -> AnsweredTask:
    """Raises UnusableInput for a task that this evaluation did not ask; a prefix of its id is enough where it is one task's."""
    one = evaluation(project, number)
    found = [each for each in asked(project, number) if each.id.startswith(task)]
    if len(found) != 1:
        what = "is not a task" if not found else "stands for several tasks"
        raise UnusableInput(f"{task[:40]!r} {what} of evaluation {number}.", "List them: espalier eval tasks PROJECT")
    base, adapter = (_answer(project, number, found[0].id, arm) for arm in ARMS)
    return AnsweredTask(evaluation=number, task=found[0], base=base, adapter=adapter, tier=one.tier)


def _answer(project: Project, number: int, task: str, arm: Arm) -> Answer:
    key = (number, task, arm)
    row = project.row("SELECT text, tokens, finished FROM answers WHERE evaluation = ? AND task = ? AND arm = ?", key)
    query = 'SELECT "check", passed, detail FROM results WHERE evaluation = ? AND task = ? AND arm = ? AND "check" != \'loss\''
    said = {each["check"]: each for each in project.rows(query, key)}
    verdicts = tuple(
        Verdict(
            check=check,
            passed=None if said[check]["passed"] is None else bool(said[check]["passed"]),
            detail=said[check]["detail"],
        )
        for check in in_order(set(said))
    )
    text, tokens, finished = (None, 0, "") if row is None else (row["text"], row["tokens"], row["finished"])
    return Answer(arm=arm, text=text, tokens=tokens, finished=finished, verdicts=verdicts)
