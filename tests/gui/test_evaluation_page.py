"""The evaluation page: figures as core has them, tasks to open by keyboard, and each state told with its way out."""

import csv
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot
from tests.core.evaluation.evaluated import Asked, evaluated, run, under_way
from tests.gui import looks
from tests.gui.conftest import settle
from tests.gui.page_alone import Alone

from espalier.core.evaluation import evaluations
from espalier.core.jobs.claim import claim
from espalier.core.jobs.job import jobs
from espalier.core.jobs.life import this_process
from espalier.core.project import audit
from espalier.core.project.file import Project
from espalier.gui.evaluation.diff_pane import DiffPane
from espalier.gui.evaluation.evaluate_dialog import EvaluateDialog
from espalier.gui.evaluation.page import EvaluationPage
from espalier.gui.theme import Theme

WAIT = 10_000
Opener = Callable[..., Alone[EvaluationPage]]
Maker = Callable[[Project], object]


@pytest.fixture
def opened(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Opener]:
    """The page on a project made so, shown and read."""
    alone: list[Alone[EvaluationPage]] = []

    def opener(
        make: Maker, *, policy: str = "solo", looks_only: bool = False, size: tuple[int, int] = (1208, 812)
    ) -> Alone[EvaluationPage]:
        Theme(qapp, "light")
        with Project.create(tmp_path / "payments", policy=policy) as project:
            make(project)
            path = project.path
        one: Alone[EvaluationPage] = Alone(path, EvaluationPage, looks_only=looks_only)
        alone.append(one)
        qtbot.addWidget(one.page)
        one.page.resize(*size)
        one.page.show()
        qtbot.waitExposed(one.page)
        one.read()
        settle(qapp)
        return one

    yield opener
    for one in alone:
        one.close()
    settle(qapp)


def test_that_the_head_says_what_was_found_in_numbers(opened: Opener) -> None:
    page = opened(evaluated).page
    lines = {line.check: line for line in page.figures.bars.lines}
    base, adapter = (100 * one.passed / one.ran for one in (lines["tests"].base, lines["tests"].adapter))
    passes = f"Run 1 passes {adapter:.1f} % of the held-out tests, the base model {base:.1f} %."
    assert page.header.sentence.startswith(passes)
    assert page.header.sentence.endswith(" of 2 thresholds fails.")
    assert page.tier.text() == "Sandbox: bubblewrap, no network"


def test_that_figures_are_those_of_the_summary(opened: Opener) -> None:
    one = opened(evaluated)
    with Project.open(one.path, read_only=True) as project:
        summary = evaluations.evaluation(project, 1).summary
    lines = {line.check: line for line in one.page.figures.bars.lines}
    arms, changes = summary["arms"], summary["differences"]
    assert isinstance(arms, dict)
    assert isinstance(changes, dict)
    assert {check: line.base.shown() for check, line in lines.items()} == arms["base"]
    assert {check: line.difference and line.difference.shown() for check, line in lines.items()} == changes
    fixed, broken = summary["fixed"], summary["broken"]
    assert isinstance(fixed, list)
    assert isinstance(broken, list)
    assert one.page.figures.changes_head.about.startswith(f"{len(broken)} broken")
    assert one.page.figures.fixed.model.rowCount() == min(5, len(fixed))
    assert "95 % intervals" in one.page.figures.checks_head.about
    assert "difference" in one.page.figures.bars.accessibleDescription()


def test_that_every_model_keeps_qts_rules(opened: Opener) -> None:
    page = opened(evaluated).page
    fatal = QAbstractItemModelTester.FailureReportingMode.Fatal
    for model in (
        page.figures.fixed.model,
        page.figures.broken.model,
        page.figures.thresholds_model,
        page.tasks.model,
        page.task.model,
    ):
        QAbstractItemModelTester(model, fatal)
    page.origin.changed.emit(())


