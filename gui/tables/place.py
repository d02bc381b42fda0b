"""What a person has chosen and has in view, kept by id while the rows of a table come in another order."""

from array import array
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QItemSelection, QItemSelectionModel
from PySide6.QtWidgets import QTableView

from espalier.gui.tables.fetching import Seen
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.windowed import WindowedModel

Ranges = Sequence[tuple[int, int]]
FEW = 100  # selected rows that are looked for one by one


class Place:
    """Reads it off a view before the model is reset, and sets the view back to it afterwards."""

    def __init__(self, view: QTableView, rows: RowsModel[Any] | WindowedModel[Any]) -> None:
        self._view, self._rows = view, rows
        self._before, self._offset = Seen(), 0
        self.row = -1  # of the current row, before

    def seen(self) -> Seen:
        """Scrolled to the very top there is no row to come back to: what is new there is to be seen."""
        pitch = self._pitch
        first, offset = divmod(self._view.verticalScrollBar().value(), pitch)
        return Seen(
            current=self._rows.key_at(self._view.currentIndex().row()),
            selected=self.selected_ids(),
            top=self._rows.key_at(first) if first or offset else None,
            first=first,
            rows=1 + self._view.viewport().height() // pitch,
        )

    def ranges(self) -> list[tuple[int, int]]:
        """First and last of the selected rows that lie together; a million of them are one."""
        selection = self._view.selectionModel().selection()
        return sorted((selection.at(n).top(), selection.at(n).bottom()) for n in range(selection.count()))

    def selected_ids(self) -> "array[int]":
        found = array("q")
        for first, last in self.ranges():
            found.extend(self._rows.keys(first, last))
        return found

    def remember(self) -> None:
        self._before, self.row = self.seen(), self._view.currentIndex().row()
        self._offset = self._view.verticalScrollBar().value() % self._pitch

    def moved_from(self, current: int | None) -> bool:
        """Whether the person has gone to another row while the rows were read; of a great selection that can't be told in time."""
        then = None if current is None else self._rows.key_at(current)
        return self._before.current != then and len(self._before.selected) <= FEW

    def find(self) -> tuple[int | None, Ranges, int | None]:
        """Where what was remembered stands now. For a query's rows whoever reads them has looked already, by what was seen then."""
        of = self._rows.row_of
        places = [row for row in map(of, self._before.selected) if row is not None]
        current, top = self._before.current, self._before.top
        return (
            None if current is None else of(current),
            [(row, row) for row in places],
            None if top is None else of(top),
        )

    def restore(self, current: int | None, selected: Ranges, top: int | None, *, again: bool) -> None:
        """`again`: the list is the same one, so that the view stays where it is; of another the current row is shown, or the top."""
        last = len(self._rows.columns) - 1
        selection = QItemSelection()
        for first, final in selected:
            selection.select(self._rows.index(first, 0), self._rows.index(final, last))
        flags, model = QItemSelectionModel.SelectionFlag, self._view.selectionModel()
        if current is not None:
            model.setCurrentIndex(self._rows.index(current, 0), flags.NoUpdate)
        model.select(selection, flags.ClearAndSelect)
        self._view.updateGeometries()
        bar = self._view.verticalScrollBar()
        if again:
            bar.setValue(bar.value() if top is None else top * self._pitch + self._offset)
        elif current is None:
            bar.setValue(0)
        else:
            self._view.scrollTo(self._rows.index(current, 0))

    @property
    def _pitch(self) -> int:
        return self._view.verticalHeader().defaultSectionSize()
