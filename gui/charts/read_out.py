"""The read-out of a plot: a line at the step, a dot on the first curve, and a raised label with what the curves say."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.parts.swatch import ink, paint_swatch
from espalier.gui.typeface import font

SWATCH, GAP, PAD, HIGH, LINE, AWAY = 9, 6, 8, 24, 18, 8
NARROWEST = 260  # of a line that is broken


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
            painter.setBrush(ink(self._readings[0].colour, colours))
            painter.drawEllipse(self._at, 5, 5)
        self._paint_label(painter)

    def _paint_label(self, painter: QPainter) -> None:
        colours, lines = colours_of(self.palette()), self.lines
        width = max(self.width_of(number) for number in range(len(lines)))
        height = HIGH + LINE * (len(lines) - 1)
        left = self._at.x() + AWAY
        if left + width > self._plot.right():
            left = max(0.0, self._at.x() - AWAY - width)
        # In the half where the curve is not.
        low = self._at.y() < self._plot.center().y()
        top = self._plot.bottom() - height - AWAY if low else self._plot.top() + AWAY
        box = QRectF(left, max(0.0, top), width, height).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.of("line_strong")))
        painter.setBrush(colours.of("raised"))
        painter.drawRect(box)
        painter.translate(box.topLeft())
        for number, line in enumerate(lines):
            self._line(painter, number, line)
            painter.translate(0, LINE)

    @property
    def lines(self) -> list[list[Reading]]:
        """The readings, as many in a line as have room beside the curve; the first line begins with the head."""
        room, lines = max(self._plot.width() / 2, NARROWEST), [list[Reading]()]
        for one in self._readings:
            if self._line(None, len(lines) - 1, [*lines[-1], one]) > room and (lines[-1] or len(lines) == 1):
                lines.append([])
            lines[-1].append(one)
        return lines

    def width_of(self, number: int) -> float:
        """Of a line, with its margins."""
        return self._line(None, number, self.lines[number]) + PAD

    def _line(self, painter: QPainter | None, number: int, readings: Sequence[Reading]) -> float:
        """Draw a line, or only measure it; returns where it ends."""
        x = float(PAD)
        if number == 0:
            x = self._word(painter, self._head[0], x, 400) + 4
            x = self._word(painter, self._head[1], x, 600) + 2 * GAP
        for one in readings:
            if painter is not None:
                box = QRectF(x, (HIGH - SWATCH) / 2, SWATCH, SWATCH)
                paint_swatch(painter, box, one.colour, colours_of(self.palette()))
            x = self._word(painter, one.name, x + SWATCH + GAP, 400) + 4
            x = self._word(painter, one.value, x, 600) + 2 * GAP
        return x - 2 * GAP

    def _word(self, painter: QPainter | None, word: str, x: float, weight: int) -> float:
        face = font("caption", weight)
        width = QFontMetricsF(face).horizontalAdvance(word)
        if painter is not None:
            painter.setFont(face)
            painter.setPen(colours_of(self.palette()).of("text" if weight > 500 else "second"))
            painter.drawText(QRectF(x, 0, width + 1, HIGH), Qt.AlignmentFlag.AlignVCenter, word)
        return x + width
