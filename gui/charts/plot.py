"""A plot of metrics over steps: horizontal gridlines, round ticks, a read-out under the pointer; drawn by pyqtgraph.

pyqtgraph is most of the start-up time, so this module is loaded when the first plot is shown.
"""

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QPen, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.charts.read_out import Reading, ReadOut
from espalier.gui.charts.ticks import label, log_ticks, round_ticks, whole_ticks
from espalier.gui.figures import short
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

Style = Literal["raw", "thin", "line", "dots", "planned"]
READ: tuple[Style, ...] = ("thin", "line", "dots")
Points = tuple[tuple[int, float], ...]
ROOM = 0.02  # of the width before step 0, or the first dot is cut
AROUND = 0.08  # of the height above and below
GREY = 5
PATH_POINTS = 200
SMALLEST = QSize(160, 96)
NARROW = 360  # pixels; fewer steps are named then


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """A curve: its name, points, number of the series colour, and how it is drawn. `raw` and `planned` have no read-out.

    A jagged curve is thin: 2 px of a thousand jagged points take a quarter of a second to stroke as one path.
    """

    name: str
    points: Points
    colour: int = 0
    style: Style = "line"


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """All that a plot shows; `steps` is where the axis ends, `threshold` a dashed line."""

    series: tuple[Series, ...] = ()
    steps: int = 0
    threshold: float | None = None
    from_zero: bool = False


