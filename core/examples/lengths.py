"""How long examples are, in tokens of the whole conversation, against the cap that they were built under."""

from collections import Counter
from dataclasses import dataclass
from statistics import median

from espalier.core.examples.units import OVERHEAD
from espalier.core.project.file import Project

BINS = 32  # up to the cap
BEYOND = 4  # further ones; what is longer still counts in the last
TOO_LONG = ("longer than the cap", "context longer than the cap", "a statement longer than the cap")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """`bins` are counts from 0 in steps of `width` tokens; those from `cap` on were cut, `cut` in all. `middle` is the median
    of the kept.
    """

    cap: int
    width: int
    bins: tuple[int, ...]
    middle: int
    kept: int
    cut: int


def lengths(project: Project, build: str) -> Lengths:
    """Of what the build keeps, and of what it dropped for its length."""
    cap = int(project.value("SELECT cap FROM builds WHERE id = ?", (build,))) + OVERHEAD
    width = -(-cap // BINS)
    marks = ", ".join("?" * len(TOO_LONG))
    rows = project.rows(
        "SELECT tokens, state = 'dropped' AS cut FROM examples INDEXED BY examples_listed"
        f" WHERE build = ? AND (state = 'kept' OR reason IN ({marks}))",
        (build, *TOO_LONG),
    )
    kept = [row["tokens"] for row in rows if not row["cut"]]
    last = -(-cap // width) + BEYOND - 1
    counted = Counter(min(_place(row["tokens"], row["cut"], cap) // width, last) for row in rows)
    return Lengths(
        cap=cap,
        width=width,
        bins=tuple(counted[place] for place in range(last + 1)),
        middle=round(median(kept)) if kept else 0,
        kept=len(kept),
        cut=len(rows) - len(kept),
    )


def _place(tokens: int, cut: int, cap: int) -> int:
    """What was cut counts beyond the cap, also where only its context was too long for it."""
    return max(tokens, cap) if cut else min(tokens, cap - 1)
