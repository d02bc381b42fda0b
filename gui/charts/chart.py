"""A chart: a row with title, legend and current value, and the plot below it."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.gui.charts.plot import Picture, Plot
from espalier.gui.charts.saving import Saving
from espalier.gui.parts.button import Button
from espalier.gui.parts.legend import APART, ROW, Legend, Named
from espalier.gui.parts.text import Text


class Chart(QWidget):
    """`value` is semibold text at the right of the title row, `about` its muted note; the button there takes the chart along."""

    def __init__(
        self, title: str, *, names: Sequence[Named] = (), ticks: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.plot = Plot(title, ticks=ticks)
        self._value, self._about = Text("", "second", weight=600), Text("", "second", "muted")
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)
        self.row.addWidget(Text(title, "section"))
        self.row.addSpacing(APART)
        self.legend = Legend()
        self.row.addWidget(self.legend)
        self.name_curves(names)
        self.row.addStretch(1)
        self.row.addWidget(self._value)
        self.row.addWidget(self._about)
        self.saving = Saving(self, title, self.plot.figures)
        self.take_along = Button("", "ghost", glyph="download")
        self.take_along.setAccessibleName(self.tr("Take along: {title}").format(title=title))
        self.take_along.setToolTip(self.tr("Copy or save the picture or its figures"))
        self.take_along.clicked.connect(self._open_menu)
        head = QWidget()
        head.setFixedHeight(ROW)
        outer = QHBoxLayout(head)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(self.row, 1)
        outer.addWidget(self.take_along)
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
        self.plot.show_picture(picture)

    def _open_menu(self) -> None:
        self.saving.menu().popup(self.take_along.mapToGlobal(QPoint(0, self.take_along.height())))
