"""Facts: names at the left in muted, values beside them; a long value loses its middle and shows whole as a tooltip."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from espalier.gui.literal import set_tip
from espalier.gui.parts.text import Text

Fact = tuple[str, str]


class Facts(QWidget):
    """A grid that is filled again whenever the facts are others."""

    def __init__(self, name_width: int = 104, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(12)
        self._grid.setVerticalSpacing(0)
        self._grid.setColumnMinimumWidth(0, name_width)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[Text, Text]] = []
        self._facts: tuple[Fact, ...] = ()

    def show_facts(self, facts: Sequence[Fact]) -> None:
        if tuple(facts) == self._facts:
            return
        self._facts = tuple(facts)
        while len(self._rows) < len(facts):
            self._add_row()
        for number, (name, value) in enumerate(self._rows):
            shown = number < len(facts)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(facts[number][0])
                value.setText(facts[number][1])
                set_tip(value, facts[number][1])

    def _add_row(self) -> None:
        name = Text("", "second", "muted")
        value = Text("", "second", "text", elide=Qt.TextElideMode.ElideMiddle)
        for column, text in enumerate((name, value)):
            text.setFixedHeight(20)
            self._grid.addWidget(text, len(self._rows), column)
        self._rows.append((name, value))
