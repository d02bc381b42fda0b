"""A choice of a few, side by side: one is pressed in."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, PADDING, RADIUS, SIDE, GAP = 28, 12, 6, 14, 6


class Segment(QAbstractButton):
    """One of the choices, with an icon before its word where it has one."""

    def __init__(self, text: str, glyph: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._glyph = glyph
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFont(font("second", 500))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedSize(self.sizeHint())

    @override
    def sizeHint(self) -> QSize:
        icon = SIDE + GAP if self._glyph else 0
        return QSize(icon + self.fontMetrics().horizontalAdvance(self.text()) + 2 * PADDING, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        if self.isChecked():
            painter.setPen(QPen(colours.of("line_strong")))
            painter.setBrush(colours.of("raised"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        ink = colours.of("text" if self.isChecked() else "second")
        painter.setPen(ink)
        if not self._glyph:
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
            return
        paint_icon(painter, self._glyph, QRectF(PADDING, (HEIGHT - SIDE) / 2, SIDE, SIDE), ink)
        painter.drawText(
            self.rect().adjusted(PADDING + SIDE + GAP, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text()
        )


class Segments(QWidget):
    """picked(number): the person chose another."""

    picked = Signal(int)

    def __init__(
        self, name: str, texts: Sequence[str], glyphs: Sequence[str] = (), parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        for number, text in enumerate(texts):
            segment = Segment(text, glyphs[number] if number < len(glyphs) else "")
            segment.setAccessibleDescription(name)
            self._group.addButton(segment, number)
            row.addWidget(segment)
        self.pick(0)
        self._group.idClicked.connect(self.picked)

    @property
    def picked_one(self) -> int:
        return self._group.checkedId()

    def pick(self, number: int) -> None:
        """Tab leads to this one from now on, and the arrows from it to the others."""
        self._group.button(number).setChecked(True)
        for one in self._group.buttons():
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus if one.isChecked() else Qt.FocusPolicy.NoFocus)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(QPen(colours.of("line_strong")))
        painter.setBrush(colours.of("sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
