"""Lists of any length as Qt's table model: the order of all rows by id in memory, the rows themselves page by page as they are seen."""

from array import array
from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Generic

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, Qt, Signal
from typing_extensions import override

from espalier.gui.tables.column import Column, Row, cell, heading, line
from espalier.gui.tables.fetching import PAGE, Fetcher, Ordered, PageWanted, Seen, Source, TextWanted, Wanted, asked_now
from espalier.gui.tables.rows import Index

PAGES = 64  # kept; the least recently seen goes
ANSWERED = (
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.TextAlignmentRole,
)


class WindowedModel(QAbstractTableModel, Generic[Row]):
    """`rowCount` is exact, a row that has not been read shows an ellipsis until it is, and late answers are dropped.

    loaded(rows, milliseconds)     the rows of the query stand, so long after they were asked for
    lost(sentence, remedy)         the file can't be read; it is tried again
    reading_changed(bool)          an order is being read, or is not any more
    reordered(Ordered)             after a reset, for the view to find again what it showed
    gathered(text)                 what `gather` asked for
    """

    loaded = Signal(int, float)
    lost = Signal(str, str)
    reading_changed = Signal(bool)
    reordered = Signal(object)
    gathered = Signal(str)

    def __init__(
        self,
        path: Path,
        columns: Sequence[Column[Row]],
        source: Source[Row],
        key: Callable[[Row], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.seen: Callable[[], Seen] = Seen  # a view says what it shows
        self._ids = array("q")
        self._kept: OrderedDict[int, tuple[Row | None, ...]] = OrderedDict()
        self._stale: set[int] = set()  # pages of before the file changed
        self._asked: set[int] = set()
        self._dropped: set[int] = set()
        self._generation = self._version = 0
        self._query: Any = None
        self._reading = False
        self._fetcher = Fetcher(path, source, key, self)
        self._fetcher.ordered.connect(self._take_order)
        self._fetcher.came.connect(self._take_page)
        self._fetcher.dropped.connect(self._forget)
        self._fetcher.gathered.connect(self.gathered)
        self._fetcher.lost.connect(self.lost)

    @property
    def query(self) -> Any:
        return self._query

    @property
    def reading(self) -> bool:
        return self._reading

    @property
    def waiting(self) -> bool:
        """Whether rows that a view asked for are still to come."""
        return bool(self._asked)

    def set_query(self, query: Any) -> None:
        """Show what this asks for; until it has been read, what was shown before stays."""
        self._query = query
        self._generation += 1
        self._ask(again=False)

    def refresh(self) -> None:
        """The file has changed: read the same query again, keeping by id what is chosen and in view. Nothing before a query."""
        if self._generation:
            self._ask(again=True)

    def close(self) -> None:
        """End the reading and wait for it; safe to call twice."""
        self._fetcher.close()

    def row_of(self, key: int) -> int | None:
        try:
            return self._ids.index(key)
        except ValueError:
            return None

    def key_at(self, number: int) -> int | None:
        return self._ids[number] if 0 <= number < len(self._ids) else None

    def keys(self, first: int, last: int) -> "array[int]":
        """Of the rows from first to last, both included."""
        return self._ids[first : last + 1]

    def row_at(self, number: int) -> Row | None:
        """The row itself, where it has been read; where not, it is asked for."""
        if not 0 <= number < len(self._ids):
            return None
        page, place = divmod(number, PAGE)
        rows = self._kept.get(page)
        if rows is None or page in self._stale:
            self._want(page)
        if rows is None:
            return None
        self._kept.move_to_end(page)
        return rows[place]

    def gather(self, ids: "array[int]") -> None:
        """Read these rows and tell them as text: `gathered`."""
        self._started().ask_text(TextWanted(ids=ids, line=lambda row: line(self.columns, row)))

    def _ask(self, *, again: bool) -> None:
        wanted = Wanted(
            generation=self._generation, query=self._query, seen=self.seen(), again=again, asked=asked_now()
        )
        self._started().ask_order(wanted)
        self._set_reading(True)

    def _started(self) -> Fetcher:
        if not self._fetcher.isRunning() and not self._fetcher.isFinished():
            self._fetcher.start()
        return self._fetcher

    def _set_reading(self, reading: bool) -> None:
        if reading != self._reading:
            self._reading = reading
            self.reading_changed.emit(reading)

    def _want(self, page: int) -> None:
        if page not in self._asked:
            self._asked.add(page)
            ids = self._ids[page * PAGE : (page + 1) * PAGE]
            self._fetcher.ask_page(PageWanted(version=self._version, number=page, ids=ids))

    def _take_order(self, ordered: Ordered) -> None:
        if ordered.generation != self._generation:
            return
        if ordered.ids == self._ids and self._version:
            self._renew(ordered)
        else:
            self.beginResetModel()
            self._version += 1
            self._ids = ordered.ids
            self._kept = OrderedDict(ordered.pages)
            self._asked, self._stale, self._dropped = set(), set(), set()
            self.endResetModel()
            self.reordered.emit(ordered)
        self._set_reading(False)
        self.loaded.emit(len(self._ids), 1000 * (asked_now() - ordered.asked))

    def _renew(self, ordered: Ordered) -> None:
        """The same rows in the same order, though not what they say."""
        self._stale = set(self._kept) - set(ordered.pages)
        for page, rows in ordered.pages.items():
            self._keep(page, rows)

    def _take_page(self, version: int, page: int, rows: tuple[Row | None, ...]) -> None:
        if version != self._version:
            return
        self._keep(page, rows)
        dropped, self._dropped = self._dropped, set()
        for one in dropped:
            self._tell(one)  # what is in view of it asks again

    def _keep(self, page: int, rows: tuple[Row | None, ...]) -> None:
        self._asked.discard(page)
        self._stale.discard(page)
        changed = self._kept.get(page) != rows
        self._kept[page] = rows
        self._kept.move_to_end(page)
        while len(self._kept) > PAGES:
            self._kept.popitem(last=False)
        if changed:
            self._tell(page)

    def _forget(self, version: int, page: int) -> None:
        if version == self._version:
            self._asked.discard(page)
            self._dropped.add(page)

    def _tell(self, page: int) -> None:
        last = min((page + 1) * PAGE, len(self._ids)) - 1
        if page * PAGE <= last:
            self.dataChanged.emit(self.index(page * PAGE, 0), self.index(last, len(self.columns) - 1))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self._ids)

    @override
    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.columns)

    @override
    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        return heading(self.columns, section, orientation, role)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or role not in ANSWERED:
            return None
        return cell(self.columns, self.row_at(index.row()), index.column(), role)
