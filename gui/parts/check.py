"""A check: on or off, with its words."""

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.literal import set_words
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, SIDE, GAP, RADIUS = 24, 16, 8, 4


class Check(QCheckBox):
    """Draws itself; everything else is QCheckBox's."""

    def __init__(self, text: str, *, on: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.show_text(text)
        self.setChecked(on)
        self.setFont(font("body"))
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_text(self, text: str) -> None:
        set_words(self, text)
        self.setAccessibleName(self.text())
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        return QSize(SIDE + GAP + self.fontMetrics().horizontalAdvance(self.text()) + 1, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def hitButton(self, at: object) -> bool:
        return True

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        on = self.isChecked()
        top = (HEIGHT - SIDE) / 2
        painter.setPen(Qt.PenStyle.NoPen if on and self.isEnabled() else QPen(colours.of("line_strong")))
        painter.setBrush(colours.of(("fill" if on else "raised") if self.isEnabled() else "sunken"))
        painter.drawRoundedRect(QRectF(0.5, top + 0.5, SIDE - 1, SIDE - 1), RADIUS, RADIUS)
        if on:
            painter.setPen(QPen(colours.of("on_fill" if self.isEnabled() else "muted"), 1.6))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            tick = [QPointF(4, top + 8.2), QPointF(7, top + 11), QPointF(12, top + 5.2)]
            painter.drawPolyline(QPolygonF(tick))
        painter.setPen(colours.of("text" if self.isEnabled() else "muted"))
        painter.setFont(self.font())
        box = self.rect().adjusted(SIDE + GAP, 0, 0, 0)
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, self.text())
