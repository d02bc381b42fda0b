"""A legend: swatches in the colours of series, and their names."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.gui.literal import literal
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

ROW, SWATCH, GAP, APART = 28, 9, 6, 16
Named = tuple[str, int]


class Legend(QWidget):
    """Swatches and names; the words keep to text colours, since series colours are too pale for words."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[Named, ...] = ()
        self.setFont(font("second"))
        self.setFixedHeight(ROW)

    def show_names(self, names: Sequence[Named]) -> None:
        self._names = tuple((literal(name), number) for name, number in names)
        self.setAccessibleName(", ".join(name for name, _ in names))
        self.setFixedWidth(self.sizeHint().width())
        self.update()

    @override
    def sizeHint(self) -> QSize:
        measure = self.fontMetrics().horizontalAdvance
        return QSize(sum(SWATCH + GAP + measure(name) + APART for name, _ in self._names) + 1, ROW)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, x = colours_of(self.palette()), 0
        for name, number in self._names:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colours.series[number]))
            painter.drawRoundedRect(QRectF(x, (ROW - SWATCH) / 2, SWATCH, SWATCH), 2, 2)
            painter.setPen(colours.of("second"))
            width = self.fontMetrics().horizontalAdvance(name) + 1
            painter.drawText(x + SWATCH + GAP, 0, width, ROW, Qt.AlignmentFlag.AlignVCenter, name)
            x += SWATCH + GAP + width - 1 + APART
