"""A bar of what makes up a whole: its parts in series colours, the room there is, and the range of the estimate below it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, BAR, RADIUS, WHISKER, ROW, SWATCH, DOT = 28, 12, 3, 5, 20, 9, 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """Sizes in one unit: the parts with their series, what there is room for, and from where to where the whole may come out.

    `now` is what it came to, None before it is known: the dot on the range is in its middle then.
    """

    parts: tuple[tuple[str, float, int], ...]
    room: float
    low: float
    high: float
    now: float | None = None


class StackedBar(QWidget):
    """As long as the room, or as the high end where that is more; beyond the room the ground is in the colour of failure."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stack = Stack(parts=(), room=0.0, low=0.0, high=0.0)
        self.setAccessibleName(name)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_stack(self, stack: Stack, words: str) -> None:
        """`words` say the same to those who can't see it."""
        self._stack = stack
        self.setAccessibleDescription(words)
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, stack = colours_of(self.palette()), self._stack
        whole = max(stack.room, stack.high, stack.now or 0.0, 1.0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.of("line"))
        painter.drawRoundedRect(QRectF(0, 0, self.width(), BAR), RADIUS, RADIUS)
        if stack.high > stack.room:
            x = self.width() * stack.room / whole
            painter.fillRect(QRectF(x, 0, self.width() - x, BAR), colours.of("bad_soft"))
        self._paint_parts(painter, stack.parts, whole, colours.series)
        self._paint_range(painter, stack, whole, colours.of("text"))

    def _paint_parts(
        self, painter: QPainter, parts: Sequence[tuple[str, float, int]], whole: float, series: Sequence[str]
    ) -> None:
        x = 0.0
        for _, value, number in parts:
            wide = self.width() * value / whole
            painter.fillRect(QRectF(x, 0, max(0.0, wide - 1), BAR), QColor(series[number]))
            x += wide

    def _paint_range(self, painter: QPainter, stack: Stack, whole: float, ink: QColor) -> None:
        if not stack.high:
            return
        low, high = (self.width() * value / whole for value in (stack.low, stack.high))
        dot = (stack.low + stack.high) / 2 if stack.now is None else stack.now
        middle, y = min(max(self.width() * dot / whole, DOT), self.width() - DOT), BAR + 8.0
        painter.setPen(QPen(ink, 1.25))
        painter.drawLine(QPointF(low, y), QPointF(high, y))
        for end in (low, high):
            painter.drawLine(QPointF(end, y - WHISKER), QPointF(end, y + WHISKER))
        painter.setBrush(ink)
        painter.drawEllipse(QPointF(middle, y), DOT, DOT)


class StackLegend(QWidget):
    """A row for each part: its swatch and name at the left, its size at the right."""

    def __init__(self, row: int = ROW, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = row
        self._rows: tuple[tuple[str, str, int], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[tuple[str, str, int]]) -> None:
        """Name, size in words, and the number of the series."""
        self._rows = tuple(rows)
        self.setAccessibleName(", ".join(f"{name} {words}" for name, words, _ in rows))
        self.setFixedHeight(self._row * len(rows))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._row * len(self._rows))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("second"))
        colours = colours_of(self.palette())
        for number, (name, words, series) in enumerate(self._rows):
            top = number * self._row
            painter.fillRect(QRectF(0, top + (self._row - SWATCH) / 2, SWATCH, SWATCH), QColor(colours.series[series]))
            box = QRectF(SWATCH + 8, top, self.width() - SWATCH - 8, self._row)
            painter.setPen(colours.of("text"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, name)
            painter.setPen(colours.of("second"))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, words)
