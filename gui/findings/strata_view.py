"""The strata of a sampled review, the least known first: how many files of each were read, and the bound for it by itself."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from espalier.core.findings.sampling.strata import Stratum
from espalier.gui.figures import count, share
from espalier.gui.findings.sentence import some
from espalier.gui.parts.text import Text

ROWS = 6  # more are counted: the least known come first, and the command line lists all


class StrataView(QWidget):
    """Read aloud row by row; shows nothing before the first draw."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._strata: tuple[Stratum, ...] = ()
        self._cells = [self._row() for _ in range(ROWS)]
        self._more = Text("", "second", "muted", wrap=True)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 0)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(4)
        grid.setColumnStretch(0, 1)
        heads = (self.tr("Stratum"), self.tr("Read"), self.tr("At most"))
        for column, words in enumerate(heads):
            grid.addWidget(Text(words, "caption", "muted"), 0, column, _side(column))
        for row, cells in enumerate(self._cells, 1):
            for column, cell in enumerate(cells):
                if column:
                    grid.addWidget(cell, row, column, _side(column))
                else:
                    grid.addWidget(cell, row, column)
        grid.addWidget(self._more, ROWS + 1, 0, 1, 3)
        self.hide()

    def show_strata(self, strata: Sequence[Stratum]) -> None:
        if tuple(strata) == self._strata:
            return
        self._strata = tuple(strata)
        ranked = sorted(strata, key=lambda one: (-one.bound, -one.size, one.service, one.language))
        for place, cells in enumerate(self._cells):
            shown = place < len(ranked)
            words = self._words(ranked[place]) if shown else ("", "", "")
            for cell, word in zip(cells, words, strict=True):
                cell.setText(word)
                cell.setVisible(shown)
        left = len(ranked) - ROWS
        self._more.setVisible(left > 0)
        self._more.setText(
            some(left, self.tr("and {n} that is better known"), self.tr("and {n} that are better known"))
        )
        self.setVisible(bool(ranked))

    def _words(self, one: Stratum) -> tuple[str, str, str]:
        read = self.tr("{read} of {size}").format(read=count(one.read), size=count(one.size))
        return f"{one.service} · {one.language}", read, share(one.bound)

    def _row(self) -> tuple[Text, Text, Text]:
        name = Text("", "second", elide=Qt.TextElideMode.ElideMiddle)
        return name, Text("", "second", "second"), Text("", "second", "second")


def _side(column: int) -> Qt.AlignmentFlag:
    return Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