def test_that_an_origin_counts_only_its_own_tasks(opened: Opener, qapp: QApplication) -> None:
    page = opened(evaluated).page
    page.origin.set_values(("ticket",))
    page.origin.changed.emit(("ticket",))
    settle(qapp)
    assert {line.adapter.ran for line in page.figures.bars.lines if line.check == "tests"} == {6}
    page.check.set_values(("lint",))
    page.check.changed.emit(("lint",))
    assert page.figures.changes_head.about.endswith("by Lints")


def test_that_one_quarter_makes_no_chart(opened: Opener) -> None:
    page = opened(lambda project: evaluated(project, Asked(quarters=1))).page
    assert not page.figures.quarters.isVisible()


def test_that_several_quarters_make_one_that_can_be_heard(opened: Opener) -> None:
    page = opened(evaluated).page
    assert page.figures.quarters.isVisible()
    assert page.figures.quarters.accessibleDescription().startswith("Q4 25: base")


@pytest.mark.parametrize("size", [(1208, 812), (800, 1500), (1900, 1000)])
def test_that_nothing_is_cut_and_nothing_overlaps(opened: Opener, qapp: QApplication, size: tuple[int, int]) -> None:
    page = opened(evaluated, policy="two-person", size=size).page
    assert looks.cut(page) == []
    assert looks.overlapping(page) == []
    assert looks.nameless(page) == []
    page.show_detail("tasks")
    settle(qapp)
    assert looks.cut(page) == []
    assert looks.nameless(page) == []


def test_that_a_task_opens_with_enter_and_steps_and_closes_by_keys(opened: Opener, qtbot: QtBot) -> None:
    page = opened(evaluated).page
    page.show_detail("tasks")
    QTest.keyClick(page.tasks.table, Qt.Key.Key_Home)
    QTest.keyClick(page.tasks.table, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: page.task.model.rowCount() == 7, timeout=WAIT)
    first = page.task.task
    assert "return Ok" in page.task.reference.all_text()
    assert page.task.adapter.text().strip()
    QTest.keyClick(page.task, Qt.Key.Key_N)
    assert page.task.task != first
    QTest.keyClick(page.task, Qt.Key.Key_P)
    assert page.task.task == first
    QTest.keyClick(page.task, Qt.Key.Key_Escape)
    assert page.tasks.isVisible()
    QTest.keyClick(page.tasks, Qt.Key.Key_Escape)
    assert page.figures.isVisible()


def test_that_what_a_check_said_is_shown_for_both_arms(opened: Opener, qtbot: QtBot) -> None:
    page = opened(evaluated).page
    chosen = page.read
    assert chosen is not None
    assert chosen.chosen is not None
    assert chosen.chosen.figures is not None
    page.figures.opened.emit(chosen.chosen.figures.changed("fixed"), 0)
    qtbot.waitUntil(lambda: page.task.model.rowCount() == 7, timeout=WAIT)
    page.task.table.chosen.emit(4)
    assert page.task.output_head.about == "Tests"
    assert "base: fails\ntests: line 3 is wrong" in page.task.output.toPlainText()
    assert "adapter: passes" in page.task.output.toPlainText()


def test_that_tasks_are_found_by_outcome_and_words(opened: Opener, qtbot: QtBot) -> None:
    page = opened(evaluated).page
    page.figures.listed.emit("fixed")
    rows = [page.tasks.model.row_at(n) for n in range(page.tasks.model.rowCount())]
    assert {row.row.change for row in rows if row is not None} == {"fixed"}
    page.tasks.filters.clear()
    page.tasks.filters.search.setText("INC-2")
    qtbot.waitUntil(lambda: 0 < page.tasks.model.rowCount() < 24, timeout=WAIT)


def test_that_a_diff_has_every_line_of_both(qtbot: QtBot) -> None:
    pane = DiffPane("answer")
    qtbot.addWidget(pane)
    pane.show_diff("a\nb\nc", "a\nB\nc\nd", "x.py")
    rows = [pane.canvas.rows.row(n) for n in range(len(pane.canvas.rows))]
    assert [(row.sign, row.text) for row in rows] == [
        ("", "a"), ("\N{MINUS SIGN}", "b"), ("+", "B"), ("", "c"), ("+", "d"),
    ]  # fmt: skip


