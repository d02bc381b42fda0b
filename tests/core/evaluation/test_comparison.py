"""Tasks compared, one task whole, evaluations that tell the truth about their jobs, and reports that carry no markup."""

import csv
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.evaluation.evaluated import CHECKS, Asked, evaluated, under_way

from espalier.core.evaluation import evaluations
from espalier.core.evaluation.agreement import ordinal_alpha
from espalier.core.evaluation.answered import answered
from espalier.core.evaluation.comparison import by_quarter, compared, rates
from espalier.core.evaluation.expected import Expected, expected
from espalier.core.evaluation.outcomes import deciding, outcomes
from espalier.core.evaluation.report import export
from espalier.core.evaluation.statistics import difference, mean
from espalier.core.failures import UnusableInput
from espalier.core.jobs.claim import claim, reclaim
from espalier.core.jobs.life import Life, this_process
from espalier.core.project import audit
from espalier.core.project.file import Project


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        yield made


def test_that_tasks_say_what_changed_and_add_up_to_the_summary(project: Project) -> None:
    number = evaluated(project)
    found = outcomes(project, number)
    rows = compared(project, number, found, deciding(found))
    summary = evaluations.evaluation(project, number).summary
    for change in ("fixed", "broken"):
        assert sorted(row.title for row in rows if row.change == change) == sorted(summary[change])  # type: ignore[call-overload]  # JSON
    shown = {one.check: one for one in rates(rows)}
    assert list(shown) == list(CHECKS)
    arms, changes = summary["arms"], summary["differences"]
    assert isinstance(arms, dict)
    assert isinstance(changes, dict)
    assert {check: one.adapter.shown() for check, one in shown.items()} == arms["adapter"]
    assert {check: one.difference and one.difference.shown() for check, one in shown.items()} == changes


def test_that_quarters_are_those_in_which_references_were_written(project: Project) -> None:
    number = evaluated(project)
    found = outcomes(project, number)
    quarters = by_quarter(compared(project, number, found, "tests"), "tests")
    assert [one.name for one in quarters] == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
    assert sum(one.base.ran for one in quarters) == 24


def test_that_a_task_opens_with_both_answers_and_what_each_check_said(project: Project) -> None:
    number = evaluated(project)
    task = project.value("SELECT task FROM asked WHERE evaluation = ? LIMIT 1", (number,))
    found = answered(project, number, task[:12])
    assert found.task.id == task
    assert found.base.text != found.adapter.text
    assert [one.check for one in found.adapter.verdicts] == list(CHECKS)
    assert all(one.detail for one in found.base.verdicts if not one.passed)
    with pytest.raises(UnusableInput, match="not a task"):
        answered(project, number, "zzz")


@pytest.mark.parametrize(
    ("both", "fixed", "broken", "neither", "low", "high"),
    [(36, 12, 2, 0, 0.0569, 0.3404), (20, 12, 2, 16, 0.0562, 0.3292), (0, 0, 0, 54, -0.0664, 0.0664)],
)
def test_that_a_difference_has_newcombes_interval(
    both: int, fixed: int, broken: int, neither: int, low: float, high: float
) -> None:
    """The first two are worked examples of his paper."""
    pairs = [(True, True)] * both + [(False, True)] * fixed + [(True, False)] * broken + [(False, False)] * neither
    found = difference(*({str(n): pair[arm] for n, pair in enumerate(pairs)} for arm in (0, 1)))
    assert found is not None
    assert (found.low, found.high, found.tasks) == (low, high, both + fixed + broken + neither)


def test_that_what_ran_in_one_arm_only_gives_no_difference() -> None:
    assert difference({"a": None}, {"a": True}) is None
    assert difference({"a": True}, {}) is None


def test_that_agreement_is_that_of_krippendorffs_worked_example() -> None:
    """Four observers, twelve units, ordinal: 0.815 (Krippendorff 2011)."""
    observers = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    units = [[int(said) for said in unit if said != "."] for unit in zip(*observers, strict=True)]
    assert ordinal_alpha(units) == pytest.approx(0.815, abs=0.0005)
    assert ordinal_alpha([[3, 3], [3, 3]]) is None
    assert ordinal_alpha([[1, 1], [5, 5]]) == 1.0
    assert ordinal_alpha([[4], [2]]) is None


def test_that_a_mean_has_students_interval_and_one_value_has_none() -> None:
    found = mean([1.0, 2.0, 3.0, 4.0])
    assert (found.mean, found.low, found.high) == (2.5, 0.4457, 4.5543)
    assert mean([3.0]).low is None


def test_that_an_evaluation_stands_as_its_job_does(project: Project) -> None:
    number, job = under_way(project)

    def state() -> str:
        return evaluations.evaluation(project, number).state

    assert state() == "queued"
    claim(project, "accelerator", this_process())
    assert state() == "running"
    gone = Life(host=this_process().host, boot=this_process().boot, pid=2**22 - 3, started=1.0)
    with project.write() as db:
        db.execute("UPDATE jobs SET pid = ?, process_started = ? WHERE id = ?", (gone.pid, gone.started, job))
    assert state() == "interrupted"
    assert reclaim(project) == [job]
    assert state() == "interrupted"
    with project.write() as db:
        db.execute("UPDATE jobs SET state = 'failed' WHERE id = ?", (job,))
    assert state() == "failed"
    evaluations.finish(project, number, {"gates": []})
    assert state() == "done"


def test_that_a_report_is_plain_and_told_in_the_audit(project: Project, tmp_path: Path) -> None:
    number = evaluated(project, Asked(tasks=8))
    with project.write() as db:
        db.execute("UPDATE tasks SET title = '<script>alert(1)</script>'")
    page = export(project, number, tmp_path / "report.html", "ana").read_text()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert "2025-Q4" in page
    assert [one.detail["file"] for one in audit.entries(project) if one.action == "eval.exported"] == ["report.html"]
    with pytest.raises(UnusableInput, match="already exists"):
        export(project, number, tmp_path / "report.html", "ana")
    with pytest.raises(UnusableInput, match="no form of a report"):
        export(project, number, tmp_path / "report.pdf", "ana")


def test_that_no_cell_of_the_csv_is_a_formula(project: Project, tmp_path: Path) -> None:
    number = evaluated(project, Asked(tasks=8))
    with project.write() as db:
        db.execute("UPDATE tasks SET title = '=1+1'")
    with export(project, number, tmp_path / "tasks.csv", "ana").open() as file:
        lines = list(csv.DictReader(file))
    assert len(lines) == 8
    assert {line["title"] for line in lines} == {"'=1+1"}
    assert {line["adapter tests"] for line in lines} <= {"passed", "failed", "not run"}


def test_that_what_to_expect_is_told_from_the_snapshot_and_from_what_it_took_before(project: Project) -> None:
    assert expected(project, under_way(project)[0]).seconds is None
    number, job = under_way(project)
    evaluated(project, number=number)
    with project.write() as db:
        db.execute("UPDATE jobs SET attempts = 1, created_at = '2026-01-01T00:00:00.000Z' WHERE id = ?", (job,))
        db.execute("UPDATE evaluations SET finished_at = '2026-01-01T00:04:00.000Z' WHERE id = ?", (number,))
    run = evaluations.evaluation(project, number).run
    assert expected(project, run) == Expected(held_out=24, tasks=24, seconds=240.0)
    assert expected(project, run, most_tasks=6) == Expected(held_out=24, tasks=6, seconds=60.0)
    assert expected(project, run, most_tasks=6, tokens=384).seconds == 120.0
