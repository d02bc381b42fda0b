"""Rows in memory as Qt's table model, for lists of some hundreds."""

from collections.abc import Callable, Sequence
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from espalier.gui.tables.column import Column, Row, cell, heading

__all__ = ["Column", "Index", "RowsModel"]

Index = QModelIndex | QPersistentModelIndex


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Keeps to what changed: new rows at the top are inserted, changed rows told, and only another order is a reset."""

    def __init__(
        self, columns: Sequence[Column[Row]], key: Callable[[Row], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._given: tuple[Row, ...] = ()
        self._rows: tuple[Row, ...] = ()
        self._sorted: tuple[str, bool] | None = None

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; in the order that was chosen, or as they come."""
        self._given = tuple(rows)
        self._show(self._in_order())

    def sort_by(self, order: str, *, descending: bool) -> None:
        """By the column that calls its order so; equal rows stay as they came."""
        self._sorted = (order, descending)
        self._show(self._in_order())

    def row_of(self, key: int) -> int | None:
        return next((number for number, row in enumerate(self._rows) if self._key(row) == key), None)

    def key_at(self, number: int) -> int | None:
        return self._key(self._rows[number]) if 0 <= number < len(self._rows) else None

    def keys(self, first: int, last: int) -> list[int]:
        """Of the rows from first to last, both included."""
        return [self._key(row) for row in self._rows[first : last + 1]]

    def row_at(self, number: int) -> Row | None:
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _in_order(self) -> tuple[Row, ...]:
        if self._sorted is None:
            return self._given
        order, descending = self._sorted
        by = next((column.by for column in self.columns if column.order == order and column.by is not None), None)
        return self._given if by is None else tuple(sorted(self._given, key=by, reverse=descending))

    def _show(self, rows: tuple[Row, ...]) -> None:
        before = [self._key(row) for row in self._rows]
        now = [self._key(row) for row in rows]
        added = len(now) - len(before)
        if added < 0 or now[added:] != before:
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
            return
        if added:
            self.beginInsertRows(QModelIndex(), 0, added - 1)
            self._rows = (*rows[:added], *self._rows)
            self.endInsertRows()
        self._tell_changed(rows)

    def _tell_changed(self, rows: tuple[Row, ...]) -> None:
        changed = [number for number, row in enumerate(rows) if row != self._rows[number]]
        self._rows = rows
        last = len(self.columns) - 1
        for number in changed:
            self.dataChanged.emit(self.index(number, 0), self.index(number, last))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._rows)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(self.columns, section, orientation, role)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        return cell(self.columns, self._rows[index.row()], index.column(), role)
