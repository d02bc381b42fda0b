"""The table: rows of 28 without grid or zebra, heads in muted, the selected row with an accent edge."""

from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.states import SHOWN
from espalier.gui.tables.rows import MUTED, STANDING, RowsModel
from espalier.gui.typeface import font

ROW, INSET, EDGE, ICON, GAP = 28, 8, 2, 14, 6


class Table(QTableView):
    """chosen(key): the person moved to another row."""

    chosen = Signal(int)

    def __init__(
        self, model: RowsModel[Any], name: str, *, selectable: bool = True, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._rows, self.hovered, self._placing = model, -1, False
        self.setModel(model)
        self.setAccessibleName(name)
        self.setItemDelegate(Cells(self))
        self.setHorizontalHeader(Head(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(ROW)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFont(font("body"))
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.setCornerButtonEnabled(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        mode = QAbstractItemView.SelectionMode
        self.setSelectionMode(mode.SingleSelection if selectable else mode.NoSelection)
        self.selectionModel().currentRowChanged.connect(self._choose)
        self._set_widths()

    def choose(self, key: int) -> None:
        """Move to the row with this key without saying so."""
        number = self._rows.row_of(key)
        if number is not None and number != self.currentIndex().row():
            self._placing = True
            self.selectRow(number)
            self._placing = False

    def _choose(self, index: QModelIndex) -> None:
        key = self._rows.key_at(index.row())
        if key is not None and not self._placing:
            self.chosen.emit(key)

    def _set_widths(self) -> None:
        head = self.horizontalHeader()
        for number, column in enumerate(self._rows.columns):
            stretch = QHeaderView.ResizeMode.Stretch if not column.width else QHeaderView.ResizeMode.Fixed
            head.setSectionResizeMode(number, stretch)
            if column.width:
                head.resizeSection(number, column.width)

    def _hover(self, row: int) -> None:
        if row != self.hovered:
            self.hovered = row
            self.viewport().update()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._hover(self.indexAt(event.position().toPoint()).row())
        super().mouseMoveEvent(event)

    @override
    def leaveEvent(self, event: Any) -> None:
        self._hover(-1)
        super().leaveEvent(event)


class Cells(QStyledItemDelegate):
    """Draws a cell: the row's fill, a state's icon, the text."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._table = table

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        colours = colours_of(self._table.palette())
        box = QRect(option.rect)
        chosen = self._table.selectionModel().isRowSelected(index.row())
        if chosen or self._table.hovered == index.row():
            painter.fillRect(box, colours.of("selection" if chosen else "hover"))
        if chosen and index.column() == 0:
            painter.fillRect(QRect(box.left(), box.top(), EDGE, box.height()), colours.of("accent"))
        box = box.adjusted(INSET, 0, -INSET, 0)
        ink = colours.of("muted" if index.data(MUTED) else "text")
        standing = index.data(STANDING)
        if standing is not None:
            ink = colours.of(SHOWN[standing].role)
            paint_icon(painter, SHOWN[standing].icon, QRectF(box.left(), box.center().y() - 6.5, ICON, ICON), ink)
            box.setLeft(box.left() + ICON + GAP)
        painter.setFont(font("second") if standing is not None else font("body"))
        painter.setPen(ink)
        text = painter.fontMetrics().elidedText(str(index.data()), Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, index.data(Qt.ItemDataRole.TextAlignmentRole), text)


class Head(QHeaderView):
    """Column heads: 11 pixels, muted, a hairline below."""

    def __init__(self, table: QTableView) -> None:
        super().__init__(Qt.Orientation.Horizontal, table)
        self.setFixedHeight(ROW)
        self.setHighlightSections(False)
        self.setSectionsClickable(False)
        self.setAccessibleName(self.tr("Columns"))

    @override
    def paintSection(self, painter: QPainter, box: QRect, section: int) -> None:
        colours = colours_of(self.palette())
        painter.fillRect(box, colours.of("surface"))
        painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), colours.of("line"))
        painter.setFont(font("caption"))
        painter.setPen(colours.of("muted"))
        read = self.model().headerData
        alignment = read(section, Qt.Orientation.Horizontal, Qt.ItemDataRole.TextAlignmentRole)
        title = str(read(section, Qt.Orientation.Horizontal))
        painter.drawText(box.adjusted(INSET, 0, -INSET, 0), alignment, title)

    @override
    def paintEvent(self, event: Any) -> None:
        painter = QPainter(self.viewport())
        painter.fillRect(self.viewport().rect(), colours_of(self.palette()).of("surface"))
        painter.end()
        super().paintEvent(event)
