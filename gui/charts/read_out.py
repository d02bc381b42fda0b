"""The read-out of a plot: a line at the step, a dot on the first curve, and a raised label with what the curves say."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

SWATCH, GAP, PAD, HIGH, AWAY = 9, 6, 8, 24, 8


@dataclass(frozen=True, slots=True)
class Reading:
    """What one curve says, and the number of its colour."""

    name: str
    value: str
    colour: int


class ReadOut(QWidget):
    """Lies over its plot and lets the mouse through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._at, self._plot = QPointF(), QRectF()
        self._head, self._readings = ("", ""), tuple[Reading, ...]()
        self.hide()

    def show_at(self, x: float, y: float, plot: QRectF, head: str, step: str, readings: Sequence[Reading]) -> None:
        self._at, self._plot = QPointF(x, y), plot
        self._head, self._readings = (head, step), tuple(readings)
        self.setGeometry(self._over.rect())
        self.show()
        self.update()

    @property
    def words(self) -> str:
        """What it says, in a line."""
        return " ".join([*self._head, *(f"{one.name} {one.value}" for one in self._readings)])

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self.palette())
        painter.setPen(QPen(colours.of("line_strong"), 1))
        painter.drawLine(QPointF(self._at.x(), self._plot.top()), QPointF(self._at.x(), self._plot.bottom()))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._readings:
            painter.setPen(QPen(colours.of("surface"), 2))
            painter.setBrush(QColor(colours.series[self._readings[0].colour]))
            painter.drawEllipse(self._at, 5, 5)
        self._paint_label(painter)

    def _paint_label(self, painter: QPainter) -> None:
        colours = colours_of(self.palette())
        width = self._pieces(None, 0) + PAD
        left = self._at.x() + AWAY
        if left + width > self._plot.right():
            left = max(0.0, self._at.x() - AWAY - width)
        # In the half where the curve is not.
        low = self._at.y() < self._plot.center().y()
        top = self._plot.bottom() - HIGH - AWAY if low else self._plot.top() + AWAY
        box = QRectF(left, top, width, HIGH).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.of("line_strong")))
        painter.setBrush(colours.of("raised"))
        painter.drawRect(box)
        painter.translate(box.topLeft())
        self._pieces(painter, 0)

    def _pieces(self, painter: QPainter | None, x: float) -> float:
        """Draw head and readings from here on, or only measure them; returns where they end."""
        x += PAD
        x = self._word(painter, self._head[0], x, 400) + 4
        x = self._word(painter, self._head[1], x, 600)
        for one in self._readings:
            x += 2 * GAP
            if painter is not None:
                swatch = QColor(colours_of(self.palette()).series[one.colour])
                painter.fillRect(QRectF(x, (HIGH - SWATCH) / 2, SWATCH, SWATCH), swatch)
            x = self._word(painter, one.name, x + SWATCH + GAP, 400) + 4
            x = self._word(painter, one.value, x, 600)
        return x

    def _word(self, painter: QPainter | None, word: str, x: float, weight: int) -> float:
        face = font("caption", weight)
        width = QFontMetricsF(face).horizontalAdvance(word)
        if painter is not None:
            painter.setFont(face)
            painter.setPen(colours_of(self.palette()).of("text" if weight > 500 else "second"))
            painter.drawText(QRectF(x, 0, width + 1, HIGH), Qt.AlignmentFlag.AlignVCenter, word)
        return x + width
