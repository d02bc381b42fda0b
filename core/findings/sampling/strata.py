"""Strata of a sampled review: in which order they are read, and what all reading together says of the corpus.

All files stand in one queue. The order within a stratum is random, and `turn` merges those of all strata by their sizes alone.
What counts is the head of the queue, up to the first file that nobody has read: it is fixed before anybody reads, so that neither
who reads nor who commits can steer it to where nothing is to be seen. To count each stratum as far as it happens to be read would
not do. After a commit, those strata would be counted furthest in which no new file has shown up yet, and where the new files are
the bad ones the bound would be wrong more often than it says.

The bound on the total is that of Wendell and Schmee, "Exact inference for proportions from a stratified finite population",
JASA 91 (1996): the most misses that, spread over the strata in the way that hides them best, would still go unseen in so many
samples. With one stratum it is the exact bound for drawing without replacement; as strata grow it nears that of Clopper and
Pearson, 1 - alpha ** (1 / n).

A miss begins the order of its stratum anew. Reading until nothing is seen would prove nothing, so each miss halves the doubt that
the bound may use; and what is there for so many misses is shared among the strata in which they can lie (`doubt`), for it is the
files that decide in which they do. Were it not shared, a review of many strata would pass in the end whatever its files hold:
each time one of them begins anew, all others keep the luck that they had.
"""

import heapq
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

