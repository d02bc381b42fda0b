"""A heat map: a row a name, a column a stretch of steps, and how much by how strong the colour is."""

import math
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.charts.read_out import Reading, ReadOut
from espalier.gui.charts.ticks import whole_ticks
from espalier.gui.figures import share
from espalier.gui.literal import one_line
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

GUTTER, WIDEST, AXIS, APART, LINE, PITCH, SIDE = 44, 128, 24, 2, 16, 14, 8
SERIES, FOCUSED = 1, 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """Shares of one: a row of `values` for each name, all equally long, from step 0 to `steps`. What isn't finite wasn't measured.

    `top` has the full colour, and so has what is more.
    """

    names: tuple[str, ...] = ()
    values: tuple[tuple[float, ...], ...] = ()
    steps: int = 0
    top: float = 0.01

    @property
    def columns(self) -> int:
        return len(self.values[0]) if self.values else 0

    def ends(self, column: int) -> tuple[int, int]:
        """The steps between which a column lies."""
        return column * self.steps // self.columns, (column + 1) * self.steps // self.columns


class HeatMap(QWidget):
    """The pointer reads a cell out, and so do the arrow keys where it has the focus."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heat, self._gutter = Heat(), GUTTER
        self._cell: tuple[int, int] | None = None  # row and column that are read out
        self.read_out = ReadOut(self)
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(name)

    def show_heat(self, heat: Heat) -> None:
        heat = replace(heat, names=tuple(map(one_line, heat.names)))
        if heat == self._heat:
            return
        self._heat = heat
        longest = max(map(QFontMetrics(font("caption")).horizontalAdvance, heat.names), default=0) + 1 + SIDE
        self._gutter = min(max(longest, GUTTER), WIDEST)
        said = self.tr("{name}: {last} last, {most} at most.")
        measured = ((name, [one for one in row if math.isfinite(one)]) for name, row in self._rows())
        words = [said.format(name=name, last=share(row[-1]), most=share(max(row))) for name, row in measured if row]
        self.setAccessibleDescription(" ".join([*words, self.tr("The arrow keys read it out.")]))
        self._read(None)
        self.update()

    def figures(self) -> list[tuple[object, ...]]:
        """Every cell that was measured with its steps, heads first."""
        cells = [
            (name, *self._heat.ends(column), value)
            for name, row in self._rows()
            for column, value in enumerate(row)
            if math.isfinite(value)
        ]
        return [("name", "from step", "to step", "share"), *cells]

    def _rows(self) -> list[tuple[str, tuple[float, ...]]]:
        return list(zip(self._heat.names, self._heat.values, strict=True))

    def _area(self) -> QRectF:
        return QRectF(self._gutter, 0, max(1, self.width() - self._gutter - SIDE), max(1, self.height() - AXIS))

    def _band(self, row: int) -> QRectF:
        """Where a row is, its distance to the next left out where there is room for one."""
        area, pitch = self._area(), self._area().height() / max(1, len(self._heat.names))
        apart = APART if pitch > 2 * APART else 0
        top, bottom = round(row * pitch), round((row + 1) * pitch)
        return QRectF(area.left(), top, area.width(), max(1, bottom - top - apart))

    def _x(self, column: float) -> float:
        return self._area().left() + column * self._area().width() / max(1, self._heat.columns)

    def _read(self, cell: tuple[int, int] | None) -> None:
        self._cell = cell
        if cell is None:
            self.read_out.hide()
            return
        row, column = cell
        value = self._heat.values[row][column]
        first, behind = self._heat.ends(column)
        said = share(value if math.isfinite(value) else None)
        at = QPointF(self._x(column + 0.5), self._band(row).center().y())
        lines = [Reading(self._heat.names[row], said, SERIES)]
        self.read_out.show_at(at.x(), at.y(), self._area(), self.tr("step"), f"{first:,} – {behind:,}", lines)

    def _move(self, down: int, right: int) -> None:
        """One cell on; the first time, to the newest column."""
        if not self._heat.columns:
            return
        row, column = self._cell or (0, self._heat.columns - 1)
        if self._cell is not None:
            row = min(max(row + down, 0), len(self._heat.names) - 1)
            column = min(max(column + right, 0), self._heat.columns - 1)
        self._read((row, column))

    def _paint_row(self, painter: QPainter, row: int, colours: Colours) -> None:
        """Of columns that share a pixel, the strongest is seen."""
        band = self._band(row)
        painter.fillRect(band, colours.of("sunken"))
        strongest: dict[tuple[int, int], float] = {}
        for column, value in enumerate(self._heat.values[row]):
            if math.isfinite(value):
                left = int(self._x(column))
                place = left, max(int(self._x(column + 1)), left + 1)
                strongest[place] = max(value, strongest.get(place, 0.0))
        for (left, right), value in strongest.items():
            painter.fillRect(QRectF(left, band.top(), right - left, band.height()), self._ink(value, colours))

    def _ink(self, value: float, colours: Colours) -> QColor:
        ink = QColor(colours.series[SERIES])
        ink.setAlphaF(min(max(value / self._heat.top, 0.0), 1.0) if self._heat.top > 0 else 1.0)
        return ink

    def _paint_names(self, painter: QPainter, colours: Colours) -> None:
        """As many as have room, evenly."""
        rows = len(self._heat.names)
        every = max(1, math.ceil(PITCH * rows / self._area().height()))
        painter.setPen(colours.of("muted"))
        measure = QFontMetrics(painter.font())
        for row in range(0, rows, every):
            box = QRectF(0, self._band(row).center().y() - LINE / 2, self._gutter - SIDE, LINE)
            box.moveTop(min(max(box.top(), 0.0), self._area().bottom() - LINE))
            name = measure.elidedText(self._heat.names[row], Qt.TextElideMode.ElideLeft, int(box.width()))
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _paint_steps(self, painter: QPainter, colours: Colours) -> None:
        area = self._area()
        measure = QFontMetrics(painter.font())
        painter.setPen(colours.of("muted"))
        for step in whole_ticks(self._heat.steps, 3):
            words = f"{step:,}" if step else self.tr("step 0")
            width = measure.horizontalAdvance(words) + 1
            x = area.left() + area.width() * step / max(1, self._heat.steps)
            left = min(max(x - width / 2, area.left()), self.width() - width)
            painter.drawText(QRectF(left, area.bottom() + 6, width, LINE), Qt.AlignmentFlag.AlignVCenter, words)

    @override
    def sizeHint(self) -> QSize:
        return QSize(280, 180)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, 96)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._heat.columns:
            return
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.setFont(font("caption"))
        for row in range(len(self._heat.names)):
            self._paint_row(painter, row, colours)
        self._paint_names(painter, colours)
        self._paint_steps(painter, colours)
        if self.hasFocus():
            painter.setPen(QPen(colours.of("accent"), FOCUSED))
            painter.drawLine(self._area().bottomLeft(), self._area().bottomRight())

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        area, at = self._area(), event.position()
        if not self._heat.columns or not area.contains(at):
            self._read(None)
            return
        row = int(at.y() / area.height() * len(self._heat.names))
        column = int((at.x() - area.left()) / area.width() * self._heat.columns)
        self._read((min(row, len(self._heat.names) - 1), min(column, self._heat.columns - 1)))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._read(None)
        super().leaveEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_Left:
                self._move(0, -1)
            case Qt.Key.Key_Right:
                self._move(0, 1)
            case Qt.Key.Key_Up:
                self._move(-1, 0)
            case Qt.Key.Key_Down:
                self._move(1, 0)
            case _:
                super().keyPressEvent(event)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._read(None)
        self.update()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._read(None)
