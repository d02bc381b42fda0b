"""Strata of a sampled review: how many to read in each, and what all of them together say of the corpus.

The bound on the total is that of Wendell and Schmee, "Exact inference for proportions from a stratified finite population",
JASA 91 (1996): the most misses that, spread over the strata in the way that hides them best, would still go unseen in so many
samples. It holds for every allocation, also where small strata are read more closely than large ones. With one stratum it is the
exact bound for drawing without replacement; as strata grow it nears that of Clopper and Pearson, 1 - alpha ** (1 / n).
"""

import heapq
import math
from collections.abc import Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95
FEWEST = 2  # to be read in every stratum, where it holds so many
_STEPS = 60  # halvings, after which two marks are as near as floats are


@dataclass(frozen=True, slots=True, kw_only=True)
class Stratum:
    """Clean blobs of one service and language. `size` is what the present draw draws from: blobs that earlier draws read are
    known, and left out; `missed` counts the blobs with a miss in all draws, each of which but the present one ended with one.
    """

    service: str
    language: str
    size: int
    drawn: int
    read: int
    missed: int

    @property
    def bound(self) -> float:
        """Of this stratum by itself, at 95 %: the exact one for drawing without replacement."""
        return total_bound([self.size], [self.read], 1 - CONFIDENCE) / self.size if self.size else 0.0


def allocate(sizes: Sequence[int], taken: Sequence[int], more: int) -> list[int]:
    """How many of `more` to draw in each stratum beyond those taken: first `FEWEST` in each, then in proportion to size.

    Webster's divisors, so that drawing in portions comes to the same as drawing all at once. The sum is `more`, or all that is left.
    """
    now = list(taken)
    queue = [_turn(place, sizes, now) for place in range(len(sizes)) if now[place] < sizes[place]]
    heapq.heapify(queue)
    for _ in range(more):
        if not queue:
            break
        place = heapq.heappop(queue)[-1]
        now[place] += 1
        if now[place] < sizes[place]:
            heapq.heappush(queue, _turn(place, sizes, now))
    return [after - before for after, before in zip(now, taken, strict=True)]


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
    low, high = 0, sum(sizes) - sum(read)
    while low < high:
        middle = (low + high) // 2
        after = [done + more for done, more in zip(read, allocate(sizes, read, middle), strict=True)]
        if total_bound(sizes, after, alpha) <= asked * sum(sizes):
            high = middle
        else:
            low = middle + 1
    return low


def _turn(place: int, sizes: Sequence[int], now: Sequence[int]) -> tuple[float, float, int]:
    """The smallest is drawn from next."""
    if now[place] < FEWEST:
        return (now[place] - FEWEST, -sizes[place], place)
    return (0, (2 * now[place] + 1) / sizes[place], place)


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
