"""What a plot is drawn on: curves, gridlines and axis labels of pyqtgraph, with no mind of their own.

pyqtgraph is most of the start-up time, so this module is loaded when the first plot is shown.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPen

from espalier.gui.palette import Colours
from espalier.gui.typeface import font

PATH_POINTS = 200
Labels = Sequence[tuple[float, str]]


class Sheet:
    """In coordinates of the axes; where an axis is logarithmic, the caller says so by giving logarithms."""

    def __init__(self, name: str, gutter: int) -> None:
        self.view = pg.PlotWidget(enableMenu=False)  # a menu takes as long to make as all the rest
        self.view.setAccessibleName(name)
        self.view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._item = self.view.getPlotItem()
        self._drawn: list[Any] = []
        self._set_up(gutter)

    @property
    def area(self) -> QRectF:
        """Where curves are, in the scene."""
        rect: QRectF = self._item.getViewBox().sceneBoundingRect()
        return rect

    def begin(self, colours: Colours) -> None:
        """An empty sheet."""
        self.view.setBackground(colours.of("surface"))
        for old in self._drawn:
            self._item.removeItem(old)
        self._drawn = []

    def show_steps(self, low: float, high: float) -> None:
        """Between these lies what is shown; curves that are drawn already move with it."""
        self._item.setXRange(low, high, padding=0)

    def show_values(self, low: float, high: float) -> None:
        self._item.setYRange(low, high, padding=0)

    def name_places(self, left: Labels, bottom: Labels, colours: Colours) -> None:
        axes = self._item.getAxis("left"), self._item.getAxis("bottom")
        for axis, labels in zip(axes, (left, bottom), strict=True):
            axis.setTicks([list(labels)])
            axis.setTextPen(colours.of("muted"))
        axes[0].setPen(QPen(Qt.PenStyle.NoPen))
        axes[1].setPen(QPen(colours.of("line")))

    def draw_line(self, value: float, pen: QPen, depth: int) -> None:
        """Across, behind the curves by so much."""
        pen.setCosmetic(True)
        line = pg.InfiniteLine(pos=value, angle=0, pen=pen, movable=False)
        line.setZValue(-depth)
        self._add(line)

    def draw_curve(self, points: Sequence[tuple[float, float]], pen: QPen, dots: QColor | None) -> None:
        item = pg.PlotDataItem(
            np.array([x for x, _ in points], dtype=float),
            np.array([y for _, y in points], dtype=float),
            pen=pen,
            antialias=True,
            symbol=None if dots is None else "o",
            symbolSize=6,
            symbolBrush=dots,
            symbolPen=None,
        )
        # As one path, a long thick line takes up to forty times as long (pyqtgraph#533); a short one has smoother joints.
        item.curve.setSegmentedLineMode("on" if len(points) > PATH_POINTS else "off")
        self._add(item)

    def step_at(self, x: float) -> float:
        """Under a pixel of the view, counted from its left."""
        return self.step_under(self.view.mapToScene(round(x), 0))

    def step_under(self, at: QPointF) -> float:
        """Under a point of the scene."""
        step: float = self._item.getViewBox().mapSceneToView(at).x()
        return step

    def place(self, step: float, value: float) -> QPointF:
        """In the scene."""
        point: QPointF = self._item.getViewBox().mapViewToScene(QPointF(step, value))
        return point

    def _add(self, item: Any) -> None:
        self._item.addItem(item, ignoreBounds=True)
        self._drawn.append(item)

    def _set_up(self, gutter: int) -> None:
        self._item.hideButtons()
        self._item.setMouseEnabled(False, False)
        self._item.getViewBox().setDefaultPadding(0)
        self._item.layout.setContentsMargins(0, 4, 8, 0)
        left, bottom = self._item.getAxis("left"), self._item.getAxis("bottom")
        left.setWidth(gutter)
        bottom.setHeight(24)
        for axis in (left, bottom):
            axis.setStyle(
                tickLength=0, tickAlpha=0, hideOverlappingLabels=False, tickFont=font("caption"), tickTextOffset=8
            )
            axis.enableAutoSIPrefix(False)
