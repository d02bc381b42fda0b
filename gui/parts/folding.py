"""A row in two halves: beside each other, or the right one below where there is no room for both."""

from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget
from typing_extensions import override

ROW, APART, GAP = 28, 8, 4


class Folding(QWidget):
    """`left` and `right` are filled by the caller; what is in them keeps its least width."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.left, self.right = QHBoxLayout(), QHBoxLayout()
        self._halves = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._halves.setContentsMargins(0, 0, 0, 0)
        for half in (self.left, self.right):
            half.setContentsMargins(0, 0, 0, 0)
            half.setSpacing(APART)
        self.right.addStretch(0)
        self._halves.addLayout(self.left, 1)
        self._halves.addLayout(self.right)
        self.setFixedHeight(ROW)

    @property
    def folded(self) -> bool:
        return self._halves.direction() == QBoxLayout.Direction.TopToBottom

    def _fold(self) -> None:
        left, right = self._widths()
        folds = bool(right) and left + right + APART > self.width()
        apart = GAP if folds else APART if right else 0
        if (folds, apart) == (self.folded, self._halves.spacing()):
            return  # setting a spacing asks for another layout, whatever it was
        way = QBoxLayout.Direction
        self._halves.setDirection(way.TopToBottom if folds else way.LeftToRight)
        self._halves.setSpacing(apart)
        self.setFixedHeight(2 * ROW + GAP if folds else ROW)

    def _widths(self) -> tuple[int, int]:
        return self.left.minimumSize().width(), self.right.minimumSize().width()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths()), self.height())

    @override
    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:  # something in it says more, or less
            self._fold()
        return done

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()
