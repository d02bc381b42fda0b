"""A column of a table: its title, what a cell says of a row, and how the cell is drawn."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeVar

from PySide6.QtCore import Qt

from espalier.gui.states import Shown

Row = TypeVar("Row")
Kind = Literal["text", "strong", "muted", "number", "state", "path", "code", "swatch", "delta", "date", "tags"]
RIGHT: tuple[Kind, ...] = ("number", "delta")
ABSENT = "…"  # a row that has not been read yet
BETWEEN_TAGS = ", "


def _nothing(_row: Any) -> str:
    return ""


@dataclass(frozen=True, kw_only=True)  # with slots, Python 3.11 refuses Column[Row](…)
class Column(Generic[Row]):
    """`text` is what a cell says, copies and reads aloud; a state without a text of its own says its word.

    `width` is in pixels at first, 0 takes what the others leave; `least` is how narrow it may get before the table scrolls sideways.
    `sort` is what a query calls the order by this column, `by` what rows in memory are compared by; without either it can't be sorted by.
    `role` names another colour for a cell where it isn't empty; `second` is the lower line of rows that are 44 high.
    `marked` makes a swatch a box that is ticked, by a click on it or by Space; `aloud` is read out in place of the text.
    """

    title: str
    text: Callable[[Row], str] = _nothing
    width: int
    kind: Kind = "text"
    least: int = 0
    sort: str = ""
    by: Callable[[Row], Any] | None = None
    tooltip: str = ""
    state: Callable[[Row], Shown | None] | None = None
    series: Callable[[Row], int | None] | None = None
    role: Callable[[Row], str] | None = None
    second: Callable[[Row], str] | None = None
    marked: Callable[[Row], bool] | None = None
    aloud: Callable[[Row], str] | None = None

    @property
    def sortable(self) -> bool:
        return bool(self.sort) or self.by is not None

    @property
    def order(self) -> str:
        """What asks for the order by this column."""
        return self.sort or self.title

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        side = Qt.AlignmentFlag.AlignRight if self.kind in RIGHT else Qt.AlignmentFlag.AlignLeft
        return side | Qt.AlignmentFlag.AlignVCenter

    def says(self, row: Row) -> str:
        text = self.text(row)
        shown = self.state(row) if self.state is not None and not text else None
        return text if shown is None else shown.word


def cell(columns: Sequence[Column[Row]], row: Row | None, column: int, role: int) -> Any:
    """A cell as Qt's models answer for it. The first cell of a row reads the whole row aloud."""
    if role == Qt.ItemDataRole.DisplayRole:
        return ABSENT if row is None else columns[column].says(row)
    if role == Qt.ItemDataRole.AccessibleTextRole:
        return _aloud(columns, row, column)
    if role == Qt.ItemDataRole.CheckStateRole and row is not None:
        marked = columns[column].marked
        return None if marked is None else Qt.CheckState.Checked if marked(row) else Qt.CheckState.Unchecked
    return columns[column].alignment if role == Qt.ItemDataRole.TextAlignmentRole else None


def heading(columns: Sequence[Column[Row]], section: int, orientation: Qt.Orientation, role: int) -> Any:
    if orientation != Qt.Orientation.Horizontal or not 0 <= section < len(columns):
        return None
    if role == Qt.ItemDataRole.DisplayRole:
        return columns[section].title
    if role == Qt.ItemDataRole.ToolTipRole:
        return columns[section].tooltip or None
    return columns[section].alignment if role == Qt.ItemDataRole.TextAlignmentRole else None


def line(columns: Sequence[Column[Row]], row: Row) -> str:
    """A row as text, its cells parted by tabs."""
    return "\t".join(" ".join(column.says(row).split()) for column in columns)


def _aloud(columns: Sequence[Column[Row]], row: Row | None, column: int) -> str:
    if row is None:
        return ABSENT
    if column:
        return f"{columns[column].title}: {columns[column].says(row)}"
    said = [one.says(row) if one.aloud is None else one.aloud(row) for one in columns]
    return ", ".join(text for text in said if text)
