"""The toast: at the lower left of the page, what was just done, and the way to take it back."""

from PySide6.QtCore import QEvent, QObject, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text

FOOT = "foot"  # the object name of a row of buttons at the foot of a page, which is not to be covered
SHOWN_MILLISECONDS, AWAY, SIDE, RADIUS, HEIGHT = 8000, 16, 16, 8, 40


class Toast(QWidget):
    """undone(): the person wants it taken back. Lies over `over` without taking its focus."""

    undone = Signal()

    def __init__(self, over: QWidget) -> None:
        super().__init__(over)
        self._over = over
        self._words = Text("", "body", elide=Qt.TextElideMode.ElideRight)
        self.undo = Button(self.tr("Undo"), "link")
        self.undo.set_key("Z")
        self.undo.clicked.connect(self._take_back)
        self._timer = QTimer(self, singleShot=True, interval=SHOWN_MILLISECONDS)
        self._timer.timeout.connect(self.hide)
        row = QHBoxLayout(self)
        row.setContentsMargins(12 + SIDE + 8, 0, 12, 0)
        row.setSpacing(16)
        row.addWidget(self._words)
        row.addWidget(self.undo)
        self.setFixedHeight(HEIGHT)
        over.installEventFilter(self)
        self.hide()

    def say(self, words: str, can_be_undone: bool) -> None:
        self._words.setText(words)
        self.undo.setVisible(can_be_undone)
        self.setAccessibleName(words)
        self._place()
        self.show()
        self.raise_()
        self._timer.start()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, words))

    def stay(self) -> None:
        """Until it is used, where somebody only looks at it."""
        self._timer.stop()

    @property
    def words(self) -> str:
        return self._words.text()

    def _take_back(self) -> None:
        self.hide()
        self.undone.emit()

    def _place(self) -> None:
        words = self._words.fontMetrics().horizontalAdvance(self._words.text()) + 2
        link = 16 + self.undo.sizeHint().width() if self.undo.isVisibleTo(self) else 0
        width = min(12 + SIDE + 8 + words + link + 12, self._over.width() - 2 * AWAY)
        self.setFixedWidth(max(width, 80))
        feet = self._over.findChildren(QWidget, FOOT)
        lift = max((one.height() for one in feet if one.isVisible()), default=0)
        self.move(AWAY, self._over.height() - HEIGHT - AWAY - lift)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    @override
    def hideEvent(self, event: QEvent) -> None:
        self._timer.stop()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(QPen(colours.of("line_strong")))
        painter.setBrush(colours.of("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        paint_icon(painter, "done", QRectF(12, (HEIGHT - SIDE) / 2, SIDE, SIDE), colours.of("ok"))
