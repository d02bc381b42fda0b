"""A metric of a run as a pyramid: whatever stretch of a long curve is asked for comes as few points, its extremes among them."""

import math
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from espalier.core.project.file import Project

Kind = TypeVar("Kind", bound=np.generic)
Points = tuple[tuple[int, float], ...]
Places = NDArray[np.int32]
Whole = NDArray[np.int64]
Real = NDArray[np.float64]

MOST = 2000  # points that a plot is given of a curve
FEWEST = 8  # below this, both ends and the extremes of the stretches between them have no room
GROUND = 16  # points under each pair of the lowest level; every level above has half as many pairs
ROOM = 256  # points that the arrays begin with
READ_AT_ONCE = 32_768  # steps; a row in Python is twenty times as large as the point that it becomes
SMOOTH_SHARE, SMOOTH_LEAST = 20, 2  # the mean is taken over a tenth of the curve: half before and half after


@dataclass(frozen=True, slots=True)
class Level:
    """Places of the lowest and the highest point of each stretch of equally many points."""

    lows: Places
    highs: Places


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Trace:
    """A metric as far as it had been read at one moment. It never changes, so that any thread may ask it; it equals only itself.

    `sums` holds one more than the others: the sum of the values before each place.
    """

    steps: Whole
    values: Real
    sums: Real
    levels: tuple[Level, ...]

    def __len__(self) -> int:
        return len(self.steps)

    @property
    def last(self) -> float:
        return float(self.values[-1])

    @property
    def lowest(self) -> float:
        return float(self.values.min())

    @property
    def total(self) -> float:
        return float(self.sums[-1])

    def points(self, low: float = -np.inf, high: float = np.inf, most: int = MOST) -> Points:
        """At most `most` points (no fewer than 8) from step `low` to `high`, among them the lowest and the highest there.

        One point more stands at either side, where there is one, so that a line leaves the stretch where the curve does.
        """
        first, last = self._span(low, high)
        places = self._kept(first, last, max(most, FEWEST) - 2)
        beside = np.arange(max(first - 1, 0), first), np.arange(last, min(last + 1, len(self)))
        places = np.concatenate([beside[0], places, beside[1]])
        return tuple(zip(self.steps[places].tolist(), self.values[places].tolist(), strict=True))

    def smoothed(self, low: float = -np.inf, high: float = np.inf, most: int = MOST) -> Points:
        """A centred mean, which lags behind nothing; at both ends of the curve it shrinks evenly, down to the value itself."""
        first, last = self._span(low, high)
        number = len(self)
        first, last = max(first - 1, 0), min(last + 1, number)
        places = np.unique(np.linspace(first, last - 1, min(last - first, most)).round().astype(np.int64))
        half = np.minimum(max(SMOOTH_LEAST, number // SMOOTH_SHARE), np.minimum(places, number - 1 - places))
        means = (self.sums[places + half + 1] - self.sums[places - half]) / (2 * half + 1)
        return tuple(zip(self.steps[places].tolist(), means.tolist(), strict=True))

    def _span(self, low: float, high: float) -> tuple[int, int]:
        """Places of the first point and behind the last. Sought as whole steps, or numpy would make a copy of all as reals."""
        first = 0 if low == -np.inf else int(np.searchsorted(self.steps, math.ceil(low), "left"))
        last = len(self) if high == np.inf else int(np.searchsorted(self.steps, math.floor(high), "right"))
        return first, last

    def _kept(self, first: int, last: int, most: int) -> Whole:
        number = last - first
        if number <= most:
            return np.arange(first, last)
        size = 2
        while 2 * (number // size + 2) + 2 > most:
            size *= 2
        # Stretches begin at multiples of their size, whatever is asked for: a growing or moved curve doesn't flicker.
        begin, end = -(-first // size) * size, last // size * size
        if begin >= end:
            return np.unique(np.array([first, *self._extremes(first, last), last - 1]))
        inner = self._level(begin, end, size)
        outer = [first, *self._extremes(first, begin), *self._extremes(end, last), last - 1]
        return np.unique(np.concatenate([np.array(outer), inner.lows, inner.highs]))

    def _level(self, begin: int, end: int, size: int) -> Level:
        if size < GROUND:
            return _pairs(self.values, begin, end, size)
        level = self.levels[(size // GROUND).bit_length() - 1]
        within = slice(begin // size, end // size)
        return Level(level.lows[within], level.highs[within])

    def _extremes(self, first: int, last: int) -> tuple[int, ...]:
        if first >= last:
            return ()
        part = self.values[first:last]
        return first + int(part.argmin()), first + int(part.argmax())


class Pyramid:
    """A metric that grows at its end; belongs to one thread, which hands on what `trace` returns.

    A trace shares the arrays: what is added later lies behind its end, and arrays that have become too small are left to it.
    """

    def __init__(self) -> None:
        self._count = 0
        self._steps: Whole = np.empty(ROOM, np.int64)
        self._values: Real = np.empty(ROOM)
        self._sums: Real = np.zeros(ROOM + 1)
        self._levels: list[Level] = []
        self._trace: Trace | None = None

    def __len__(self) -> int:
        return self._count

    @property
    def last_step(self) -> int:
        return int(self._steps[self._count - 1]) if self._count else -1

    @property
    def size(self) -> int:
        """Bytes of its arrays."""
        return sum(one.nbytes for one in (self._steps, self._values, self._sums)) + sum(
            level.lows.nbytes + level.highs.nbytes for level in self._levels
        )

    def add(self, steps: Whole, values: Real) -> None:
        """Steps ascend, and lie after those before. What is not finite has no place in a plot and is left out."""
        drawn = np.isfinite(values)
        steps, values = steps[drawn], values[drawn]
        if not len(steps):
            return
        before, self._count = self._count, self._count + len(steps)
        self._make_room()
        self._steps[before : self._count] = steps
        self._values[before : self._count] = values
        self._sums[before + 1 : self._count + 1] = self._sums[before] + np.cumsum(values)
        self._build(before)
        self._trace = None

    def trace(self) -> Trace:
        """The same one until something is added."""
        if self._trace is None:
            levels = enumerate(self._levels)
            self._trace = Trace(
                steps=_fixed(self._steps, self._count),
                values=_fixed(self._values, self._count),
                sums=_fixed(self._sums, self._count + 1),
                levels=tuple(_cut(level, self._count // (GROUND << height)) for height, level in levels),
            )
        return self._trace

    def _make_room(self) -> None:
        if self._count <= len(self._steps):
            return
        room = max(self._count, 3 * len(self._steps) // 2)
        self._steps, self._values = _longer(self._steps, room), _longer(self._values, room)
        self._sums = _longer(self._sums, room + 1)

    def _build(self, before: int) -> None:
        """Add to every level the stretches that have become full."""
        height = 0
        while full := self._count // (GROUND << height):
            old = before // (GROUND << height)
            if height == len(self._levels):
                self._levels.append(Level(np.empty(0, np.int32), np.empty(0, np.int32)))
            if full > old:
                new = self._merged(height, old, full)
                level = self._levels[height]
                self._levels[height] = Level(_put(level.lows, old, new.lows), _put(level.highs, old, new.highs))
            height += 1

    def _merged(self, height: int, old: int, full: int) -> Level:
        if not height:
            return _pairs(self._values, old * GROUND, full * GROUND, GROUND)
        below, part = self._levels[height - 1], slice(2 * old, 2 * full)
        lows, highs = below.lows[part].reshape(-1, 2), below.highs[part].reshape(-1, 2)
        rows = np.arange(full - old)
        return Level(
            lows[rows, self._values[lows].argmin(axis=1)],
            highs[rows, self._values[highs].argmax(axis=1)],
        )


def follow(project: Project, run: int, name: str, pyramid: Pyramid) -> bool:
    """Add what the run has measured since; True where there was anything. A resumed run needs a new pyramid."""
    query = (
        "SELECT (SELECT min(step) FROM metrics WHERE run = :run AND name = :name AND step > :after),"
        " (SELECT max(step) FROM metrics WHERE run = :run AND name = :name)"
    )
    row = project.row(query, {"run": run, "name": name, "after": pyramid.last_step})
    if row is None or row[0] is None:
        return False
    before, last = len(pyramid), int(row[1])
    for first in range(int(row[0]), last + 1, READ_AT_ONCE):
        pyramid.add(*_read(project, run, name, first, min(first + READ_AT_ONCE - 1, last)))
    return len(pyramid) > before


def _read(project: Project, run: int, name: str, first: int, last: int) -> tuple[Whole, Real]:
    """Steps and values from the first to the last step, both included."""
    where = "FROM metrics WHERE run = ? AND name = ? AND step BETWEEN ? AND ? ORDER BY step"
    bound = (run, name, first, last)
    values = np.array(project.reals(f"SELECT value {where}", bound))
    if len(values) == last - first + 1:  # no step is missing, as a rule
        return np.arange(first, last + 1), values
    rows = project.rows(f"SELECT step, value {where}", bound)  # in one query: a resumed run may write in between
    return np.array([row[0] for row in rows], np.int64), np.array([row[1] for row in rows], np.float64)


def _pairs(values: Real, begin: int, end: int, size: int) -> Level:
    """The lowest and the highest of every `size` points from `begin` to `end`, which is a whole number of them."""
    parts, starts = values[begin:end].reshape(-1, size), np.arange(begin, end, size)
    return Level((starts + parts.argmin(axis=1)).astype(np.int32), (starts + parts.argmax(axis=1)).astype(np.int32))


def _put(places: Places, at: int, new: Places) -> Places:
    """With `new` from there on; in an array with room for as many again where the old one is full."""
    needed = at + len(new)
    if needed > len(places):
        places = _longer(places, max(needed, 3 * len(places) // 2))
    places[at:needed] = new
    return places


def _longer(old: NDArray[Kind], room: int) -> NDArray[Kind]:
    made = np.zeros(room, old.dtype)
    made[: len(old)] = old
    return made


def _fixed(whole: NDArray[Kind], count: int) -> NDArray[Kind]:
    """The part that is in use, for reading alone."""
    part = whole[:count]
    part.flags.writeable = False
    return part


def _cut(level: Level, count: int) -> Level:
    return Level(level.lows[:count], level.highs[:count])
