"""What every chart is: a head above what is drawn, whole or tight, and the way to take it along."""

from collections.abc import Callable

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.charts.chart_head import ChartHead
from espalier.gui.charts.saving import Figures, Saving


class Framed(QWidget):
    """Its head is whole, unless it is told to be `tight`: then title and note give way. `column` takes what is below."""

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
        """As narrow as it gets, with its head cut."""
        return super().minimumSizeHint().width()

    @property
    def whole(self) -> int:
        """As narrow as it gets with its head whole."""
        return max(self.least, self.head.whole)

    def be_tight(self, tight: bool) -> None:
        if tight != self._tight:
            self._tight = tight
            self.updateGeometry()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.least if self._tight else self.whole, super().minimumSizeHint().height())
