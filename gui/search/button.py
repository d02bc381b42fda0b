"""What looks like a search field at the top and opens the command palette."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import set_tip
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, WIDEST, NARROWEST, CAP, SIDE = 30, 440, 120, 18, 16


class SearchButton(QAbstractButton):
    """Shows the words and the keys of its action; keys give way where it is narrow."""

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText).split("+")
        self.setText(self.tr("{words}…").format(words=action.text()))
        self.setAccessibleName(action.text())
        set_tip(self, action.text())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(font("body"))
        self.setFixedHeight(HEIGHT)
        self.setMaximumWidth(WIDEST)
        self.setMinimumWidth(NARROWEST)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.clicked.connect(action.trigger)

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDEST, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(QPen(colours.of("line_strong")))
        painter.setBrush(colours.of("control_hover" if self.underMouse() else "raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        paint_icon(painter, "search", QRectF(10, (HEIGHT - SIDE) / 2, SIDE, SIDE), colours.of("muted"))
        right = self._paint_keys(painter, self.width() - 6.0) if self.width() > 2 * NARROWEST else self.width() - 8.0
        painter.setFont(self.font())
        painter.setPen(colours.of("muted"))
        room = QRectF(34, 0, right - 34, HEIGHT)
        words = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, int(room.width()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def _paint_keys(self, painter: QPainter, right: float) -> float:
        """From the right to the left; returns where they begin."""
        colours = colours_of(self.palette())
        painter.setFont(font("caption"))
        for key in reversed(self._keys):
            width = max(CAP, QFontMetrics(font("caption")).horizontalAdvance(key) + 10)
            box = QRectF(right - width, (HEIGHT - CAP) / 2, width, CAP).adjusted(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(colours.of("line_strong")))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box, 4, 4)
            painter.setPen(colours.of("second"))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)
            right -= width + 4
        return right
