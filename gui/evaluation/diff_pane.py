"""An answer as a diff against its reference, in one column; and code by itself, both as the repository's language is coloured."""

from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.gui.code.canvas import Canvas
from espalier.gui.code.compared import Comparison, Unified
from espalier.gui.code.difference import Difference, difference
from espalier.gui.code.excerpt import Code, lines_of, rows_of
from espalier.gui.code.highlight import highlighted
from espalier.gui.code.rows import Listed

LOWEST = 60


class DiffPane(QWidget):
    """`path` names the language. Long unchanged stretches are folded and open with Enter or a click."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison = Comparison(Difference(()))
        self.canvas = Canvas(name, gutters=0, signs=True)
        self.canvas.setMinimumHeight(LOWEST)
        self.canvas.opened.connect(self._open)
        self.setFocusProxy(self.canvas)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.canvas)

    def show_diff(self, reference: str, answer: str, path: str = "") -> None:
        before, after = lines_of(reference), lines_of(answer)
        self._comparison = Comparison(
            difference(before, after), before=highlighted(before, path), after=highlighted(after, path)
        )
        self.canvas.show_rows(Unified(self._comparison))

    def show_words(self, text: str) -> None:
        """Something that is no answer."""
        self._comparison = Comparison(Difference(()))
        show_code(self.canvas, text)

    def text(self) -> str:
        return self.canvas.all_text()

    def _open(self, row: int) -> None:
        shown = self.canvas.rows
        if isinstance(shown, Unified):
            self._comparison.opened.add(shown.entries[row].pair)
            self.canvas.show_rows(Unified(self._comparison), keep=True)


def code_canvas(name: str) -> Canvas:
    canvas = Canvas(name, gutters=0)
    canvas.setMinimumHeight(LOWEST)
    return canvas


def show_code(canvas: Canvas, text: str, path: str = "") -> None:
    canvas.show_rows(Listed(rows_of(Code.of_text(text, path))))
