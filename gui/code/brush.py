"""How one row of code is painted: its fill and edge, gutter, selection, pieces in their colours, and spans."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QPen

from espalier.gui.code.highlight import Piece
from espalier.gui.code.rows import Row, Span
from espalier.gui.code.shown import Shown, shown
from espalier.gui.figures import count
from espalier.gui.palette import Colours
from espalier.gui.typeface import font

GUTTER, BARE, BEFORE_TEXT, EDGE, SIGN = 48, 12, 12, 3, 16
SMALL_ROW, SMALL, ROUND = 18, 11, 3
STRONGER = 0.18  # of the tone over its soft fill, behind words that changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a row is painted: its top, the width of the view and how far it is scrolled sideways."""

    top: float
    width: int
    aside: int
    selected: tuple[int, int] | None = None
    current: bool = False


class Brush:
    """The fonts and measures of one view; cells are as wide as the font says, and no glyph moves the next."""

    def __init__(self, row: int, gutters: int, *, signs: bool) -> None:
        self.row, self._gutters, self._signs = row, gutters, signs
        self._digits = 3
        self.face, self._bold, self._small = font("code"), font("code", 700), font("code")
        self._small.setPixelSize(SMALL)
        if row <= SMALL_ROW:
            self.face.setPixelSize(SMALL)
            self._bold.setPixelSize(SMALL)
        measure = QFontMetricsF(self.face)
        self.cell = measure.horizontalAdvance("0")
        self._base = (row - measure.ascent() - measure.descent()) / 2 + measure.ascent()
        self._number = QFontMetricsF(self._small).horizontalAdvance("0")

    def fit(self, digits: int) -> None:
        """Make the gutter as wide as its numbers ask for."""
        self._digits = digits

    @property
    def column(self) -> int:
        """One column of numbers."""
        return max(GUTTER if self._gutters == 1 else 36, round(self._digits * self._number) + BEFORE_TEXT + 8)

    @property
    def gutter(self) -> int:
        return (self.column * self._gutters or BARE) + (SIGN if self._signs else 0)

    def line(self, row: Row) -> Shown:
        return shown(row.text, row.spans[0].start if row.spans else 0)

    def paint(self, painter: QPainter, row: Row, at: Place, colours: Colours) -> None:
        self._paint_ground(painter, row, at, colours)
        if row.kind == "filler":
            return
        painter.save()
        painter.setClipRect(QRectF(self.gutter - 2, at.top, at.width - self.gutter + 2, self.row))
        painter.translate(self.gutter - at.aside, at.top)
        self._paint_text(painter, row, at, colours)
        painter.restore()
        self._paint_gutter(painter, row, at, colours)

    def _paint_ground(self, painter: QPainter, row: Row, at: Place, colours: Colours) -> None:
        box = QRectF(0, at.top, at.width, self.row)
        if row.kind != "code":
            painter.fillRect(box, colours.of("hover"))
        elif row.tone:
            painter.fillRect(box, colours.of(f"{row.tone}_soft"))
            painter.fillRect(QRectF(0, at.top, EDGE, self.row), colours.of(row.tone))
        if at.current:
            painter.fillRect(QRectF(0 if not row.tone else EDGE, at.top, 2, self.row), colours.of("accent"))

    def _paint_gutter(self, painter: QPainter, row: Row, at: Place, colours: Colours) -> None:
        painter.setFont(self._small)
        painter.setPen(colours.of("text" if row.tone else "muted"))
        for place, number in enumerate(row.numbers[: self._gutters]):
            if number is not None:
                box = QRectF(place * self.column, at.top, self.column - BEFORE_TEXT, self.row)
                painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number))
        if self._signs and row.sign and row.tone:
            painter.setFont(self._bold)
            painter.setPen(colours.of(row.tone))
            painter.drawText(QPointF(self.gutter - SIGN, at.top + self._base), row.sign)

    def _paint_text(self, painter: QPainter, row: Row, at: Place, colours: Colours) -> None:
        line = self.line(row)
        if at.selected:
            self._paint_selection(painter, line, at.selected, colours)
        painter.setFont(self.face)
        if row.kind == "fold":
            painter.setPen(colours.of("muted"))
            painter.drawText(QPointF(0, self._base), row.text)
            return
        first = line.index(int(at.aside / self.cell))
        last = line.index(int((at.aside + at.width) / self.cell) + 1) + 1
        for span in row.spans:
            self._paint_span(painter, line, span, colours)
        painter.setFont(self.face)
        for piece in row.coloured:
            if piece.end > first and piece.start < last:
                for start, end in _outside(piece, row.spans):
                    self._draw(painter, line, max(start, first), min(end, last), _ink(piece.role, at), colours)
        if line.before or line.after:
            self._paint_cut(painter, line, colours)

    def _paint_selection(self, painter: QPainter, line: Shown, part: tuple[int, int], colours: Colours) -> None:
        start = line.column(part[0])
        end = line.column(part[1]) + (1 if part[1] > line.end else 0)
        painter.fillRect(QRectF(start * self.cell, 0, (end - start) * self.cell, self.row), colours.of("selection"))

    def _paint_span(self, painter: QPainter, line: Shown, span: Span, colours: Colours) -> None:
        left, right = line.column(span.start) * self.cell, line.column(span.end) * self.cell
        if left == right:
            return
        ink = colours.of(span.role)
        if span.changed:
            ink.setAlphaF(STRONGER)
            painter.fillRect(QRectF(left, 2, right - left, self.row - 4), ink)
            self._draw(painter, line, span.start, span.end, "text", colours)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(ink, 1))
        painter.setBrush(colours.of("sunken"))
        painter.drawRoundedRect(QRectF(left - 1.5, 1.5, right - left + 3, self.row - 3), ROUND, ROUND)
        painter.restore()
        painter.setFont(self._bold)
        self._draw(painter, line, span.start, span.end, span.role, colours)
        painter.setFont(self.face)

    def _draw(self, painter: QPainter, line: Shown, start: int, end: int, role: str, colours: Colours) -> None:
        ink = colours.of(role)
        for part in line.parts(start, end):
            painter.setPen(colours.of("warn") if part.named else ink)
            painter.drawText(QPointF(part.column * self.cell, self._base), part.text)

    def _paint_cut(self, painter: QPainter, line: Shown, colours: Colours) -> None:
        """How much of a very long line is left out."""
        painter.setFont(self.face)
        painter.setPen(colours.of("muted"))
        painter.drawText(QPointF((line.width + 1) * self.cell, self._base), cut_sentence(line))


def _ink(role: str, at: Place) -> str:
    """Comments are too pale for the fill of a selection."""
    return "muted" if at.selected and role == "code_comment" else role


def cut_sentence(line: Shown) -> str:
    text = QCoreApplication.translate("Code", "… {after} more characters").format(after=count(line.after))
    if not line.before:
        return text
    before = QCoreApplication.translate("Code", "{before} characters before are left out")
    return f"{text}, {before.format(before=count(line.before))}"


def _outside(piece: Piece, spans: tuple[Span, ...]) -> list[tuple[int, int]]:
    """The parts of a piece that no span covers."""
    left = [(piece.start, piece.end)]
    for one in spans:
        left = [
            part
            for start, end in left
            for part in ((start, min(end, one.start)), (max(start, one.end), end))
            if part[0] < part[1]
        ]
    return left
