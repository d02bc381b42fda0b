"""From a snapshot's held-out part to tasks that can be judged: the reference passes its tests and an empty body does not."""

import shutil
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from espalier.core.evaluation.candidate import whole_file
from espalier.core.evaluation.checks.python_tests import TestReport, run_tests
from espalier.core.evaluation.evaluations import Evaluation
from espalier.core.evaluation.materialise import materialise
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.tier import capability
from espalier.core.evaluation.tasks import EvaluationTask, completion_tasks, deciding_tests, store, tasks, ticket_tasks
from espalier.core.evaluation.tickets import read_tickets
from espalier.core.examples.example import examples
from espalier.core.examples.source import Source, opened
from espalier.core.jobs.context import JobContext
from espalier.core.project.file import Project
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.scrub.scrubber import Scrubber

EMPTY_BODY = "    raise NotImplementedError"
FILE_LIMITS = Limits(seconds=180)  # of a whole test file, once
TEST_LIMITS = Limits(seconds=30)  # of the tests of one function
MOST_TESTS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Trees:
    """The scrubbed trees of head on disk by repository, and their texts."""

    folder: Path
    texts: dict[str, dict[str, str]]

    def of(self, task: EvaluationTask) -> Path:
        return self.folder / task.repository

    def text(self, task: EvaluationTask) -> str:
        return self.texts[task.repository][task.path]


def prepare(
    context: JobContext, one: Evaluation, snapshot: str, scrubber: Scrubber
) -> tuple[list[EvaluationTask], Trees]:
    """The kept tasks of the suite, mined and verified at first use, and the trees that they stand in."""
    project, folder = context.project, context.work / "trees"
    shutil.rmtree(folder, ignore_errors=True)
    with ExitStack() as stack:
        trees, heads = _materialised(context, stack, snapshot, folder, scrubber)
        known = tasks(project, snapshot, one.suite)
        if not known:
            mined = _mined(project, one, snapshot, trees, heads, scrubber)
            known = _verified(context, mined, trees)
            with project.write() as db:
                store(db, known)
    kept = [task for task in known if task.state == "kept"]
    return kept[: one.settings.most_tasks], trees


def _materialised(
    context: JobContext, stack: ExitStack, snapshot: str, folder: Path, scrubber: Scrubber
) -> tuple[Trees, dict[str, str]]:
    corpus = context.project.value("SELECT corpus FROM snapshots WHERE hash = ?", (snapshot,))
    texts: dict[str, dict[str, str]] = {}
    heads: dict[str, str] = {}
    folder.mkdir(parents=True)
    for repository in corpus_named(context.project, corpus).repositories:
        if repository.head is None:
            continue
        source: Source = stack.enter_context(
            opened(repository.name, repository.path, repository.tips, repository.head, repository.services, scrubber)
        )
        context.progress(0, 1, f"writing the scrubbed tree of {repository.name}")
        written = materialise(source, repository.head, folder / repository.name, context.safe_point)
        python = sorted(path for path in written if path.endswith(".py"))
        texts[repository.name] = {
            path: (folder / repository.name / path).read_text(encoding="utf-8") for path in python
        }
        heads[repository.name] = repository.head
    return Trees(folder=folder, texts=texts), heads


def _mined(
    project: Project, one: Evaluation, snapshot: str, trees: Trees, heads: dict[str, str], scrubber: Scrubber
) -> list[EvaluationTask]:
    held_out = {
        row["example"]
        for row in project.rows(
            "SELECT example FROM snapshot_examples WHERE snapshot = ? AND split = 'test'", (snapshot,)
        )
    }
    corpus = project.value("SELECT corpus FROM snapshots WHERE hash = ?", (snapshot,))
    chosen = [example for example in examples(project, corpus, state=None) if example.id in held_out]
    mined = [
        task
        for name, texts in trees.texts.items()
        for task in completion_tasks(
            snapshot, one.suite, heads[name], [each for each in chosen if each.provenance.repository == name], texts
        )
    ]
    if one.settings.tickets is not None:
        made, _ = ticket_tasks(mined, read_tickets(Path(one.settings.tickets), scrubber))
        mined += made
    return sorted(mined, key=lambda task: task.id)


def _verified(context: JobContext, mined: list[EvaluationTask], trees: Trees) -> list[EvaluationTask]:
    """Tests stay with a task only where they tell its reference from an empty body, in this sandbox, on this machine."""
    can = capability()
    if can.tier == "none":
        return [replace(task, tests=(), reason=f"not run: {can.reason}") for task in mined]
    reports: dict[tuple[str, str], TestReport] = {}
    judged: dict[tuple[str, str, tuple[str, ...]], EvaluationTask] = {}
    for number, task in enumerate(mined):
        context.safe_point()
        context.progress(number, len(mined), "verifying tasks against their references")
        for file in task.tests:
            if (task.repository, file) not in reports:
                reports[task.repository, file] = run_tests(trees.of(task), files=[file], limits=FILE_LIMITS)
        key = (task.path, task.qualified_name, task.tests)
        if key not in judged:
            judged[key] = _with_deciding_tests(
                task, trees, {file: reports[task.repository, file] for file in task.tests}
            )
    found = [judged[task.path, task.qualified_name, task.tests] for task in mined]
    return [replace(task, tests=one.tests, reason=one.reason) for task, one in zip(mined, found, strict=True)]


def _with_deciding_tests(task: EvaluationTask, trees: Trees, reports: dict[str, TestReport]) -> EvaluationTask:
    """The task with the ids of the tests that name its function in place of their files, or with none and why.

    `reports` are of the whole files on the reference; one run of a file serves every task that it tests.
    """
    if not task.tests:
        return replace(task, reason="not run: no test names this function")
    broken = next((report.reason for report in reports.values() if report.outcome == "infra"), None)
    if broken is not None:
        return replace(task, tests=(), reason=f"not run: {broken}")
    verdicts = {name: verdict for report in reports.values() for name, verdict in report.per_test.items()}
    chosen = deciding_tests(task.qualified_name.rsplit(".", 1)[-1], trees.texts[task.repository], verdicts)[:MOST_TESTS]
    if not chosen or any(verdicts[name] != "passed" for name in chosen):
        return replace(task, tests=(), reason="not run: the reference does not pass all of its own tests here")
    emptied = whole_file(trees.text(task), task, EMPTY_BODY)
    without = run_tests(trees.of(task), ids=chosen, changed={task.path: emptied}, limits=TEST_LIMITS)
    if without.passed:
        return replace(task, tests=(), reason="not run: the tests pass without the function's body")
    return replace(task, tests=tuple(chosen))
