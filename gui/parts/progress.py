"""The progress bar: four pixels high, accent on the hairline colour."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QProgressBar, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of

THICK = 4


class Progress(QProgressBar):
    """Keeps what QProgressBar tells to those who can't see it, and draws itself."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(width, 12))
        self.setTextVisible(False)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colours = colours_of(self.palette())
        groove = QRectF(0, (self.height() - THICK) / 2, self.width(), THICK)
        painter.setBrush(colours.of("line"))
        painter.drawRoundedRect(groove, 2, 2)
        if self.maximum() > 0 and self.value() > 0:
            groove.setWidth(max(THICK, groove.width() * self.value() / self.maximum()))
            painter.setBrush(colours.of("accent"))
            painter.drawRoundedRect(groove, 2, 2)
