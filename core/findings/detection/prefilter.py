"""The prefilter: which probes have to look at which pieces of which lines; most lines hold nothing for any.

Two engines say so, and what is found is the same with either: keywords and signs one by one, and an automaton over all signs at
once, which is worth its making when there is much to read.
"""

import contextlib
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Protocol

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.pieces import Piece, pieces, pieces_around
from espalier.core.findings.detection.probes import Probe
from espalier.core.findings.detection.weakened import Weakened, weakened

MUCH = 30_000  # characters: from there on, having the automaton costs less than having none
_CONTINUATION = bytes(range(0x80, 0xC0))  # in UTF-8, every byte of a character but its first


Wanted = Mapping[Piece, set[int]]  # of a line: the numbers of the probes that have to read each of its pieces


class Engine(Protocol):
    def wanted(self, lines: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
        """Of the lines, which have no line's end in them, those of which anything is wanted, in order.

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
            wanted[0, 0] = wanted.get((0, 0), set()) | _warranted(self._whole, line)
            if found := {piece: numbers for piece, numbers in wanted.items() if numbers}:
                yield line, found


def _warranted(probes: Iterable[tuple[int, Probe]], words: str) -> set[int]:
    lower, ended = lowered(words), f"{words}\n"
    return {number for number, probe in probes if _warrants(probe, ended, lower)}


def _warrants(probe: Probe, words: str, lower: str) -> bool:
    if probe.may_be_in:
        return probe.may_be_in(words)
    if probe.keywords:
        return any(keyword in lower for keyword in probe.keywords)
    return any(sign.search(words) for sign in probe.signs)


class AllAtOnce:
    """Runs over the bytes of all lines once, whatever the number of signs, and once more for keywords that are kept in no file."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._unkept = [
            (number, automaton.Words(probe.keywords)) for number, probe in enumerate(probes) if probe.may_be_in
        ]
        signs = [(number, sign) for number, probe in enumerate(probes) if not probe.may_be_in for sign in _signs(probe)]
        try:
            self._automaton = automaton.Automaton([sign for _, sign in signs])
        except ValueError:  # one of them: its probe is warranted by its keywords
            signs = [
                (number, one)
                for number, sign in signs
                for one in ((sign,) if automaton.can_run(sign) else _literals(probes[number]))
            ]
            self._automaton = automaton.Automaton([sign for _, sign in signs])
        self._probe_of = [number for number, _ in signs]

    def wanted(self, lines: Sequence[str]) -> Iterator[tuple[str, Wanted]]:
        """What matches over the end of a line is wanted of the one in which it ends, and nothing is found there."""
        text = "\n".join([*lines, ""])
        data = text.encode("utf-8", "surrogatepass")
        found = {(end, self._probe_of[sign]) for end, sign in self._automaton.hits(data)}
        for number, unkept in self._unkept:
            found.update((end, number) for end in unkept.ends(data))
        if not found:
            return
        ends: Iterable[tuple[int, int]] = sorted(found)
        ends = ends if len(data) == len(text) else _in_characters(ends, data)
        starts = list(accumulate((len(line) + 1 for line in lines), initial=0))
        at, beyond = 0, 0
        wanted: dict[Piece, set[int]] = {}
        around: list[set[int]] = []
        for end, number in ends:
            if end > starts[at + 1]:
                if wanted:
                    yield lines[at], wanted
                at, wanted = bisect_right(starts, end - 1) - 1, {}
            if end > beyond:
                some, until = pieces_around(lines[at], end - 1 - starts[at])
                beyond = starts[at] + until
                around = [wanted.setdefault(piece, set()) for piece in some]
            for one in around:
                one.add(number)
        if wanted:
            yield lines[at], wanted


def _in_characters(ends: Iterable[tuple[int, int]], data: bytes) -> Iterator[tuple[int, int]]:
    """Ends in bytes, ascending, as ends in characters of the text."""
    before = characters = 0
    for end, number in ends:
        characters += len(data[before:end].translate(None, _CONTINUATION))
        before = end
        yield characters, number


def _signs(probe: Probe) -> list[Weakened]:
    if not probe.signs:
        return _literals(probe)
    try:
        return [weakened(sign) for sign in probe.signs]
    except ValueError:
        return _literals(probe)


def _literals(probe: Probe) -> list[Weakened]:
    return [Weakened("".join(f"\\x{byte:02x}" for byte in word.encode()), True) for word in probe.keywords]
