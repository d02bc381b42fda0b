"""The scale of a heat map: what no colour and what the full colour mean."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.gui.charts.heat_map import SERIES
from espalier.gui.palette import colours_of
from espalier.gui.parts.legend import ROW
from espalier.gui.typeface import font

BAR, HIGH, GAP = 36, 9, 4


class HeatScale(QWidget):
    """From nothing to the full colour; stands beside the title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._top = ""
        self.setFont(font("caption"))
        self.setFixedHeight(ROW)
        self.show_top(1.0)

    def show_top(self, top: float) -> None:
        self._top = f"{100 * top:g} %"
        self.setAccessibleName(self.tr("0 to {top}").format(top=self._top))
        self.setFixedWidth(self._ends()[1] + self.fontMetrics().horizontalAdvance(self._top) + 1)
        self.update()

    def _ends(self) -> tuple[int, int]:
        """Where the bar begins, and where the words behind it do."""
        left = self.fontMetrics().horizontalAdvance("0") + 1 + GAP
        return left, left + BAR + GAP

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        left, right = self._ends()
        bar = QRectF(left, (ROW - HIGH) / 2, BAR, HIGH)
        gradient = QLinearGradient(bar.topLeft(), bar.topRight())
        gradient.setColorAt(0, colours.of("sunken"))
        gradient.setColorAt(1, QColor(colours.series[SERIES]))
        painter.setPen(colours.of("line"))
        painter.setBrush(gradient)
        painter.drawRect(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        painter.setPen(colours.of("muted"))
        painter.drawText(QRectF(0, 0, left, ROW), Qt.AlignmentFlag.AlignVCenter, "0")
        painter.drawText(QRectF(right, 0, self.width() - right, ROW), Qt.AlignmentFlag.AlignVCenter, self._top)
