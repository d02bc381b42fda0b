"""Reading for a list of any length, in a thread with its own read-only connection: its order first, then pages of its rows."""

import threading
import time
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Protocol, TypeVar

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.gui.bugs import telling

Row_co = TypeVar("Row_co", covariant=True)

PAGE = 256
MOST_WAITING = 4  # pages; a window shows two at most, so that older ones have been scrolled past
SLICE = 1 << 16
RETRY_SECONDS = 2.0


class Source(Protocol[Row_co]):
    """Where rows come from. Both functions run in the reading thread and leave no transaction open."""

    def order(self, project: Project, query: Any) -> "array[int]":
        """The ids of all rows that a query asks for, in its order; `Project.ids` reads a million in a fifth of a second."""

    def page(self, project: Project, ids: Sequence[int]) -> Sequence[Row_co]:
        """The rows with these ids, in any order; those that are gone are left out."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a person has in view and has chosen, by ids, so that it can be found again in another order."""

    current: int | None = None
    selected: "array[int]" = field(default_factory=lambda: array("q"))
    top: int | None = None
    first: int = 0  # the number of the row at the top
    rows: int = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """An order to be read; `again` where the query is the one before and only the file has changed."""

    generation: int
    query: Any
    seen: Seen
    again: bool
    asked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An order, where what was seen stands in it, and the pages that are in view then. `selected` holds first and last rows."""

    generation: int
    again: bool
    ids: "array[int]"
    current: int | None
    selected: tuple[tuple[int, int], ...]
    top: int | None
    pages: dict[int, tuple[Any, ...]]
    asked: float


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWanted:
    version: int
    number: int
    ids: "array[int]"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextWanted:
    ids: "array[int]"
    line: Callable[[Any], str]


class Fetcher(QThread):
    """Reads what was asked for last first.

    ordered(Ordered)                an order has been read
    came(version, page, rows)       a page of it
    dropped(version, page)          a page that was asked for is not read: too much was asked for after it
    gathered(text)                  the lines of the rows that were asked for as text
    lost(sentence, remedy)          the file can't be read now; the order is tried again
    """

    ordered = Signal(object)
    came = Signal(int, int, object)
    dropped = Signal(int, int)
    gathered = Signal(str)
    lost = Signal(str, str)

    def __init__(
        self, path: Path, source: Source[Any], key: Callable[[Any], int], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("fetcher")
        self._path, self._source, self._key = path, source, key
        self._changed = threading.Condition()
        self._wanted: Wanted | None = None
        self._running: Wanted | None = None
        self._pages: list[PageWanted] = []
        self._texts: list[TextWanted] = []
        self._project: Project | None = None
        self._ending = False

    def ask_order(self, wanted: Wanted) -> None:
        """A new query ends the reading of the one before; the same one again waits for its turn."""
        with self._changed:
            self._wanted = wanted
            if not wanted.again:
                self._pages.clear()
                self._interrupt()
            self._changed.notify()

    def ask_page(self, wanted: PageWanted) -> None:
        """A page in view comes before an order that is only read again."""
        with self._changed:
            self._pages.append(wanted)
            old, self._pages = self._pages[:-MOST_WAITING], self._pages[-MOST_WAITING:]
            if self._running is not None and self._running.again:
                self._interrupt()
            self._changed.notify()
        for one in old:
            self.dropped.emit(one.version, one.number)

    def ask_text(self, wanted: TextWanted) -> None:
        with self._changed:
            self._texts.append(wanted)
            self._changed.notify()

    def close(self) -> None:
        """End the thread and wait for it; safe to call twice."""
        with self._changed:
            self._ending = True
            self._interrupt()
            self._changed.notify()
        self.wait()

    def _interrupt(self) -> None:
        if self._running is not None and self._project is not None:
            self._project.interrupt()

    def _next(self) -> Wanted | PageWanted | TextWanted | None:
        """What is to be read now, waiting for it; None at the end."""
        with self._changed:
            while not self._ending:
                if self._wanted is not None and (not self._wanted.again or not (self._pages or self._texts)):
                    self._running, self._wanted = self._wanted, None
                    return self._running
                if self._pages:
                    return self._pages.pop()
                if self._texts:
                    return self._texts.pop(0)
                self._changed.wait()
            return None

    def _read(self, wanted: Wanted | PageWanted | TextWanted) -> None:
        project = self._opened()
        match wanted:
            case Wanted():
                answer = self._order(project, wanted)
                with self._changed:
                    self._running = None
                self.ordered.emit(answer)
            case PageWanted():
                self.came.emit(wanted.version, wanted.number, self._rows(project, wanted.ids))
            case TextWanted():
                self.gathered.emit(self._text(project, wanted))

    def _order(self, project: Project, wanted: Wanted) -> Ordered:
        ids, seen = self._source.order(project, wanted.query), wanted.seen
        top = _place(ids, seen.top)
        first = min(seen.first if top is None and wanted.again else top or 0, max(0, len(ids) - seen.rows))
        current = _place(ids, seen.current)
        numbers = {row // PAGE for row in (first, first + seen.rows, *(() if current is None else (current,)))}
        pages = {n: self._rows(project, ids[n * PAGE : (n + 1) * PAGE]) for n in numbers if n * PAGE < len(ids)}
        return Ordered(
            generation=wanted.generation,
            again=wanted.again,
            ids=ids,
            current=current,
            selected=_ranges(ids, seen.selected),
            top=top,
            pages=pages,
            asked=wanted.asked,
        )

    def _rows(self, project: Project, ids: "array[int]") -> tuple[Any, ...]:
        found = {self._key(row): row for row in self._source.page(project, ids)}
        return tuple(found.get(one) for one in ids)

    def _text(self, project: Project, wanted: TextWanted) -> str:
        lines: list[str] = []
        for start in range(0, len(wanted.ids), PAGE):
            rows = self._rows(project, wanted.ids[start : start + PAGE])
            lines += [wanted.line(row) for row in rows if row is not None]
        return "\n".join(lines)

    def _opened(self) -> Project:
        if self._project is None:
            opened = Project.open(self._path, read_only=True)
            with self._changed:
                self._project = opened
        return self._project

    def _fail(self, wanted: Wanted | PageWanted | TextWanted, error: EspalierError) -> None:
        """An interrupted order is nobody's failure: it waits again, or gives way to the one that interrupted it."""
        if isinstance(wanted, PageWanted):
            self.dropped.emit(wanted.version, wanted.number)
        with self._changed:
            self._running = None
            hastened = self._ending or self._wanted is not None or bool(self._pages)
            if isinstance(wanted, Wanted) and self._wanted is None:
                self._wanted = wanted
        if not hastened:
            self._shut()
            self.lost.emit(error.sentence, error.remedy)
            with self._changed:
                self._changed.wait_for(lambda: self._ending, RETRY_SECONDS)

    def _shut(self) -> None:
        with self._changed:
            project, self._project, self._running = self._project, None, None
        if project is not None:
            project.close()

    @override
    def run(self) -> None:
        while (wanted := self._next()) is not None:
            with telling(partial(self._fail, wanted)):
                self._read(wanted)
        self._shut()


def asked_now() -> float:
    return time.perf_counter()


def _place(ids: "array[int]", wanted: int | None) -> int | None:
    """Where an id stands; slice by slice, since one search would keep the interpreter from the window for its whole time."""
    if wanted is None:
        return None
    for start in range(0, len(ids), SLICE):
        try:
            return ids.index(wanted, start, start + SLICE)
        except ValueError:
            continue
    return None


def _ranges(ids: "array[int]", wanted: "array[int]") -> tuple[tuple[int, int], ...]:
    """The rows that hold these ids, as first and last of what stands together."""
    if len(wanted) <= 1:
        places = [place for place in (_place(ids, one) for one in wanted) if place is not None]
    else:
        looked_for: set[int] = set()
        for start in range(0, len(wanted), SLICE):
            looked_for.update(wanted[start : start + SLICE])
        places = [number for number, one in enumerate(ids) if one in looked_for]
    ranges: list[tuple[int, int]] = []
    for place in places:
        if ranges and ranges[-1][1] == place - 1:
            ranges[-1] = (ranges[-1][0], place)
        else:
            ranges.append((place, place))
    return tuple(ranges)
