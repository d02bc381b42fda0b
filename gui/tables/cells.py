"""How cells are drawn: one delegate, which draws by the kind of the column."""

from collections.abc import Callable
from html import escape
from typing import Any, Protocol

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPen, QPixmap, QPolygonF
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import Colours, colours_of
from espalier.gui.parts.swatch import paint_swatch
from espalier.gui.tables.column import ABSENT, BETWEEN_TAGS, Column, Kind
from espalier.gui.tables.paths import fitted_path
from espalier.gui.typeface import Size, font

INSET, EDGE, ICON, GAP = 8, 2, 14, 6
SWATCH, BOX, TAG, TAG_INSET = 10, 14, 18, 6
TICK = ((0.24, 0.52), (0.43, 0.71), (0.77, 0.31))  # shares of a box
TWO_LINES = 44
SEMIBOLD = 600
FACES: dict[Kind, tuple[Size, int]] = {
    "text": ("body", 400),
    "strong": ("body", SEMIBOLD),
    "muted": ("second", 400),
    "number": ("body", 400),
    "state": ("second", 500),
    "path": ("code", 400),
    "code": ("code", 400),
    "swatch": ("body", SEMIBOLD),
    "delta": ("body", 400),
    "date": ("second", 400),
    "tags": ("caption", 400),
}
QUIET: tuple[Kind, ...] = ("muted", "date")
Index = QModelIndex | QPersistentModelIndex


class Rows(Protocol):
    """What a model of rows offers to those who draw it."""

    @property
    def columns(self) -> tuple[Column[Any], ...]: ...

    def row_at(self, number: int) -> Any: ...