class Plot(QWidget):
    """Shows the newest picture; a picture that equals the one before draws nothing."""

    def __init__(self, name: str, *, gutter: int = 44, ticks: int = 4, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture, self._log, self._ticks = Picture(), False, ticks
        self._view = pg.PlotWidget()
        self._view.setAccessibleName(name)
        self._view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._items: list[Any] = []
        self._set_up(gutter)
        self.read_out = ReadOut(self._view)
        self._view.scene().sigMouseMoved.connect(self.read)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._view)
        self._draw()

    def show_picture(self, picture: Picture) -> None:
        if picture != self._picture:
            self._picture = picture
            self._draw()

    def set_log(self, log: bool) -> None:
        """Of what is drawn only the positive part has a place on a logarithmic scale."""
        self._log = log
        self._draw()

    @property
    def picture(self) -> Picture:
        return self._picture

    def _set_up(self, gutter: int) -> None:
        item = self._view.getPlotItem()
        item.hideButtons()
        item.setMenuEnabled(False)
        item.setMouseEnabled(False, False)
        item.getViewBox().setDefaultPadding(0)
        item.layout.setContentsMargins(0, 4, 8, 0)
        left, bottom = item.getAxis("left"), item.getAxis("bottom")
        left.setWidth(gutter)
        bottom.setHeight(24)
        for axis in (left, bottom):
            axis.setStyle(
                tickLength=0, tickAlpha=0, hideOverlappingLabels=False, tickFont=font("caption"), tickTextOffset=8
            )
            axis.enableAutoSIPrefix(False)

    def _draw(self) -> None:
        colours = colours_of(self.palette())
        item = self._view.getPlotItem()
        self._view.setBackground(colours.of("surface"))
        for old in self._items:
            item.removeItem(old)
        self._items = []
        low, high = self._range()
        width = max(self._picture.steps, 1)
        item.setXRange(-ROOM * width, width * (1 + ROOM / 2), padding=0)
        item.setYRange(self._y(low), self._y(high), padding=0)
        self._draw_axes(low, high, colours)
        if self._picture.threshold is not None and self._shows(self._picture.threshold):
            self._line_at(self._picture.threshold, QPen(colours.of("second"), 1, Qt.PenStyle.DashLine), -40)
        for series in self._picture.series:
            self._draw_series(series, colours)
        self.read_out.hide()

    def _draw_axes(self, low: float, high: float, colours: Colours) -> None:
        item = self._view.getPlotItem()
        values = log_ticks(low, high) if self._log else round_ticks(low, high, self._ticks)
        for value in values:
            self._line_at(value, QPen(colours.of("line")), -50)
        left, bottom = item.getAxis("left"), item.getAxis("bottom")
        left.setTicks([[(self._y(value), label(value, values)) for value in values]])
        steps = whole_ticks(self._picture.steps, 4 if self.width() < NARROW else 6)
        bottom.setTicks([[(step, self.tr("step 0") if step == 0 else f"{step:,}") for step in steps]])
        left.setPen(QPen(Qt.PenStyle.NoPen))
        bottom.setPen(QPen(colours.of("line")))
        for axis in (left, bottom):
            axis.setTextPen(colours.of("muted"))

    def _draw_series(self, series: Series, colours: Colours) -> None:
        shown = [(step, self._y(value)) for step, value in series.points if self._shows(value)]
        if not shown:
            return
        x, y = np.array([step for step, _ in shown], dtype=float), np.array([value for _, value in shown])
        colour = QColor(colours.series[series.colour])
        dots = series.style == "dots" or len(shown) == 1
        item = pg.PlotDataItem(
            x,
            y,
            pen=_pen(series.style, colour, self.devicePixelRatioF()),
            antialias=True,
            symbol="o" if dots else None,
            symbolSize=6,
            symbolBrush=colour,
            symbolPen=None,
        )
        # As one path, a long thick line takes up to forty times as long (pyqtgraph#533); a short one has smoother joints.
        item.curve.setSegmentedLineMode("on" if len(shown) > PATH_POINTS else "off")
        self._add(item)

    def _line_at(self, value: float, pen: QPen, z: int) -> None:
        pen.setCosmetic(True)
        line = pg.InfiniteLine(pos=self._y(value), angle=0, pen=pen, movable=False)
        line.setZValue(z)
        self._add(line)

    def _add(self, item: Any) -> None:
        self._view.getPlotItem().addItem(item, ignoreBounds=True)
        self._items.append(item)

    def _range(self) -> tuple[float, float]:
        values = [value for one in self._picture.series for _, value in one.points if self._shows(value)]
        if self._picture.threshold is not None and values and self._shows(self._picture.threshold):
            values.append(self._picture.threshold)
        if not values:
            return (0.1, 1.0)
        low, high = min(values), max(values)
        if self._log:
            return (low / 1.25, high * 1.25)
        around = AROUND * (high - low) or AROUND * abs(high) or 1.0
        return (0.0 if self._picture.from_zero and low >= 0 else low - around, high + around)

    def _shows(self, value: float) -> bool:
        return math.isfinite(value) and (value > 0 or not self._log)

    def _y(self, value: float) -> float:
        return math.log10(value) if self._log else value

    def read_at_step(self, step: int) -> None:
        """As if the pointer were over this step."""
        box = self._view.getPlotItem().getViewBox()
        self.read(QPointF(box.mapViewToScene(QPointF(step, 0)).x(), box.sceneBoundingRect().center().y()))

    def read(self, at: QPointF) -> None:
        """What the curves say at the step under the pointer; `at` is in the scene's coordinates."""
        box = self._view.getPlotItem().getViewBox()
        series = [one for one in self._picture.series if one.style in READ and one.points]
        if not series or not box.sceneBoundingRect().contains(at):
            self.read_out.hide()
            return
        wanted = box.mapSceneToView(at).x()
        step = _nearest([point[0] for point in series[0].points], wanted)
        found = [(one, _at(one.points, step)) for one in series]
        x, y = self._place(box, step, found[0][1] or 0.0)
        lines = [Reading(one.name, short(value), one.colour) for one, value in found if value is not None]
        self.read_out.show_at(x, y, box.sceneBoundingRect(), self.tr("step"), f"{step:,}", lines)

    def _place(self, box: Any, step: int, value: float) -> tuple[float, float]:
        point = box.mapViewToScene(QPointF(step, self._y(value) if self._shows(value) else 0.0))
        return point.x(), point.y()

    @override
    def sizeHint(self) -> QSize:
        """Small, since it grows into what is left: pyqtgraph's own wish of 640 x 480 would make the page scroll."""
        return SMALLEST

    @override
    def minimumSizeHint(self) -> QSize:
        return SMALLEST

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self.read_out.hide()
        super().leaveEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Curves stretch by themselves; only how many steps are named depends on the width."""
        super().resizeEvent(event)
        self.read_out.hide()
        if (event.size().width() < NARROW) != (event.oldSize().width() < NARROW):
            self._draw()


def _pen(style: Style, colour: QColor, ratio: float) -> QPen:
    """Cosmetic pens count the device's pixels; hairlines stay one of them at every scale, and so stay fast."""
    if style == "raw":
        colour.setAlphaF(0.3)
    width = {"line": 2.0 * ratio, "dots": 1.5 * ratio}.get(style, 1.0)
    pen = QPen(colour, width, Qt.PenStyle.DashLine if style == "planned" else Qt.PenStyle.SolidLine)
    pen.setCosmetic(True)
    return pen


def _nearest(steps: Sequence[int], wanted: float) -> int:
    place = bisect_left(steps, wanted)
    around = steps[max(0, place - 1) : place + 1] or steps[-1:]
    return min(around, key=lambda step: abs(step - wanted))


def _at(points: Points, step: int) -> float | None:
    """The value at this step, or the last one before it."""
    place = bisect_left([point[0] for point in points], step + 1)
    return points[place - 1][1] if place else None
