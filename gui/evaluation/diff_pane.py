"""An answer as a diff against its reference: lines of both, marked by sign and ground."""

import difflib
from typing import Literal

from PySide6.QtCore import QRect
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.gui.evaluation.code_pane import CodePane
from espalier.gui.palette import colours_of

Sign = Literal[" ", "-", "+"]
GROUNDS: dict[str, str] = {"-": "bad_soft", "+": "ok_soft"}
EDGES: dict[str, str] = {"-": "bad", "+": "ok"}
EDGE = 3


def diff(reference: str, answer: str) -> list[tuple[Sign, str]]:
    """Every line of both, whole: of functions, context is never left out. `-` is the reference's, `+` the answer's."""
    before, after = reference.splitlines(), answer.splitlines()
    found: list[tuple[Sign, str]] = []
    for kind, first, last, start, end in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            found += [(" ", line) for line in before[first:last]]
        else:
            found += [("-", line) for line in before[first:last]]
            found += [("+", line) for line in after[start:end]]
    return found


class DiffPane(CodePane):
    """Each line begins with its sign, so that colour alone tells nothing."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._signs: list[Sign] = []

    def show_diff(self, reference: str, answer: str) -> None:
        lines = diff(reference, answer)
        self._signs = [sign for sign, _ in lines]
        self.show_text("\n".join(f"{sign} {text}" for sign, text in lines))
        self.viewport().update()

    def show_words(self, text: str) -> None:
        """Something that is no answer."""
        self._signs = []
        self.show_text(text)
        self.viewport().update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self.viewport()), colours_of(self.palette())
        painter.fillRect(self.viewport().rect(), colours.of("sunken"))
        block, offset, width = self.firstVisibleBlock(), self.contentOffset(), self.viewport().width()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > self.viewport().height():
                break
            sign = self._signs[block.blockNumber()] if block.blockNumber() < len(self._signs) else " "
            if sign in GROUNDS:
                top, tall = round(box.top()), round(block.layout().boundingRect().height())
                painter.fillRect(QRect(0, top, width, tall), colours.of(GROUNDS[sign]))
                painter.fillRect(QRect(0, top, EDGE, tall), colours.of(EDGES[sign]))
            block = block.next()
        painter.end()
        super().paintEvent(event)
