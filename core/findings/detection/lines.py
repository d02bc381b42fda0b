"""Lines: what single lines of a file tell, each looked at once however many versions of the file hold it.

Versions of a file share nearly all of their lines, and nearly all lines tell nothing: to know those again costs far less than any
look at a text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from espalier.core.findings.detection.pieces import LONGEST, OVERLAP, Piece, is_cut
from espalier.core.findings.detection.prefilter import Prefilter, Wanted
from espalier.core.findings.detection.probes import EVERYWHERE, Dialect, Near, Probe
from espalier.core.findings.detection.spans import Span
from espalier.core.findings.detection.values import PLACEHOLDER

PLACEHOLDERS = 0  # the number of their probe
MEMORY = 48_000_000  # bytes for lines to remember, about; one of several pieces is not: it comes once
EACH = 120  # bytes that a line takes besides its characters


@dataclass(frozen=True, slots=True)
class Told:
    """Of a line: what is found in it, which probes have to read the whole text because of it, and whether it holds a placeholder."""

    spans: tuple[Span, ...]
    whole: frozenset[int]
    placeholder: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Of a text: what is found in it, which may overlap; which probes it was worth as a whole; and the text without placeholders."""

    spans: list[Span]
    whole: tuple[int, ...]
    clear: str


@dataclass(slots=True)
class _Known:
    """Lines of one dialect: those that tell nothing, and what the others tell."""

    quiet: set[str] = field(default_factory=set)
    telling: dict[str, Told] = field(default_factory=dict)


class Lines:
    """What it says of a text never depends on what it read before. It belongs to one thread."""

    def __init__(self, probes: Sequence[Probe], memory: int = MEMORY) -> None:
        self._probes = probes
        self._prefilter = Prefilter(probes)
        self._known: dict[Dialect, _Known] = {}
        self._memory = memory
        self._remembered = 0

    def read(self, text: str, dialect: Dialect) -> Found:
        """What its lines tell, and what the probes find that have to read all of it because of a line."""
        lines = text.split("\n")
        telling = self._telling(lines, dialect)
        if not telling:
            return Found(spans=[], whole=(), clear=text)
        clear = masked(text) if any(told.placeholder for _, told in telling) else text
        whole = tuple(sorted({number for _, told in telling for number in told.whole}))
        in_whole = [span for number in whole for span in self._probes[number].find(clear, dialect, EVERYWHERE)]
        return Found(spans=[*_in_lines(lines, telling), *in_whole], whole=whole, clear=clear)

    def _telling(self, lines: Sequence[str], dialect: Dialect) -> list[tuple[int, Told]]:
        """By their numbers, in order, those of the lines that tell anything; a line has no line's end in it."""
        known = self._known.setdefault(dialect, _Known())
        quiet, telling = known.quiet, known.telling
        left = [number for number, line in enumerate(lines) if line not in quiet]
        unknown = dict.fromkeys(lines[number] for number in left if lines[number] not in telling)
        learnt = self._learn(list(unknown), dialect, known) if unknown else {}
        told = ((number, telling.get(lines[number]) or learnt.get(lines[number])) for number in left)
        return [(number, one) for number, one in told if one]

    def _learn(self, lines: list[str], dialect: Dialect, known: _Known) -> dict[str, Told]:
        told = dict(self._read(lines, dialect))
        short = [line for line in lines if len(line) <= LONGEST]
        known.quiet.update(line for line in short if line not in told)
        known.telling.update((line, told[line]) for line in short if line in told)
        self._remembered += sum(map(len, short)) + EACH * len(short)
        if self._remembered > self._memory:
            self._known, self._remembered = {}, 0
        return told

    def _read(self, lines: list[str], dialect: Dialect) -> Iterator[tuple[str, Told]]:
        replaced: dict[str, str] = {}
        for line, wanted in self._prefilter.wanted(lines):
            if any(PLACEHOLDERS in numbers for numbers in wanted.values()) and (blank := masked(line)) != line:
                replaced[blank] = line
            elif one := self._told(line, wanted, dialect):
                yield line, one
        if replaced:
            again = dict(self._prefilter.wanted(list(replaced)))
            for blank, line in replaced.items():
                one = self._told(blank, again.get(blank, {}), dialect)
                yield line, Told(one.spans if one else (), one.whole if one else frozenset(), True)

    def _told(self, line: str, wanted: Wanted, dialect: Dialect) -> Told | None:
        spans = tuple(span for piece, looks in wanted.items() for span in self._in_piece(line, piece, looks, dialect))
        whole = frozenset(number for number in set().union(*wanted.values()) if self._asks_for_all(number, line))
        return Told(spans, whole, False) if spans or whole else None

    def _asks_for_all(self, number: int, line: str) -> bool:
        """Whether the line is a sign indeed that a probe has to read the whole text."""
        probe = self._probes[number]
        signs = (sign.search(f"{line}\n") for sign in probe.signs)
        return probe.whole and number != PLACEHOLDERS and (not probe.signs or any(signs))

    def _in_piece(self, line: str, piece: Piece, looks: Mapping[int, Near], dialect: Dialect) -> Iterator[Span]:
        words = line[piece[0] : piece[1]]
        before, behind = is_cut(line, piece)
        for number, near in sorted(looks.items()):
            probe = self._probes[number]
            if probe.whole or not probe.applies(dialect):
                continue
            for span in probe.find(words, dialect, near):
                if not (before and span.start == 0 and span.end <= OVERLAP) and not (
                    behind and span.end == len(words) and span.start >= len(words) - OVERLAP
                ):
                    yield span.moved(piece[0])


def _in_lines(lines: Sequence[str], telling: Sequence[tuple[int, Told]]) -> Iterator[Span]:
    before = at = 0
    for number, told in telling:
        at += sum(map(len, lines[before:number])) + number - before
        before = number
        yield from (span.moved(at) for span in told.spans)


def masked(text: str) -> str:
    """The text with the scrubber's own placeholders blanked out, at the same length: they are not secrets."""
    return PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)
