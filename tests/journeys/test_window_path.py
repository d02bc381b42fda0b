"""The whole path in the window, by keyboard: from the start page to a bundle that verifies, with the real embedded model."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from espalier.core import sample
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.sampling.review import review_of
from espalier.core.jobs.job import jobs
from espalier.core.project.file import Project
from espalier.core.release.verify import verify
from espalier.core.repositories import corpus
from espalier.gui.app import Desk
from espalier.gui.dataset.page import DatasetPage
from espalier.gui.evaluation.evaluate_dialog import EvaluateDialog
from espalier.gui.evaluation.page import EvaluationPage
from espalier.gui.examples.page import ExamplesPage
from espalier.gui.findings.page import FindingsPage
from espalier.gui.release.page import ReleasePage
from espalier.gui.repositories.page import RepositoriesPage
from espalier.gui.settling import at_rest
from espalier.gui.start.new_project import NewProject
from espalier.gui.start.window import StartWindow
from espalier.gui.training.page import TrainingPage
from espalier.gui.training.planning import Plan
from espalier.gui.window import Window
from tests.gui.conftest import settle
from tests.gui.looks import nameless

WAIT, LONG = 60_000, 900_000  # milliseconds: for a page, and for a job on a slow machine
STEPS = 6
ROLES = ("builder", "security", "legal", "ml", "release")


class Person:
    """Types: every key goes to what has the focus, as the window system would send it."""

    def __init__(self, qtbot: QtBot, qapp: QApplication, window: QWidget) -> None:
        self._qtbot, self._qapp, self.window = qtbot, qapp, window
        window.activateWindow()
        self.until(window.isActiveWindow)

    def press(self, keys: str) -> None:
        QTest.keySequence(self._target(), QKeySequence(keys))
        settle(self._qapp)

    def type(self, words: str) -> None:
        QTest.keyClicks(self._target(), words)
        settle(self._qapp)

    def until(self, true: Callable[[], object], wait: int = WAIT) -> None:
        self._qtbot.waitUntil(lambda: bool(true()), timeout=wait)

    def tab_to(self, part: QWidget) -> None:
        """With the Tab key alone; fails where that never leads there."""
        for _ in range(120):
            if self._qapp.focusWidget() in (part, part.focusProxy()):
                return
            QTest.keyClick(self._target(), Qt.Key.Key_Tab)
        raise AssertionError(f"Tab never reaches {part.accessibleName() or part}")

    def _target(self) -> QWidget:
        """What has the keyboard in the dialog that is open, or in the window; a window system makes that one active."""
        front = self._qapp.activeModalWidget() or self.window
        if self._qapp.activeWindow() is not front:
            front.activateWindow()
            self.until(front.isActiveWindow)
        focused = self._qapp.focusWidget()
        return focused if focused is not None and focused.window() is front else front


def ended(path: Path, kind: str) -> bool:
    with Project.open(path, read_only=True) as project:
        of_kind = [job for job in jobs(project) if job.kind == kind]
        failed = [job.failure for job in of_kind if job.failure is not None]
        assert not failed, failed
        return bool(of_kind) and of_kind[0].state == "done"


def value(path: Path, query: str) -> object:
    with Project.open(path, read_only=True) as project:
        return project.value(query)


def differs(path: Path, query: str, before: object) -> bool:
    return value(path, query) != before


@pytest.mark.slow
@pytest.mark.timeout(2400)
def test_that_the_whole_path_is_walked_in_the_window_by_keyboard(
    tmp_path: Path, qtbot: QtBot, qapp: QApplication
) -> None:
    sample.write(tmp_path / "company")
    desk = Desk(qapp, pinned="light")
    start = desk.open(None)
    assert isinstance(start, StartWindow)
    path = make_project(Person(qtbot, qapp, start), start, tmp_path)
    qtbot.waitUntil(lambda: isinstance(desk.window, Window) or start.page.trouble.isVisible(), timeout=WAIT)
    window = desk.window
    assert isinstance(window, Window), start.page.trouble.words
    try:
        walk(Person(qtbot, qapp, window), window, path, tmp_path)
    finally:
        window.leave()
        settle(qapp)


def walk(person: Person, window: Window, path: Path, folder: Path) -> None:
    become_somebody(person, window)
    read_repository(person, window, path)
    decide(person, window, path)
    build(person, window, path)
    freeze(person, window, path)
    train(person, window, path)
    evaluate(person, window, path)
    release(person, window, folder)
    for page in ("overview", "audit", "help"):
        window.go_to(page)
        assert nameless(window) == []


def make_project(person: Person, start: StartWindow, folder: Path) -> Path:
    person.press("Ctrl+N")
    person.until(lambda: isinstance(start.dialog, NewProject))
    dialog = start.dialog
    assert isinstance(dialog, NewProject)
    person.tab_to(dialog.name)
    person.type("payments")
    person.tab_to(dialog.place.field)
    person.press("Ctrl+A")
    person.type(str(folder))
    dialog.picking.seek([folder / "company"])  # what a drop does; the system's own folder dialog is not ours to test
    person.until(lambda: dialog.picking.chosen and not dialog.picking.looking)
    person.tab_to(dialog.ok)
    person.press("Space")
    return folder / "payments.espalier"


def become_somebody(person: Person, window: Window) -> None:
    window.acting.ask_for_new()  # the last entry of the menu behind Ctrl+I
    dialog = window.acting.dialog
    assert dialog is not None
    person.tab_to(dialog.name)
    person.type("Ana Kowalska")
    for role in ROLES:
        person.tab_to(dialog.roles[role])
        person.press("Space")
    person.tab_to(dialog.ok)
    person.press("Space")
    person.until(lambda: window.session.acting == "Ana Kowalska")


def read_repository(person: Person, window: Window, path: Path) -> None:
    person.press("Ctrl+2")
    page = window.page("repositories")
    assert isinstance(page, RepositoriesPage)
    person.until(lambda: value(path, "SELECT count(*) FROM corpora"), LONG)
    assert window.current == "repositories"
    person.press("Ctrl+Tab")
    person.until(lambda: page.licences.table.model().rowCount())
    page.licences.table.setFocus(Qt.FocusReason.TabFocusReason)
    person.press("Ctrl+A")
    person.tab_to(page.licences.reason)
    person.type("our own code")
    page.licences.table.setFocus(Qt.FocusReason.TabFocusReason)
    person.press("A")
    person.until(lambda: value(path, "SELECT count(*) FROM source_decisions WHERE automatic = 0"))


def decide(person: Person, window: Window, path: Path) -> None:
    person.press("Ctrl+3")
    page = window.page("findings")
    assert isinstance(page, FindingsPage)
    person.until(page.actions_by_id["scan findings"].isEnabled)
    page.actions_by_id["scan findings"].trigger()  # the header's button
    person.until(lambda: ended(path, "findings.scan"), LONG)
    open_ones = "SELECT count(*) FROM finding_states WHERE state = 'open'"
    person.until(lambda: page.actions_by_id["scrub finding"].isEnabled())
    for _ in range(200):
        left = value(path, open_ones)
        if not left:
            break
        person.until(lambda: at_rest(page, window.session) and page.decide.table.currentIndex().isValid())
        person.press("S")
        person.until(partial(differs, path, open_ones, left))
    assert value(path, open_ones) == 0
    read_sample(person, page, path)
    person.press("Alt+3")
    person.until(page.actions_by_id["sign approval"].isEnabled)
    person.press("Ctrl+Return")
    person.until(lambda: value(path, "SELECT count(*) FROM approvals"))


def read_sample(person: Person, page: FindingsPage, path: Path) -> None:
    """Under the policy's bound of one in a hundred, nearly all of a small repository has to be read."""
    person.press("Alt+2")
    draw, part = page.actions_by_id["draw sample"], page.sampled
    read = "SELECT count(*) FROM sampled_objects WHERE reviewed_at IS NOT NULL"
    while missed_at_most(path) > 0.01:
        person.until(lambda: part.asks or part.empty.isVisible())
        if not part.asks:
            draw.trigger()  # the button of the empty pane
            person.until(lambda: part.asks)
        before = value(path, read)
        person.press("C")
        person.until(partial(differs, path, read, before))
        person.until(lambda: part.asks or part.empty.isVisible())


