"""How far a pattern reaches: from where its weakened form was seen to end, a match of it can't be far away.

Of a long piece of text that an automaton has run over, a pattern so has to be tried only where it may match.
"""

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from re import _constants as code  # type: ignore[attr-defined]  # CPython's own, as in weakened.py
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from espalier.core.findings.detection.weakened import LETTERS, NOTHING_WIDE, REPEATS, Node

FARTHEST = 4096  # characters: a pattern that may match more is tried everywhere


@dataclass(frozen=True, slots=True)
class Stretch:
    """Part of a text: a match may begin from `first` up to before `behind`, and takes, and looks at, nothing from `end` on."""

    first: int
    behind: int
    end: int


@dataclass(frozen=True, slots=True)
class Reach:
    """Characters: `before` is the most between where a match begins and where its weakened form ends first, `whole` the most that
    a match takes or looks at ahead.
    """

    before: int
    whole: int

    def around(self, ends: Iterable[int], size: int) -> tuple[Stretch, ...]:
        """Where in a text of that size a match may be, by the places, ascending, at which the weakened form ends; some may be beyond
        where it does, by a character.
        """
        joined: list[tuple[int, int]] = []
        for end in ends:
            first = max(0, end - self.before - 1)
            if joined and first <= joined[-1][1]:
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((first, end))
        return tuple(Stretch(first, behind, min(size, behind + self.whole + 1)) for first, behind in joined)


def reach(pattern: re.Pattern[str]) -> Reach | None:
    """None for a pattern that may match, or look at, more than `FARTHEST` characters."""
    nodes = list(_parser.parse(pattern.pattern, pattern.flags))
    measure = _Measure()
    whole, before = measure.most(nodes), measure.until_weakened(nodes)
    return Reach(before=int(before), whole=int(whole)) if max(before, whole) <= FARTHEST else None


class _Measure:
    """Knows the groups measured so far, which may be matched again."""

    def __init__(self) -> None:
        self._groups: dict[int, float] = {}

    def most(self, nodes: Sequence[Node]) -> float:
        """Characters that a match of these takes or looks at ahead; infinitely many where nothing bounds them."""
        return sum(self._most(kind, value) for kind, value in nodes)

    def until_weakened(self, nodes: Sequence[Node]) -> float:
        """The same, of what weakening leaves: from the last node that is anything wide, a repetition is cut to its least number."""
        wide = [node for node in nodes if node[0] not in NOTHING_WIDE]
        return self.most(wide[:-1]) + self._cut(*wide[-1]) if wide else 0

    def _most(self, kind: Any, value: Any) -> float:
        if kind in LETTERS:
            return 1
        if kind in REPEATS:
            return _times(math.inf if value[1] is code.MAXREPEAT else value[1], self.most(list(value[2])))
        if kind is code.GROUPREF:
            return self._groups.get(value, math.inf)
        inside = list(_inside(kind, value))
        most = max((self.most(one) for one in inside), default=0)
        if kind is code.SUBPATTERN and value[0] is not None:
            self._groups[value[0]] = most
        return most

    def _cut(self, kind: Any, value: Any) -> float:
        if kind in REPEATS:
            return _times(value[0], self.most(list(value[2])))
        if kind in (code.SUBPATTERN, code.ATOMIC_GROUP, code.BRANCH):
            return max(self.until_weakened(one) for one in _inside(kind, value))
        return self._most(kind, value)


def _times(number: float, most: float) -> float:
    return number * most if number and most else 0  # of nothing, any number is nothing


def _inside(kind: Any, value: Any) -> Iterator[list[Node]]:
    """Of a node that holds others, each way that it may go on; of one that looks back, none."""
    if kind is code.SUBPATTERN:
        yield list(value[3])
    elif kind is code.ATOMIC_GROUP:
        yield list(value)
    elif kind in (code.ASSERT, code.ASSERT_NOT):
        yield list(value[1]) if value[0] > 0 else []
    elif kind is code.BRANCH:
        yield from (list(way) for way in value[1])
    elif kind is code.GROUPREF_EXISTS:
        yield from (list(way or ()) for way in value[1:])
