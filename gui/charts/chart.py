"""A chart: a row with title, legend and current value, and the plot below it."""

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from espalier.gui.charts.framed import Framed
from espalier.gui.charts.plot import Picture, Plot
from espalier.gui.charts.turns import Turns
from espalier.gui.parts.legend import Legend, Named
from espalier.gui.parts.text import Text


class Chart(Framed):
    """`value` is semibold text at the right of the title row, `about` its muted note, which gives way."""

    def __init__(
        self,
        title: str,
        *,
        names: Sequence[Named] = (),
        ticks: int = 4,
        turns: Turns | None = None,
        parent: QWidget | None = None,
    ) -> None:
        self.plot = Plot(title, ticks=ticks, turns=turns)
        super().__init__(title, self.plot.figures, parent)
        self._value = Text("", "second", weight=600)
        self.legend = Legend()
        self.row.addWidget(self.legend)
        self.name_curves(names)
        self.row.addStretch(1)
        self.row.addWidget(self._value)
        self._about = self.head.add_note()
        self.column.addWidget(self.plot, 1)

    def name_curves(self, names: Sequence[Named]) -> None:
        self.legend.show_names(names)
        self.legend.setVisible(bool(names))

    def show_picture(self, picture: Picture, value: str = "", about: str = "") -> None:
        self._value.setText(value)
        self._about.setText(f" {about}" if about else "")
        self.plot.show_picture(picture)
