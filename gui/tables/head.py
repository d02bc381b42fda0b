"""The heads of columns: small and muted over a hairline; the column that orders the rows is semibold with a caret."""

from PySide6.QtCore import QRect, QRectF, Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHeaderView, QTableView
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.settings import Settings
from espalier.gui.tables.cells import INSET, Cells, Rows
from espalier.gui.tables.column import Kind
from espalier.gui.tables.widths import fitted
from espalier.gui.typeface import font

HEIGHT, CARET, GAP, NARROWEST = 28, 12, 4, 32
LEAST, STRETCH_LEAST = 88, 152
SHRINKING: tuple[Kind, ...] = ("text", "strong", "muted", "path", "tags")
SORTS = (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter)


class Head(QHeaderView):
    """sort_asked(column): the person wants this order, or the same turned round. By key: Tab, Left and Right, Space."""

    sort_asked = Signal(int)

    def __init__(
        self, rows: Rows, cells: Cells, table: QTableView, *, settings: Settings | None = None, key: str = ""
    ) -> None:
        """With settings, the widths to which columns are dragged are remembered under the key."""
        super().__init__(Qt.Orientation.Horizontal, table)
        self._table, self._rows, self._cells = table, rows, cells
        self._settings, self._key = settings, key
        self._wanted = self._remembered()
        self._fitting = False
        self._sorted, self._descending = -1, False
        self._at = 0  # the column that the keyboard is on
        sortable = any(column.sortable for column in rows.columns)
        self.setFixedHeight(HEIGHT)
        self.setHighlightSections(False)
        self.setSectionsClickable(sortable)
        self.setMinimumSectionSize(NARROWEST)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if sortable else Qt.FocusPolicy.NoFocus)
        self.setProperty("own_focus", True)
        self.setAccessibleName(self.tr("Columns"))
        self.sectionClicked.connect(self._ask)
        self.sectionResized.connect(self._drag)

    def show_sort(self, column: int, *, descending: bool) -> None:
        """The caret on this column; -1 takes it away."""
        self._sorted, self._descending = column, descending
        self.viewport().update()

    def fit(self) -> None:
        """Give the columns their widths in the room that the table has."""
        columns = self._rows.columns
        stretch = next((number for number, column in enumerate(columns) if not column.width), None)
        least = [self._least(number, stretches=number == stretch) for number in range(len(columns))]
        self._fitting = True
        for number, width in enumerate(fitted(self._wanted, least, stretch, self._table.viewport().width())):
            still = QHeaderView.ResizeMode.Fixed if number == stretch else QHeaderView.ResizeMode.Interactive
            self.setSectionResizeMode(number, still)
            self.resizeSection(number, width)
        self._fitting = False

    def _least(self, number: int, *, stretches: bool) -> int:
        """The title is whole, caret included; figures and states are not cut, words and paths may be."""
        column = self._rows.columns[number]
        if column.least:
            return column.least
        metrics = QFontMetrics(font("caption", 600))
        title = metrics.horizontalAdvance(column.title) + 2 * INSET + 2
        title += CARET + GAP if column.sortable else 0
        if stretches:
            return max(title, STRETCH_LEAST)
        return max(title, min(column.width, LEAST) if column.kind in SHRINKING else column.width)

    def _drag(self, number: int, _before: int, width: int) -> None:
        if self._fitting:
            return
        self._wanted[number] = width
        self.fit()
        if self._settings is not None and self._key:
            self._settings.keep_widths(self._key, self._wanted)

    def _remembered(self) -> list[int]:
        columns = self._rows.columns
        kept = () if self._settings is None else self._settings.widths(self._key)
        return list(kept) if len(kept) == len(columns) else [column.width for column in columns]

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
