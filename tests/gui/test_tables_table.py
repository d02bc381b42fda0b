"""The table under mouse and keyboard: order, selection, place, text to take away, and what is said where there is nothing."""

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QStyleOptionViewItem, QToolTip
from pytestqt.qtbot import QtBot
from tests.gui import listed
from tests.gui.listed import Note, Query
from tests.gui.mouse import double_click

from espalier.gui.settings import Settings
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import MOST, REVIEW_ROW, Table
from espalier.gui.tables.windowed import WindowedModel

Shown = Callable[..., tuple[Table, WindowedModel[Note]]]
NOTES = 5000
KEY, MOUSE, PLAIN = Qt.Key, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return listed.file_with(tmp_path, NOTES)


@pytest.fixture
def shown(qtbot: QtBot, path: Path) -> Iterator[Shown]:
    models: list[WindowedModel[Note]] = []

    def show(query: Query | None = None) -> tuple[Table, WindowedModel[Note]]:
        model = listed.model(path)
        models.append(model)
        table = Table(model, "Notes", settings=Settings(), key="notes", many=True, row=REVIEW_ROW)
        qtbot.addWidget(table)
        table.resize(480, 400)
        table.show()
        with qtbot.waitActive(table), qtbot.waitSignal(model.loaded):
            model.set_query(query or Query())
        table.setFocus()
        return table, model

    yield show
    for one in models:
        one.close()


def in_memory(qtbot: QtBot, notes: list[Note], many: bool = False) -> tuple[Table, RowsModel[Note]]:
    ordered: tuple[Column[Note], ...] = (
        Column(title="Path", text=lambda note: note.path, width=0, kind="path", by=lambda note: note.path),
        Column(title="Size", text=lambda note: str(note.size), width=80, kind="number", by=lambda note: note.size),
    )
    model = RowsModel[Note](ordered, lambda note: note.id)
    model.show_rows(notes)
    table = Table(model, "Notes", many=many)
    qtbot.addWidget(table)
    table.resize(400, 300)
    table.show()
    return table, model


def press(table: Table, key: Qt.Key, held: Qt.KeyboardModifier = PLAIN) -> None:
    QTest.keyClick(table, key, held)


def refreshed(qtbot: QtBot, model: WindowedModel[Note]) -> None:
    with qtbot.waitSignal(model.loaded):
        model.refresh()


def test_that_keys_move_through_the_whole_list(qtbot: QtBot, shown: Shown) -> None:
    table, _ = shown()
    told: list[int] = []
    table.chosen.connect(told.append)
    table.go_first()
    for key in (KEY.Key_J, KEY.Key_Down, KEY.Key_K, KEY.Key_End, KEY.Key_Up, KEY.Key_Home):
        press(table, key)
    press(table, KEY.Key_PageDown)
    assert told[:6] == [2, 3, 2, NOTES, NOTES - 1, 1]
    assert 8 <= told[6] <= 14
    assert table.selected_count == 1
    assert not table.step(-NOTES)


def test_that_enter_and_a_double_click_open_a_row(qtbot: QtBot, shown: Shown) -> None:
    table, _ = shown()
    told: list[int] = []
    table.activated_row.connect(told.append)
    table.go_first()
    press(table, KEY.Key_Return)
    where = table.visualRect(table.model().index(3, 1)).center()
    QTest.mouseClick(table.viewport(), MOUSE, PLAIN, where)
    double_click(table.viewport(), where)
    assert told == [1, 4]


def test_that_other_letters_are_left_to_decisions(qtbot: QtBot, shown: Shown) -> None:
    table, _ = shown()
    table.go_first()
    for key in (KEY.Key_S, KEY.Key_F, KEY.Key_Space, KEY.Key_1):
        press(table, key)
    assert table.current_id == 1
    assert table.selected_count == 1


def test_that_rows_are_selected_in_ranges_and_one_by_one(qtbot: QtBot, shown: Shown) -> None:
    table, _ = shown()
    counts: list[int] = []
    table.picked.connect(counts.append)

    def click(row: int, held: Qt.KeyboardModifier) -> None:
        where = table.visualRect(table.model().index(row, 1)).center()
        QTest.mouseClick(table.viewport(), MOUSE, held, where)

    click(1, PLAIN)
    click(4, Qt.KeyboardModifier.ShiftModifier)
    click(8, Qt.KeyboardModifier.ControlModifier)
    click(2, Qt.KeyboardModifier.ControlModifier)
    assert list(table.selected_ids) == [2, 4, 5, 9]
    assert counts[-1] == table.selected_count == 4


