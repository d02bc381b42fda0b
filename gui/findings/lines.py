"""Lines of a finding on the ground of code: the row in the state's colour, what was found outlined."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from espalier.core.findings.context import Lines
from espalier.gui.code.brush import Brush, Place
from espalier.gui.code.canvas import PAD, Canvas
from espalier.gui.code.highlight import highlighted
from espalier.gui.code.rows import Listed, Row, Span, Tone
from espalier.gui.palette import colours_of

ROW = 20


def rows_of(lines: Lines, path: str, tone: Tone) -> tuple[Row, ...]:
    """Other findings in view are outlined too, in the accent's colour: they are decided for themselves."""
    spans: dict[int, list[Span]] = {}
    own = set()
    for one in lines.stretches:
        if one.start < one.end:
            spans.setdefault(one.line, []).append(Span(one.start, one.end, tone if one.own else "accent"))
        if one.own:
            own.add(one.line)
    return tuple(
        Row(
            text=text,
            numbers=(lines.numbers[number] if lines.numbers else lines.first_line + number,),
            tone=tone if number in own else None,
            spans=tuple(sorted(spans.get(number, ()), key=lambda span: span.start)),
            pieces=pieces,
        )
        for number, (text, pieces) in enumerate(zip(lines.lines, highlighted(lines.lines, path), strict=True))
    )


def still_canvas(name: str, rows: int) -> Canvas:
    """A view of so many rows whatever it shows, so that nothing jumps from one finding to the next."""
    canvas = Canvas(name, row=ROW)
    canvas.setFixedHeight(rows * ROW + 2 * PAD)
    canvas.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return canvas


def show_lines(canvas: Canvas, lines: Lines, path: str, tone: Tone) -> None:
    """With what is looked at in view, also where its line is longer than the view is wide."""
    canvas.show_rows(Listed(rows_of(lines, path, tone)))
    own = next((one for one in lines.stretches if one.own), None)
    if own is not None:
        canvas.go_to(own.line, index=own.start)


class Clear(QWidget):
    """What is revealed, over the masked lines: drawn and nothing else. It has no text, is not read aloud and can't be copied."""

    def __init__(self, over: Canvas) -> None:
        super().__init__(over.viewport())
        self._over = over
        self._rows: Sequence[Row] = ()
        self._brush = Brush(ROW, 1, signs=False)
        self.hide()

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Until `forget`."""
        self._rows = rows
        self._brush.fit(Listed(rows).digits)
        self.setGeometry(self._over.viewport().rect())
        self.raise_()
        self.show()
        self.update()

    def forget(self) -> None:
        self._rows = ()
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        canvas = self._over
        painter, colours = QPainter(self), colours_of(self.palette())
        painter.fillRect(self.rect(), colours.of("sunken"))
        down, aside = canvas.verticalScrollBar().value(), canvas.horizontalScrollBar().value()
        for number, row in enumerate(self._rows):
            place = Place(top=PAD + number * ROW - down, width=self.width(), aside=aside)
            self._brush.paint(painter, row, place, colours)