def missed_at_most(path: Path) -> float:
    with Project.open(path, read_only=True) as project:
        return review_of(project, corpus.latest(project).hash, bundled_digest()).bound


def build(person: Person, window: Window, path: Path) -> None:
    person.press("Ctrl+4")
    page = window.page("examples")
    assert isinstance(page, ExamplesPage)
    person.until(page.actions_by_id["build examples"].isEnabled)
    page.actions_by_id["build examples"].trigger()
    person.until(lambda: ended(path, "examples.build"), LONG)
    person.until(page.actions_by_id["accept example"].isEnabled)
    person.until(lambda: page.card.isVisible() and page.table.current_id is not None)
    person.press("A")
    person.until(lambda: value(path, "SELECT count(*) FROM example_reviews"))


def freeze(person: Person, window: Window, path: Path) -> None:
    person.press("Ctrl+5")
    page = window.page("dataset")
    assert isinstance(page, DatasetPage)
    person.until(page.actions_by_id["freeze draft"].isEnabled, LONG)
    page.actions_by_id["freeze draft"].trigger()
    person.until(lambda: ended(path, "dataset.freeze"), LONG)


def train(person: Person, window: Window, path: Path) -> None:
    person.press("Ctrl+6")
    page = window.page("training")
    assert isinstance(page, TrainingPage)
    person.until(page.actions_by_id["new run"].isEnabled)
    person.press("N")
    dialog = page.dialog
    assert dialog is not None
    person.until(lambda: dialog.planned is not None, LONG)
    person.tab_to(dialog.recipe)
    while dialog.recipe.key != "demo":
        person.press("Down")
    rows = {row.setting.field: row.field for row in dialog.rows}
    person.tab_to(rows["max_steps"])
    person.press("Ctrl+A")
    person.type(str(STEPS))
    person.press("Tab")
    person.until(lambda: dialog.planned is not None and dialog.planned.found is not None)
    person.until(lambda: dialog.planned is not None and _steps(dialog.planned) == STEPS, LONG)
    person.tab_to(dialog.ok)
    person.press("Space")
    person.until(lambda: ended(path, "training.run"), LONG)


