"""Marks: a run keeps its colour, no two that are drawn share one, and the page marks by mouse and by keyboard."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.conftest import PATIENCE, Opener, training

from espalier.core.project.file import Project
from espalier.gui.training.marks import Marks
from espalier.gui.training.page import TrainingPage


def test_that_a_run_comes_back_in_its_colour() -> None:
    marks = Marks().turned(7).turned(4).turned(7).turned(2).turned(7)
    assert marks.runs == (4, 2, 7)
    assert [marks.series[run] for run in marks.runs] == [2, 3, 5]


def test_that_no_two_runs_that_are_drawn_share_a_series() -> None:
    marks = Marks()
    for run in range(1, 31):
        marks = marks.turned(run)
    for run in range(1, 31, 2):
        marks = marks.turned(run)
    for run in (31, 3, 32, 5, 1):
        marks = marks.turned(run)
    shown = [marks.series[run] for run in marks.runs]
    assert len(shown) == len(set(shown)) == 20
    assert not {0, 1} & {series % 6 for series in shown}


def test_that_the_colours_begin_again_in_another_shape() -> None:
    marks = Marks()
    for run in range(1, 10):
        marks = marks.turned(run)
    assert [marks.series[run] for run in range(1, 10)] == [5, 2, 3, 4, 11, 8, 9, 10, 17]


def test_that_what_is_marked_for_the_person_is_the_run_before() -> None:
    assert Marks.before(7, (9, 7, 4, 2)) == Marks(runs=(4,), series={4: 5}, chosen=False)
    assert Marks.before(2, (9, 7, 2)).runs == ()
    assert Marks.before(7, (7, 4)).turned(4) == Marks(series={4: 5})


@pytest.fixture
def page(project: Project, open_training: Opener) -> TrainingPage:
    """Of three runs, the newest at work."""
    for seed, step in enumerate((120, 160, 100)):
        number, job = made.run(project, seed=seed)
        made.at_work(project, number, job, step=step)
        if seed < 2:
            made.ended(project, number, job, "done")
    return training(open_training(project.path))


def names(page: TrainingPage) -> str:
    return page.plots.loss.legend.accessibleName()


def click_box(page: TrainingPage, row: int) -> None:
    table = page.table
    middle = table.visualRect(page.model.index(row, 0)).center()
    QTest.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(14, middle.y()))


def test_that_a_click_on_its_box_lays_a_run_over_and_chooses_none(page: TrainingPage, qtbot: QtBot) -> None:
    assert names(page) == "train, validation, run 2, validation"
    click_box(page, 2)
    qtbot.waitUntil(lambda: "run 1" in names(page), timeout=PATIENCE)
    assert names(page) == "train, validation, run 2, run 1"
    assert page.table.currentIndex().row() == 0
    ticks = [page.model.index(row, 0).data(Qt.ItemDataRole.CheckStateRole) for row in range(3)]
    assert ticks == [Qt.CheckState.Unchecked, Qt.CheckState.Checked, Qt.CheckState.Checked]
    assert page.model.index(2, 0).data(Qt.ItemDataRole.AccessibleTextRole).startswith("1, laid over, done")
    assert page.actions_by_id["settings diff"].isEnabled()
    page.show_difference()
    assert page.difference is not None
    assert page.difference.windowTitle() == "Settings of run 1 and run 3"
    page.difference.close()
    click_box(page, 1)
    click_box(page, 2)
    qtbot.waitUntil(lambda: names(page) == "train, validation", timeout=PATIENCE)
    assert not page.actions_by_id["settings diff"].isEnabled()


def test_that_space_keeps_a_run_drawn_while_others_are_looked_at(page: TrainingPage, qtbot: QtBot) -> None:
    page.table.setFocus()
    QTest.keyClick(page.table, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: page.model.index(0, 0).data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: names(page) == "train, validation, run 3, validation", timeout=PATIENCE)
    QTest.keyClick(page.table, Qt.Key.Key_Down)
    every = "train, validation, run 2, run 3"
    qtbot.waitUntil(lambda: names(page) == every, timeout=PATIENCE)
    page.actions_by_id["overlay none"].trigger()
    qtbot.waitUntil(lambda: names(page) == "train, validation", timeout=PATIENCE)
