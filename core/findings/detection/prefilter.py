"""The prefilter: which probes have to look at which pieces of a text; most pieces of most texts hold nothing for any.

Two engines say so, and what is found is the same with either: keywords and signs one by one, and an automaton over all signs at
once, which is worth its making when there is much to read.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.pieces import Piece, pieces, pieces_around
from espalier.core.findings.detection.probes import Probe
from espalier.core.findings.detection.weakened import Weakened, weakened

MUCH = 30_000  # characters: from there on, having the automaton costs less than having none
MEMORY = 24_000_000  # characters of pieces to remember
_CONTINUATION = bytes(range(0x80, 0xC0))  # in UTF-8, every byte of a character but its first


@dataclass(frozen=True, slots=True)
class Wanted:
    """By number: the probes that have to read the text whole, and those that have to read each of its pieces."""

    whole: set[int] = field(default_factory=set)
    pieces: dict[Piece, set[int]] = field(default_factory=dict)


class Engine(Protocol):
    def wanted(self, text: str) -> Wanted: ...


class Prefilter:
    """Begins with one engine and goes on with the other, where that is to be had."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self._engine: Engine = OneByOne(probes)
        self._left = MUCH

    def wanted(self, text: str) -> Wanted:
        if self._left > 0:
            self._left -= len(text)
            if self._left <= 0 and automaton.is_to_be_had():
                self._engine = AllAtOnce(self._probes)
        return self._engine.wanted(text)


class OneByOne:
    """Looks for each keyword, and for the signs of a probe that has none, in pieces that it has not looked at yet."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        self._probes = probes
        self._known: dict[str, frozenset[int]] = {}
        self._remembered = 0

    def wanted(self, text: str) -> Wanted:
        wanted, lower = Wanted(), lowered(text)
        wanted.whole.update(
            number for number, probe in enumerate(self._probes) if probe.whole and _warrants(probe, text, lower)
        )
        for start, end in pieces(text):
            if found := self._of_piece(text[start:end]):
                wanted.pieces[start, end] = set(found)
        return wanted

    def _of_piece(self, piece: str) -> frozenset[int]:
        found = self._known.get(piece)
        if found is None:
            lower = lowered(piece)
            probing = enumerate(self._probes)
            found = frozenset(number for number, probe in probing if not probe.whole and _warrants(probe, piece, lower))
            self._remembered += len(piece)
            if self._remembered > MEMORY:
                self._known, self._remembered = {}, len(piece)
            self._known[piece] = found
        return found


def _warrants(probe: Probe, text: str, lower: str) -> bool:
    if probe.keywords:
        return any(keyword in lower for keyword in probe.keywords)
    return any(sign.search(text) for sign in probe.signs)


class AllAtOnce:
    """Runs over the bytes of a text once, whatever the number of signs."""

    def __init__(self, probes: Sequence[Probe]) -> None:
        signs = [(number, sign) for number, probe in enumerate(probes) for sign in _signs(probe)]
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
        self._whole = [probe.whole for probe in probes]

    def wanted(self, text: str) -> Wanted:
        data = text.encode("utf-8", "surrogatepass")
        wanted = Wanted()
        if hits := self._automaton.hits(data):
            ends = sorted({(end, self._probe_of[sign]) for end, sign in hits})
            wanted.whole.update(number for _, number in ends if self._whole[number])
            in_pieces = [one for one in ends if not self._whole[one[1]]]
            _place(text, in_pieces if len(data) == len(text) else _in_characters(in_pieces, data), wanted)
        return wanted


def _place(text: str, ends: Iterable[tuple[int, int]], wanted: Wanted) -> None:
    """A sign ends within the piece that its probe would find something in."""
    around: list[set[int]] = []
    beyond = 0
    for end, number in ends:
        if end > beyond:
            some, beyond = pieces_around(text, end - 1)
            around = [wanted.pieces.setdefault(piece, set()) for piece in some]
        for one in around:
            one.add(number)


def _in_characters(ends: Iterable[tuple[int, int]], data: bytes) -> Iterator[tuple[int, int]]:
    """Ends in bytes, ascending, as ends in characters of the text."""
    before = characters = 0
    for end, number in ends:
        characters += len(data[before:end].translate(None, _CONTINUATION))
        before = end
        yield characters, number


def _signs(probe: Probe) -> list[Weakened]:
    try:
        return [weakened(sign) for sign in probe.signs] or _literals(probe)
    except ValueError:
        return _literals(probe)


def _literals(probe: Probe) -> list[Weakened]:
    return [Weakened("".join(f"\\x{byte:02x}" for byte in word.encode()), True, probe.whole) for word in probe.keywords]
