"""The bar that finds a text in code: what is looked for, which of how many it is, and the way to the next."""

import re
from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.figures import count
from espalier.gui.parts.button import Button
from espalier.gui.parts.field import LOW, Field
from espalier.gui.parts.text import Text

MOST = 10_000  # places that are found
LINE = re.compile(r":([0-9]{1,9})")

Found = tuple[int, int, int]


class FindBar(QWidget):
    """A colon and a number ask for a line.

    found(row, start, end)   go there
    line_asked(number)       go to the line with this number
    left()                   the bar was closed
    """

    found = Signal(int, int, int)
    line_asked = Signal(int)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[str] = ()
        self._places: list[Found] = []
        self._at = -1
        self.field = Field(self.tr("Find"), name=self.tr("Find in this text"), glyph="search", height=LOW)
        self.said = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self.field.setMaximumWidth(280)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 4)
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.said, 1)
        for text, step in ((self.tr("Previous"), -1), (self.tr("Next"), 1)):
            button = Button(text, "ghost", height=LOW)
            button.clicked.connect(lambda _checked=False, by=step: self.step(by))
            row.addWidget(button)
        self.field.textChanged.connect(self.look_for)
        self.field.returnPressed.connect(lambda: self.step(1))
        self.field.left.connect(self.left)

    def search_in(self, lines: Sequence[str]) -> None:
        self._lines, self._places, self._at = lines, [], -1
        if self.isVisible():
            self.look_for(self.field.text())

    def open(self, text: str | None = None) -> None:
        """With what was looked for last, or this."""
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if text is None:
            self.field.selectAll()
        else:
            self.field.setText(text)  # after the focus, which selects what is there
        self.look_for(self.field.text())

    def look_for(self, text: str) -> None:
        """Look for it from the top; small and large letters are the same."""
        if line := LINE.fullmatch(text):
            self._places = []
            self.said.setText(self.tr("Line {number}").format(number=line[1]))
            self.line_asked.emit(int(line[1]))
            return
        self._places, self._at = places(self._lines, text), -1
        if self._places:
            self.step(1)
        else:
            self.said.setText(self.tr("Nothing is like this") if text else "")

    def step(self, by: int) -> None:
        if not self._places:
            return
        self._at = (self._at + by) % len(self._places)
        more = "+" if len(self._places) >= MOST else ""
        self.said.setText(
            self.tr("{place} of {number}").format(place=count(self._at + 1), number=count(len(self._places)) + more)
        )
        self.found.emit(*self._places[self._at])

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        super().keyPressEvent(event)


def places(lines: Sequence[str], text: str) -> list[Found]:
    """Row, start and end of each place, in order, up to a limit."""
    if not text:
        return []
    pattern = re.compile(re.escape(text), re.IGNORECASE)
    found: list[Found] = []
    for number, line in enumerate(lines):
        for match in pattern.finditer(line):
            found.append((number, match.start(), match.end()))
            if len(found) >= MOST:
                return found
    return found
