"""The ring around what has the keyboard: one overlay a window, for a ring drawn inside a filled button would be lost."""

from itertools import pairwise

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QRegion
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QWidget
from shiboken6 import isValid
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.parts.button import RADIUS

AWAY, WIDE = 2, 2
MOVING = (QEvent.Type.Move, QEvent.Type.Resize, QEvent.Type.Show, QEvent.Type.Hide)


class FocusRing(QWidget):
    """Follows the focus among what Tab leads to in its window: around a part, or within what scrolls; a click shows none.

    A part whose property `own_focus` is set shows the focus itself: lists, fields, code and plots.
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
        around = now is not None and now.window() is self.window() and _wants_ring(now)
        self._watched = _upwards(now) if around and not QApplication.mouseButtons() else []
        for one in self._watched:
            one.installEventFilter(self)
        self._place()

    def _place(self) -> None:
        """Around the button, wherever it or what it lies in has moved to."""
        now = self._watched[0] if self._watched else None
        if now is None or not isValid(now) or not now.isVisible():
            self.hide()
            return
        grown = 0 if isinstance(now, QAbstractScrollArea) else AWAY + WIDE
        self.setGeometry(self._seen(now).adjusted(-grown, -grown, grown, grown))
        self.setMask(QRegion(self._room().translated(-self.pos())))
        self.raise_()
        self.show()

    def _seen(self, part: QWidget) -> QRect:
        return QRect(part.mapTo(self.window(), QPoint(0, 0)), part.size())

    def _room(self) -> QRect:
        """What is scrolled out of its place has no ring over its neighbours."""
        room = self.window().rect()
        for inner, outer in pairwise(self._watched):
            if isinstance(outer, QAbstractScrollArea) and inner is outer.viewport():
                room &= self._seen(inner).adjusted(-AWAY - WIDE, -AWAY - WIDE, AWAY + WIDE, AWAY + WIDE)
        return room

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
        now = self._watched[0] if self._watched else None
        around = now is not None and not isinstance(now, QAbstractScrollArea)
        radius = float(now.property("radius") or RADIUS) + 3 if now is not None and around else 0.0
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), radius, radius)


def _wants_ring(part: QWidget) -> bool:
    return bool(part.focusPolicy() & Qt.FocusPolicy.TabFocus) and not part.property("own_focus")


def _upwards(widget: QWidget | None) -> list[QWidget]:
    """The widget and all that it lies in, but the window itself."""
    chain: list[QWidget] = []
    while widget is not None and not widget.isWindow():
        chain.append(widget)
        widget = widget.parentWidget()
    return chain