def _steps(plan: Plan) -> int:
    return 0 if plan.found is None else plan.found.steps


def evaluate(person: Person, window: Window, path: Path) -> None:
    person.press("Ctrl+7")
    page = window.page("evaluation")
    assert isinstance(page, EvaluationPage)
    person.until(page.actions_by_id["evaluate"].isEnabled)
    person.press("E")
    dialog = next(one for one in window.findChildren(EvaluateDialog))
    person.until(dialog.isVisible)
    fill(person, dialog)
    person.until(lambda: ended(path, "evaluation.run"), LONG)


def fill(person: Person, dialog: EvaluateDialog) -> None:
    person.tab_to(dialog.every)
    if dialog.every.isChecked():
        person.press("Space")
    person.tab_to(dialog.tasks)
    person.press("Ctrl+A")
    person.type("8")
    person.press("Tab")
    person.tab_to(dialog.ok)
    person.press("Space")


def release(person: Person, window: Window, folder: Path) -> None:
    person.press("Ctrl+8")
    page = window.page("release")
    assert isinstance(page, ReleasePage)
    person.until(page.actions_by_id["sign"].isEnabled)
    page.sign_as("release")  # the menu's entry
    person.until(lambda: not page.create_bundle.shut)
    page.create_in(folder / "bundle")  # after the system's dialog
    person.until(lambda: page.verifying is not None and page.verifying.found is not None)
    assert page.verifying is not None
    page.verifying.reject()
    found = verify(folder / "bundle")
    assert found.passed
    assert found.approved
    assert [one for one in found.checks if not one.passed] == []
