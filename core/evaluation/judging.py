"""Every answer judged: idiom, does it parse, format, lint, type, pass a security check and the repository's own tests."""

from collections.abc import Sequence

from espalier.core.evaluation.candidate import function_in, whole_file, whole_function
from espalier.core.evaluation.checks.python_tests import refused_reason, run_tests
from espalier.core.evaluation.checks.static import TOOLS, Candidate, CheckResult, check_all
from espalier.core.evaluation.evaluations import ARMS, Arm, Evaluation
from espalier.core.evaluation.idiom import Idiom, read_idiom, use
from espalier.core.evaluation.preparing import TEST_LIMITS, Trees
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.core.jobs.context import JobContext
from espalier.core.project.file import Project

TESTS, PARSE, SECURITY = "tests", "parse", "security"
TEST_SECONDS = 10.0
IDIOM = "idiom"
STATIC_BATCH = 24
Verdict = tuple[bool | None, str]
Checked = dict[tuple[str, str], Verdict]


def judge(context: JobContext, one: Evaluation, tasks: Sequence[EvaluationTask], trees: Trees) -> None:
    """Judge what is not judged yet; verdicts are committed answer by answer, static ones in batches."""
    idiom = read_idiom(one.settings.idiom) if one.settings.idiom else None
    for arm in ARMS:
        answers = _answers(context.project, one.id, arm)
        asked = [task for task in tasks if task.id in answers]
        _judge_idiom(context, one, arm, asked, answers, trees, idiom)
        _judge_static(context, one, arm, asked, answers, trees)
        _judge_tests(context, one, arm, asked, answers, trees)


def _judge_idiom(
    context: JobContext,
    one: Evaluation,
    arm: Arm,
    tasks: Sequence[EvaluationTask],
    answers: dict[str, str],
    trees: Trees,
    idiom: Idiom | None,
) -> None:
    if idiom is None:
        return
    found: Checked = {}
    for task in tasks:
        source = whole_function(trees.text(task), task, answers[task.id])
        name = function_in(trees.text(task), task).name
        parts = use(idiom, source, task.service, name)
        found[task.id, IDIOM] = (parts.whole, "")
        found |= {(task.id, f"{IDIOM}: {part}"): (present, "") for part, present in parts.parts.items()}
    _keep(context.project, one.id, arm, found)


def _judge_static(
    context: JobContext,
    one: Evaluation,
    arm: Arm,
    tasks: Sequence[EvaluationTask],
    answers: dict[str, str],
    trees: Trees,
) -> None:
    """A check passes when the answer adds nothing to what its tool says of the file as the repository has it."""
    open_ = [task for task in tasks if not _is_judged(context.project, one.id, arm, task, next(iter(TOOLS)))]
    for start in range(0, len(open_), STATIC_BATCH):
        context.safe_point()
        part = open_[start : start + STATIC_BATCH]
        context.progress(
            len(tasks) - len(open_) + start, len(tasks), f"formatter, linter, types, security of the {arm}"
        )
        for repository in sorted({task.repository for task in part}):
            mine = [task for task in part if task.repository == repository]
            written = {task.id: Candidate(path=task.path, text=_file(trees, task, answers)) for task in mine}
            results = check_all(written, trees.folder / repository)
            found: Checked = {}
            for key, every in results.items():
                found |= {(key, check): verdict for check, verdict in verdicts(every).items()}
            _keep(context.project, one.id, arm, found)


def verdicts(results: Sequence[CheckResult]) -> dict[str, Verdict]:
    """What cannot be parsed cannot be searched for flaws either: the security check then says nothing."""
    found: dict[str, Verdict] = {one.name: (one.passed, one.detail) for one in results}
    if found[PARSE][0] is False:
        found[SECURITY] = (None, "not run: the answer does not parse")
    return found


def _file(trees: Trees, task: EvaluationTask, answers: dict[str, str]) -> str:
    return whole_file(trees.text(task), task, answers[task.id])


def _judge_tests(
    context: JobContext,
    one: Evaluation,
    arm: Arm,
    tasks: Sequence[EvaluationTask],
    answers: dict[str, str],
    trees: Trees,
) -> None:
    for number, task in enumerate(tasks):
        context.safe_point()
        context.progress(number, len(tasks), f"tests on the answers of the {arm}")
        if not _is_judged(context.project, one.id, arm, task, TESTS):
            _keep(context.project, one.id, arm, {(task.id, TESTS): _tested(task, answers, trees)})


def _tested(task: EvaluationTask, answers: dict[str, str], trees: Trees) -> Verdict:
    if not task.tests:
        return None, task.reason
    refused = refused_reason(_file(trees, task, answers), trees.text(task))
    if refused is not None:
        return False, f"refused: {refused}"
    changed = {task.path: _file(trees, task, answers)}
    report = run_tests(trees.of(task), ids=task.tests, changed=changed, limits=TEST_LIMITS, test_seconds=TEST_SECONDS)
    if report.outcome == "infra":  # a fault of the machine does not come twice; code that makes its tests vanish does
        report = run_tests(
            trees.of(task), ids=task.tests, changed=changed, limits=TEST_LIMITS, test_seconds=TEST_SECONDS
        )
    if report.outcome == "infra":
        return False, f"the tests that its reference passes did not come to an end: {report.reason}"
    failed = [name for name, verdict in report.per_test.items() if verdict in ("failed", "error")]
    return report.passed, f"{len(failed)} of {len(report.per_test)} tests fail" if failed else ""


def _is_judged(project: Project, number: int, arm: Arm, task: EvaluationTask, check: str) -> bool:
    query = 'SELECT 1 FROM results WHERE evaluation = ? AND task = ? AND arm = ? AND "check" = ?'
    return project.value(query, (number, task.id, arm, check)) is not None


def _answers(project: Project, number: int, arm: Arm) -> dict[str, str]:
    rows = project.rows("SELECT task, text FROM answers WHERE evaluation = ? AND arm = ?", (number, arm))
    return {row["task"]: row["text"] for row in rows}


def _keep(project: Project, number: int, arm: Arm, found: Checked) -> None:
    rows = [(number, task, arm, check, passed, detail[:2000]) for (task, check), (passed, detail) in found.items()]
    with project.write() as db:
        db.executemany("INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?, NULL, ?)", rows)
