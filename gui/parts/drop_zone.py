"""A place to drop folders on."""

from pathlib import Path

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.text import Text

HEIGHT, SIDE, LEFT, RADIUS = 72, 16, 24, 8


class DropZone(QWidget):
    """dropped(paths): a list of local paths."""

    dropped = Signal(list)

    def __init__(self, sentence: str, *, height: int = HEIGHT, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._over = False
        self.setAcceptDrops(True)
        self.setFixedHeight(height)
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT + SIDE + 10, 0, LEFT, 0)
        row.addWidget(Text(sentence, "body", "second", elide=Qt.TextElideMode.ElideRight))
        self.setAccessibleName(sentence)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event):
            self._over = True
            event.acceptProposedAction()
            self.update()

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._over = False
        self.update()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._over = False
        self.update()
        if paths := local_paths(event):
            event.acceptProposedAction()
            self.dropped.emit(paths)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        pen = QPen(colours.of("accent" if self._over else "line_strong"), 1, Qt.PenStyle.CustomDashLine)
        pen.setDashPattern([4, 3])
        painter.setPen(pen)
        painter.setBrush(colours.of("accent_soft") if self._over else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        paint_icon(painter, "folder", QRectF(LEFT, (self.height() - SIDE) / 2, SIDE, SIDE), colours.of("second"))


def local_paths(event: QDropEvent) -> list[Path]:
    """What is dragged, where it lies on this machine."""
    return [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
