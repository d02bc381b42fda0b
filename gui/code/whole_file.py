"""A whole file of code, however long: shown at once, coloured as it is read, with a way to any line, text or mark."""

from bisect import bisect_left, bisect_right

from PySide6.QtCore import QKeyCombination, Qt
from PySide6.QtGui import QHideEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.code.canvas import Canvas
from espalier.gui.code.colouring import Colouring, Wanted
from espalier.gui.code.excerpt import Code
from espalier.gui.code.file_rows import FileRows
from espalier.gui.code.find_bar import FindBar
from espalier.gui.code.highlight import Pieces, known

TO_LINE = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_G)


class WholeFile(QWidget):
    """Ctrl+F finds, Ctrl+G asks for a line, F3 and Shift+F3 go on; Alt+Down and Alt+Up lead to the next and previous mark."""

    def __init__(self, name: str, *, row: int = 20, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.canvas = Canvas(name, row=row)
        self.find_bar = FindBar()
        self.find_bar.hide()
        self._rows = FileRows(Code())
        self._colouring = Colouring(self)
        self.setFocusProxy(self.canvas)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.find_bar)
        layout.addWidget(self.canvas, 1)
        self.canvas.seen.connect(self._colour)
        self._colouring.done.connect(self._show_colours)
        self.find_bar.found.connect(self.canvas.select)
        self.find_bar.line_asked.connect(self.go_to_line)
        self.find_bar.left.connect(self.close_find)

    @property
    def code(self) -> Code:
        return self._rows.code

    def show_code(self, code: Code) -> None:
        """From the top; colours come after."""
        self._colouring.forget()
        self._rows = FileRows(code)
        self.canvas.show_rows(self._rows)
        self.find_bar.search_in(code.lines)

    def go_to_line(self, line: int) -> None:
        """By the number that the gutter shows; the nearest where there is none."""
        self.canvas.go_to(line - self.code.first_line)

    def go_to_mark(self, by: int) -> bool:
        """To the next place that is marked, or with -1 the one before; False where there is none."""
        rows = self._rows.looked_at()
        at = self.canvas.current
        place = bisect_right(rows, at) if by > 0 else bisect_left(rows, at) - 1
        if not 0 <= place < len(rows):
            return False
        spans = self._rows.row(rows[place]).spans
        self.canvas.go_to(rows[place], index=spans[0].start if spans else 0)
        return True

    def open_find(self) -> None:
        self.find_bar.open()

    def close_find(self) -> None:
        self.find_bar.hide()
        self.canvas.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _colour(self, first: int, end: int) -> None:
        """Ask for the colours of what is in view, where they are not there yet."""
        if not self.isVisible() or not len(self._rows) or not known(self.code.language):
            return
        chunk = self._rows.lacking(first, end)
        if chunk is not None:
            lines, lead = self._rows.lines_of(chunk)
            self._colouring.ask(Wanted(chunk, lines, self.code.language, lead))

    def _show_colours(self, chunk: int, pieces: list[Pieces]) -> None:
        self._rows.colour(chunk, pieces)
        self.canvas.viewport().update()
        self._colour(*self.canvas.visible_rows())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._colour(*self.canvas.visible_rows())

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees needs no colours."""
        self._colouring.forget()
        super().hideEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        marks = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_find()
        elif event.keyCombination() == TO_LINE:
            self.find_bar.open(":")
        elif event.matches(QKeySequence.StandardKey.FindNext):
            self.find_bar.step(1)
        elif event.matches(QKeySequence.StandardKey.FindPrevious):
            self.find_bar.step(-1)
        elif event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in marks:
            self.go_to_mark(marks[Qt.Key(event.key())])
        else:
            event.ignore()
