"""The row of filters over a list: chips, the search field that closes the row, and a place for counts at the right."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QWidget

from espalier.gui.parts.chip import FilterChip
from espalier.gui.parts.field import LOW, Field
from espalier.gui.parts.folding import Folding
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text

SETTLE_MILLISECONDS, NARROW, WIDE = 120, 96, 176


class FilterBar(QWidget):
    """changed(): another value is chosen, or the typed words have settled.

    What stands at the right goes to a row of its own where one has no room for all.
    """

    changed = Signal()

    def __init__(
        self,
        chips: Mapping[str, FilterChip],
        *,
        search: str = "",
        at_right: Sequence[QWidget] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.chips: dict[str, FilterChip] = {}
        self.search = Field(search or self.tr("Search"), glyph="search", key="/", height=LOW)
        self.search.setMinimumWidth(NARROW)
        self.search.setMaximumWidth(WIDE)
        self.count = Text("", "second", "second")
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MILLISECONDS)
        self._settling.timeout.connect(self.changed)
        self.search.textChanged.connect(lambda _: self._settling.start())
        folding = Folding()
        self._row = folding.left
        self._row.addWidget(self.search, 1)
        self._row.addStretch(0)
        self._row.addWidget(self.count)
        for part in at_right:
            folding.right.addWidget(part)
        self.setLayout(stacked(folding))
        self.add(chips)

    def add(self, chips: Mapping[str, FilterChip]) -> None:
        """At the end of those that stand there, before the search."""
        for name, chip in chips.items():
            chip.changed.connect(lambda _: self.changed.emit())
            self._row.insertWidget(len(self.chips), chip)
            self.chips[name] = chip
            self.setTabOrder(chip, self.search)  # Tab goes in the order in which they stand

    def values(self, name: str) -> tuple[str, ...]:
        return self.chips[name].values

    @property
    def words(self) -> str:
        return self.search.text().strip()

    @property
    def set(self) -> bool:
        """Whether anything is filtered."""
        return bool(self.words) or any(chip.values for chip in self.chips.values())

    def stop(self) -> None:
        """Nothing more is told of what was typed: whoever listened leaves."""
        self._settling.stop()

    def clear(self) -> None:
        """Let everything through again, and say so once."""
        for chip in self.chips.values():
            chip.set_values(())
        self.search.clear()
        self._settling.stop()
        self.changed.emit()
