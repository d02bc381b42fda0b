"""A chart: a row with title, legend and current value, and the plot below it."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.charts.plot import Picture, Plot
from espalier.gui.palette import colours_of
from espalier.gui.parts.text import Text
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
        self._names = tuple(names)
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


class Chart(QWidget):
    """`value` is semibold text at the right of the title row, `about` its muted note."""

    def __init__(
        self, title: str, *, names: Sequence[Named] = (), ticks: int = 4, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.plot = Plot(title, ticks=ticks)
        self._value, self._about = Text("", "second", weight=600), Text("", "second", "muted")
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 8, 0)
        self.row.setSpacing(0)
        self.row.addWidget(Text(title, "section"))
        self.row.addSpacing(APART)
        if names:
            legend = Legend()
            legend.show_names(names)
            self.row.addWidget(legend)
        self.row.addStretch(1)
        self.row.addWidget(self._value)
        self.row.addWidget(self._about)
        head = QWidget()
        head.setFixedHeight(ROW)
        head.setLayout(self.row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(head)
        column.addWidget(self.plot, 1)

    def show_picture(self, picture: Picture, value: str = "", about: str = "") -> None:
        self._value.setText(value)
        self._about.setText(f" {about}" if about else "")
        self.plot.show_picture(picture)
