"""A whole file to be read by a person, in which a stretch can be marked by mouse or keyboard."""

import re
from collections.abc import Iterator

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QColor,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QSyntaxHighlighter,
    QTextCharFormat,
    QTextDocument,
)
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QWidget
from typing_extensions import override

from espalier.gui.code.highlight import Pieces, highlighted
from espalier.gui.literal import LAID_OUT, named
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

# What QTextDocument takes for the end of a line, besides the newline that git's lines end with, and what Qt can't hold.
BREAKS = re.compile("[\\0\r\x0b\x0c\x1c-\x1e\x85\N{LINE SEPARATOR}\N{PARAGRAPH SEPARATOR}\ufdd0\ufdd1]")
UNSEEN = "▯"  # one for one, where other views have room for its name
GUTTER = 48
FLAGS = Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard


class FileView(QPlainTextEdit):
    """Read-only; the characters of the text and those on the screen are one to one, so that a selection names a stretch."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.setReadOnly(True)
        self.setTextInteractionFlags(FLAGS)
        self.setFont(font("code"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setAccessibleName(name)
        self.setTabChangesFocus(True)
        clear = QPalette(self.palette())
        clear.setColor(QPalette.ColorRole.Base, Qt.GlobalColor.transparent)
        self.setPalette(clear)
        self.setViewportMargins(GUTTER, 0, 0, 0)
        self._numbers = _Numbers(self)
        self.updateRequest.connect(lambda *_: self._numbers.update())
        self._colours = _Colours(self.document(), self)

    def show_file(self, text: str, path: str) -> None:
        self._text = text
        shown = _shown(text)
        self._colours.take(highlighted(shown.split("\n"), path))
        self.setPlainText(shown)

    @property
    def marked(self) -> tuple[int, int]:
        """Where the selection begins and ends in the text, in characters; Qt counts in units of UTF-16."""
        cursor = self.textCursor()
        return self._characters(cursor.selectionStart()), self._characters(cursor.selectionEnd())

    def _characters(self, units: int) -> int:
        encoded = _shown(self._text).encode("utf-16-le", "surrogatepass")
        return len(encoded[: 2 * units].decode("utf-16-le", "surrogatepass"))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._numbers.setGeometry(0, 0, GUTTER, self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self.viewport()).fillRect(self.viewport().rect(), colours_of(self.palette()).of("sunken"))
        super().paintEvent(event)

    def rows(self) -> Iterator[tuple[int, QRectF]]:
        """The lines in view: number from 1, and where each stands."""
        block, offset = self.firstVisibleBlock(), self.contentOffset()
        while block.isValid():
            box = self.blockBoundingGeometry(block).translated(offset)
            if box.top() > self.viewport().height():
                return
            yield block.blockNumber() + 1, box
            block = block.next()


def _shown(text: str) -> str:
    """Letter by letter as on the screen: what can't be seen, or turns the order of others, is a box."""
    shown = BREAKS.sub(" ", text)
    for one in set(shown).difference(LAID_OUT):
        if named(one):
            shown = shown.replace(one, UNSEEN)
    return shown


class _Numbers(QWidget):
    """The gutter; it says nothing that the lines don't."""

    def __init__(self, view: FileView) -> None:
        super().__init__(view)
        self._view = view

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.fillRect(self.rect(), colours.of("sunken"))
        painter.setFont(font("caption"))
        painter.setPen(colours.of("muted"))
        for number, box in self._view.rows():
            room = QRectF(0, box.top(), GUTTER - 12, box.height())
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))


class _Colours(QSyntaxHighlighter):
    """Line by line, of spans that were found in the whole text."""

    def __init__(self, document: QTextDocument, view: FileView) -> None:
        super().__init__(document)
        self._view = view
        self._pieces: list[Pieces] = []

    def take(self, found: list[Pieces]) -> None:
        self._pieces = found

    @override
    def highlightBlock(self, text: str) -> None:
        number = self.currentBlock().blockNumber()
        colours = colours_of(self._view.palette())
        for piece in self._pieces[number] if number < len(self._pieces) else ():
            look = QTextCharFormat()
            look.setForeground(QColor(colours.of(piece.role)))
            self.setFormat(piece.start, piece.end - piece.start, look)