class Cells(QStyledItemDelegate):
    """Draws the row's fill and edge, then the cell. `hovered` is the row under the pointer; `flush` leaves the outer edges without inset."""

    def __init__(self, table: QAbstractItemView, rows: Rows, *, flush: bool) -> None:
        super().__init__(table)
        self._table, self._rows, self._flush = table, rows, flush
        self.hovered = -1
        self._fonts: dict[tuple[Size, int], tuple[QFont, QFontMetrics]] = {}
        self._icons: dict[tuple[str, str, float], QPixmap] = {}
        self._draw: dict[Kind, Callable[[QPainter, QRect, Column[Any], Any, Colours], None]] = {
            "state": self._draw_state,
            "path": self._draw_path,
            "swatch": self._draw_swatch,
            "tags": self._draw_tags,
        }

    def inner(self, box: QRect, column: int) -> QRect:
        """Where the cell's words go."""
        last = len(self._rows.columns) - 1
        left = 0 if self._flush and column == 0 else INSET
        right = 0 if self._flush and column == last else INSET
        return box.adjusted(left, 0, -right, 0)

    def on_box(self, index: QModelIndex, cell: QRect, at: QPoint) -> bool:
        """Whether a point of the table lies on what marks a row, or close enough to it."""
        if not index.isValid() or self._rows.columns[index.column()].marked is None:
            return False
        return at.x() < self.inner(cell, index.column()).left() + BOX + GAP

    def needed(self, column: Column[Any], row: Any) -> int:
        """Pixels that the cell's words take when nothing is cut."""
        text = column.says(row)
        _, metrics = self._face(column.kind, 0)
        wide = metrics.horizontalAdvance(text)
        if column.kind == "tags":
            tags = text.split(BETWEEN_TAGS)
            return sum(metrics.horizontalAdvance(tag) + 2 * TAG_INSET for tag in tags) + 4 * (len(tags) - 1)
        if column.kind in ("state", "swatch"):
            swatch = SWATCH if column.marked is None else BOX
            wide += (ICON if column.kind == "state" else swatch) + GAP
        if column.second is not None:
            _, below = self._metrics("second", 400)
            wide = max(wide, below.horizontalAdvance(column.second(row)))
        return wide + 1

    def _face(self, kind: Kind, medium: int) -> tuple[QFont, QFontMetrics]:
        size, weight = FACES[kind]
        return self._metrics(size, medium if weight == 500 and medium else weight)

    def _metrics(self, size: Size, weight: int) -> tuple[QFont, QFontMetrics]:
        """Fonts are made once: asking the system for families takes longer than drawing the row."""
        if (size, weight) not in self._fonts:
            face = font(size, weight)
            self._fonts[size, weight] = (face, QFontMetrics(face))
        return self._fonts[size, weight]

    def _fill(self, painter: QPainter, option: QStyleOptionViewItem, row: int, column: int, colours: Colours) -> None:
        box, chosen = option.rect, bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen or self.hovered == row:
            painter.fillRect(box, colours.of("selection" if chosen else "hover"))
        if column == 0 and row == self._table.currentIndex().row():
            edge = "accent" if self._table.hasFocus() else "line_strong"
            painter.fillRect(QRect(box.left(), box.top(), EDGE, box.height()), colours.of(edge))

    def _draw_words(self, painter: QPainter, box: QRect, column: Column[Any], row: Any, colours: Colours) -> None:
        role = (column.role(row) if column.role is not None else "") or ("muted" if column.kind in QUIET else "text")
        face, metrics = self._face(column.kind, colours.medium_weight)
        text = metrics.elidedText(_one_line(column.says(row)), Qt.TextElideMode.ElideRight, box.width())
        _write(painter, box, text, face, colours.of(role), column.alignment)

    def _draw_state(self, painter: QPainter, box: QRect, column: Column[Any], row: Any, colours: Colours) -> None:
        shown = column.state(row) if column.state is not None else None
        if shown is None:
            self._draw_words(painter, box, column, row, colours)
            return
        ink = colours.of(shown.role)
        ratio = painter.device().devicePixelRatioF()
        top = box.top() + (box.height() - ICON) / 2
        painter.drawPixmap(QPointF(box.left(), top), self._icon(shown.icon, ink, ratio))
        face, metrics = self._face("state", colours.medium_weight)
        box = box.adjusted(ICON + GAP, 0, 0, 0)
        text = metrics.elidedText(column.says(row), Qt.TextElideMode.ElideRight, box.width())
        _write(painter, box, text, face, ink, column.alignment)

    def _draw_path(self, painter: QPainter, box: QRect, column: Column[Any], row: Any, colours: Colours) -> None:
        face, metrics = self._face("path", 0)
        folder, name = fitted_path(_one_line(column.says(row)), box.width(), metrics.horizontalAdvance)
        name = metrics.elidedText(name, Qt.TextElideMode.ElideMiddle, box.width())
        _write(painter, box, folder, face, colours.of("muted"), column.alignment)
        _write(
            painter,
            box.adjusted(metrics.horizontalAdvance(folder), 0, 0, 0),
            name,
            face,
            colours.of("text"),
            column.alignment,
        )

    def _draw_swatch(self, painter: QPainter, box: QRect, column: Column[Any], row: Any, colours: Colours) -> None:
        series = column.series(row) if column.series is not None else None
        wide = SWATCH if column.marked is None else BOX
        square = QRectF(box.left(), box.top() + (box.height() - wide) / 2, wide, wide)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if series is None:
            painter.setPen(QPen(colours.of("line_strong"), 1))
            painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        else:
            paint_swatch(painter, square, series, colours)
        if column.marked is not None and column.marked(row):
            painter.setPen(QPen(colours.of("surface"), 1.6, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin))
            painter.drawPolyline(
                QPolygonF([QPointF(square.left() + x * wide, square.top() + y * wide) for x, y in TICK])
            )
        painter.restore()
        self._draw_words(painter, box.adjusted(wide + GAP + 2, 0, 0, 0), column, row, colours)

    def _draw_tags(self, painter: QPainter, box: QRect, column: Column[Any], row: Any, colours: Colours) -> None:
        face, metrics = self._face("tags", 0)
        left = box.left()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for tag in filter(None, column.says(row).split(BETWEEN_TAGS)):
            wide = metrics.horizontalAdvance(tag) + 2 * TAG_INSET
            pill = QRect(left, box.top() + (box.height() - TAG) // 2, wide, TAG)
            if pill.right() > box.right():
                _write(painter, box.adjusted(left - box.left(), 0, 0, 0), ABSENT, face, colours.of("muted"), LEFT)
                break
            painter.setPen(QPen(colours.of("line_strong"), 1))
            painter.drawRoundedRect(QRectF(pill).adjusted(0.5, 0.5, -0.5, -0.5), TAG / 2, TAG / 2)
            _write(painter, pill.adjusted(TAG_INSET, 0, 0, 0), tag, face, colours.of("second"), LEFT)
            left = pill.right() + 5
        painter.restore()

    def _draw_second(self, painter: QPainter, box: QRect, column: Column[Any], row: Any, colours: Colours) -> None:
        if column.second is None:
            return
        face, metrics = self._metrics("second", 400)
        text = metrics.elidedText(_one_line(column.second(row)), Qt.TextElideMode.ElideRight, box.width())
        _write(painter, box, text, face, colours.of("muted"), column.alignment)

    def _icon(self, name: str, ink: QColor, ratio: float) -> QPixmap:
        """Drawn once at the device's own size."""
        key = (name, ink.name(), ratio)
        if key not in self._icons:
            pixmap = QPixmap(QSize(round(ICON * ratio), round(ICON * ratio)))
            pixmap.setDevicePixelRatio(ratio)
            pixmap.fill(Qt.GlobalColor.transparent)
            painter = QPainter(pixmap)
            paint_icon(painter, name, QRectF(0, 0, ICON, ICON), ink)
            painter.end()
            self._icons[key] = pixmap
        return self._icons[key]

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = colours_of(self._table.palette())
        self._fill(painter, option, index.row(), index.column(), colours)
        column, row = self._rows.columns[index.column()], self._rows.row_at(index.row())
        box = self.inner(option.rect, index.column())
        if row is None:
            _write(painter, box, ABSENT, self._face("text", 0)[0], colours.of("muted"), column.alignment)
            return
        upper = box
        if column.second is not None and box.height() >= TWO_LINES:
            upper = QRect(box.left(), box.top() + 3, box.width(), 20)
            self._draw_second(painter, QRect(box.left(), box.top() + 23, box.width(), 16), column, row, colours)
        self._draw.get(column.kind, self._draw_words)(painter, upper, column, row, colours)

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        """For a column that is to be as wide as what it shows."""
        column, row = self._rows.columns[index.column()], self._rows.row_at(index.row())
        return QSize(2 * INSET + (0 if row is None else self.needed(column, row)), 0)

    @override
    def helpEvent(self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: Index) -> bool:
        """What is cut is shown whole; escaped, for a tip that looks like markup would be drawn as such."""
        row = self._rows.row_at(index.row()) if event.type() == QEvent.Type.ToolTip and index.isValid() else None
        if row is None:
            return False
        column = self._rows.columns[index.column()]
        cut = self.needed(column, row) > self.inner(option.rect, index.column()).width() + 1
        tip = f"<p style='white-space: pre-wrap'>{escape(column.says(row))}</p>" if cut else ""
        QToolTip.showText(QPoint(event.globalPos()), tip, view)
        return True


LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


def _write(painter: QPainter, box: QRect, text: str, face: QFont, ink: QColor, alignment: Qt.AlignmentFlag) -> None:
    painter.setFont(face)
    painter.setPen(ink)
    painter.drawText(box, int(alignment) | int(Qt.TextFlag.TextSingleLine), text)


def _one_line(text: str) -> str:
    return " ".join(text.split()) if "\n" in text or "\t" in text else text
