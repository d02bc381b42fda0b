"""The line under a plot that shows where the keyboard is."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of

WIDE = 2


class FocusEdge(QWidget):
    """Lies over the axis line of its plot, and lets the mouse through."""

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def lie_under(self, area: QRectF) -> None:
        """Along the lower side of an area of the plot."""
        self.setGeometry(round(area.left()), round(area.bottom()) - WIDE // 2, round(area.width()), WIDE)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colours_of(self.palette()).of("accent"))
