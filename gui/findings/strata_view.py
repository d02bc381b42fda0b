"""The strata of a sampled review, the least known first: how many files of each were read, and the bound for it by itself."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QWidget
from typing_extensions import override

from espalier.core.findings.sampling.strata import Stratum
from espalier.gui.figures import count, share
from espalier.gui.findings.sentence import some
from espalier.gui.parts.text import Text
from espalier.gui.typeface import SCALE

LEAST, MOST = 4, 100  # rows that it has room for in any case, and that it ever shows
ABOVE, APART = 8, 4  # pixels
HEAD, ROW = SCALE["caption"].line, SCALE["second"].line


class StrataView(QWidget):
    """As many rows as it is given room for, and how many more there are, which the command line lists; nothing before the first
    draw. Read aloud row by row.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._ranked: tuple[Stratum, ...] = ()
        self._cells: list[tuple[Text, Text, Text]] = []
        self._more = Text("", "second", "muted", wrap=True)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, ABOVE, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(APART)
        self._grid.setColumnStretch(0, 1)
        heads = (self.tr("Stratum"), self.tr("Read"), self.tr("At most"))
        for column, words in enumerate(heads):
            self._grid.addWidget(Text(words, "caption", "muted"), 0, column, _side(column))
        self._grid.addWidget(self._more, MOST + 1, 0, 1, 3)
        self._grid.setRowStretch(MOST + 2, 1)
        self.hide()

    def show_strata(self, strata: Sequence[Stratum]) -> None:
        ranked = sorted(strata, key=lambda one: (-one.bound, -one.size, one.service, one.language))
        self._ranked = tuple(ranked)
        self.setMaximumHeight(_high(min(len(ranked), MOST) + (len(ranked) > MOST)))
        self.setVisible(bool(ranked))
        self.updateGeometry()
        self._fill()

    def _fill(self) -> None:
        """What there is room for; the last row says how many are left, where some are."""
        room = max(LEAST, (self.height() - _high(0)) // (ROW + APART))
        rows = len(self._ranked) if len(self._ranked) <= min(room, MOST) else min(room, MOST) - 1
        while len(self._cells) < rows:
            self._add_row()
        for place, cells in enumerate(self._cells):
            words = self._words(self._ranked[place]) if place < rows else ("", "", "")
            for cell, word in zip(cells, words, strict=True):
                cell.setText(word)
                cell.setVisible(place < rows)
        left = len(self._ranked) - rows
        self._more.setVisible(left > 0)
        self._more.setText(
            some(left, self.tr("and {n} that is better known"), self.tr("and {n} that are better known"))
        )

    def _words(self, one: Stratum) -> tuple[str, str, str]:
        read = self.tr("{read} of {size}").format(read=count(one.read), size=count(one.size))
        return f"{one.service} · {one.language}", read, share(one.bound)

    def _add_row(self) -> None:
        cells = (
            Text("", "second", elide=Qt.TextElideMode.ElideMiddle),
            Text("", "second", "second"),
            Text("", "second", "second"),
        )
        self._cells.append(cells)
        self._grid.addWidget(cells[0], len(self._cells), 0)
        for column in (1, 2):
            self._grid.addWidget(cells[column], len(self._cells), column, _side(column))

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), self.maximumHeight())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, _high(min(LEAST, len(self._ranked))))

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fill()


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft


def _high(rows: int) -> int:
    """Of the head and so many rows."""
    return ABOVE + HEAD + rows * (ROW + APART)
