"""The ring around what has the keyboard: one overlay a window, for a ring drawn inside a filled button would be lost."""

from PySide6.QtCore import QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.parts.button import RADIUS, Button

AWAY, WIDE = 2, 2


class FocusRing(QWidget):
    """Follows the focus among the buttons of its window; they take it from the keyboard only."""

    def __init__(self, window: QWidget, application: QApplication) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        application.focusChanged.connect(self.follow)

    def follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        if not isinstance(now, Button) or now.window() is not self.window():
            self.hide()
            return
        grown = AWAY + WIDE
        corner = now.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(corner.x() - grown, corner.y() - grown, now.width() + 2 * grown, now.height() + 2 * grown)
        self.raise_()
        self.show()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours_of(self.palette()).of("accent"), WIDE))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), RADIUS + 3, RADIUS + 3)
