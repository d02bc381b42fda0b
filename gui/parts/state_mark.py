"""A state as an icon and its word, side by side."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.standing import Standing
from espalier.gui.states import SHOWN, TO_DO, Shown
from espalier.gui.typeface import font

SIDE, GAP, HEIGHT = 14, 6, 20


class StateMark(QLabel):
    """The word is the label's text, so that it is also what is read out."""

    def __init__(self, shown: Shown = TO_DO, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFont(font("second", 500))
        self.setFixedHeight(HEIGHT)
        self._shown = shown
        self.show_state(shown)

    def show_standing(self, standing: Standing) -> None:
        """How a job stands."""
        self.show_state(SHOWN[standing])

    def show_state(self, shown: Shown) -> None:
        self._shown = shown
        self.setText(shown.word)
        self.setFixedWidth(self.sizeHint().width())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE + GAP + self.fontMetrics().horizontalAdvance(self.text()) + 1, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = colours_of(self.palette()).of(self._shown.role)
        paint_icon(painter, self._shown.icon, QRectF(0, (self.height() - SIDE) / 2, SIDE, SIDE), colour)
        painter.setPen(colour)
        painter.drawText(self.rect().adjusted(SIDE + GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())
