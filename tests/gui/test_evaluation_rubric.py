"""Rating blind by keyboard: two people, every key stored, and no arm anywhere before both are through."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QPlainTextEdit, QWidget
from pytestqt.qtbot import QtBot
from tests.core.evaluation.evaluated import Asked, evaluated
from tests.gui import looks
from tests.gui.conftest import settle
from tests.gui.page_alone import Alone

from espalier.core.evaluation import evaluations
from espalier.core.evaluation.rubric import arm, sheet
from espalier.core.evaluation.rubric_result import progress, result
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.code.canvas import Canvas
from espalier.gui.evaluation.page import EvaluationPage
from espalier.gui.evaluation.rubric_view import RubricView
from espalier.gui.theme import Theme

TASKS, WAIT = 3, 10_000


@pytest.fixture
def alone(tmp_path: Path, qtbot: QtBot, qapp: QApplication) -> Iterator[Alone[EvaluationPage]]:
    Theme(qapp, "light")
    with Project.create(tmp_path / "p", policy="two-person") as project:
        for name in ("ana", "ben"):
            identities.add(project, name, roles=("ml",))
        evaluated(project, Asked(tasks=TASKS))
        path = project.path
    one: Alone[EvaluationPage] = Alone(path, EvaluationPage)
    qtbot.addWidget(one.page)
    one.page.resize(1208, 812)
    one.page.show()
    qtbot.waitExposed(one.page)
    one.read()
    yield one
    one.close()
    settle(qapp)


def begin(one: Alone[EvaluationPage], who: str, qtbot: QtBot) -> RubricView:
    one.session.act_as(who)
    one.page.show_detail("rubric")
    view = one.page.rubric
    qtbot.waitUntil(lambda: view.sheet is not None and view.sheet.rater == who, timeout=WAIT)
    return view


def press(view: RubricView, qtbot: QtBot, *keys: str) -> None:
    for key in keys:
        QTest.keyClicks(view.focusWidget() or view, key)


def said(root: QWidget) -> str:
    """Everything that can be seen or heard of what is shown."""
    words = []
    for widget in (root, *root.findChildren(QWidget)):
        if not widget.isVisibleTo(root.window()):
            continue
        interface = QAccessible.queryAccessibleInterface(widget)
        kinds = (QAccessible.Text.Name, QAccessible.Text.Description, QAccessible.Text.Value, QAccessible.Text.Help)
        words += [interface.text(kind) for kind in kinds] if interface is not None else []
        words += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.objectName()]
        if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
            words.append(widget.text())
        if isinstance(widget, QPlainTextEdit):
            words.append(widget.toPlainText())
        if isinstance(widget, Canvas):
            words.append(widget.all_text())
    return "\n".join(words).casefold()


def stored(one: Alone[EvaluationPage]) -> int:
    with Project.open(one.path, read_only=True) as project:
        return int(project.value("SELECT count(readability) + count(api_use) FROM rubric_ratings"))


def rate_by_arm(one: Alone[EvaluationPage], view: RubricView, qtbot: QtBot, marks: dict[str, str]) -> None:
    """Both scales of both answers of every task, as somebody does who likes one arm better without knowing it."""
    assert view.sheet is not None
    for _ in view.sheet.pairs:
        pair = view.pair
        assert pair is not None
        with Project.open(one.path, read_only=True) as project:
            a, b = (arm(project, 1, view.sheet.rater, pair.task, side) for side in ("a", "b"))
        press(view, qtbot, marks[a], marks[a], marks[b], marks[b])
        press(view, qtbot, "n")


def test_that_every_key_is_stored_and_leads_on(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    view = begin(alone, "ana", qtbot)
    press(view, qtbot, "4", "3")
    qtbot.waitUntil(lambda: stored(alone) == 2, timeout=WAIT)
    assert view.pair is not None
    assert (view.pair.a.readability, view.pair.a.api_use, view.pair.b.readability) == (4, 3, None)
    assert view.sides["b"].scales["readability"].hasFocus()
    press(view, qtbot, "a", "5")
    qtbot.waitUntil(lambda: view.pair is not None and view.pair.a.readability == 5, timeout=WAIT)
    with Project.open(alone.path, read_only=True) as project:
        qtbot.waitUntil(lambda: sheet(project, 1, "ana").pairs[0].a.readability == 5, timeout=WAIT)


def test_that_a_note_is_kept_however_it_is_left(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    view = begin(alone, "ana", qtbot)
    press(view, qtbot, "b", "w")
    assert view.sides["b"].note.hasFocus()
    QTest.keyClicks(view.sides["b"].note, "not bad 123")
    QTest.keyClick(view.sides["b"].note, Qt.Key.Key_Escape)
    view.step(1)
    view.step(-1)
    assert view.sides["b"].note.text() == "not bad 123"
    with Project.open(alone.path, read_only=True) as project:
        qtbot.waitUntil(lambda: sheet(project, 1, "ana").pairs[0].b.note == "not bad 123", timeout=WAIT)
        assert sheet(project, 1, "ana").pairs[0].b.readability is None


def test_that_a_rating_and_a_note_are_taken_back_where_they_were_said(
    alone: Alone[EvaluationPage], qtbot: QtBot
) -> None:
    view = begin(alone, "ana", qtbot)
    press(view, qtbot, "4", "3", "a", "5")
    qtbot.waitUntil(lambda: stored(alone) == 2, timeout=WAIT)
    view.sides["b"].note.setText("slow")
    view.step(1)
    with Project.open(alone.path, read_only=True) as project:
        qtbot.waitUntil(lambda: sheet(project, 1, "ana").pairs[0].b.note == "slow", timeout=WAIT)
        qtbot.wait(50)  # the view hears of it after the file
        for left in (2, 2, 1, 0):  # the note, 5 instead of 4, 3, 4
            alone.session.undo()
            qtbot.waitUntil(partial(rated, alone, left), timeout=WAIT)
            qtbot.waitUntil(lambda: sheet(project, 1, "ana").pairs[0].b.note == "", timeout=WAIT)
    qtbot.waitUntil(lambda: at(view) == 0, timeout=WAIT)
    qtbot.waitUntil(lambda: view.sides["a"].scales["readability"].value is None, timeout=WAIT)
    assert view.sides["b"].note.text() == ""
    assert not alone.session.can_undo


def rated(one: Alone[EvaluationPage], number: int) -> bool:
    return stored(one) == number


def at(view: RubricView) -> int | None:
    """The number of the task that is shown, where nothing is said of it."""
    sheet, pair = view.sheet, view.pair
    if sheet is None or pair is None or pair.a.readability is not None or pair.a.api_use is not None:
        return None
    return sheet.pairs.index(pair)


def test_that_who_stops_goes_on_where_they_were(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    view = begin(alone, "ana", qtbot)
    press(view, qtbot, "4", "3", "2", "2")
    first = view.pair
    QTest.keyClick(view, Qt.Key.Key_Escape)
    assert alone.page.figures.isVisible()
    qtbot.waitUntil(lambda: stored(alone) == 4, timeout=WAIT)
    view = begin(alone, "ana", qtbot)
    qtbot.waitUntil(lambda: view.pair is not None and first is not None and view.pair.task != first.task, timeout=WAIT)


def test_that_no_arm_is_seen_or_heard_while_rating(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    view = begin(alone, "ana", qtbot)
    for _ in range(TASKS):
        words = said(alone.page)
        assert "adapter" not in words
        assert "base" not in words
        view.step(1)


def test_that_the_page_gives_its_keys_to_the_rubric(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    begin(alone, "ana", qtbot)
    assert not any(action.isEnabled() for action in alone.page.actions_by_id.values())
    QTest.keyClick(alone.page.rubric, Qt.Key.Key_Escape)
    assert alone.page.actions_by_id["blind rubric"].isEnabled()


def test_that_tasks_hide_their_arms_from_who_is_rating(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    begin(alone, "ana", qtbot)
    QTest.keyClick(alone.page.rubric, Qt.Key.Key_Escape)
    alone.read()
    page = alone.page
    assert page.read is not None
    assert page.read.chosen is not None
    assert page.read.chosen.figures is not None
    page.figures.opened.emit(page.read.chosen.figures.rows, 0)
    qtbot.waitUntil(lambda: page.task.banner.words.startswith("You are rating"), timeout=WAIT)
    assert page.task.base.text() == page.task.adapter.text() == "withheld"
    alone.session.act_as("ben")
    page.task.left.emit()
    page.figures.opened.emit(page.read.chosen.figures.rows, 0)
    qtbot.waitUntil(lambda: page.task.adapter.text() != "withheld", timeout=WAIT)


def test_that_two_people_open_the_gate_by_keyboard(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    rate_by_arm(alone, begin(alone, "ana", qtbot), qtbot, {"base": "2", "adapter": "5"})
    qtbot.waitUntil(lambda: stored(alone) == 4 * TASKS, timeout=WAIT)
    alone.page.rubric.stop()
    with Project.open(alone.path, read_only=True) as project:
        assert result(project, 1) is None
        assert progress(project, 1).complete == ("ana",)
    alone.read()
    assert "1 of 2 raters done, 3 tasks each" in alone.page.figures.rubric.text()
    rate_by_arm(alone, begin(alone, "ben", qtbot), qtbot, {"base": "3", "adapter": "4"})
    qtbot.waitUntil(lambda: stored(alone) == 8 * TASKS, timeout=WAIT)
    alone.page.rubric.stop()
    alone.read()
    assert "Rubric: base 2.50, adapter 4.50 of 5" in alone.page.figures.rubric.text()
    with Project.open(alone.path, read_only=True) as project:
        gates = evaluations.evaluation(project, 1).summary["gates"]
        assert isinstance(gates, list)
        assert [gate["passed"] for gate in gates if gate["name"] == "rubric"] == [True]
    shown = [alone.page.figures.thresholds_model.row_at(n) for n in range(3)]
    assert [row.row.passed for row in shown if row is not None and row.row.name == "rubric"] == [True]


def test_that_nobody_rates_without_a_name(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    alone.page.show_detail("rubric")
    qtbot.waitUntil(lambda: "Nobody acts in this window" in alone.page.rubric.trouble.words, timeout=WAIT)


@pytest.mark.parametrize("size", [(1208, 812), (800, 580)])
def test_that_the_rubric_fits(
    alone: Alone[EvaluationPage], qtbot: QtBot, qapp: QApplication, size: tuple[int, int]
) -> None:
    begin(alone, "ana", qtbot)
    alone.page.resize(*size)
    settle(qapp)
    assert looks.cut(alone.page) == []
    assert looks.overlapping(alone.page) == []
    assert looks.nameless(alone.page) == []


def test_that_a_sheet_is_left_when_another_person_acts(alone: Alone[EvaluationPage], qtbot: QtBot) -> None:
    view = begin(alone, "ana", qtbot)
    view.sides["a"].note.setText("mine")
    alone.session.act_as("ben")
    assert alone.page.figures.isVisible()
    with Project.open(alone.path, read_only=True) as project:
        qtbot.waitUntil(lambda: sheet(project, 1, "ana").pairs[0].a.note == "mine", timeout=WAIT)
        assert progress(project, 1).rated == {"ana": 0}