@pytest.mark.many_rows
def test_that_a_million_rows_are_selected_and_found_again_at_once(qtbot: QtBot, tmp_path: Path) -> None:
    many = tmp_path / "many"
    many.mkdir()
    path = listed.file_with(many, 1_000_000)
    model = listed.model(path)
    table = Table(model, "Notes", many=True)
    qtbot.addWidget(table)
    table.show()
    with qtbot.waitSignal(model.loaded, timeout=20_000):
        model.set_query(Query())
    started = time.perf_counter()
    press(table, KEY.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert table.selected_count == 1_000_000
    assert table.selected_ids[999_999] == 1_000_000
    assert time.perf_counter() - started < 1
    listed.change(path, "DELETE FROM notes WHERE id = 500000")
    with qtbot.waitSignal(model.loaded, timeout=20_000):
        model.refresh()
    assert table.selected_count == model.rowCount() == 999_999
    model.close()


def test_that_selection_and_place_are_kept_by_id_when_the_file_changes(qtbot: QtBot, path: Path, shown: Shown) -> None:
    table, model = shown()
    table.choose(2000)
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(model.index(2004, 0), flags.Select | flags.Rows)
    table.scrollTo(model.index(1999, 0), Table.ScrollHint.PositionAtTop)
    top = table.indexAt(QPoint(5, 5)).row()
    told: list[int] = []
    table.chosen.connect(told.append)
    listed.change(path, "DELETE FROM notes WHERE id <= 100")
    refreshed(qtbot, model)
    assert (table.current_id, list(table.selected_ids)) == (2000, [2000, 2005])
    assert table.indexAt(QPoint(5, 5)).row() == top - 100
    assert told == []


def test_that_a_row_gone_to_while_the_rows_are_read_again_stays_the_current_one(
    qtbot: QtBot, path: Path, shown: Shown
) -> None:
    """Whoever decides quickly must not be taken back to what was decided."""
    table, model = shown()
    table.selectRow(3)
    listed.change(path, "DELETE FROM notes WHERE id = 1")
    with qtbot.waitSignal(model.loaded):
        model.refresh()
        table.step(2)
        wanted = table.current_id
    assert table.current_id == wanted
    assert list(table.selected_ids) == [wanted]


def test_that_the_next_row_is_current_when_the_current_one_is_gone(qtbot: QtBot, path: Path, shown: Shown) -> None:
    table, model = shown()
    table.choose(50)
    told: list[int] = []
    table.chosen.connect(told.append)
    listed.change(path, "DELETE FROM notes WHERE id = 50")
    refreshed(qtbot, model)
    assert told == [51]
    assert list(table.selected_ids) == [51]


def test_that_another_query_shows_the_current_row_where_it_has_it(qtbot: QtBot, shown: Shown) -> None:
    table, model = shown()
    table.choose(4000)
    with qtbot.waitSignal(model.loaded):
        model.set_query(Query(order="size"))
    assert table.current_id == 4000
    assert table.viewport().rect().contains(table.visualRect(table.currentIndex()).center())
    with qtbot.waitSignal(model.loaded):
        model.set_query(Query(most=10))
    assert table.current_id is None
    assert table.verticalScrollBar().value() == 0


def test_that_heads_ask_for_an_order_by_mouse_and_by_key(qtbot: QtBot, shown: Shown) -> None:
    table, _ = shown()
    told: list[tuple[str, bool]] = []
    table.sort_asked.connect(lambda order, descending: told.append((order, descending)))
    head = table.horizontalHeader()
    size = QPoint(head.sectionViewportPosition(2) + 20, 10)
    QTest.mouseClick(head.viewport(), MOUSE, PLAIN, size)
    QTest.mouseClick(head.viewport(), MOUSE, PLAIN, size)
    QTest.mouseClick(head.viewport(), MOUSE, PLAIN, QPoint(10, 10))  # nothing is ordered by state
    head.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(head, KEY.Key_Left)
    QTest.keyClick(head, KEY.Key_Space)
    assert told == [("size", True), ("size", False), ("path", False)]


def test_that_rows_in_memory_are_sorted_and_stay_chosen(qtbot: QtBot) -> None:
    table, model = in_memory(qtbot, [Note(1, "b", 3), Note(2, "a", 9), Note(3, "c", 5)])
    table.choose(2)
    told: list[int] = []
    table.chosen.connect(told.append)
    table.horizontalHeader().sectionClicked.emit(1)
    assert [model.key_at(row) for row in range(3)] == [2, 3, 1]
    model.show_rows([Note(1, "b", 3), Note(2, "a", 9), Note(3, "c", 5), Note(4, "d", 4)])
    assert [model.key_at(row) for row in range(4)] == [2, 3, 4, 1]
    assert (table.current_id, told) == (2, [])
    model.show_rows([Note(1, "b", 3)])
    assert told == [1]


def test_that_selected_rows_are_copied_as_text(qtbot: QtBot, shown: Shown) -> None:
    table, model = shown()
    said: list[str] = []
    table.copied.connect(said.append)
    table.go_first()
    press(table, KEY.Key_End, Qt.KeyboardModifier.ShiftModifier)
    model._kept.clear()
    with qtbot.waitSignal(table.copied):
        press(table, KEY.Key_C, Qt.KeyboardModifier.ControlModifier)
    lines = QApplication.clipboard().text().split("\n")
    assert len(lines) == NOTES
    assert lines[0] == f"done\tfolder/0000001.py\t{NOTES - 1}"
    assert said == ["Copied 5,000 rows"]


@pytest.mark.many_rows
def test_that_too_many_rows_are_copied_in_part_and_that_it_is_said(qtbot: QtBot) -> None:
    table, _ = in_memory(qtbot, [Note(number, "a\tb\nc", number) for number in range(MOST + 1)], many=True)
    said: list[str] = []
    table.copied.connect(said.append)
    table.selectAll()
    table.copy()
    assert QApplication.clipboard().text().split("\n")[:2] == ["a b c\t0", "a b c\t1"]
    assert said == ["Copied the first 10,000 of 10,001 rows; select fewer to copy them all."]


def test_that_widths_are_remembered_by_name(qtbot: QtBot, shown: Shown) -> None:
    table, _ = shown()
    before = table.columnWidth(0), table.columnWidth(1)
    table.horizontalHeader().resizeSection(0, before[0] + 40)
    assert (table.columnWidth(0), table.columnWidth(1)) == (before[0] + 40, before[1] - 40)
    again, _ = shown()
    assert again.columnWidth(0) == before[0] + 40
    assert not again.horizontalScrollBar().isVisible()
    again.resize(200, 300)
    assert again.horizontalScrollBar().maximum() > 0


def test_that_an_empty_table_says_why_and_offers_the_way_out(qtbot: QtBot, path: Path, shown: Shown) -> None:
    table, model = shown(Query(most=-1))
    table.when_empty("Nothing matches these filters.", "Clear filters")
    assert (table.notice.sentence, table.notice.isVisible()) == ("Nothing matches these filters.", True)
    with qtbot.waitSignal(table.remedy_asked):
        QTest.mouseClick(table.notice.button, MOUSE)
    with qtbot.waitSignal(model.loaded):
        model.set_query(Query())
    assert not table.notice.isVisible()


def test_that_a_table_without_rows_says_that_it_reads_and_that_the_file_is_lost(qtbot: QtBot, path: Path) -> None:
    model = listed.model(path)
    table = Table(model, "Notes")
    qtbot.addWidget(table)
    table.show()
    assert not table.notice.isVisible()
    away = path.rename(path.with_name("away.espalier"))
    with qtbot.waitSignal(model.lost):
        model.set_query(Query())
        assert table.notice.sentence == "Reading…"
    assert table.notice.sentence.startswith("There is no project")
    away.rename(path)
    model.close()


def test_that_what_is_cut_is_shown_whole_and_never_as_markup(qtbot: QtBot) -> None:
    hostile = "<img src=x>/" + 9 * "folder/" + "name.py"
    table, model = in_memory(qtbot, [Note(1, hostile, 1), Note(2, "short.py", 2)])
    told: list[str] = []
    for row in (1, 0):
        option, index = QStyleOptionViewItem(), model.index(row, 0)
        option.rect = table.visualRect(index)
        where = option.rect.center()
        event = QHelpEvent(QEvent.Type.ToolTip, where, table.viewport().mapToGlobal(where))
        table.itemDelegate().helpEvent(event, table, option, index)
        told.append(QToolTip.text())
    assert told[0] == ""
    assert "&lt;img src=x&gt;" in told[1]
    QToolTip.hideText()


def test_that_a_screen_reader_hears_the_rows(shown: Shown) -> None:
    table, _ = shown()
    interface = QAccessible.queryAccessibleInterface(table)
    assert interface.text(QAccessible.Text.Name) == "Notes"
    said = [interface.child(number).text(QAccessible.Text.Name) for number in range(1, 8)]
    assert said[:3] == ["State", "Path", "Size"]
    assert said[4:] == [f"done, folder/0000001.py, {NOTES - 1}", "Path: folder/0000001.py", f"Size: {NOTES - 1}"]


def test_that_a_first_click_chooses_only_what_it_is_on(qtbot: QtBot) -> None:
    table, _ = in_memory(qtbot, [Note(number, "a.py", number) for number in range(1, 6)])
    with qtbot.waitActive(table):
        table.activateWindow()
    told: list[int] = []
    table.chosen.connect(told.append)
    table.clearFocus()
    QTest.mouseClick(table.viewport(), MOUSE, PLAIN, table.visualRect(table.model().index(2, 0)).center())
    assert told == [3]


def test_that_a_table_as_high_as_its_rows_hides_none_below_the_bar_that_moves_it(qtbot: QtBot) -> None:
    table, model = in_memory(qtbot, [Note(id=n, path=f"{n}.py", size=n) for n in range(3)])
    table.be_as_high_as(3)
    high = table.height()
    last = model.index(2, 0)
    for width, moved in ((400, False), (90, True), (400, False)):
        table.resize(width, table.height())
        qtbot.wait(20)
        assert (table.horizontalScrollBar().maximum() > 0) is moved
        assert table.viewport().rect().contains(table.visualRect(last).bottomLeft())
        assert (table.height() > high) is moved
