"""The window on projects in every state, and what it asks of jobs."""

import json
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.conftest import PATIENCE, Opener, overview, training

from espalier.core.jobs.claim import claim
from espalier.core.jobs.job import job as job_of
from espalier.core.jobs.life import Life, this_process
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.gui.window import Window

GONE = 2**22 - 1
FAILURE = {
    "kind": "WorkFailed",
    "sentence": "Memory ran out with 1 x 2048 tokens at a time.",
    "remedy": "Use shorter rows.",
}


def says(window: Window) -> str:
    return training(window).header.sentence


def able(window: Window) -> set[str]:
    return {name for name in ("pause", "resume", "stop") if training(window).actions_by_id[name].isEnabled()}


def test_that_an_empty_project_says_what_to_do(project: Project, open_training: Opener) -> None:
    window = open_training(project.path)
    assert training(window).empty.isVisible()
    assert "To the dataset" in training(window).empty.words
    assert able(window) == set()
    window.go_to("overview")
    assert overview(window).empty.isVisible()
    assert "Add repositories" in overview(window).empty.words
    assert not overview(window).next.isVisible()


def test_that_the_plots_are_loaded_with_the_training_page_only(project: Project, open_window: Opener) -> None:
    window = open_window(project.path)
    assert "training" not in window.pages
    window.go_to("training")
    assert "training" in window.pages


def test_that_a_demonstration_is_called_one(tmp_path: Path, open_window: Opener) -> None:
    with made.project(tmp_path, policy="demo") as project:
        window = open_window(project.path)
    assert overview(window).banner.isVisible()
    assert "Demonstration, not approved" in overview(window).banner.words
    assert "Demonstration, not approved" in window.frame.top_bar.limits


def test_that_a_project_under_another_policy_is_not(project: Project, open_window: Opener) -> None:
    window = open_window(project.path)
    assert not overview(window).banner.isVisible()
    assert window.frame.top_bar.limits == ""


