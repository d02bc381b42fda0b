"""The prefilter: which probes have to look at which pieces of which lines; most lines hold nothing for any.

Two engines say so, and what is found is the same with either: keywords and signs one by one, and an automaton over all signs at
once, which is worth its making when there is much to read.
"""

import contextlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import accumulate
from typing import Protocol

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.pieces import Piece, pieces
from espalier.core.findings.detection.probes import EVERYWHERE, Near, Probe
from espalier.core.findings.detection.reach import Reach, reach
from espalier.core.findings.detection.signs import Sign, runnable, signs

SHORT = 1000  # characters of a line that is read together with others
MUCH = 30_000  # characters: from there on, having the automaton costs less than having none
_CONTINUATION = bytes(range(0x80, 0xC0))  # in UTF-8, every byte of a character but its first


# Of a line: by number the probes that have to look at its pieces, and where.
Wanted = Mapping[Piece, Mapping[int, Near]]


class Engine(Protocol):
    def wanted(self, lines: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
        """Of the lines, which have no line's end in them, those of which anything is wanted.

        A probe that reads texts whole is wanted of a piece of each line that is a sign for it.
        """


class Prefilter:
    """Begins with one engine and goes on with the other, where that is to be had."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self._engine: Engine = OneByOne(probes)
        self._left = MUCH

    def wanted(self, lines: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
        if self._left > 0:
            self._left -= sum(map(len, lines))
            if self._left <= 0 and automaton.is_to_be_had():
                with contextlib.suppress(ValueError):  # more names than fit into one: it goes on as it began
                    self._engine = AllAtOnce(self._probes)
        return self._engine.wanted(lines)


class OneByOne:
    """Looks for each keyword, and for the signs of a probe that has none, in each piece."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._whole = [(number, probe) for number, probe in enumerate(probes) if probe.whole]
        self._others = [(number, probe) for number, probe in enumerate(probes) if not probe.whole]

    def wanted(self, lines: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
        for line in lines:
            wanted = {piece: _warranted(self._others, line[piece[0] : piece[1]]) for piece in pieces(line)}
            wanted[0, 0] = wanted.get((0, 0), {}) | _warranted(self._whole, line)
            if found := {piece: numbers for piece, numbers in wanted.items() if numbers}:
                yield line, found


def _warranted(probes: Iterable[tuple[int, Probe]], words: str) -> dict[int, Near]:
    lower, ended = lowered(words), f"{words}\n"
    return {number: EVERYWHERE for number, probe in probes if _warrants(probe, ended, lower)}


def _warrants(probe: Probe, words: str, lower: str) -> bool:
    if probe.may_be_in:
        return probe.may_be_in(words)
    if probe.keywords:
        return any(keyword in lower for keyword in probe.keywords)
    return any(sign.search(words) for sign in probe.signs)


class AllAtOnce:
    """Runs over bytes once, whatever the number of signs: over many short lines together, over each piece of a long one alone.

    In a long one, most probes have to look at a small part only. It runs once more for keywords that are kept in no file.
    """

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._unkept = [
            (number, automaton.Words(probe.keywords)) for number, probe in enumerate(probes) if probe.may_be_in
        ]
        self._signs = signs(probes)
        try:
            self._together = _automaton_of(self._signs)
        except ValueError:
            self._signs = runnable(self._signs, probes)
            self._together = _automaton_of(self._signs)

    def wanted(self, lines: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
        yield from self._wanted_together([line for line in lines if len(line) <= SHORT])
        for line in lines:
            if len(line) > SHORT and (wanted := self._wanted_of(line)):
                yield line, wanted

    def _wanted_together(self, lines: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
        """What matches over the end of a line is wanted of the one in which it ends, and nothing is found there."""
        text = "\n".join([*lines, ""])
        data = text.encode("utf-8", "surrogatepass")
        found = {(end, self._signs[sign].probe) for end, sign in self._together.hits(data)}
        for number, unkept in self._unkept:
            found.update((end, number) for end in unkept.ends(data))
        if not found:
            return
        ends: Iterable[tuple[int, int]] = sorted(found)
        ends = ends if len(data) == len(text) else _in_characters(ends, data)
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        at = 0
        numbers: dict[int, Near] = {}
        for end, number in ends:
            if end > starts[at + 1]:
                if numbers:
                    yield lines[at], {(0, len(lines[at])): numbers}
                at, numbers = bisect_right(starts, end - 1) - 1, {}
            numbers[number] = EVERYWHERE
        yield lines[at], {(0, len(lines[at])): numbers}

    def _wanted_of(self, line: str) -> Wanted:
        found = ((piece, self._wanted_in(line[piece[0] : piece[1]])) for piece in pieces(line))
        return {piece: numbers for piece, numbers in found if numbers}

    def _wanted_in(self, words: str) -> dict[int, Near]:
        data = f"{words}\n".encode("utf-8", "surrogatepass")
        ends: dict[int, set[int]] = {}
        for end, sign in self._alone.hits(data):
            ends.setdefault(sign, set()).add(end)
        wanted: dict[int, Near] = {number: EVERYWHERE for number, unkept in self._unkept if unkept.ends(data)}
        for sign, some in ends.items():
            probe, measure = self._signs[sign].probe, self._reaches[sign]
            wanted[probe] = EVERYWHERE if measure is None else measure.around(_places(some, data), len(words))
        return wanted

    @cached_property
    def _reaches(self) -> list[Reach | None]:
        """Of each sign; only of a probe's own pattern is it known where a match may be."""
        return [reach(sign.pattern) if sign.pattern is not None else None for sign in self._signs]

    @cached_property
    def _alone(self) -> automaton.Automaton:
        known = zip(self._signs, self._reaches, strict=True)
        return automaton.Automaton([automaton.Expression(sign.weak, once=measure is None) for sign, measure in known])


def _automaton_of(some: Iterable[Sign]) -> automaton.Automaton:
    return automaton.Automaton([automaton.Expression(sign.weak) for sign in some])


def _places(ends: Iterable[int], data: bytes) -> list[int]:
    """Ends in bytes as ends in characters, ascending."""
    ordered = sorted(ends)
    return ordered if data.isascii() else [end for end, _ in _in_characters(((end, 0) for end in ordered), data)]


def _in_characters(ends: Iterable[tuple[int, int]], data: bytes) -> Iterator[tuple[int, int]]:
    """Ends in bytes, ascending, as ends in characters of the text."""
    before = characters = 0
    for end, number in ends:
        characters += len(data[before:end].translate(None, _CONTINUATION))
        before = end
        yield characters, number
