"""What the numbers can carry: intervals for one arm, and the exact test between paired arms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

CONFIDENCE = 0.95


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
