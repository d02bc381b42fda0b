"""Where in a text a reported value stands, seen in the text itself: no report is believed about what it can't show."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from espalier.core.findings.detection.values import entropy
from espalier.core.findings.reports.hashed import TOKEN, WHOLE, Hashes
from espalier.core.findings.reports.reported import Columns, Reported

ROUNDING = 0.006  # bits; kingfisher writes two decimals
_AROUND = " \t\r\n\"'`,;"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """A text and where its lines begin."""

    text: str
    starts: tuple[int, ...]

    def span(self, first: int, last: int) -> tuple[int, int] | None:
        """From the first line to the end of the last, counted from 1; None where the text has no such line."""
        if not 1 <= first <= len(self.starts):
            return None
        end = self.starts[last] - 1 if last < len(self.starts) else len(self.text)
        return self.starts[first - 1], end

    def number(self, at: int) -> int:
        return bisect_right(self.starts, at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Characters `start` to `end` of a text. `seen` says that they are known to be the reported value."""

    start: int
    end: int
    seen: bool


def lines(text: str) -> Lines:
    return Lines(text=text, starts=tuple(accumulate((len(line) + 1 for line in text.split("\n")[:-1]), initial=0)))


def has_check(one: Reported) -> bool:
    """Whether the value can be known again anywhere, and not just by where it is said to be."""
    return (one.value or one.sha1 or one.fingerprint) is not None


def stretch(within: Lines, one: Reported, hashes: Hashes) -> Stretch | None:
    """Where the value stands, or, where nothing in the report shows it, the lines or columns that are told.

    None where the text has no such value, or no such line.
    """
    told = within.span(one.line, one.last_line or one.line) if one.line else (0, len(within.text))
    if one.value is not None:
        return _of_text(within.text, one.value, told)
    if one.sha1 is not None or one.fingerprint is not None:
        return _of_hash(within, one, hashes, told)
    return None if told is None else _of_columns(within.text, one, told)


def _of_text(text: str, value: str, told: tuple[int, int] | None) -> Stretch | None:
    """On its lines, or else anywhere: scanners count lines differently, and the value itself is seen."""
    start = text.find(value, told[0], told[1] + len(value)) if told and value else -1
    if start < 0 and value:
        start = text.find(value)
    return Stretch(start=start, end=start + len(value), seen=True) if start >= 0 else None


def _of_hash(within: Lines, one: Reported, hashes: Hashes, told: tuple[int, int] | None) -> Stretch | None:
    if told is None:
        return None
    first, last = within.number(told[0]), within.number(max(told[0], told[1] - 1))
    for number in range(first, last + 1):
        start, end = within.span(number, number) or (0, 0)
        at = hashes.find(within.text[start:end], one)
        if at is not None:
            return Stretch(start=start + at[0], end=start + at[1], seen=True)
    return None


def _of_columns(text: str, one: Reported, told: tuple[int, int]) -> Stretch:
    start, end = told
    if one.columns is None:
        return Stretch(start=start, end=end, seen=False)
    first, last = _characters(text[start:end], one.columns)
    whole = (start + first, start + max(first, last))
    for begin, stop in _words(text, *whole) if one.entropy is not None else [_trimmed(text, *whole)]:
        if _fits(text[begin:stop], one):
            return Stretch(start=begin, end=stop, seen=True)
    return Stretch(start=whole[0], end=whole[1], seen=False)


def _fits(value: str, one: Reported) -> bool:
    """Its entropy is the one that is told, or it is one word and in the text that is told."""
    if one.entropy is not None:
        return abs(entropy(value) - one.entropy) <= ROUNDING
    return WHOLE.fullmatch(value) is not None and (one.around is None or value in one.around)


def _words(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The columns, then the words in them, the last first: a value follows its name."""
    yield start, end
    yield _trimmed(text, start, end)
    for pattern in (WHOLE, TOKEN):
        yield from reversed([found.span() for found in pattern.finditer(text, start, end)])


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    value = text[start:end]
    begin = start + len(value) - len(value.lstrip(_AROUND))
    return begin, max(begin, start + len(value.rstrip(_AROUND)))


def _characters(line: str, columns: Columns) -> tuple[int, int]:
    """The columns in characters of the line, cut to it."""
    if columns.unit == "characters":
        return min(columns.start, len(line)), min(columns.end, len(line))
    codec, size = ("utf-8", 1) if columns.unit == "bytes" else ("utf-16-le", 2)
    data = line.encode(codec, "surrogatepass")
    first, last = (len(data[: at * size].decode(codec, "ignore")) for at in (columns.start, columns.end))
    return first, last
