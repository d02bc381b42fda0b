"""The table: rows of 28 or 32 without grid or zebra, whatever its length; by mouse, by keyboard, and as text."""

from array import array
from typing import Any

from PySide6.QtCore import QEvent, QItemSelectionModel, QModelIndex, Qt, Signal
from PySide6.QtGui import (
    QAction,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView, QWidget
from typing_extensions import override

from espalier.gui.figures import count
from espalier.gui.palette import colours_of
from espalier.gui.settings import Settings
from espalier.gui.tables.cells import EDGE, INSET, TWO_LINES, Cells
from espalier.gui.tables.column import line
from espalier.gui.tables.fetching import Ordered
from espalier.gui.tables.head import HEIGHT, Head
from espalier.gui.tables.notice import HEIGHT as NOTICE
from espalier.gui.tables.notice import Notice
from espalier.gui.tables.place import Place, Ranges
from espalier.gui.tables.rows import Index, RowsModel
from espalier.gui.tables.windowed import WindowedModel
from espalier.gui.typeface import font

__all__ = ["HEIGHT", "REVIEW_ROW", "ROW", "TWO_LINES", "Table"]

ROW, REVIEW_ROW = 28, 32
MOST = 10_000  # rows that are copied at once
STEPS = {Qt.Key.Key_J: 1, Qt.Key.Key_K: -1}


class Table(QTableView):
    """Rows are named by their ids, which stay what they are when the order changes.

    chosen(id)                      the person moved to another row
    activated_row(id)               Enter or a double click
    picked(count)                   so many rows are selected now
    sort_asked(order, descending)   a head was used; rows in memory have been sorted already, a query is the page's to make anew
    copied(sentence)                what lies on the clipboard now
    remedy_asked()                  the button beside the sentence of an empty table
    mark_asked(id)                  the box of a row was clicked, or Space was pressed on it
    """

    chosen = Signal(int)
    activated_row = Signal(int)
    picked = Signal(int)
    sort_asked = Signal(str, bool)
    copied = Signal(str)
    remedy_asked = Signal()
    mark_asked = Signal(int)

    def __init__(
        self,
        model: RowsModel[Any] | WindowedModel[Any],
        name: str,
        *,
        settings: Settings | None = None,
        key: str = "",
        selectable: bool = True,
        many: bool = False,
        row: int = ROW,
        parent: QWidget | None = None,
    ) -> None:
        """`name` is read aloud; with `settings`, widths are remembered under `key`. `many` lets several rows be selected."""
        super().__init__(parent)
        self._rows = model
        self._placing = self._moving = False
        self._sorted: tuple[str, bool] | None = None
        self._lost, self._empty, self._copying = "", ("", ""), (0, 0)
        self._high = 0  # of head and rows, where it is as high as they are
        self._cells = Cells(self, model, flush=not selectable)
        self._head = Head(model, self._cells, self, settings=settings, key=key)
        self._place = Place(self, model)
        self.setModel(model)
        self.setAccessibleName(name)
        self.setItemDelegate(self._cells)
        self.setProperty("own_focus", True)
        self.setHorizontalHeader(self._head)
        self._set_looks(row)
        self._set_selection(selectable, many)
        self._notice = Notice(self, INSET if selectable else 0)
        self._connect()
        self._head.fit()
        self._say()

    @property
    def notice(self) -> Notice:
        return self._notice

    @property
    def current_id(self) -> int | None:
        return self._rows.key_at(self.currentIndex().row())

    @property
    def selected_ids(self) -> "array[int]":
        """In the order of the rows; a million of them are as many bytes as their numbers take."""
        return self._place.selected_ids()

    @property
    def selected_count(self) -> int:
        return sum(1 + last - first for first, last in self._place.ranges())

    def choose(self, key: int) -> None:
        """Move to the row with this id without saying so."""
        number = self._rows.row_of(key)
        if number is not None and number != self.currentIndex().row():
            self._placing = True
            self._go(number)
            self._placing = False

    def step(self, by: int) -> bool:
        """Move so many rows down, or up; False at the end of the list."""
        return self._go(self.currentIndex().row() + by)

    def go_first(self) -> bool:
        return self._go(0)

    def show_sort(self, order: str, *, descending: bool) -> None:
        """The caret on the column that is ordered so, for a query that was made elsewhere."""
        self._sorted = (order, descending)
        columns = self._rows.columns
        place = next((number for number, one in enumerate(columns) if one.sortable and one.order == order), -1)
        self._head.show_sort(place, descending=descending)

    def be_as_high_as(self, rows: int) -> None:
        """Its head and so many rows, and what it is moved sideways with where that is needed."""
        self._high = HEIGHT + max(1, rows) * self.verticalHeader().defaultSectionSize()
        self._fit_height()

    def _fit_height(self) -> None:
        if self._high:
            bar = self.horizontalScrollBar()
            self.setFixedHeight(self._high + (bar.sizeHint().height() if bar.maximum() > bar.minimum() else 0))

    def when_empty(self, sentence: str, button: str = "") -> None:
        """What is said where there are no rows: why, and what brings some back."""
        self._empty = (sentence, button)
        self._say()

    def copy(self) -> None:
        """The selected rows as text with tabs, up to so many that a clipboard can bear."""
        ids = self.selected_ids
        if not ids:
            return
        if isinstance(self._rows, WindowedModel):
            self._copying = (min(len(ids), MOST), len(ids))
            self._rows.gather(ids[:MOST])
            return
        rows = [self._rows.row_at(self._rows.row_of(one) or 0) for one in ids[:MOST]]
        self._copying = (len(rows), len(ids))
        self._put("\n".join(line(self._rows.columns, row) for row in rows if row is not None))

    def _put(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        done, of = self._copying
        if done < of:
            words = self.tr("Copied the first {done} of {of} rows; select fewer to copy them all.")
            self.copied.emit(words.format(done=count(done), of=count(of)))
        else:
            self.copied.emit(self.tr("Copied 1 row") if of == 1 else self.tr("Copied {of} rows").format(of=count(of)))

    def _go(self, row: int) -> bool:
        if not 0 <= row < self._rows.rowCount():
            return False
        self._moving = True
        self.setCurrentIndex(self._rows.index(row, 0))
        self._moving = False
        return True

    def _choose(self, index: QModelIndex, before: QModelIndex) -> None:
        for row in (index.row(), before.row()):
            self._draw_row(row)
        key = self._rows.key_at(index.row())
        if key is not None and not self._placing:
            self.chosen.emit(key)

    def _activate(self, index: QModelIndex) -> None:
        key = self._rows.key_at(index.row())
        if key is not None:
            self.activated_row.emit(key)

    def _sort(self, number: int) -> None:
        column = self._rows.columns[number]
        before = self._sorted
        descending = not before[1] if before is not None and before[0] == column.order else column.kind == "number"
        self.show_sort(column.order, descending=descending)
        if isinstance(self._rows, RowsModel) and column.by is not None:
            self._rows.sort_by(column.order, descending=descending)
        self.sort_asked.emit(column.order, descending)

    def _restore_rows(self) -> None:
        if isinstance(self._rows, RowsModel):
            self._restore(*self._place.find(), again=True)

    def _restore_order(self, ordered: Ordered) -> None:
        if ordered.again and self._place.moved_from(ordered.current):
            self._restore(*self._place.find(), again=True)
        else:
            self._restore(ordered.current, ordered.selected, ordered.top, again=ordered.again)

    def _restore(self, current: int | None, selected: Ranges, top: int | None, *, again: bool) -> None:
        """Where the current row is gone from the same list, the one in its place is next."""
        self._placing = True
        self._place.restore(current, selected, top, again=again)
        self._placing = False
        if current is None and again and self._place.row >= 0:
            self._go(min(self._place.row, self._rows.rowCount() - 1))
        self.picked.emit(self.selected_count)

    def _say(self) -> None:
        """The line that stands for rows, where there are none."""
        if self._rows.rowCount():
            self._notice.say("")
        elif self._lost:
            self._notice.say(self._lost, bad=True)
        elif isinstance(self._rows, WindowedModel) and (self._rows.reading or self._rows.query is None):
            self._notice.say(self.tr("Reading…") if self._rows.reading else "")
        else:
            self._notice.say(*self._empty)

    def _lose(self, sentence: str, remedy: str) -> None:
        self._lost = f"{sentence} {remedy}"
        self._say()

    def _find(self) -> None:
        self._lost = ""
        self._say()

    def _set_looks(self, row: int) -> None:
        self.verticalHeader().hide()
        self.verticalHeader().setMinimumSectionSize(row)
        self.verticalHeader().setDefaultSectionSize(row)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font("body"))
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)

    def _set_selection(self, selectable: bool, many: bool) -> None:
        mode = QAbstractItemView.SelectionMode
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        chosen = mode.ExtendedSelection if many else mode.SingleSelection
        self.setSelectionMode(chosen if selectable else mode.NoSelection)
        if selectable:
            copying = QAction(self.tr("Copy"), self)
            copying.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
            copying.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
            copying.triggered.connect(self.copy)
            self.addAction(copying)
            self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        else:
            self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def _connect(self) -> None:
        model = self._rows
        self._head.sort_asked.connect(self._sort)
        self._head.sectionHandleDoubleClicked.connect(self.resizeColumnToContents)
        self._notice.pressed.connect(self.remedy_asked)
        self.horizontalScrollBar().rangeChanged.connect(self._fit_height)
        self.activated.connect(self._activate)
        self.selectionModel().currentRowChanged.connect(self._choose)
        self.selectionModel().selectionChanged.connect(self._tell_picked)
        model.modelAboutToBeReset.connect(self._place.remember)
        model.modelReset.connect(self._restore_rows)
        for changed in (model.modelReset, model.rowsInserted):
            changed.connect(self._find)
        if isinstance(model, WindowedModel):
            model.seen = self._place.seen
            model.reordered.connect(self._restore_order)
            model.reading_changed.connect(self._say)
            model.loaded.connect(self._find)
            model.lost.connect(self._lose)
            model.gathered.connect(self._put)

    def _tell_picked(self) -> None:
        if not self._placing:
            self.picked.emit(self.selected_count)

    def _hover(self, row: int) -> None:
        before, self._cells.hovered = self._cells.hovered, row
        if row != before:
            self._draw_row(before)
            self._draw_row(row)

    def _draw_row(self, row: int) -> None:
        if row >= 0:
            top = self.rowViewportPosition(row)
            self.viewport().update(0, top, self.viewport().width(), self.rowHeight(row))

    def _marks(self) -> bool:
        return any(column.marked is not None for column in self._rows.columns)

    def _boxed(self, event: QMouseEvent) -> int | None:
        """The row whose box the mouse is on."""
        at = event.position().toPoint()
        index = self.indexAt(at)
        return self._rows.key_at(index.row()) if self._cells.on_box(index, self.visualRect(index), at) else None

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click on a box marks the row and chooses none."""
        key = self._boxed(event) if event.button() == Qt.MouseButton.LeftButton else None
        if key is None:
            super().mousePressEvent(event)
        else:
            self.mark_asked.emit(key)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Two quick clicks on a box are two."""
        if self._boxed(event) is None:
            super().mouseDoubleClickEvent(event)
        else:
            self.mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        if self._marks():
            shape = Qt.CursorShape.ArrowCursor if self._boxed(event) is None else Qt.CursorShape.PointingHandCursor
            self.viewport().setCursor(shape)
        super().mouseMoveEvent(event)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._hover(-1)
        super().leaveEvent(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._head.fit()

    @override
    def moveCursor(self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier) -> QModelIndex:
        """Home and End go to the ends of the list: a row is one thing here, not a line of cells."""
        ends = {QAbstractItemView.CursorAction.MoveHome: 0, QAbstractItemView.CursorAction.MoveEnd: -1}
        if action in ends and self._rows.rowCount():
            return self._rows.index(ends[action] % self._rows.rowCount(), 0)
        return super().moveCursor(action, modifiers)

    @override
    def selectionCommand(self, index: Index, event: QEvent | None = None) -> QItemSelectionModel.SelectionFlag:
        """Of a move that no click has made: Qt asks which keys are held, whatever they are held for."""
        if self._moving:
            return QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        return super().selectionCommand(index, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Letters stay free for decisions, but J and K, which go down and up; Space marks a row where rows can be marked."""
        plain = not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier
        key = self.current_id
        if plain and event.key() in STEPS:
            self.step(STEPS[Qt.Key(event.key())])
        elif plain and event.key() == Qt.Key.Key_Space and key is not None and self._marks():
            self.mark_asked.emit(key)
        elif plain and event.text().isprintable() and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Without a row, the edge that shows the keyboard stands at the line that says why."""
        super().paintEvent(event)
        if self.hasFocus() and not self.currentIndex().isValid():
            QPainter(self.viewport()).fillRect(0, 0, EDGE, NOTICE, colours_of(self.palette()).of("accent"))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        """Qt makes the first row current where none is: by keyboard it is chosen then, while a click is about to choose another."""
        clicked = event.reason() == Qt.FocusReason.MouseFocusReason
        self._placing = clicked
        super().focusInEvent(event)
        self._placing = False
        if not clicked and self.currentIndex().isValid() and not self.selectionModel().hasSelection():
            self._go(self.currentIndex().row())
