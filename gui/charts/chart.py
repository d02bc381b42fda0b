"""A chart: a row with title, legend and current value, and the plot below it."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.gui.charts.chart_head import NEAR, ChartHead
from espalier.gui.charts.plot import Picture, Plot
from espalier.gui.charts.saving import Saving
from espalier.gui.charts.turns import Turns
from espalier.gui.parts.legend import Legend, Named
from espalier.gui.parts.text import Text


class Chart(QWidget):
    """`value` is semibold text at the right of the title row, `about` its muted note, which gives way where room is short."""

    def __init__(
        self,
        title: str,
        *,
        names: Sequence[Named] = (),
        ticks: int = 4,
        turns: Turns | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.plot = Plot(title, ticks=ticks, turns=turns)
        self._value = Text("", "second", weight=600)
        self._about = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self.saving = Saving(self, title, self.plot.figures)
        head = ChartHead(title, self.saving)
        self.row, self.take_along = head.row, head.take_along
        self.legend = Legend()
        self.row.addSpacing(NEAR)
        self.row.addWidget(self.legend)
        self.name_curves(names)
        self.row.addStretch(1)
        self.row.addWidget(self._value)
        self.row.addWidget(self._about)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.plot, 1)

    def name_curves(self, names: Sequence[Named]) -> None:
        self.legend.show_names(names)
        self.legend.setVisible(bool(names))

    def show_picture(self, picture: Picture, value: str = "", about: str = "") -> None:
        self._value.setText(value)
        self._about.setText(f" {about}" if about else "")
        self._about.setToolTip(about)
        self.plot.show_picture(picture)
