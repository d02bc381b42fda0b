"""The middle of the card: the context that the model is shown, and the solution that it should give, sharing the height."""

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.examples.example import Example
from espalier.gui.code.excerpt import Excerpt
from espalier.gui.examples.showing import context, context_about, solution, solution_about
from espalier.gui.parts.section import HEIGHT, SectionHead

ROW, LEAST, BETWEEN, MARGINS, PADDING = 20, 4, 12, (20, 8, 20, 12), 20


class Panes(QWidget):
    """Each as high as its lines where there is room for both; else the longer one gives way."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._heads = SectionHead(self.tr("Context")), SectionHead(self.tr("Solution"))
        self.context, self.solution = Excerpt(self.tr("Context"), most=LEAST), Excerpt(self.tr("Solution"), most=LEAST)
        column = QVBoxLayout(self)
        column.setContentsMargins(*MARGINS)
        column.setSpacing(4)
        for head, excerpt in zip(self._heads, (self.context, self.solution), strict=True):
            column.addWidget(head)
            column.addWidget(excerpt)
            column.addSpacing(BETWEEN - 4)
        column.addStretch(1)
        self.setMinimumHeight(self._around() + 2 * LEAST * ROW)

    def show_example(self, example: Example) -> None:
        for head, about in zip(self._heads, (context_about(example), solution_about(example)), strict=True):
            head.say(about)
        self.context.show_code(context(example))
        self.solution.show_code(solution(example))
        self._share()

    def _around(self) -> int:
        """Pixels that are not code."""
        return MARGINS[1] + MARGINS[3] + 2 * HEIGHT + 2 * BETWEEN + 2 * PADDING + 16

    def _share(self) -> None:
        room = max(2 * LEAST, (self.height() - self._around()) // ROW)
        above, below = len(self.context.code.lines), len(self.solution.code.lines)
        half = room // 2
        upper = above if above <= max(half, room - below) else max(half, room - below)
        self.context.set_most(max(LEAST, upper))
        self.solution.set_most(max(LEAST, room - max(LEAST, upper)))

    @override
    def sizeHint(self) -> QSize:
        return QSize(480, self.minimumHeight())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()
