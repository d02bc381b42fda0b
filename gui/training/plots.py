"""The live curves of the run that is looked at, in three columns, or in two where three have no room."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QSize
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from espalier.gui.charts.chart import Chart
from espalier.gui.charts.framed import Framed
from espalier.gui.charts.heat_chart import HeatChart
from espalier.gui.charts.turns import Turns
from espalier.gui.literal import set_tip
from espalier.gui.parts.segments import Segments
from espalier.gui.training import overflow, pictures
from espalier.gui.training.pictures import TRAIN, VALIDATION
from espalier.gui.training.reading import Detail

BETWEEN, ABOVE = 20, 12
THREE, TWO = (13, 11, 10), (1, 1, 0)  # how columns share what is left: three as long as their titles are
Wide = Callable[[Framed], int]


class Plots(QWidget):
    """The loss with two plots below it and three at its right; in two columns all below it, the map of overflow last.

    Whoever lays it out asks how `wide` it is with its titles whole and tells it to `fit` a width.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        train, validation = self.tr("train"), self.tr("validation")
        turns = Turns(self)
        self.loss = Chart(self.tr("Loss"), names=((train, 0), (validation, 1)), ticks=5, turns=turns)
        self.norm = Chart(self.tr("Gradient norm"), ticks=4, turns=turns)
        self.rate = Chart(self.tr("Learning rate"), ticks=4, turns=turns)
        self.noise = Chart(self.tr("Gradient noise scale"), ticks=4, turns=turns)
        self.heat = HeatChart(self.tr("Overflow by module"))
        set_tip(self.heat, self.tr("Gradients are looked at in every step, outputs of the adapter in some"))
        self.speed = Chart(self.tr("Tokens per second"), ticks=4, turns=turns)
        self.drawn = (self.loss, self.norm, self.rate, self.noise, self.heat, self.speed)
        self._names = {"train": train, "validation": validation, "run": self.tr("run {id}")}
        self._add_scale(actions["scale"])
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(BETWEEN)
        self._grid.setVerticalSpacing(ABOVE)
        self._columns = 0
        self._lay_out(3)

    def show_detail(self, detail: Detail) -> None:
        own = ((self._names["train"], TRAIN), (self._names["validation"], VALIDATION))
        self.loss.name_curves((*own, *pictures.laid_over(detail, **self._names)))
        name = self.tr("value")
        for chart, shown in (
            (self.loss, pictures.loss(detail, **self._names)),
            (self.norm, pictures.gradient_norm(detail, name, self.tr("clip"))),
            (self.rate, pictures.rate(detail, name)),
            (self.noise, pictures.noise(detail, name, self.tr("batch"), self.tr("not since step {step}"))),
            (self.speed, pictures.speed(detail, name)),
        ):
            chart.show_picture(shown.picture, shown.value, shown.about)
        if detail.heat is None:
            self.heat.say(overflow.sentence(detail))
        else:
            self.heat.show_heat(overflow.heat(detail.heat))

    @property
    def wide(self) -> int:
        """In three columns, with every title whole."""
        return self._in_three(_whole)

    def fit(self, width: int) -> None:
        columns = 3 if width >= self.wide else 2
        tight = columns == 2 and width < self._in_two(_whole)
        for chart in self.drawn:
            chart.be_tight(tight)
        if columns != self._columns:
            self._lay_out(columns)

    def _in_three(self, wide: Wide) -> int:
        left, right = wide(self.noise), max(wide(self.norm), wide(self.rate), wide(self.speed))
        middle = max(wide(self.loss) - left - BETWEEN, wide(self.heat))
        return left + middle + right + 2 * BETWEEN

    def _in_two(self, wide: Wide) -> int:
        left, right = max(wide(self.norm), wide(self.noise)), max(wide(self.rate), wide(self.speed))
        return max(left + BETWEEN + right, wide(self.loss), wide(self.heat))

    def _lay_out(self, columns: int) -> None:
        self._columns = columns
        for chart in self.drawn:
            self._grid.removeWidget(chart)
        places: tuple[tuple[Framed, int, int], ...]
        if columns == 3:
            self._grid.addWidget(self.loss, 0, 0, 2, 2)
            places = ((self.norm, 0, 2), (self.rate, 1, 2), (self.noise, 2, 0), (self.heat, 2, 1), (self.speed, 2, 2))
        else:
            self._grid.addWidget(self.loss, 0, 0, 1, 2)
            self._grid.addWidget(self.heat, 3, 0, 1, 2)
            places = ((self.norm, 1, 0), (self.rate, 1, 1), (self.noise, 2, 0), (self.speed, 2, 1))
        for chart, row, column in places:
            self._grid.addWidget(chart, row, column)
        for column, stretch in enumerate(THREE if columns == 3 else TWO):
            self._grid.setColumnStretch(column, stretch)
        for row, stretch in enumerate((1, 1, 1, 0) if columns == 3 else (2, 1, 1, 1)):
            self._grid.setRowStretch(row, stretch)

    @override
    def minimumSizeHint(self) -> QSize:
        """As narrow as it gets: in two columns, with titles cut."""
        return QSize(self._in_two(_least), super().minimumSizeHint().height())

    def _add_scale(self, action: QAction) -> None:
        self.scale = Segments(self.tr("Scale of the loss"), (self.tr("Linear"), self.tr("Log")))
        self.scale.picked.connect(self._set_scale)
        action.triggered.connect(lambda: self._set_scale(1 - self.scale.picked_one))
        self.loss.row.addSpacing(8)
        self.loss.row.addWidget(self.scale)

    def _set_scale(self, number: int) -> None:
        """0 is linear, 1 logarithmic."""
        self.scale.pick(number)
        self.loss.plot.set_log(number == 1)


def _whole(chart: Framed) -> int:
    return chart.whole


def _least(chart: Framed) -> int:
    return chart.least
