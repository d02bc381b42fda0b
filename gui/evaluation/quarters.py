"""Pass rates by the quarter in which a task's reference was written: a line and a band of 95 % for each arm."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.core.evaluation.comparison import Quarter
from espalier.core.evaluation.statistics import Rate
from espalier.gui.evaluation.words import share, tr
from espalier.gui.literal import show_tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

GUTTER, FOOT, TOP, SIDE = 44, 24, 8, 28
GREY, BAND = 5, 0.14
STEPS = (5, 10, 20, 25)
MOST_LINES = 4


class Quarters(QWidget):
    """Hover reads a quarter out; what a screen reader says is in the description."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._quarters: tuple[Quarter, ...] = ()
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setAccessibleName(tr("Pass rates by quarter"))

    def show_quarters(self, quarters: Sequence[Quarter]) -> None:
        self._quarters = tuple(quarters)
        self.setAccessibleDescription(" ".join(said(one) for one in quarters))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(560, 180)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(240, 120)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if not self._quarters:
            return
        x = event.position().x()
        nearest = min(range(len(self._quarters)), key=lambda place: abs(self._x(place) - x))
        show_tip(event.globalPosition().toPoint(), self, said(self._quarters[nearest]))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._quarters:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        low, high, step = scale(self._quarters)
        bottom = self.height() - FOOT

        def y(value: float) -> float:
            return bottom - (bottom - TOP) * (100 * value - low) / (high - low)

        painter.setFont(font("caption"))
        for tick in range(low, high + 1, step):
            painter.setPen(QPen(colours.of("line"), 1))
            painter.drawLine(QLineF(GUTTER, y(tick / 100), self.width(), y(tick / 100)))
            painter.setPen(colours.of("muted"))
            box = QRectF(0, y(tick / 100) - 8, GUTTER - 8, 16)
            painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, f"{tick} %")
        self._paint_names(painter, bottom, colours)
        for series, rates in (
            (GREY, [one.base for one in self._quarters]),
            (0, [one.adapter for one in self._quarters]),
        ):
            self._paint_arm(painter, rates, QColor(colours.series[series]), y)

    def _paint_names(self, painter: QPainter, bottom: float, colours: Colours) -> None:
        painter.setPen(colours.of("muted"))
        room = (self.width() - GUTTER - 2 * SIDE) / max(1, len(self._quarters) - 1)
        every = 1 + int(64 // max(1.0, room))
        for place, one in enumerate(self._quarters):
            if place % every == 0:
                box = QRectF(self._x(place) - 40, bottom + 6, 80, 16)
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter, name(one))

    def _paint_arm(self, painter: QPainter, rates: Sequence[Rate], ink: QColor, y: Callable[[float], float]) -> None:
        upper = [QPointF(self._x(n), y(rate.high or 0.0)) for n, rate in enumerate(rates)]
        lower = [QPointF(self._x(n), y(rate.low or 0.0)) for n, rate in enumerate(rates)]
        points = [QPointF(self._x(n), y(rate.passed / rate.ran)) for n, rate in enumerate(rates)]
        band = QColor(ink)
        band.setAlphaF(BAND)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(band)
        painter.drawPolygon(QPolygonF([*upper, *reversed(lower)]))
        painter.setPen(QPen(ink, 1.5))
        painter.drawPolyline(QPolygonF(points))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        for point in points:
            painter.drawEllipse(point, 3, 3)

    def _x(self, place: int) -> float:
        whole = max(1, len(self._quarters) - 1)
        return GUTTER + SIDE + (self.width() - GUTTER - 2 * SIDE) * place / whole


def scale(quarters: Sequence[Quarter]) -> tuple[int, int, int]:
    """The lowest and highest percent that are drawn, on round steps around both bands, and the step between gridlines."""
    rates = [rate for one in quarters for rate in (one.base, one.adapter)]
    low = 100 * min(rate.low or 0.0 for rate in rates)
    high = 100 * max(rate.high or 0.0 for rate in rates)
    for step in STEPS:
        first, last = int(low // step) * step, -int(-high // step) * step
        if (last - first) // step <= MOST_LINES:
            break
    return first, max(last, first + step), step


def name(one: Quarter) -> str:
    """2026-Q3 as it stands on an axis: Q3 26."""
    year, _, quarter = one.name.partition("-")
    return f"{quarter} {year[2:]}"


def said(one: Quarter) -> str:
    words = tr("{quarter}: base {base}, adapter {adapter}, {tasks} tasks.")
    return words.format(quarter=name(one), base=share(one.base), adapter=share(one.adapter), tasks=one.adapter.ran)
