"""Rows of frozen values as Qt's table model: a column is a title and a function of the row."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from typing_extensions import override

from espalier.gui.standing import Standing
from espalier.gui.states import SHOWN

Row = TypeVar("Row")
Index = QModelIndex | QPersistentModelIndex
STANDING = Qt.ItemDataRole.UserRole + 1
MUTED = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Column(Generic[Row]):
    """`text` is what a cell says; `standing` adds a state's icon and colour. `width` in pixels, 0 takes what is left."""

    title: str
    text: Callable[[Row], str]
    width: int
    number: bool = False
    muted: bool = False
    strong: bool = False
    standing: Callable[[Row], Standing] | None = None


class RowsModel(QAbstractTableModel, Generic[Row]):
    """Keeps to what changed: new rows at the top are inserted, changed rows told, and only another order is a reset."""

    def __init__(
        self, columns: Sequence[Column[Row]], key: Callable[[Row], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self._key = key
        self._rows: tuple[Row, ...] = ()

    def show_rows(self, rows: Sequence[Row]) -> None:
        before = [self._key(row) for row in self._rows]
        now = [self._key(row) for row in rows]
        added = len(now) - len(before)
        if added < 0 or now[added:] != before:
            self.beginResetModel()
            self._rows = tuple(rows)
            self.endResetModel()
            return
        if added:
            self.beginInsertRows(QModelIndex(), 0, added - 1)
            self._rows = (*rows[:added], *self._rows)
            self.endInsertRows()
        self._tell_changed(tuple(rows))

    def row_of(self, key: int) -> int | None:
        return next((number for number, row in enumerate(self._rows) if self._key(row) == key), None)

    def key_at(self, number: int) -> int | None:
        return self._key(self._rows[number]) if 0 <= number < len(self._rows) else None

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
        if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(self.columns):
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        return _alignment(self.columns[section]) if role == Qt.ItemDataRole.TextAlignmentRole else None

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows[index.row()], self.columns[index.column()]
        standing = column.standing(row) if column.standing else None
        text = SHOWN[standing].word if standing else column.text(row)
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return text
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == STANDING:
            return standing
        return column.muted if role == MUTED else None


def _alignment(column: Column[Any]) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column.number else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
