"""The small curve of a run: its loss over steps, drawn without the plotting library so that the first page opens at once."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.charts.ticks import label, round_ticks, whole_ticks
from espalier.gui.figures import loss
from espalier.gui.overview.reading import RunCurve
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

HEIGHT, GUTTER, BOTTOM, RIGHT, TOP = 148, 36, 20, 12, 6
TRAIN, VALIDATION, PAST = 0, 1, 5
Points = Sequence[tuple[int, float]]


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where steps from 0 to `steps` and values from `low` to `high` lie in a room."""

    room: QRectF
    steps: int
    low: float
    high: float

    def at(self, step: float, value: float) -> QPointF:
        share = (value - self.low) / (self.high - self.low)
        x = self.room.left() + self.room.width() * step / self.steps
        return QPointF(x, self.room.bottom() - self.room.height() * share)


class SmallCurve(QWidget):
    """Train as a line, validation as dots on a line, the run before dashed."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown: RunCurve | None = None
        self._scale = _Scale(QRectF(0, 0, 1, 1), 1, 0.0, 1.0)
        self.setAccessibleName(name)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_curve(self, shown: RunCurve) -> None:
        if shown != self._shown:
            self._shown = shown
            last, held = (points[-1][1] if points else None for points in (shown.loss, shown.validation))
            said = self.tr("{points} points; train {train}, validation {held}")
            self.setAccessibleDescription(said.format(points=len(shown.loss), train=loss(last), held=loss(held)))
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        if self._shown is None:
            return
        shown = self._shown
        steps = max(shown.run.steps or 0, shown.run.step, 1)
        every = (shown.loss, shown.validation, [point for point in shown.earlier_loss if point[0] <= steps])
        values = [value for points in every for _, value in points]
        room = QRectF(GUTTER, TOP, self.width() - GUTTER - RIGHT, HEIGHT - BOTTOM - TOP)
        low, high = (min(values), max(values)) if values else (0.0, 1.0)
        around = 0.08 * (high - low) or 0.5
        self._scale = _Scale(room, steps, low - around, high + around)
        self._paint_axes(painter, room, round_ticks(low, high, 3), steps, colours)
        painter.setClipRect(room.adjusted(-4, -4, 4, 4))
        self._line(painter, shown.earlier_loss, QColor(colours.series[PAST]), 1, Qt.PenStyle.DashLine)
        self._line(painter, shown.loss, QColor(colours.series[TRAIN]), 1.5)
        self._line(painter, shown.validation, QColor(colours.series[VALIDATION]), 1.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.series[VALIDATION]))
        for step, value in shown.validation:
            painter.drawEllipse(self._scale.at(step, value), 2.5, 2.5)

    def _paint_axes(
        self, painter: QPainter, room: QRectF, values: Sequence[float], steps: int, colours: Colours
    ) -> None:
        painter.setFont(font("caption"))
        for value in values:
            y = self._scale.at(0, value).y()
            painter.setPen(QPen(colours.of("line")))
            painter.drawLine(QPointF(room.left(), y), QPointF(room.right(), y))
            painter.setPen(colours.of("muted"))
            box = QRectF(0, y - 8, GUTTER - 8, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, label(value, values))
        painter.setPen(QPen(colours.of("line")))
        painter.drawLine(QPointF(room.left(), room.bottom()), QPointF(room.right(), room.bottom()))
        painter.setPen(colours.of("muted"))
        for step in whole_ticks(steps, 4):
            x = self._scale.at(step, 0).x()
            text = self.tr("step 0") if step == 0 else f"{step:,}"
            side = Qt.AlignmentFlag.AlignLeft if step == 0 else Qt.AlignmentFlag.AlignHCenter
            box = QRectF(x if step == 0 else x - 40, room.bottom() + 4, 80, 16)
            box.moveRight(min(box.right(), self.width() + (40 if x < self.width() - 40 else 0)))
            painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, text)

    def _line(
        self,
        painter: QPainter,
        points: Points,
        ink: QColor,
        width: float,
        style: Qt.PenStyle = Qt.PenStyle.SolidLine,
    ) -> None:
        painter.setPen(QPen(ink, width, style))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF([self._scale.at(step, value) for step, value in points]))
