"""What every chart is: a head above what is drawn, whole or tight, and the way to take it along."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.charts.chart_head import ChartHead
from espalier.gui.charts.saving import Figures, Saving


class Framed(QWidget):
    """Its title is whole, unless it is told to be `tight`: then it gives way too. `column` takes what is below."""

    def __init__(self, title: str, figures: Callable[[], Figures], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.saving = Saving(self, title, figures)
        self.head = ChartHead(title, self.saving)
        self.row, self.take_along = self.head.row, self.head.take_along
        self._tight = False
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(0)
        self.column.addWidget(self.head)

    @property
    def least(self) -> int:
        """As narrow as it gets, with its title cut."""
        return max(self._below, self.head.least)

    @property
    def whole(self) -> int:
        """As narrow as it gets with its title whole."""
        return max(self._below, self.head.whole)

    @property
    def _below(self) -> int:
        """As narrow as what is drawn gets."""
        items = (self.column.itemAt(place) for place in range(1, self.column.count()))
        return max((item.minimumSize().width() for item in items if item is not None), default=0)

    def be_tight(self, tight: bool) -> None:
        if tight != self._tight:
            self._tight = tight
            self.head.give_way(title=tight)
            self.updateGeometry()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.least if self._tight else self.whole, super().minimumSizeHint().height())
