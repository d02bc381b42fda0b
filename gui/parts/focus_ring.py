"""The ring around what has the keyboard: one overlay a window, for a ring drawn inside a filled button would be lost."""

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget
from shiboken6 import isValid
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.parts.button import RADIUS

AWAY, WIDE = 2, 2
MOVING = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class FocusRing(QWidget):
    """Follows the focus among what can be pressed in its window; such parts take it from the keyboard only.

    Lists, fields and plots show the focus themselves, and so does a part whose property `own_focus` is set.
    """

    def __init__(self, window: QWidget, application: QApplication) -> None:
        super().__init__(window)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._watched: list[QWidget] = []
        self.hide()
        application.focusChanged.connect(self.follow)

    def follow(self, _before: QWidget | None, now: QWidget | None) -> None:
        for one in filter(isValid, self._watched):  # a dialog that goes takes its parts with it, one by one
            one.removeEventFilter(self)
        around = isinstance(now, QAbstractButton) and now.window() is self.window() and not now.property("own_focus")
        self._watched = _upwards(now) if around else []
        for one in self._watched:
            one.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        """Around the button, wherever it or what it lies in has moved to."""
        now = self._watched[0] if self._watched else None
        if now is None or not isValid(now) or not now.isVisible():
            self.hide()
            return
        grown = AWAY + WIDE
        corner = now.mapTo(self.window(), QPoint(0, 0))
        self.setGeometry(corner.x() - grown, corner.y() - grown, now.width() + 2 * grown, now.height() + 2 * grown)
        self.raise_()
        self.show()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in MOVING:
            self._place()
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours_of(self.palette()).of("accent"), WIDE))
        radius = float((self._watched[0].property("radius") if self._watched else None) or RADIUS) + 3
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)


def _upwards(widget: QWidget | None) -> list[QWidget]:
    """The widget and all that it lies in, but the window itself."""
    chain: list[QWidget] = []
    while widget is not None and not widget.isWindow():
        chain.append(widget)
        widget = widget.parentWidget()
    return chain
