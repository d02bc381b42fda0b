"""How far raters agree: Krippendorff's alpha for ordinal ratings."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import permutations


def ordinal_alpha(units: Iterable[Sequence[int]]) -> float | None:
    """Over the ratings of each unit, however many raters it has; None where they don't vary or nobody rated the same.

    alpha = 1 - D_o / D_e. Values paired within units are coincidences o_ck, each unit of m ratings weighing 1 / (m - 1); n_c are
    their margins and n their sum. D_o = sum of o_ck d(c, k), D_e = sum of n_c n_k d(c, k) / (n - 1), and the ordinal distance
    d(c, k) is the square of the n_g summed from c to k, less half of n_c and n_k. K. Krippendorff, Computing Krippendorff's
    Alpha-Reliability (2011). 1 is agreement, 0 what chance gives; he calls 0.667 tentative and 0.8 good.
    """
    observed: dict[tuple[int, int], float] = defaultdict(float)
    for unit in units:
        for pair in permutations(unit, 2):
            observed[pair] += 1 / (len(unit) - 1)
    margins: dict[int, float] = defaultdict(float)
    for (value, _), count in observed.items():
        margins[value] += count
    seen = sum(count * _distance(pair, margins) for pair, count in observed.items())
    chance = sum(margins[c] * margins[k] * _distance((c, k), margins) for c in margins for k in margins)
    return 1 - (sum(margins.values()) - 1) * seen / chance if chance else None


def _distance(pair: tuple[int, int], margins: Mapping[int, float]) -> float:
    low, high = sorted(pair)
    between = sum(count for value, count in margins.items() if low <= value <= high)
    return (between - (margins[low] + margins[high]) / 2) ** 2
