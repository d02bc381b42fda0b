"""The legend of stacked bars: a swatch and a name for each series, as many as fit."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.literal import one_line, set_tip
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

SIDE, GAP, APART, HEIGHT, WIDEST = 10, 6, 16, 20, 160


class Swatches(QWidget):
    """What each colour stands for; all of it is the tooltip."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_names(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self.setAccessibleName(", ".join(map(one_line, names)))
        set_tip(self, ", ".join(names))
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.setFont(font("caption"))
        metrics, x = QFontMetrics(painter.font()), 0.0
        for number, name in enumerate(self._names):
            words = metrics.elidedText(one_line(name), Qt.TextElideMode.ElideMiddle, WIDEST)
            width = metrics.horizontalAdvance(words)
            if x + SIDE + GAP + width > self.width():
                break
            painter.fillRect(
                QRectF(x, (HEIGHT - SIDE) / 2, SIDE, SIDE), QColor(colours.series[number % len(colours.series)])
            )
            painter.setPen(colours.of("second"))
            painter.drawText(QRectF(x + SIDE + GAP, 0, width + 1, HEIGHT), Qt.AlignmentFlag.AlignVCenter, words)
            x += SIDE + GAP + width + APART