CONFIDENCE = 0.95
FEWEST = 2  # to be read in every stratum, where it holds so many
_FEW = 64  # files, from where on the number that is required is sought
_STEPS = 60  # halvings, after which two marks are as near as floats are


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Clean files of one service and language. `size` is without those that are known to hold a miss, `missed` how many files ever
    showed one, each of which began the order anew. `drawn` is how many of that order are drawn, and `waiting` which of these
    nobody has read, by their places in it from 0 on.
    """

    service: str
    language: str
    files: int
    size: int
    drawn: int
    missed: int
    waiting: tuple[int, ...] = ()

    @property
    def read(self) -> int:
        return self.drawn - len(self.waiting)

    @property
    def ready(self) -> int:
        """How many are read from the beginning of the order on, without a gap."""
        return self.waiting[0] if self.waiting else self.drawn

    def unread(self, first: int) -> int:
        """How many of the first so many of the order nobody has read."""
        return sum(place < first for place in self.waiting) + max(0, first - self.drawn)

    @property
    def bound(self) -> float:
        """Of this stratum by itself, at 95 %, and half the doubt after each miss: the exact one for drawing without replacement."""
        alpha = (1 - CONFIDENCE) / 2**self.missed
        return total_bound([self.size], [self.ready], alpha) / self.size if self.size else 0.0


def turn(sizes: Sequence[int], place: int, index: int) -> tuple[float, float, int]:
    """Where a stratum's file of this index stands in the queue; the smallest is next.

    First `FEWEST` of each stratum, the largest first, then in proportion to size (Webster's divisors).
    """
    if index < FEWEST:
        return (index - FEWEST, -sizes[place], place)
    return (0, (2 * index + 1) / sizes[place], place)


def turns(sizes: Sequence[int], taken: Sequence[int]) -> Iterator[int]:
    """From which stratum the next file comes, and the next, until all are taken; the first so many of each are taken already."""
    now = list(taken)
    queue = [turn(sizes, place, now[place]) for place in range(len(sizes)) if now[place] < sizes[place]]
    heapq.heapify(queue)
    while queue:
        place = heapq.heappop(queue)[-1]
        yield place
        now[place] += 1
        if now[place] < sizes[place]:
            heapq.heappush(queue, turn(sizes, place, now[place]))


def allocate(sizes: Sequence[int], taken: Sequence[int], more: int) -> list[int]:
    """How many of the next `more` come from each stratum. The sum is `more`, or all that is left.

    Drawing in portions comes to the same as drawing all at once.
    """
    drawn = [0] * len(sizes)
    for place in islice(turns(sizes, taken), more):
        drawn[place] += 1
    return drawn


def head(sizes: Sequence[int], ready: Sequence[int]) -> list[int]:
    """How many of each stratum belong to the head of the queue, which ends before the first file that is not ready."""
    ends = [turn(sizes, place, done) for place, done in enumerate(ready) if done < sizes[place]]
    if not ends:
        return list(ready)
    return [_before(sizes, place, done, min(ends)) for place, done in enumerate(ready)]


def doubt(files: Sequence[int], missed: Sequence[int], restarts: int) -> float:
    """How likely the bound may be wrong, where so many files showed a miss in each stratum, and so many in all that ever were.

    5 %, halved for each, times the chance that they lie in these strata if each lay in any by this measure: half of it in all
    strata alike, half in proportion to their files. Over all ways to spread them that sums up to 5 %, halved for each; and over
    any number of them to 10 %.
    """
    if not any(missed):
        return float((1 - CONFIDENCE) / 2**restarts)
    total = sum(files)
    ways = math.lgamma(sum(missed) + 1) - math.fsum(math.lgamma(some + 1) for some in missed)
    shares = math.fsum(
        some * math.log(0.5 / len(files) + 0.5 * size / total) for size, some in zip(files, missed, strict=True)
    )
    return float((1 - CONFIDENCE) / 2**restarts * math.exp(ways + shares))


def total_bound(sizes: Sequence[int], read: Sequence[int], alpha: float) -> int:
    """The most blobs with a miss that all strata together may hold, where none was seen in those read, at 1 - alpha confidence."""
    most = sum(size - done for size, done in zip(sizes, read, strict=True))
    if not most or _unseen(sizes, read, _marks(sizes, read, 0.0)) > math.log(alpha):
        return most
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        often = _unseen(sizes, read, _marks(sizes, read, middle)) > math.log(alpha)
        low, high = (low, middle) if often else (middle, high)
    return _filled(sizes, read, _marks(sizes, read, high), math.log(alpha))


def total_required(sizes: Sequence[int], read: Sequence[int], asked: float, alpha: float) -> int:
    """How many more must be read, in the order of `allocate` and without a miss, for a bound of at most `asked`, a part of the sizes."""
    left = sum(sizes) - sum(read)

    def holds(more: int) -> bool:
        after = [done + some for done, some in zip(read, allocate(sizes, read, more), strict=True)]
        return total_bound(sizes, after, alpha) <= asked * sum(sizes)

    low, high = 0, min(left, _FEW)
    while high < left and not holds(high):
        low, high = high + 1, min(left, 2 * high)
    while low < high:
        middle = (low + high) // 2
        if holds(middle):
            high = middle
        else:
            low = middle + 1
    return low


def _before(sizes: Sequence[int], place: int, ready: int, end: tuple[float, float, int]) -> int:
    """How many of the first `ready` of a stratum stand in the queue before its end."""
    low, high = 0, ready
    while low < high:
        middle = (low + high) // 2
        low, high = (middle + 1, high) if turn(sizes, place, middle) < end else (low, middle)
    return low


def _marks(sizes: Sequence[int], read: Sequence[int], chance: float) -> list[int]:
    """For each stratum, how many misses it may hold such that each leaves at least this chance that it changes nothing seen."""
    return [
        size if not done else 0 if chance >= 1 else max(0, min(size - done, size + 1 - math.ceil(done / (1 - chance))))
        for size, done in zip(sizes, read, strict=True)
    ]


def _unseen(sizes: Sequence[int], read: Sequence[int], marks: Sequence[int]) -> float:
    """The logarithm of the chance that none of the marked is among those read."""
    return math.fsum(
        _log_ways(size - bad, done) - _log_ways(size, done)
        for size, done, bad in zip(sizes, read, marks, strict=True)
        if done and bad
    )


def _log_ways(of: int, some: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(of - some + 1)


def _filled(sizes: Sequence[int], read: Sequence[int], marks: list[int], least: float) -> int:
    """One more at a time, each where it is seen least: the chance is log-concave in every stratum, so no spread hides more."""
    chance = _unseen(sizes, read, marks)
    queue: list[tuple[float, int]] = []

    def offer(place: int) -> None:
        left = sizes[place] - marks[place]
        if left > read[place]:
            heapq.heappush(queue, (-math.log1p(-read[place] / left), place))

    for place in range(len(sizes)):
        offer(place)
    while queue:
        cost, place = heapq.heappop(queue)
        chance -= cost
        if chance <= least:
            break
        marks[place] += 1
        offer(place)
    return sum(marks)