def test_that_without_an_adapter_the_page_leads_to_training(opened: Opener, qtbot: QtBot) -> None:
    one = opened(lambda project: run(project, adapter=None))
    assert "No run has an adapter" in one.page.header.sentence
    assert not one.page.actions_by_id["evaluate"].isEnabled()
    with qtbot.waitSignal(one.session.went) as went:
        one.page.teaching.train.click()
    assert went.args == ["training", ""]


def test_that_with_an_adapter_the_page_offers_to_evaluate(opened: Opener) -> None:
    page = opened(run).page
    assert "No run has been evaluated yet." in page.header.sentence
    assert page.actions_by_id["evaluate"].isEnabled()
    assert not page.teaching.train.isVisible()


def test_that_one_at_work_shows_how_far_each_arm_is(opened: Opener) -> None:
    def at_work(project: Project) -> None:
        under_way(project)
        claim(project, "accelerator", this_process())

    page = opened(at_work).page
    assert page.working.mark.text() == "running"
    assert page.working.step.text() == "answers of the base"
    assert page.working.job_count.text() == "5 of 12"
    assert not page.actions_by_id["resume evaluation"].isEnabled()


def test_that_one_whose_worker_was_killed_says_so_and_can_be_resumed(opened: Opener) -> None:
    def killed(project: Project) -> None:
        under_way(project)
        claim(project, "accelerator", this_process())
        with project.write() as db:
            db.execute("UPDATE jobs SET pid = 4194301, process_started = 1.0")

    page = opened(killed).page
    assert "was interrupted" in page.header.sentence
    assert "resume it and it goes on at the next task" in page.banner.words


def test_that_one_that_failed_gives_the_remedy(opened: Opener) -> None:
    failure = '{"kind":"WorkFailed","remedy":"Free some space.","sentence":"The disk is full."}'

    def failed(project: Project) -> None:
        under_way(project)
        with project.write() as db:
            db.execute("UPDATE jobs SET state = 'failed', failure = ?", (failure,))

    page = opened(failed).page
    assert page.failed.words == "Evaluation 1: The disk is full. Free some space."
    assert page.failed.text.endswith("WorkFailed: The disk is full.")
    assert page.banner.words == ""
    assert page.actions_by_id["resume evaluation"].isEnabled()


def test_that_a_missing_sandbox_is_told_with_what_was_not_run(opened: Opener) -> None:
    page = opened(lambda project: evaluated(project, Asked(tier="none"))).page
    assert page.tier.text() == "No sandbox: nothing was run"
    assert "Not run, 24: " in page.figures.not_run.text()
    assert "bubblewrap is not installed" in page.figures.not_run.text()
    assert "Idiom" in page.header.sentence


def test_that_a_shut_gate_names_the_run_and_what_shuts_it(opened: Opener) -> None:
    page = opened(evaluated, policy="two-person").page
    assert page.banner.words.startswith("The evaluation gate is shut for run 1 (evaluation 1).")
    assert "0 of 2 raters done, 20 tasks each" in page.banner.words
    assert page.banner.button.text() == "Rate blind"


def test_that_a_demonstration_says_that_its_gate_stops_nothing(opened: Opener) -> None:
    def with_flaws(project: Project) -> None:
        evaluated(project)
        with project.write() as db:
            db.execute("UPDATE results SET passed = 0 WHERE arm = 'adapter' AND \"check\" = 'security'")

    assert "the policy demo does not enforce it" in opened(with_flaws, policy="demo").page.banner.words


def test_that_a_window_that_only_looks_changes_nothing(opened: Opener) -> None:
    page = opened(evaluated, looks_only=True).page
    able = {name for name, action in page.actions_by_id.items() if action.isEnabled()}
    assert able == {"evaluation tasks"}
    assert "only looks" in page._only_looks.text()


