"""Rows of stacked bars, two to a row: what there is, and below it what an epoch draws of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.figures import count, share
from espalier.gui.literal import one_line, show_tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.typeface import font

ROW, BAR, NAME, NUMBERS, GAP = 36, 8, 128, 104, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class MixRow:
    """`kept` and `drawn` are the segments of the two bars, by series, in the same order in every row."""

    name: str
    kept: tuple[int, ...]
    drawn: tuple[int, ...]


class Mix(QWidget):
    """The bars of all rows have one scale each for kept and for drawn: shares of the whole, so that both can be compared."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[MixRow, ...] = ()
        self._series: tuple[str, ...] = ()
        self._kept = self._drawn = 0
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_rows(self, rows: Sequence[MixRow], series: Sequence[str], kept: int, drawn: int) -> None:
        """`series` names the segments; shares are of all that is `kept` or `drawn`, also where not every row is shown."""
        self._rows, self._series, self._kept, self._drawn = tuple(rows), tuple(series), kept, drawn
        self.setFixedHeight(max(1, len(self._rows)) * ROW)
        said = self.tr("{name}: {kept} kept, {drawn} drawn")
        self.setAccessibleDescription(
            "; ".join(
                said.format(
                    name=one_line(row.name), kept=_told(sum(row.kept), kept), drawn=_told(sum(row.drawn), drawn)
                )
                for row in self._rows
            )
        )
        self.update()

    def figures(self) -> list[tuple[object, ...]]:
        """Every segment of every row, heads first."""
        heads = ("row", "part", "kept", "drawn")
        rows = [
            (row.name, name, kept, drawn)
            for row in self._rows
            for name, kept, drawn in zip(self._series, row.kept, row.drawn, strict=True)
        ]
        return [heads, *rows]

    def _most(self) -> float:
        """The largest share, which fills the width."""
        shares = [sum(row.kept) / max(self._kept, 1) for row in self._rows]
        shares += [sum(row.drawn) / max(self._drawn, 1) for row in self._rows]
        return max(shares, default=1.0) or 1.0

    def _bars(self) -> QRectF:
        return QRectF(NAME + GAP, 0, max(16, self.width() - NAME - NUMBERS - 2 * GAP), ROW)

    @override
    def sizeHint(self) -> QSize:
        return QSize(420, self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter, colours, most = QPainter(self), colours_of(self.palette()), self._most()
        kept, drawn = self._kept, self._drawn
        for number, row in enumerate(self._rows):
            top = number * ROW
            painter.setFont(font("second"))
            painter.setPen(colours.of("text"))
            words = QFontMetrics(painter.font()).elidedText(one_line(row.name), Qt.TextElideMode.ElideMiddle, NAME)
            painter.drawText(QRectF(0, top, NAME, ROW), Qt.AlignmentFlag.AlignVCenter, words)
            down = 0 if drawn else 6  # one bar alone stands in the middle
            self._paint_bar(painter, colours, row.kept, kept, most, top + 8 + down, faint=False)
            self._paint_numbers(painter, colours, row.kept, kept, top + 2 + down + (1 if down else 0), "text")
            if drawn:
                self._paint_bar(painter, colours, row.drawn, drawn, most, top + 20, faint=True)
                self._paint_numbers(painter, colours, row.drawn, drawn, top + 16, "muted")

    def _paint_bar(
        self,
        painter: QPainter,
        colours: Colours,
        parts: tuple[int, ...],
        total: int,
        most: float,
        y: float,
        *,
        faint: bool,
    ) -> None:
        x, bars = self._bars().left(), self._bars()
        for number, part in enumerate(parts):
            width = part / max(total, 1) / most * bars.width()
            ink = QColor(colours.series[number % len(colours.series)])
            ink.setAlphaF(0.45 if faint else 0.9)
            if part:
                painter.fillRect(QRectF(x, y, max(1.0, width - (1 if width > 3 else 0)), BAR), ink)
            x += width

    def _paint_numbers(
        self, painter: QPainter, colours: Colours, parts: tuple[int, ...], total: int, y: float, role: str
    ) -> None:
        painter.setFont(font("caption"))
        painter.setPen(colours.of(role))
        box = QRectF(self.width() - NUMBERS, y, NUMBERS, 18)
        painter.drawText(box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, _told(sum(parts), total))

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            show_tip(event.globalPos(), self, *self._said_at(event.pos().y()))
            return True
        return super().event(event)

    def _said_at(self, y: int) -> list[str]:
        """The row under the pointer, segment by segment."""
        place = y // ROW
        if not 0 <= place < len(self._rows):
            return []
        row = self._rows[place]
        said = self.tr("{name}: {kept} kept, {drawn} drawn")
        parts = zip(self._series, row.kept, row.drawn, strict=True)
        lines = [
            said.format(name=name, kept=count(kept), drawn=count(drawn)) for name, kept, drawn in parts if kept or drawn
        ]
        return [row.name, *lines]


def _told(number: int, total: int) -> str:
    return f"{count(number)} · {share(number / total if total else 0.0)}"
