"""Every answer judged: idiom, does it parse, format, lint, type, pass a security check and the repository's own tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from espalier.core.evaluation.candidate import function_in, whole_file, whole_function
from espalier.core.evaluation.checks.python_tests import refused_reason, run_tests
from espalier.core.evaluation.checks.static import TOOLS, Candidate, CheckResult, check_all
from espalier.core.evaluation.evaluations import ARMS, Arm, Evaluation
from espalier.core.evaluation.idiom import Idiom, read_idiom, use
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.core.evaluation.trees import Trees
from espalier.core.evaluation.verifying import TEST_LIMITS
from espalier.core.jobs.context import JobContext
from espalier.core.project.file import Project
from espalier.core.scrub.scrubber import Blocked, Scrubber

TESTS, PARSE, SECURITY = "tests", "parse", "security"
TEST_SECONDS = 10.0
IDIOM = "idiom"
STATIC_BATCH = 24
Verdict = tuple[bool | None, str]
Checked = dict[tuple[str, str], Verdict]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arm:
    """One arm's answers to be judged, by task, and where its verdicts go."""

    context: JobContext
    evaluation: int
    name: Arm
    tasks: Sequence[EvaluationTask]
    answers: Mapping[str, str]
    trees: Trees
    can: Capability
    scrubber: Scrubber

    def keep(self, found: Checked) -> None:
        """What a tool says may quote an answer or a file's name: it is scrubbed as they were."""
        rows = [
            (self.evaluation, task, self.name, check, passed, _scrubbed(self.scrubber, detail))
            for (task, check), (passed, detail) in found.items()
        ]
        with self.context.project.write() as db:
            db.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, NULL, ?)", rows)

    def parses(self, task: EvaluationTask) -> bool:
        """As the parse check, which comes before the tests, has found; True where it was not run."""
        query = 'SELECT passed FROM results WHERE evaluation = ? AND arm = ? AND task = ? AND "check" = ?'
        return bool(self.context.project.value(query, (self.evaluation, self.name, task.id, PARSE)) != 0)

    def waiting(self, check: str) -> list[EvaluationTask]:
        query = 'SELECT task FROM results WHERE evaluation = ? AND arm = ? AND "check" = ?'
        judged = {row["task"] for row in self.context.project.rows(query, (self.evaluation, self.name, check))}
        return [task for task in self.tasks if task.id not in judged]


def judge(
    context: JobContext,
    one: Evaluation,
    tasks: Sequence[EvaluationTask],
    trees: Trees,
    can: Capability,
    scrubber: Scrubber,
) -> None:
    """Judge what is not judged yet; verdicts are committed answer by answer, static ones in batches.

    Without a sandbox nothing is run, neither tests nor tools, and each verdict says why.
    """
    idiom = read_idiom(one.settings.idiom) if one.settings.idiom else None
    for name in ARMS:
        answers = _answers(context.project, one.id, name)
        arm = _Arm(
            context=context,
            evaluation=one.id,
            name=name,
            tasks=[task for task in tasks if task.id in answers],
            answers=answers,
            trees=trees,
            can=can,
            scrubber=scrubber,
        )
        if idiom is not None:
            _judge_idiom(arm, idiom)
        _judge_static(arm)
        _judge_tests(arm)


def _judge_idiom(arm: _Arm, idiom: Idiom) -> None:
    found: Checked = {}
    for task in arm.tasks:
        text = arm.trees.text(task)
        parts = use(idiom, whole_function(text, task, arm.answers[task.id]), task.service, function_in(text, task).name)
        found[task.id, IDIOM] = (parts.whole, "")
        found |= {(task.id, f"{IDIOM}: {part}"): (present, "") for part, present in parts.parts.items()}
    arm.keep(found)


def _judge_static(arm: _Arm) -> None:
    """A check passes when the answer adds nothing to what its tool says of the file as the repository has it."""
    waiting = arm.waiting(next(iter(TOOLS)))
    for start in range(0, len(waiting), STATIC_BATCH):
        arm.context.safe_point()
        done = len(arm.tasks) - len(waiting) + start
        arm.context.progress(done, len(arm.tasks), f"formatter, linter, types, security of the {arm.name}")
        part = waiting[start : start + STATIC_BATCH]
        for repository in sorted({task.repository for task in part}):
            arm.keep(_static(arm, [task for task in part if task.repository == repository], repository))


def _static(arm: _Arm, tasks: Sequence[EvaluationTask], repository: str) -> Checked:
    if arm.can.tier == "none":
        return {(task.id, check): (None, f"not run: {arm.can.reason}") for task in tasks for check in TOOLS}
    written = {task.id: Candidate(path=task.path, text=_file(arm, task)) for task in tasks}
    results = check_all(written, arm.trees.folder / repository)
    return {(key, check): verdict for key, every in results.items() for check, verdict in verdicts(every).items()}


def verdicts(results: Sequence[CheckResult]) -> dict[str, Verdict]:
    """What cannot be parsed cannot be searched for flaws either: the security check then says nothing."""
    found: dict[str, Verdict] = {one.name: (one.passed, one.detail) for one in results}
    if found[PARSE][0] is False:
        found[SECURITY] = (None, "not run: the answer does not parse")
    return found


def _file(arm: _Arm, task: EvaluationTask) -> str:
    return whole_file(arm.trees.text(task), task, arm.answers[task.id])


def _judge_tests(arm: _Arm) -> None:
    waiting = arm.waiting(TESTS)
    for number, task in enumerate(waiting):
        arm.context.safe_point()
        done = len(arm.tasks) - len(waiting) + number
        arm.context.progress(done, len(arm.tasks), f"tests on the answers of the {arm.name}")
        arm.keep({(task.id, TESTS): _tested(arm, task)})


def _tested(arm: _Arm, task: EvaluationTask) -> Verdict:
    if arm.can.tier == "none":
        return None, f"not run: {arm.can.reason}"
    if not task.tests:
        return None, task.reason
    file, tree = _file(arm, task), arm.trees.of(task)
    refused = refused_reason(file, arm.trees.text(task))
    if refused is not None:
        return False, f"refused: {refused}"
    if not arm.parses(task):
        return False, "the answer does not parse"
    for _ in range(2):  # a fault of the machine does not come twice; code that makes its tests vanish does
        report = run_tests(
            tree, ids=task.tests, changed={task.path: file}, limits=TEST_LIMITS, test_seconds=TEST_SECONDS
        )
        if report.outcome == "ran":
            failed = [name for name, verdict in report.per_test.items() if verdict in ("failed", "error")]
            return report.passed, f"{len(failed)} of {len(report.per_test)} tests fail" if failed else ""
    return False, f"the tests that its reference passes did not come to an end: {report.reason}"


def _scrubbed(scrubber: Scrubber, detail: str) -> str:
    try:
        return scrubber.scrub(detail, "report.txt").text[:2000] if detail else ""
    except Blocked:
        return "withheld"


def _answers(project: Project, number: int, arm: Arm) -> dict[str, str]:
    rows = project.rows("SELECT task, text FROM answers WHERE evaluation = ? AND arm = ?", (number, arm))
    return {row["task"]: row["text"] for row in rows}
