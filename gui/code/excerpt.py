"""A few lines of code, as high as they are: numbered, coloured, with rows and stretches that are looked at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.code.canvas import Canvas
from espalier.gui.code.highlight import highlighted
from espalier.gui.code.rows import Listed, Row, Span, Tone

MOST = 5_000  # lines; a longer text is one for the whole-file view
BAR = 12


@dataclass(frozen=True, slots=True)
class Mark:
    """Characters of a line that are outlined; `line` is the number that the gutter shows."""

    line: int
    start: int
    end: int
    role: Tone = "warn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """What an excerpt shows. `language` is a name or a path; `rows` gives lines, by number, the fill of a state."""

    lines: Sequence[str] = ()
    first_line: int = 1
    language: str = ""
    marks: Sequence[Mark] = ()
    rows: Mapping[int, Tone] = field(default_factory=dict)

    @classmethod
    def of_text(
        cls,
        text: str,
        language: str = "",
        *,
        first_line: int = 1,
        marks: Sequence[Mark] = (),
        rows: Mapping[int, Tone] | None = None,
    ) -> "Code":
        """A text with its line ends."""
        return cls(
            lines=lines_of(text), first_line=first_line, language=language, marks=tuple(marks), rows=dict(rows or {})
        )


class Excerpt(QWidget):
    """As high as its lines, or as `most` of them, and then it scrolls; without `numbered` it has no gutter."""

    def __init__(
        self,
        name: str,
        *,
        row: int = 20,
        numbered: bool = True,
        most: int | None = None,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._most, self._least, self._code = most, 0, Code()
        self.canvas = Canvas(name, row=row, gutters=1 if numbered else 0)
        self.setFocusProxy(self.canvas)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        if most is None:
            self.canvas.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.canvas)
        self._fit()

    @property
    def code(self) -> Code:
        return self._code

    def show_code(self, code: Code) -> None:
        """Nothing happens when it is what is shown already."""
        if code != self._code:
            self._code = code
            self.canvas.show_rows(Listed(rows_of(code)))
            self._fit()

    def keep_height(self, rows: int) -> None:
        """No lower than so many rows, so that nothing jumps from one text to the next."""
        self._least = rows
        self._fit()

    def set_most(self, rows: int) -> None:
        """As high as so many rows at most, from now on; for one that was made with `most`."""
        if rows != self._most:
            self._most = rows
            self._fit()

    def text(self) -> str:
        """What is shown, as text."""
        return self.canvas.all_text()

    def copy_all(self) -> None:
        QGuiApplication.clipboard().setText(self.text())

    def _fit(self) -> None:
        rows = max(len(self.canvas.rows), self._least)
        rows = min(rows, self._most) if self._most is not None else rows
        height = rows * self.canvas.row_height + 8 + (BAR if self.canvas.too_wide else 0)
        if height != self.height() or self.minimumHeight() != height:
            self.setFixedHeight(height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def lines_of(text: str) -> tuple[str, ...]:
    """The lines of a text, without the empty one after its last line end; only \\n and \\r\\n end one, as in git."""
    lines = text.removesuffix("\n").split("\n") if text else []
    return tuple(line.removesuffix("\r") for line in lines)


def rows_of(code: Code) -> tuple[Row, ...]:
    lines = code.lines[:MOST]
    spans: dict[int, list[Span]] = {}
    for mark in code.marks:
        spans.setdefault(mark.line, []).append(Span(mark.start, mark.end, mark.role))
    return tuple(
        Row(
            text=line,
            numbers=(number,),
            tone=code.rows.get(number),
            spans=tuple(sorted(spans.get(number, ()), key=lambda one: one.start)),
            pieces=pieces,
        )
        for number, (line, pieces) in enumerate(
            zip(lines, highlighted(lines, code.language), strict=True), start=code.first_line
        )
    )
