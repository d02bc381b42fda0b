"""The bound of one pooled sample with misses in it, as drawn before there were strata."""

import math

from espalier.core.findings.sampling.strata import CONFIDENCE


def miss_bound(population: int, reviewed: int, missed: int) -> float:
    """The largest part of the population that may hold a miss and still let so few be seen in 5 % of samples.

    Exact for sampling without replacement (hypergeometric), so that reading everything leaves no doubt.
    """
    low, high = missed, population - (reviewed - missed)
    while low < high:
        middle = (low + high + 1) // 2
        if _seen_at_most(missed, population, middle, reviewed) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle - 1
    return low / population if population else 0.0


def required(population: int, missed: int, asked: float) -> int | None:
    """How many must have been read, with so many misses among them, for a bound of at most `asked`; None: no reading gives it."""
    if miss_bound(population, population, missed) > asked:
        return None
    low, high = missed, population
    while low < high:
        middle = (low + high) // 2
        if miss_bound(population, middle, missed) <= asked:
            high = middle
        else:
            low = middle + 1
    return low


def _seen_at_most(missed: int, population: int, bad: int, read: int) -> float:
    """The chance that `read` blobs, of which the population holds `bad` with a miss, show at most `missed`."""
    ways = _log_choose(population, read)
    first = max(0, read - (population - bad))
    terms = (
        _log_choose(bad, seen) + _log_choose(population - bad, read - seen) - ways
        for seen in range(first, min(missed, bad, read) + 1)
    )
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def _log_choose(of: int, some: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)