def test_that_the_dialog_queues_what_was_chosen(opened: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    one = opened(run)
    idiom = tmp_path / "idiom.toml"
    idiom.write_text('name = "x"\n[[part]]\nname = "result"\npattern = "return _"\n')
    one.session.commands.want = lambda job: None  # type: ignore[method-assign]  # no worker: the job stays queued
    dialog = EvaluateDialog(one.session, (1,))
    qtbot.addWidget(dialog)
    dialog.show()
    qtbot.waitUntil(lambda: not dialog.sandbox.text().startswith("Testing"), timeout=60_000)
    dialog.every.setChecked(False)
    dialog.tasks.set_value(12)
    dialog.tokens.set_value(64)
    dialog.idiom.setText(str(idiom))
    with qtbot.waitSignal(dialog.queued, timeout=WAIT):
        QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    with Project.open(one.path, read_only=True) as project:
        settings = evaluations.evaluation(project, 1).settings
        assert (settings.most_tasks, settings.max_new_tokens, settings.idiom) == (12, 64, idiom.read_text())
        assert [job.kind for job in jobs(project)] == ["evaluation.run"]


def test_that_a_file_that_can_not_be_used_is_told_in_the_dialog(opened: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    one = opened(run)
    dialog = EvaluateDialog(one.session, (1,))
    qtbot.addWidget(dialog)
    dialog.show()
    dialog.tickets.setText(str(tmp_path / "none.csv"))
    QTest.mouseClick(dialog.ok, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "is not there" in dialog.trouble.text(), timeout=WAIT)
    with Project.open(one.path, read_only=True) as project:
        assert evaluations.evaluations(project) == []


def test_that_a_report_leaves_with_a_word_in_the_audit(opened: Opener, qtbot: QtBot, tmp_path: Path) -> None:
    one = opened(evaluated)
    for name in ("report.html", "tasks.csv", "figures.png"):
        with qtbot.waitSignal(one.session.did, timeout=WAIT):
            one.page.export_to(tmp_path / name)
    assert "Evaluation 1 of run 1" in (tmp_path / "report.html").read_text()
    with (tmp_path / "tasks.csv").open() as file:
        assert len(list(csv.DictReader(file))) == 24
    with Project.open(one.path, read_only=True) as project:
        assert [entry.action for entry in audit.entries(project)].count("eval.exported") == 3
    assert QImage(str(tmp_path / "figures.png")).width() >= 1000


def test_that_titles_are_never_markup(opened: Opener, qapp: QApplication) -> None:
    def hostile(project: Project) -> None:
        evaluated(project)
        with project.write() as db:
            db.execute("UPDATE tasks SET title = '<img src=x> <b>PAY</b>', origin = 'ticket'")

    page = opened(hostile).page
    assert page.read is not None
    assert page.read.chosen is not None
    assert page.read.chosen.figures is not None
    page.figures.opened.emit(page.read.chosen.figures.rows, 0)
    settle(qapp)
    tips = [one.toolTip() for one in page.findChildren(QLabel) if one.toolTip()]
    assert any("&lt;img" in tip for tip in tips)
    assert not any("<img" in tip for tip in tips)


def test_that_a_detail_waits_for_the_first_reading(opened: Opener) -> None:
    one = opened(evaluated)
    fresh: Alone[EvaluationPage] = Alone(one.path, EvaluationPage)
    fresh.page.show_detail("tasks")
    fresh.read()
    assert fresh.page.tasks.isVisibleTo(fresh.page)
    fresh.close()
    fresh.page.deleteLater()


def test_that_two_thousand_tasks_are_read_and_listed_at_once(opened: Opener) -> None:
    one = opened(lambda project: evaluated(project, Asked(tasks=2000)))
    started = time.monotonic()
    one.page.show_detail("tasks")
    assert one.page.tasks.model.rowCount() == 2000
    one.page.tasks.show_outcome("fixed")
    assert time.monotonic() - started < 2


def test_that_the_banner_leads_to_what_fails_security(opened: Opener, qapp: QApplication) -> None:
    page = opened(lambda project: evaluated(project, Asked(tasks=60))).page
    assert page.banner.button.text() == "See what fails security"
    page.banner.button.click()
    settle(qapp)
    rows = [page.tasks.model.row_at(n) for n in range(page.tasks.model.rowCount())]
    assert rows
    assert all(row is not None and row.row.adapter["security"] is False for row in rows)
