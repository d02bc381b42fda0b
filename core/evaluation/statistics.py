"""What the numbers can carry: intervals for one arm and for the difference of paired arms, and the exact test between them."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module

CONFIDENCE = 0.95
Z = 1.959963984540054  # of the normal distribution, two-sided at that confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """`passed` of `ran` with the Wilson score interval at 95 % (Wilson 1927); low and high are None where nothing ran."""

    passed: int
    ran: int
    low: float | None
    high: float | None

    def shown(self) -> dict[str, object]:
        return {"passed": self.passed, "ran": self.ran, "low": self.low, "high": self.high}


@dataclass(frozen=True, slots=True, kw_only=True)
class Paired:
    """Tasks that only one arm passes, and McNemar's exact two-sided p over them (1 where there are none)."""

    fixed: tuple[str, ...]
    broken: tuple[str, ...]
    p: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Adapter less base in the share that passes, over the `tasks` that ran in both, with its 95 % interval."""

    value: float
    low: float
    high: float
    tasks: int

    def shown(self) -> dict[str, object]:
        return {"value": self.value, "low": self.low, "high": self.high, "tasks": self.tasks}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """With Student's 95 % interval; low and high are None where fewer than two values say nothing of their spread."""

    mean: float
    low: float | None
    high: float | None
    number: int


def load() -> None:
    """Bring in the libraries now, for who has no time for it later: inside a transaction."""
    import_module("scipy.special")


def mean(values: Iterable[float]) -> Mean:
    """Of at least one value."""
    given = list(values)
    centre, number = sum(given) / len(given), len(given)
    if number < 2:
        return Mean(mean=round(centre, 4), low=None, high=None, number=number)
    from scipy.special import stdtrit

    error = math.sqrt(sum((value - centre) ** 2 for value in given) / (number - 1) / number)
    half = float(stdtrit(number - 1, (1 + CONFIDENCE) / 2)) * error
    return Mean(mean=round(centre, 4), low=round(centre - half, 4), high=round(centre + half, 4), number=number)


def difference(base: Mapping[str, bool | None], adapter: Mapping[str, bool | None]) -> Difference | None:
    """Of paired shares, by the score interval of R. G. Newcombe (Statistics in Medicine 17, 1998, p. 2635, method 10).

    It is built from Wilson's intervals of both arms, so that whiskers and difference tell the same; it stays inside -1 to 1 and
    keeps a width where no task differs, where a bootstrap over the tasks has none. None where no task ran in both.
    """
    pairs = [
        (bool(base[task]), bool(adapter[task]))
        for task in base
        if base[task] is not None and adapter.get(task) is not None
    ]
    if not pairs:
        return None
    n = len(pairs)
    both, neither = pairs.count((True, True)), pairs.count((False, False))
    fixed, broken = pairs.count((False, True)), pairs.count((True, False))
    first, second = (both + fixed) / n, (both + broken) / n
    (low_1, high_1), (low_2, high_2) = wilson(both + fixed, n), wilson(both + broken, n)
    phi = _phi(both, fixed, broken, neither)
    below = _spread(first - low_1, high_2 - second, phi)
    above = _spread(high_1 - first, second - low_2, phi)
    value = first - second
    return Difference(value=round(value, 4), low=round(value - below, 4), high=round(value + above, 4), tasks=n)


def wilson(passed: int, ran: int) -> tuple[float, float]:
    """The score interval of a share, in closed form (E. B. Wilson, 1927)."""
    share, weight = passed / ran, Z * Z / ran
    centre = share + weight / 2
    half = Z * math.sqrt(share * (1 - share) / ran + weight / (4 * ran))
    return max(0.0, (centre - half) / (1 + weight)), min(1.0, (centre + half) / (1 + weight))


def _phi(both: int, fixed: int, broken: int, neither: int) -> float:
    """The correlation of the arms, a positive one corrected for continuity as the method asks."""
    margins = (both + fixed) * (broken + neither) * (both + broken) * (fixed + neither)
    if not margins:
        return 0.0
    product = both * neither - fixed * broken
    corrected = max(0.0, product - (both + fixed + broken + neither) / 2) if product > 0 else product
    return float(corrected / math.sqrt(margins))


def _spread(one: float, other: float, phi: float) -> float:
    return math.sqrt(max(0.0, one * one - 2 * phi * one * other + other * other))


def rate(outcomes: Sequence[bool | None]) -> Rate:
    """Over the outcomes that ran; None is a check that did not."""
    ran = [one for one in outcomes if one is not None]
    if not ran:
        return Rate(passed=0, ran=0, low=None, high=None)
    from scipy.stats import binomtest

    interval = binomtest(sum(ran), len(ran)).proportion_ci(confidence_level=CONFIDENCE, method="wilson")
    return Rate(passed=sum(ran), ran=len(ran), low=round(float(interval.low), 4), high=round(float(interval.high), 4))


def paired(base: Mapping[str, bool | None], adapter: Mapping[str, bool | None]) -> Paired:
    """Compare the arms on the tasks that ran in both."""
    both = [task for task in sorted(base) if base[task] is not None and adapter.get(task) is not None]
    fixed = tuple(task for task in both if adapter[task] and not base[task])
    broken = tuple(task for task in both if base[task] and not adapter[task])
    changed = len(fixed) + len(broken)
    if not changed:
        return Paired(fixed=fixed, broken=broken, p=1.0)
    from scipy.stats import binomtest

    return Paired(fixed=fixed, broken=broken, p=float(binomtest(min(len(fixed), len(broken)), changed).pvalue))
