"""A difference as rows: in one column or beside each other, with long unchanged stretches folded away."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import Literal

from PySide6.QtCore import QCoreApplication

from espalier.gui.code.difference import Difference, Pair, Side
from espalier.gui.code.highlight import Pieces
from espalier.gui.code.rows import Row, Span, Tone
from espalier.gui.code.shown import LONGEST
from espalier.gui.figures import count

CONTEXT = 3  # unchanged lines that stay around a change
MINUS, PLUS = "\N{MINUS SIGN}", "+"
Which = Literal["both", "before", "after"]


@dataclass(frozen=True, slots=True)
class Entry:
    """One row: a pair of the difference and which of its sides is shown, or a fold over pairs from `pair` to `end`."""

    pair: int
    which: Which
    end: int = 0


@dataclass(slots=True)
class Comparison:
    """What both views share: the difference, the colours of both texts when they are known, and the folds that are open."""

    difference: Difference
    before: Sequence[Pieces] = ()
    after: Sequence[Pieces] = ()
    opened: set[int] = field(default_factory=set)

    def stretches(self) -> Iterator[tuple[bool, int, int]]:
        """Whether it is the same, where it begins and where it ends."""
        at = 0
        for same, group in groupby(self.difference.pairs, key=lambda one: one.same):
            size = sum(1 for _ in group)
            yield same, at, at + size
            at += size


class Unified:
    """One column: what was removed above what was added."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self.entries: list[Entry] = []
        self.changes: list[int] = []
        for same, start, end in comparison.stretches():
            if same:
                self.entries.extend(_folded(comparison, start, end))
                continue
            self.changes.append(len(self.entries))
            pairs = comparison.difference.pairs
            self.entries.extend(Entry(at, "before") for at in range(start, end) if pairs[at].before is not None)
            self.entries.extend(Entry(at, "after") for at in range(start, end) if pairs[at].after is not None)

    @property
    def widest(self) -> int:
        return _widest(self._comparison)

    @property
    def digits(self) -> int:
        return len(str(len(self._comparison.difference.pairs)))

    def __len__(self) -> int:
        return len(self.entries)

    def row(self, number: int) -> Row:
        entry = self.entries[number]
        if entry.end:
            return _fold(entry)
        pair = self._comparison.difference.pairs[entry.pair]
        if entry.which == "before" and pair.before is not None:
            return _row(pair.before, self._comparison.before, (pair.before.number + 1, None), "bad")
        if pair.after is None:
            return Row(text="", kind="filler")
        old = pair.before.number + 1 if pair.before is not None and pair.same else None
        tone: Tone | None = None if pair.same else "ok"
        return _row(pair.after, self._comparison.after, (old, pair.after.number + 1), tone)


class Beside:
    """One of two columns; where only the other has a line, there is a filler."""

    def __init__(self, comparison: Comparison, which: Literal["before", "after"]) -> None:
        self._comparison, self._which = comparison, which
        self.entries: list[Entry] = []
        self.changes: list[int] = []
        for same, start, end in comparison.stretches():
            if same:
                self.entries.extend(_folded(comparison, start, end))
            else:
                self.changes.append(len(self.entries))
                self.entries.extend(Entry(at, "both") for at in range(start, end))

    @property
    def widest(self) -> int:
        return _widest(self._comparison)

    @property
    def digits(self) -> int:
        return len(str(len(self._comparison.difference.pairs)))

    def __len__(self) -> int:
        return len(self.entries)

    def row(self, number: int) -> Row:
        entry = self.entries[number]
        if entry.end:
            return _fold(entry)
        pair = self._comparison.difference.pairs[entry.pair]
        side = _side(pair, self._which)
        if side is None:
            return Row(text="", kind="filler")
        pieces = self._comparison.before if self._which == "before" else self._comparison.after
        tone: Tone | None = None if pair.same else "bad" if self._which == "before" else "ok"
        return _row(side, pieces, (side.number + 1,), tone)


def _side(pair: Pair, which: Literal["before", "after"]) -> Side | None:
    return pair.before if which == "before" else pair.after


def _row(side: Side, colours: Sequence[Pieces], numbers: tuple[int | None, ...], tone: Tone | None) -> Row:
    return Row(
        text=side.text,
        numbers=numbers,
        tone=tone,
        sign={"bad": MINUS, "ok": PLUS}.get(tone or "", ""),
        spans=tuple(Span(start, end, tone, changed=True) for start, end in side.changed) if tone else (),
        pieces=colours[side.number] if side.number < len(colours) else None,
    )


def _folded(comparison: Comparison, start: int, end: int) -> Iterator[Entry]:
    """Unchanged lines, all but those next to a change behind a fold."""
    last = len(comparison.difference.pairs)
    first = start if start == 0 else start + CONTEXT
    close = end if end == last else end - CONTEXT
    if close - first < 2 or first in comparison.opened or (start == 0 and end == last):
        yield from (Entry(at, "both") for at in range(start, end))
        return
    yield from (Entry(at, "both") for at in range(start, first))
    yield Entry(first, "both", close)
    yield from (Entry(at, "both") for at in range(close, end))


def _fold(entry: Entry) -> Row:
    text = QCoreApplication.translate("Code", "… {number} unchanged lines").format(number=count(entry.end - entry.pair))
    return Row(text=text, kind="fold")


def _widest(comparison: Comparison) -> int:
    sides = (side for pair in comparison.difference.pairs for side in (pair.before, pair.after) if side is not None)
    return min(LONGEST + 1, max((len(side.text) + 3 * side.text.count("\t") for side in sides), default=0))
