"""A chart of heat: a row with title and scale, and the map below it, or a sentence where there is nothing to show."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from espalier.gui.charts.framed import Framed
from espalier.gui.charts.heat_map import Heat, HeatMap
from espalier.gui.charts.heat_scale import HeatScale
from espalier.gui.parts.text import Text


class HeatChart(Framed):
    """The scale goes with the map."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        self.map, self.scale = HeatMap(title), HeatScale()
        super().__init__(title, self.map.figures, parent)
        self.row.addStretch(1)
        self.row.addWidget(self.scale)
        self.sentence = Text("", "second", "muted", wrap=True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._places = QStackedLayout()
        for part in (_at_top(self.sentence), self.map):
            self._places.addWidget(part)
        self.column.addLayout(self._places, 1)
        self.say("")

    def show_heat(self, heat: Heat) -> None:
        self.scale.show_top(heat.top)
        self.map.show_heat(heat)
        self._turn(says=False)

    def say(self, sentence: str) -> None:
        """In place of the map."""
        self.sentence.setText(sentence)
        self.map.show_heat(Heat())
        self._turn(says=True)

    def _turn(self, *, says: bool) -> None:
        self._places.setCurrentIndex(0 if says else 1)
        self.scale.setVisible(not says)
        self.take_along.setVisible(not says)


def _at_top(sentence: Text) -> QWidget:
    place = QWidget()
    column = QVBoxLayout(place)
    column.setContentsMargins(0, 4, 0, 0)
    column.addWidget(sentence)
    column.addStretch(1)
    return place
