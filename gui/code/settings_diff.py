"""Two sets of settings compared: name, before and after, those that differ first in sight and the rest counted."""

from collections.abc import Mapping
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QWidget

from espalier.gui.code.shown import shown
from espalier.gui.figures import ABSENT, count
from espalier.gui.literal import set_tip
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text

WIDEST = 200  # characters of a value that are shown


@dataclass(frozen=True, slots=True)
class Change:
    """One setting that differs; None where a side does not have it."""

    name: str
    before: str | None
    after: str | None


def changes(before: Mapping[str, object], after: Mapping[str, object]) -> tuple[tuple[Change, ...], int]:
    """What differs, in the order of the first, and how many are the same; settings within settings are named with a dot."""
    old, new = _flat(before), _flat(after)
    names = [*old, *(name for name in new if name not in old)]
    found = tuple(Change(name, old.get(name), new.get(name)) for name in names if old.get(name) != new.get(name))
    return found, len(names) - len(found)


class SettingsDiff(QWidget):
    """A line for each setting that differs; values are read out with their names."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(16)
        self._grid.setVerticalSpacing(4)
        for column, stretch in enumerate((2, 3, 3)):
            self._grid.setColumnStretch(column, stretch)

    def show_settings(
        self, before: Mapping[str, object], after: Mapping[str, object], *, titles: tuple[str, str] | None = None
    ) -> None:
        """`titles` say what each side is."""
        self._clear()
        found, same = changes(before, after)
        heads = (self.tr("Setting"), *(titles or (self.tr("Before"), self.tr("After"))))
        if found:
            for column, head in enumerate(heads):
                self._grid.addWidget(Text(head, "caption", "muted", elide=Qt.TextElideMode.ElideMiddle), 0, column)
            self._grid.addWidget(Rule(), 1, 0, 1, 3)
        for row, one in enumerate(found, start=2):
            self._add(row, one)
        self._grid.addWidget(Text(self._rest(len(found), same), "second", "muted"), len(found) + 2, 0, 1, 3)

    def _add(self, row: int, one: Change) -> None:
        right = Qt.TextElideMode.ElideRight
        self._grid.addWidget(Text(one.name, "body", "second", elide=Qt.TextElideMode.ElideMiddle), row, 0)
        for column, value, role, weight in ((1, one.before, "muted", None), (2, one.after, "text", 600)):
            text = ABSENT if value is None else value
            cell = Text(text, "body", role, weight=weight, elide=right)
            cell.setAccessibleName(f"{one.name}: {text}")
            set_tip(cell, *text.splitlines())
            self._grid.addWidget(cell, row, column)

    def _rest(self, differ: int, same: int) -> str:
        if not differ:
            return self.tr("All {number} settings are the same").format(number=count(same))
        if same == 1:
            return self.tr("1 other setting is the same")
        return self.tr("{number} others are the same").format(number=count(same))

    def _clear(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()


def _flat(settings: Mapping[str, object], before: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in settings.items():
        if isinstance(value, Mapping):
            found |= _flat(value, f"{before}{name}.")
        else:
            found[f"{before}{name}"] = _said(value)
    return found


def _said(value: object) -> str:
    """On one line, with what can't be seen made visible."""
    line = shown(str(value).replace("\n", " "))
    return line.copied(0, min(len(line.text), WIDEST)) or '""'
