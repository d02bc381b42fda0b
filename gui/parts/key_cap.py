"""Key-caps: a physical key as printed, alone or within a sentence."""

import re

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HIGH, PAD, RADIUS = 18, 5, 4
KEY = re.compile(r"\[(\]|[^\]]+)\]")


def cap_width(key: str) -> int:
    return max(HIGH, QFontMetrics(font("caption")).horizontalAdvance(key) + 2 * PAD)


def paint_cap(painter: QPainter, key: str, corner: QPointF, ink: QColor, edge: QColor) -> None:
    """With its upper left corner there; as wide as `cap_width` says."""
    box = QRectF(corner.x(), corner.y(), cap_width(key), HIGH).adjusted(0.5, 0.5, -0.5, -0.5)
    painter.setPen(QPen(edge))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box, RADIUS, RADIUS)
    painter.setFont(font("caption"))
    painter.setPen(ink)
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, key)


class Keys(QLabel):
    """A sentence in which `[R]` is drawn as a key; read out as it is written."""

    def __init__(self, text: str, role: str = "second", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self._role = role
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(font("second"))
        self.setFixedHeight(20)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        return QSize(int(self._pieces(None)) + 1, 20)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._pieces(painter)

    def _pieces(self, painter: QPainter | None) -> float:
        """Draw words and caps, or only measure them; returns where they end."""
        colours, x = colours_of(self.palette()), 0.0
        for number, piece in enumerate(KEY.split(self.text())):
            if number % 2:
                if painter is not None:
                    paint_cap(painter, piece, QPointF(x, 1), colours.of("second"), colours.of("line_strong"))
                x += cap_width(piece)
                continue
            width = QFontMetrics(self.font()).horizontalAdvance(piece)
            if painter is not None:
                painter.setFont(self.font())
                painter.setPen(colours.of(self._role))
                painter.drawText(QRectF(x, 0, width + 1, 20), Qt.AlignmentFlag.AlignVCenter, piece)
            x += width
        return x
