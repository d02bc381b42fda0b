"""Views of which one is in front, no larger than that one asks to be."""

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QStackedWidget, QWidget
from typing_extensions import override


class Stack(QStackedWidget):
    """Qt's own is as large as the largest view, seen or not, and makes the page scroll for it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.currentChanged.connect(lambda _: self.updateGeometry())

    @override
    def sizeHint(self) -> QSize:
        current = self.currentWidget()
        return QSize() if current is None else current.sizeHint()

    @override
    def minimumSizeHint(self) -> QSize:
        current = self.currentWidget()
        return QSize() if current is None else current.minimumSizeHint()

    @override
    def hasHeightForWidth(self) -> bool:
        current = self.currentWidget()
        return current is not None and current.hasHeightForWidth()

    @override
    def heightForWidth(self, width: int) -> int:
        current = self.currentWidget()
        return -1 if current is None else current.heightForWidth(width)
