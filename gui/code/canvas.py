"""The view that code is painted on: rows of one height however many there are, walked by keys, selected and copied as text."""

from PySide6.QtCore import QEvent, QPoint, QRect, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QMenu, QWidget
from typing_extensions import override

from espalier.gui.code.brush import Brush, Place
from espalier.gui.code.rows import Listed, Row, Rows
from espalier.gui.code.selection import At, Selection, copied, whole
from espalier.gui.code.shown import LONGEST, shown
from espalier.gui.palette import colours_of
from espalier.gui.parts.rule import Ground

PAD = 4  # above the first row and below the last
SPOKEN = 2_000  # characters that are read out
CUT_ROOM = 40  # cells for what is said of a very long line
KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
STEPS = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}


class Canvas(QAbstractScrollArea):
    """Text is drawn as it is and never as anything else, cell by cell, so that no character moves another.

    opened(row)     Enter or a click on a row that is a fold
    moved(row)      the keyboard or the mouse went to another row
    seen(first, last)   other rows have come into view
    """

    opened = Signal(int)
    moved = Signal(int)
    seen = Signal(int, int)

    def __init__(
        self, name: str, *, row: int = 20, gutters: int = 1, signs: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._brush = Brush(row, gutters, signs=signs)
        self._rows: Rows = Listed()
        self._current = self._widest = 0
        self._selection = Selection(At(0, 0), At(0, 0))
        self._last_seen = (-1, -1)
        self._walked = False
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setCornerWidget(Ground("sunken"))
        self.viewport().setCursor(Qt.CursorShape.IBeamCursor)
        self.verticalScrollBar().setSingleStep(row)

    @property
    def rows(self) -> Rows:
        return self._rows

    @property
    def row_height(self) -> int:
        return self._brush.row

    @property
    def gutter(self) -> int:
        return self._brush.gutter

    @property
    def current(self) -> int:
        """The row that the keyboard is on."""
        return self._current

    @property
    def needed_height(self) -> int:
        return len(self._rows) * self._brush.row + 2 * PAD

    @property
    def too_wide(self) -> bool:
        """Whether the longest row goes beyond the view."""
        return self._text_width() > self.width()

    def show_rows(self, rows: Rows, *, keep: bool = False) -> None:
        """From the top, or with `keep` from where the view is."""
        self._rows = rows
        self._widest = rows.widest
        self._brush.fit(rows.digits)
        if not keep:
            self._current = 0
            self._selection = Selection(At(0, 0), At(0, 0))
        self._current = min(self._current, max(0, len(rows) - 1))
        self._fit_bars()
        if not keep:
            self.verticalScrollBar().setValue(0)
            self.horizontalScrollBar().setValue(0)
        self._last_seen = (-1, -1)
        self._speak()
        self.viewport().update()

    def go_to(self, row: int, *, index: int = 0, centre: bool = True) -> None:
        """Bring a row into view and put the keyboard on it."""
        if not len(self._rows):
            return
        self._current = min(max(row, 0), len(self._rows) - 1)
        self._selection = Selection(At(self._current, index), At(self._current, index))
        self._reveal(self._current, centre=centre)
        self._reveal_column(index)
        self._speak()
        self.moved.emit(self._current)
        self.viewport().update()

    def select(self, row: int, start: int, end: int) -> None:
        """Select characters of one row and bring them into view."""
        self.go_to(row, index=end)
        self._reveal_column(start)
        self._selection = Selection(At(row, start), At(row, end))
        self.viewport().update()

    def visible_rows(self) -> tuple[int, int]:
        """The first row in view and the one after the last."""
        top = self.verticalScrollBar().value() - PAD
        first = max(0, top // self._brush.row)
        return first, min(len(self._rows), (top + self.viewport().height()) // self._brush.row + 1)

    def selected_text(self) -> str:
        return "" if self._selection.empty else copied(self._rows, self._selection)

    def all_text(self) -> str:
        """Every row as it is shown."""
        return copied(self._rows, whole(self._rows)) if len(self._rows) else ""

    def copy(self) -> None:
        """What is selected, or else everything, to the clipboard, as it is shown."""
        QGuiApplication.clipboard().setText(self.selected_text() or self.all_text())

    def select_all(self) -> None:
        self._selection = whole(self._rows)
        self.viewport().update()

    def place_of(self, row: int, index: int) -> QRect:
        """The cell of a character in the viewport."""
        line = self._brush.line(self._rows.row(row))
        left = self._brush.gutter + line.column(index) * self._brush.cell - self.horizontalScrollBar().value()
        return QRect(round(left), self._top(row), max(1, round(self._brush.cell)), self._brush.row)

    def at(self, point: QPoint) -> At:
        """The row and character under a point of the viewport; the nearest where there is none."""
        row = (point.y() + self.verticalScrollBar().value() - PAD) // self._brush.row
        row = min(max(row, 0), max(0, len(self._rows) - 1))
        if not len(self._rows):
            return At(0, 0)
        cells = (point.x() - self._brush.gutter + self.horizontalScrollBar().value()) / self._brush.cell
        return At(row, self._brush.line(self._rows.row(row)).index(int(cells + 0.5)))

    def _top(self, row: int) -> int:
        return PAD + row * self._brush.row - self.verticalScrollBar().value()

    def _text_width(self) -> int:
        cells = self._widest if self._widest <= LONGEST else LONGEST + CUT_ROOM
        return self._brush.gutter + round(cells * self._brush.cell) + PAD

    def _fit_bars(self) -> None:
        down, aside, view = self.verticalScrollBar(), self.horizontalScrollBar(), self.viewport().size()
        whole_view = self.maximumViewportSize()
        if self.needed_height <= whole_view.height() and self._text_width() <= whole_view.width():
            view = whole_view  # else each bar would stay because the other takes room
        down.setRange(0, max(0, self.needed_height - view.height()))
        down.setPageStep(max(self._brush.row, view.height() - self._brush.row))
        aside.setRange(0, max(0, self._text_width() - view.width()))
        aside.setPageStep(view.width())
        aside.setSingleStep(max(1, round(4 * self._brush.cell)))

    def _reveal(self, row: int, *, centre: bool) -> None:
        bar, view = self.verticalScrollBar(), self.viewport().height()
        top = row * self._brush.row + PAD
        if bar.value() + PAD <= top and top + self._brush.row <= bar.value() + view:
            return
        if centre:
            bar.setValue(top - (view - self._brush.row) // 2)
        else:
            bar.setValue(top - PAD if top < bar.value() + PAD else top + self._brush.row + PAD - view)

    def _reveal_column(self, index: int) -> None:
        bar = self.horizontalScrollBar()
        left = self._brush.line(self._rows.row(self._current)).column(index) * self._brush.cell
        room = self.viewport().width() - self._brush.gutter
        if not bar.value() <= left <= bar.value() + room - 2 * self._brush.cell:
            bar.setValue(max(0, round(left - room / 2)))

    def _speak(self) -> None:
        """What a screen reader says: the row the keyboard is on once it walks, else the text."""
        if self._walked and len(self._rows):
            row = self._rows.row(self._current)
            number = next((one for one in reversed(row.numbers) if one is not None), None)
            text = row.text if number is None else self.tr("Line {number}: {text}").format(number=number, text=row.text)
        else:
            rows = (self._rows.row(number) for number in range(min(len(self._rows), 60)))
            text = "\n".join(shown(row.text).copied(0, len(row.text)) for row in rows)
        self.setAccessibleDescription(text[:SPOKEN])

    def _walk(self, to: int, *, select: bool) -> None:
        if not len(self._rows):
            return
        to = min(max(to, 0), len(self._rows) - 1)
        self._walked = True
        begun = self._selection.begun if select and not self._selection.empty else At(self._current, 0)
        end = At(to, len(self._rows.row(to).text)) if to >= begun.row else At(to, 0)
        self._selection = Selection(begun, end) if select else Selection(At(to, 0), At(to, 0))
        self._current = to
        self._reveal(to, centre=False)
        self._speak()
        self.moved.emit(to)
        self.viewport().update()

    def _wanted(self, event: QKeyEvent) -> int | None:
        """The row that a key leads to."""
        page = max(1, self.viewport().height() // self._brush.row - 1)
        steps = STEPS | {Qt.Key.Key_PageUp: -page, Qt.Key.Key_PageDown: page}
        key = Qt.Key(event.key())
        if key in steps:
            return self._current + steps[key]
        return {Qt.Key.Key_Home: 0, Qt.Key.Key_End: len(self._rows) - 1}.get(key)

    def _paint_rows(self, painter: QPainter) -> None:
        colours, aside = colours_of(self.palette()), self.horizontalScrollBar().value()
        first, end = self.visible_rows()
        walking = self.hasFocus() and self._walked
        for number in range(first, end):
            row = self._rows.row(number)
            place = Place(
                top=self._top(number),
                width=self.viewport().width(),
                aside=aside,
                selected=self._selection.of(number, len(row.text)),
                current=walking and number == self._current,
            )
            self._brush.paint(painter, row, place, colours)
        if (first, end) != self._last_seen:
            self._last_seen = (first, end)
            self.seen.emit(first, end)

    def _row_under(self, point: QPoint) -> Row | None:
        row = (point.y() + self.verticalScrollBar().value() - PAD) // self._brush.row
        return self._rows.row(row) if 0 <= row < len(self._rows) else None

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colours = colours_of(self.palette())
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colours.of("sunken"))
        self._paint_rows(painter)
        if self.hasFocus() and self._walked:
            painter.setPen(QPen(colours.of("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(1, 1, -1, -1))

    @override
    def event(self, event: QEvent) -> bool:
        """The ground under the scroll bars is that of code too; a scroll area paints only its viewport."""
        if event.type() == QEvent.Type.Paint:
            QPainter(self).fillRect(self.rect(), colours_of(self.palette()).of("sunken"))
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_bars()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        aside = self.horizontalScrollBar()
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.select_all()
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier:
            event.ignore()
        elif (wanted := self._wanted(event)) is not None:
            self._walk(wanted, select=shift)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right) and aside.maximum():
            step = aside.singleStep() if event.key() == Qt.Key.Key_Right else -aside.singleStep()
            aside.setValue(aside.value() + step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self._on_fold():
            self.opened.emit(self._current)
        else:
            event.ignore()

    def _on_fold(self) -> bool:
        return bool(len(self._rows)) and self._rows.row(self._current).kind == "fold"

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not len(self._rows):
            return
        at = self.at(event.position().toPoint())
        under = self._row_under(event.position().toPoint())
        if under is not None and under.kind == "fold":
            self.opened.emit(at.row)
            return
        extend = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self._walked = False
        self._selection = Selection(self._selection.begun if extend else at, at)
        if event.position().x() < self._brush.gutter:
            self._selection = Selection(At(at.row, 0), At(at.row, len(self._rows.row(at.row).text)))
        self._current = at.row
        self.moved.emit(at.row)
        self.viewport().update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton and len(self._rows):
            at = self.at(event.position().toPoint())
            self._selection = Selection(self._selection.begun, at)
            self._reveal(at.row, centre=False)
            self.viewport().update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """The word under the pointer."""
        if not len(self._rows):
            return
        at = self.at(event.position().toPoint())
        text = self._rows.row(at.row).text
        start = end = min(at.index, len(text))
        while start > 0 and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        self._selection = Selection(At(at.row, start), At(at.row, end))
        self.viewport().update()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Copy"), self.copy)
        menu.addAction(self.tr("Select all"), self.select_all)
        menu.popup(event.globalPos())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        if event.reason() in KEYBOARD:
            self._walked = True
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.viewport().update()


def _in_word(character: str) -> bool:
    return character.isalnum() or character == "_"
