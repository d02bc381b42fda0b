"""The tests that decide a task: its reference passes them and an empty body does not, in this sandbox, on this machine."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from espalier.core.evaluation.candidate import whole_file
from espalier.core.evaluation.checks.python_tests import TestReport, run_tests
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.tasks import EvaluationTask, deciding_tests
from espalier.core.evaluation.trees import Trees

EMPTY_BODY = "    raise NotImplementedError"
FILE_LIMITS = Limits(seconds=180)  # of a whole test file, once
TEST_LIMITS = Limits(seconds=30)  # of the tests of one function
MOST_TESTS = 40
Decision = tuple[tuple[str, ...], str]


@dataclass(slots=True)
class Verifier:
    """Remembers each test file's report on the reference, and each function's tests: tickets ask for the same ones."""

    trees: Trees
    reports: dict[tuple[str, str], TestReport] = field(default_factory=dict)
    decided: dict[tuple[str, str, str], Decision] = field(default_factory=dict)

    def tests(self, task: EvaluationTask) -> Decision:
        """The pytest ids that decide the task, or none and why; `task.tests` are the files to look in."""
        key = (task.repository, task.path, task.qualified_name)
        if key not in self.decided:
            self.decided[key] = self._decide(task)
        return self.decided[key]

    def _decide(self, task: EvaluationTask) -> Decision:
        if not task.tests:
            return (), "not run: no test names this function"
        reports = [self._report(task, file) for file in task.tests]
        broken = next((report.reason for report in reports if report.outcome == "infra"), None)
        if broken is not None:
            return (), f"not run: {broken}"
        return self._telling(task, {name: one for report in reports for name, one in report.per_test.items()})

    def _telling(self, task: EvaluationTask, verdicts: Mapping[str, str]) -> Decision:
        name = task.qualified_name.rsplit(".", 1)[-1]
        chosen = deciding_tests(name, self.trees.texts[task.repository], verdicts)[:MOST_TESTS]
        if not chosen or any(verdicts[test] != "passed" for test in chosen):
            return (), "not run: the reference does not pass all of its own tests here"
        emptied = {task.path: whole_file(self.trees.text(task), task, EMPTY_BODY)}
        without = run_tests(self.trees.of(task), ids=chosen, changed=emptied, limits=TEST_LIMITS)
        if without.outcome == "infra":
            return (), f"not run: {without.reason}"
        return ((), "not run: the tests pass without the function's body") if without.passed else (tuple(chosen), "")

    def _report(self, task: EvaluationTask, file: str) -> TestReport:
        key = (task.repository, file)
        if key not in self.reports:
            self.reports[key] = run_tests(self.trees.of(task), files=[file], limits=FILE_LIMITS)
        return self.reports[key]
