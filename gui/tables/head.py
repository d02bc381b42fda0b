"""The heads of columns: small and muted over a hairline; the column that orders the rows is semibold with a caret."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.tables.cells import Cells, Rows
from espalier.gui.typeface import font

HEIGHT, CARET, GAP, NARROWEST = 28, 10, 4, 32
SORTS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Head(QHeaderView):
    """sort_asked(column): the person wants this order, or the same turned round. By key: Tab, Left and Right, Space."""

    sort_asked = Signal(int)

    def __init__(self, rows: Rows, cells: Cells, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self._rows, self._cells = rows, cells
        self._sorted, self._descending = -1, False
        self._at = 0  # the column that the keyboard is on
        sortable = any(column.sortable for column in rows.columns)
        self.setFixedHeight(HEIGHT)
        self.setHighlightSections(False)
        self.setSectionsClickable(sortable)
        self.setMinimumSectionSize(NARROWEST)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if sortable else Qt.FocusPolicy.NoFocus)
        self.setAccessibleName(self.tr("Columns"))
        self.sectionClicked.connect(self._ask)

    def show_sort(self, column: int, *, descending: bool) -> None:
        """The caret on this column; -1 takes it away."""
        self._sorted, self._descending = column, descending
        self.viewport().update()

    def least(self, column: int) -> int:
        """The width at which its title is whole, caret included."""
        metrics = QFontMetrics(font("caption", 600))
        caret = CARET + GAP if self._rows.columns[column].sortable else 0
        return metrics.horizontalAdvance(self._rows.columns[column].title) + caret + 2 * 8 + 2

    def _ask(self, column: int) -> None:
        if self._rows.columns[column].sortable:
            self._at = column
            self.sort_asked.emit(column)

    def _paint_title(self, painter: QPainter, box: QRect, section: int) -> None:
        colours, column = colours_of(self.palette()), self._rows.columns[section]
        at_work = section == self._sorted
        painter.setFont(font("caption", 600 if at_work else None))
        ink = colours.of("text" if at_work else "muted")
        painter.setPen(ink)
        metrics = painter.fontMetrics()
        wide = min(metrics.horizontalAdvance(column.title), box.width())
        right = bool(column.alignment & Qt.AlignmentFlag.AlignRight)
        text = metrics.elidedText(column.title, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, int(column.alignment), text)
        if at_work:
            left = box.right() + 1 - wide - GAP - CARET if right else box.left() + wide + GAP
            caret = QRectF(left, box.center().y() - CARET / 2 + 1, CARET, CARET)
            self._paint_caret(painter, caret)

    def _paint_caret(self, painter: QPainter, box: QRectF) -> None:
        ink = colours_of(self.palette()).of("text")
        painter.save()
        if not self._descending:  # the icon points down
            painter.translate(box.center())
            painter.rotate(180)
            painter.translate(-box.center())
        paint_icon(painter, "caret-down", box, ink)
        painter.restore()

    @override
    def paintSection(self, painter: QPainter, box: QRect, section: int) -> None:
        colours = colours_of(self.palette())
        painter.fillRect(box, colours.of("surface"))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), colours.of("line"))
        inner = self._cells.inner(box, section)
        self._paint_title(painter, inner, section)
        if self.hasFocus() and section == self._at:
            painter.fillRect(QRect(inner.left(), box.bottom() - 1, inner.width(), 2), colours.of("accent"))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        colours, all_of_it = colours_of(self.palette()), self.viewport().rect()
        painter = QPainter(self.viewport())
        painter.fillRect(all_of_it, colours.of("surface"))
        painter.fillRect(QRect(0, all_of_it.bottom(), all_of_it.width(), 1), colours.of("line"))
        painter.end()
        super().paintEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        sortable = [number for number, column in enumerate(self._rows.columns) if column.sortable]
        if event.key() in SORTS:
            self._ask(self._at)
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            place = sortable.index(self._at) if self._at in sortable else 0
            by = 1 if event.key() == Qt.Key.Key_Right else -1
            self._at = sortable[(place + by) % len(sortable)]
            self.viewport().update()
        else:
            event.ignore()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        if not self._rows.columns[self._at].sortable:
            self._at = next(number for number, column in enumerate(self._rows.columns) if column.sortable)
        self.viewport().update()
        super().focusInEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()
        super().focusOutEvent(event)
