"""The model of lists of any length: exact, page by page, true to the file, and never late answers."""

import random
from array import array
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from tests.gui import listed
from tests.gui.listed import Note, Notes, Query

from espalier.core.project.file import Project
from espalier.gui.tables.fetching import PAGE
from espalier.gui.tables.windowed import PAGES, WindowedModel

Opened = Callable[..., WindowedModel[Note]]
NOTES = 20 * PAGE + 17


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return listed.file_with(tmp_path, NOTES)


@pytest.fixture
def opened(path: Path) -> Iterator[Opened]:
    models: list[WindowedModel[Note]] = []

    def opener(source: Notes | None = None) -> WindowedModel[Note]:
        models.append(listed.model(path, source))
        return models[-1]

    yield opener
    for one in models:
        one.close()


def ask(qtbot: QtBot, model: WindowedModel[Note], query: Query) -> None:
    with qtbot.waitSignal(model.loaded):
        model.set_query(query)


def refreshed(qtbot: QtBot, model: WindowedModel[Note]) -> None:
    with qtbot.waitSignal(model.loaded):
        model.refresh()


def text(qtbot: QtBot, model: WindowedModel[Note], row: int, column: int = 1) -> str:
    """What the cell says once it has been read."""
    qtbot.waitUntil(lambda: model.row_at(row) is not None)
    return str(model.index(row, column).data())


def test_that_it_keeps_qts_rules_while_queries_change_and_the_file_grows(
    qtbot: QtBot, path: Path, opened: Opened
) -> None:
    model = opened()
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Warning)
    ask(qtbot, model, Query())
    ask(qtbot, model, Query(order="size"))
    ask(qtbot, model, Query(most=-1))
    assert model.rowCount() == 0
    ask(qtbot, model, Query(most=300))
    listed.change(path, "INSERT INTO notes VALUES (99999, 'new.py', 1)")
    refreshed(qtbot, model)
    listed.change(path, "UPDATE notes SET path = 'renamed.py' WHERE size = 0")
    refreshed(qtbot, model)
    assert model.rowCount() == 302
    assert text(qtbot, model, 300) == "renamed.py"
    assert tester.failureReportingMode() == QAbstractItemModelTester.FailureReportingMode.Warning


@pytest.mark.many_rows
def test_that_every_row_is_found_wherever_a_person_jumps(qtbot: QtBot, opened: Opened) -> None:
    model = opened()
    ask(qtbot, model, Query(order="size"))
    assert model.rowCount() == NOTES
    for row in random.Random(7).sample(range(NOTES), 40):
        assert text(qtbot, model, row) == f"folder/{NOTES - row:07d}.py"
        assert text(qtbot, model, row, 2) == str(row)


def test_that_an_unread_row_shows_an_ellipsis_and_is_told_when_it_comes(qtbot: QtBot, opened: Opened) -> None:
    model = opened()
    ask(qtbot, model, Query())
    last = model.index(NOTES - 1, 1)
    with qtbot.waitSignal(model.dataChanged) as told:
        assert last.data() == "…"
    assert told.args is not None
    assert told.args[0].row() <= NOTES - 1 <= told.args[1].row()
    assert last.data() == f"folder/{NOTES:07d}.py"


def test_that_the_answer_to_an_earlier_query_is_dropped(qtbot: QtBot, opened: Opened) -> None:
    source = Notes()
    model = opened(source)
    counts: list[int] = []
    model.loaded.connect(lambda rows, _milliseconds: counts.append(rows))
    for most in range(5):
        model.set_query(Query(most=most))
    qtbot.waitUntil(lambda: bool(counts))
    refreshed(qtbot, model)
    assert set(counts) == {5}
    assert source.orders[-1] == Query(most=4)


@pytest.mark.many_rows
def test_that_pages_that_were_scrolled_past_are_not_read(qtbot: QtBot, opened: Opened) -> None:
    source = Notes()
    model = opened(source)
    ask(qtbot, model, Query())
    read = len(source.pages)
    for page in range(1, 20):
        model.row_at(page * PAGE)
    qtbot.waitUntil(lambda: model.row_at(19 * PAGE) is not None)
    assert len(source.pages) - read < 19
    assert text(qtbot, model, 7 * PAGE) == f"folder/{7 * PAGE + 1:07d}.py"  # one that was dropped, asked for again


@pytest.mark.many_rows
def test_that_no_more_pages_are_kept_than_a_person_may_have_seen_lately(qtbot: QtBot, tmp_path: Path) -> None:
    many = listed.file_with(tmp_path, 2 * PAGES * PAGE)
    model = listed.model(many)
    ask(qtbot, model, Query())
    for page in range(PAGES + 5):
        text(qtbot, model, page * PAGE)
    assert len(model._kept) == PAGES
    model.close()


def test_that_a_refresh_of_the_same_rows_keeps_them_in_view_until_the_new_ones_come(
    qtbot: QtBot, path: Path, opened: Opened
) -> None:
    model = opened()
    ask(qtbot, model, Query())
    text(qtbot, model, 10 * PAGE)
    resets: list[int] = []
    model.modelReset.connect(lambda: resets.append(1))
    listed.change(path, f"UPDATE notes SET path = 'renamed.py' WHERE id = {10 * PAGE + 1}")
    refreshed(qtbot, model)
    assert model.index(10 * PAGE, 1).data() == f"folder/{10 * PAGE + 1:07d}.py"
    qtbot.waitUntil(lambda: model.index(10 * PAGE, 1).data() == "renamed.py")
    assert resets == []


def test_that_a_lost_file_is_said_and_found_again(qtbot: QtBot, path: Path, opened: Opened) -> None:
    model = opened()
    away = path.rename(path.with_name("away.espalier"))
    with qtbot.waitSignal(model.lost) as said:
        model.set_query(Query(most=9))
    assert said.args is not None
    assert "There is no project" in said.args[0]
    away.rename(path)
    with qtbot.waitSignal(model.loaded, timeout=10_000):
        pass
    assert model.rowCount() == 10


def test_that_closing_ends_a_reading_that_would_take_long(qtbot: QtBot, path: Path) -> None:
    class Endless(Notes):
        def order(self, project: Project, query: Query) -> "array[int]":
            self.orders.append(query)
            return project.ids("WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n")

    source = Endless()
    model = listed.model(path, source)
    model.set_query(Query())
    qtbot.waitUntil(lambda: bool(source.orders))
    model.close()
    assert model.rowCount() == 0
    assert model.reading


def test_that_a_newer_query_ends_the_reading_of_an_older_one(qtbot: QtBot, path: Path) -> None:
    class Slow(Notes):
        def order(self, project: Project, query: Query) -> "array[int]":
            self.orders.append(query)
            if query.most == 0:
                project.ids("WITH RECURSIVE n (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id FROM n")
            return super().order(project, query)

    source = Slow()
    model = listed.model(path, source)
    model.set_query(Query(most=0))
    qtbot.waitUntil(lambda: bool(source.orders))
    ask(qtbot, model, Query(most=5))
    assert model.rowCount() == 6
    model.close()


def test_that_a_row_is_read_aloud_whole_and_its_cells_by_name(qtbot: QtBot, opened: Opened) -> None:
    model = opened()
    ask(qtbot, model, Query())
    role = Qt.ItemDataRole.AccessibleTextRole
    assert model.index(0, 0).data(role) == f"done, folder/0000001.py, {NOTES - 1}"
    assert model.index(0, 2).data(role) == f"Size: {NOTES - 1}"
