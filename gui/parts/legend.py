"""A legend: swatches in the colours of series, and their names."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.parts.swatch import paint_swatch
from espalier.gui.typeface import font

ROW, SWATCH, GAP, APART = 28, 9, 6, 16
Named = tuple[str, int]


class Legend(QWidget):
    """Swatches and names, as many as have room and the number of the rest; the tip has them all.

    The words keep to text colours, since series colours are too pale for words.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[Named, ...] = ()
        self.setFont(font("second"))
        self.setFixedHeight(ROW)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)

    def show_names(self, names: Sequence[Named]) -> None:
        if tuple(names) == self._names:
            return
        self._names = tuple(names)
        said = ", ".join(name for name, _ in names)
        self.setAccessibleName(said)
        self.setToolTip(said)
        self.updateGeometry()
        self.update()

    @property
    def seen(self) -> tuple[str, ...]:
        """The names that have room, and what stands for the others."""
        fitting = self._fitting()
        names = tuple(name for name, _ in self._names[:fitting])
        return names if fitting == len(self._names) else (*names, self._rest(fitting))

    def _width(self, name: str) -> int:
        return SWATCH + GAP + self.fontMetrics().horizontalAdvance(name) + APART

    def _rest(self, fitting: int) -> str:
        return self.tr("+ {n}").format(n=len(self._names) - fitting)

    def _fitting(self) -> int:
        if sum(self._width(name) for name, _ in self._names) <= self.width():
            return len(self._names)
        left, fitting = self.width() - self.fontMetrics().horizontalAdvance(self._rest(0)) - 1, 0
        for name, _ in self._names:
            left -= self._width(name)
            if left < 0:
                break
            fitting += 1
        return fitting

    @override
    def sizeHint(self) -> QSize:
        return QSize(sum(self._width(name) for name, _ in self._names) + 1, ROW)

    @override
    def minimumSizeHint(self) -> QSize:
        """Room for the first two."""
        if len(self._names) < 3:
            return self.sizeHint()
        rest = self.fontMetrics().horizontalAdvance(self._rest(0))
        return QSize(sum(self._width(name) for name, _ in self._names[:2]) + rest + 1, ROW)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours, x, fitting = colours_of(self.palette()), 0, self._fitting()
        for name, number in self._names[:fitting]:
            paint_swatch(painter, QRectF(x, (ROW - SWATCH) / 2, SWATCH, SWATCH), number, colours)
            painter.setPen(colours.of("second"))
            width = self.fontMetrics().horizontalAdvance(name) + 1
            painter.drawText(x + SWATCH + GAP, 0, width, ROW, Qt.AlignmentFlag.AlignVCenter, name)
            x += SWATCH + GAP + width - 1 + APART
        if fitting < len(self._names):
            painter.setPen(colours.of("muted"))
            painter.drawText(x, 0, self.width() - x, ROW, Qt.AlignmentFlag.AlignVCenter, self._rest(fitting))