def test_that_a_running_run_shows_its_numbers_and_can_be_paused_and_stopped(
    project: Project, open_training: Opener
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    window = open_training(project.path)
    assert says(window).startswith(f"Run {number} is at step 260 of 400.")
    assert "0.867" in says(window)
    assert "left" in says(window)
    assert able(window) == {"pause", "stop"}
    assert training(window).pause.isVisible()
    assert not training(window).resume.isVisible()
    assert not training(window).banner.isVisible()


@pytest.mark.parametrize(
    ("state", "word", "allowed"),
    [
        ("paused", "is paused at step 260 of 400", {"resume", "stop"}),
        ("stopped", "was stopped at step 260 of 400", {"resume"}),
        ("done", "is done", set()),
    ],
)
def test_that_each_state_says_so_and_allows_what_it_can(
    project: Project, open_training: Opener, state: str, word: str, allowed: set[str]
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    made.ended(project, number, job, state)
    window = open_training(project.path)
    assert word in says(window)
    assert able(window) == allowed


def test_that_a_failure_is_told_with_its_remedy_on_its_page_and_in_the_job_bar(
    project: Project, open_training: Opener
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    made.ended(project, number, job, "failed", json.dumps(FAILURE))
    window = open_training(project.path)
    for part in (FAILURE["sentence"], FAILURE["remedy"]):
        assert part in training(window).failed.words
    assert able(window) == {"resume"}
    for part in ("failed", FAILURE["sentence"], FAILURE["remedy"]):
        assert part in window.frame.job_bar.says


def test_that_a_read_only_file_is_shown_and_nothing_can_be_asked(project: Project, open_training: Opener) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    project.close()
    project.path.chmod(0o400)
    window = open_training(project.path)
    assert says(window).startswith(f"Run {number} is at step 260")
    assert "read-only" in window.frame.top_bar.limits
    assert able(window) == set()


def test_that_steps_of_another_process_appear_by_themselves(
    project: Project, open_training: Opener, qtbot: QtBot
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=40)
    window = open_training(project.path)
    runs.update(project, number, made.metrics(41, 57), step=57, loss=1.234)
    qtbot.waitUntil(lambda: "step 57 of 400" in says(window), timeout=PATIENCE)
    series = training(window).plots.loss.plot.picture.series
    assert [one.name for one in series] == ["train", "train", "validation"]
    assert series[0].points[-1][0] == 57
    row = training(window).model.index(0, 4)
    assert row.data() == "57 / 400"


def test_that_another_run_can_be_looked_at(project: Project, open_training: Opener, qtbot: QtBot) -> None:
    first, job = made.run(project)
    made.at_work(project, first, job, step=30)
    made.ended(project, first, job, "done")
    made.run(project, seed=2)
    window = open_training(project.path)
    assert "waits for a worker" in says(window)
    training(window).table.selectRow(1)
    qtbot.waitUntil(lambda: f"Run {first} is done" in says(window), timeout=PATIENCE)
    assert training(window).table.currentIndex().row() == 1


def test_that_pausing_is_written_into_the_file_and_shown(project: Project, open_training: Opener, qtbot: QtBot) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    window = open_training(project.path)
    QTest.mouseClick(training(window).pause, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: job_of(project, job).request == "pause", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "ends at the next safe point" in says(window), timeout=PATIENCE)
    assert able(window) == {"stop"}


def test_that_stopping_a_paused_run_ends_it(project: Project, open_training: Opener, qtbot: QtBot) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    made.ended(project, number, job, "paused")
    window = open_training(project.path)
    training(window).actions_by_id["stop"].trigger()
    qtbot.waitUntil(lambda: job_of(project, job).state == "stopped", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "was stopped" in says(window), timeout=PATIENCE)


def test_that_the_run_of_a_dead_worker_is_given_back_and_waits_for_the_person(
    project: Project, open_training: Opener, qtbot: QtBot
) -> None:
    number, job = made.run(project)
    mine = this_process()
    claim(project, "accelerator", Life(host=mine.host, boot=mine.boot, pid=GONE, started=1.0))
    runs.update(project, number, made.metrics(1, 30), state="running", step=30, steps=400, started_at=utc_now())
    window = open_training(project.path)
    qtbot.waitUntil(lambda: job_of(project, job).state == "queued", timeout=PATIENCE)
    assert f"Run {number} was interrupted at step 30 of 400; it resumes from its last checkpoint." in says(window)
    assert "ended without a word" in training(window).banner.words
    qtbot.waitUntil(lambda: able(window) == {"resume", "stop"}, timeout=PATIENCE)
    assert project.value("SELECT count(*) FROM audit WHERE action = 'job.worker-died'") == 1


def test_that_a_silent_worker_is_told_of(project: Project, open_training: Opener) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    with project.write() as db:
        db.execute("UPDATE jobs SET heartbeat_at = '2001-01-01T00:00:00.000Z'")
    window = open_training(project.path)
    assert "not responding" in training(window).banner.words
    assert able(window) == {"pause", "stop"}


def test_that_what_can_not_be_asked_is_told_in_a_sentence(
    project: Project, open_training: Opener, qtbot: QtBot
) -> None:
    """The job ended between what was read and what was asked."""
    number, job = made.run(project)
    made.at_work(project, number, job)
    window = open_training(project.path)
    window.reader.close()
    made.ended(project, number, job, "done")
    with qtbot.waitSignal(window.session.commands.refused, timeout=PATIENCE):
        training(window).actions_by_id["pause"].trigger()
    trouble = window.frame.trouble
    assert "has ended (done)" in trouble.words
    window.take("flow", None)
    assert trouble.isVisible()  # whatever is read: it stays until somebody has read it
    window.go_to("audit")
    assert not trouble.isVisible()


def test_that_closing_without_work_asks_nothing(project: Project, open_window: Opener) -> None:
    window = open_window(project.path)
    assert window.close()
    assert window.leaving is None
    assert not window.reader.isRunning()


@pytest.mark.parametrize(
    ("button", "closed", "asked"), [("leave", True, None), ("stop", True, "stop"), ("stay", False, None)]
)
def test_that_closing_while_a_job_runs_asks_once(
    project: Project, open_window: Opener, qtbot: QtBot, button: str, closed: bool, asked: str | None
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    window = open_window(project.path)
    assert not window.close()
    assert not window.close()
    asking = window.leaving
    assert asking is not None
    assert len(window.findChildren(type(asking))) == 1
    assert asking.focusWidget() is asking.leave
    QTest.mouseClick(getattr(asking, button), Qt.MouseButton.LeftButton)
    assert window.isVisible() is not closed
    assert job_of(project, job).request == asked
    assert job_of(project, job).state == "running"


def test_that_a_window_finds_the_run_again(project: Project, open_training: Opener, qtbot: QtBot) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job, step=30)
    open_training(project.path).leave()
    runs.update(project, number, made.metrics(31, 60), step=60)
    window = open_training(project.path)
    assert "step 60 of 400" in says(window)
    assert training(window).plots.loss.plot.picture.series[0].points[-1][0] == 60


def test_that_the_theme_is_remembered(project: Project, open_window: Opener) -> None:
    window = open_window(project.path)
    window.turn_theme()
    kept = window.theme.choice
    from espalier.gui.settings import Settings

    assert Settings().theme == kept


def test_that_actions_have_keys_of_their_own(project: Project, open_window: Opener) -> None:
    window = open_window(project.path)
    keys = [action.shortcut().toString() for action in window.actions_by_id.values()]
    given = [key for key in keys if key]
    assert len(given) == len(set(given))
    assert all(isinstance(action, QObject) and action.text() for action in window.actions_by_id.values())


def test_that_what_tab_enters_a_page_by_is_scrolled_into_view(
    project: Project, open_window: Opener, qtbot: QtBot
) -> None:
    number, job = made.run(project)
    made.at_work(project, number, job)
    window = open_window(project.path)
    window.resize(1024, 700)
    window.go_to("training")
    qtbot.waitUntil(lambda: "training" in window.shown, timeout=PATIENCE)
    qtbot.waitUntil(lambda: window.frame.scrolls("training")[1] > 100, timeout=PATIENCE)
    window.frame._areas["training"].verticalScrollBar().setValue(window.frame.scrolls("training")[1])
    page = training(window)
    assert page.pause.visibleRegion().isEmpty()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow, timeout=PATIENCE)
    page.pause.setFocus(Qt.FocusReason.TabFocusReason)
    assert page.pause.visibleRegion().boundingRect() == page.pause.rect()
