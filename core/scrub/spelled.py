"""Spellings: a text as it reads once its escapes are undone, and where each of its characters stands in the text itself.

A value may be written in as many ways as a format has escapes, so that its spellings can't be listed; a text has few readings.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from espalier.core.scrub.runs import meanings

_BACKSLASHES = re.compile(
    r"\\(?:\r?\n[ \t]*|u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[0-7]{3}|[^\r\n])"
)
_PERCENTS = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
# Quoted-printable: a text that has it escapes at least its equals signs, or breaks its lines so.
_EQUALS = re.compile(
    r"=(?:[0-9A-Fa-f]{2}(?:=[0-9A-Fa-f]{2})+|3[Dd]|(?:09|20)(?=\r?\n|[^\s\w])|\r?\n(?=\S)|(?<=\S=)[0-9A-F]{2}(?=\S))"
)
_SOFT_BREAKS = re.compile(r"=\r?\n(?=\S)")  # alone too: `a=00…` may be no escape
_ENTITIES = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")
_QUOTES, _APOSTROPHES = re.compile('""'), re.compile(r"""'\\''|'"'"'|''""")
# Literals that a language joins, and base64 over several lines: what stands between is nothing.
_JOINTS = {
    quote: re.compile(
        rf"{quote}(?=[ \t\r\n+.&\\])[ \t]{{0,16}}[+.&\\]?[ \t]{{0,16}}(?:\r?\n[ \t]{{0,64}})?(?:[+.&][ \t]{{0,16}})?[brufBRUF@$]{{0,2}}{quote}"
    )
    for quote in "\"'`"
}
_WRAPS = re.compile(r"[\r\n](?<=[A-Za-z0-9+/]{16}[\r\n])\n?[ \t]{0,64}(?=[A-Za-z0-9+/])")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_LAST = 0x10FFFF
DEPTH = 3  # escapes and encodings within each other
GROWTH = 6  # characters that an escape takes for one
GAP = "\0"  # between stretches of a reading that do not belong together; no value holds it

Undone = Callable[
    [str], list[tuple[str, int]]
]  # of an escape: what it stands for, in pieces, and the characters each takes


@dataclass(slots=True)
class Reading:
    """`text` in pieces: where each begins in it, and from where to where it was in the text that was read; one of an escape is told
    by `escapes`. Of what no escape is near, nothing is in it.
    """

    nests: bool  # may hold escapes again
    text: str = ""
    begins: list[int] = field(default_factory=list)
    origins: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    escapes: list[bool] = field(default_factory=list)

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """Of the text that was read, what became these characters; None where no escape had a part in them."""
        first, last = bisect_right(self.begins, start) - 1, bisect_right(self.begins, end - 1) - 1
        return None if first == last and not self.escapes[first] else self.whole(start, end)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The same, escapes or none."""
        first, last = bisect_right(self.begins, start) - 1, bisect_right(self.begins, end - 1) - 1
        begin = self.origins[first] + (0 if self.escapes[first] else start - self.begins[first])
        stop = self.ends[last] if self.escapes[last] else self.origins[last] + end - self.begins[last]
        return begin, stop

    def touching(self, length: int) -> Iterator[tuple[int, int]]:
        """From where to where stretches of this length begin that escapes have a part in."""
        first = last = 0
        bounds = [*self.begins, len(self.text)]
        for number, escape in enumerate(self.escapes):
            begin, stop = max(0, bounds[number] - length + 1), bounds[number + 1] if escape else bounds[number]
            if begin > last:
                yield first, last
                first = begin
            last = max(last, stop)
        yield first, last

    def moved(self, places: Iterable[int], length: int) -> Iterator[int]:
        """Where stretches of this length, told by their places in the text that was read, stand in this one; those that no escape
        has a part in, and is near.
        """
        for place in places:
            number = bisect_right(self.origins, place) - 1
            if number >= 0 and not self.escapes[number] and place + length <= self.ends[number]:
                yield self.begins[number] + place - self.origins[number]

    def _of(self, pieces: Iterable[tuple[str, int, int, bool]]) -> "Reading":
        texts, size = [], 0
        for text, origin, end, escape in pieces:
            if text:
                texts.append(text)
                self.begins.append(size)
                self.origins.append(origin)
                self.ends.append(end)
                self.escapes.append(escape)
                size += len(text)
        self.text = "".join(texts)
        return self


def readings(text: str, around: int) -> Iterator[Reading]:
    """One for each kind of escape that the text has: backslashes, percent signs, entities, equals signs, doubled quotes; joined
    literals and wrapped lines; and one of all that stands for bytes. Each holds so many characters around an escape.
    """
    for kind in _KINDS:
        if any(sign in text for sign in kind.signs) and kind.pattern.search(text):
            reading = Reading(kind.nests)._of(_pieces(text, kind, around))
            if reading.text:
                yield reading
    if (under := Reading(nests=True)._of(_under(text))).text:
        yield under


def _pieces(text: str, kind: "_Kind", around: int) -> Iterator[tuple[str, int, int, bool]]:
    at = 0
    for found in kind.pattern.finditer(text):
        yield from _between(text, at or max(0, found.start() - around), found.start(), around)
        place = found.start()
        for piece, taken in kind.undone(found[0]):
            yield piece, place, place + taken, True
            place += taken
        at = found.end()
    yield from _between(text, at, min(len(text), at + around), around)


def _between(text: str, start: int, end: int, around: int) -> Iterator[tuple[str, int, int, bool]]:
    """What stands between escapes, or only its ends where it is long."""
    if end - start <= 2 * around + len(GAP):
        yield text[start:end], start, end, False
        return
    yield text[start : start + around], start, start + around, False
    yield GAP, start + around, start + around + len(GAP), False
    yield text[end - around : end], end - around, end, False


def _under(text: str) -> Iterator[tuple[str, int, int, bool]]:
    for start, end, meaning in meanings(text):
        yield meaning, start, end, True
        yield GAP, end, end + len(GAP), False


def _of_backslash(escape: str) -> list[tuple[str, int]]:
    kind, digits = escape[1], escape[2:].strip("{}")
    if kind in "\r\n":
        return []  # the line goes on
    if kind in "uUx" and digits:
        return [(_character(int(digits, 16)), len(escape))]
    if len(escape) == 4:
        return [(_character(int(escape[1:], 8)), len(escape))]
    return [(_LETTERS.get(kind, kind), len(escape))]


def _of_percents(escape: str) -> list[tuple[str, int]]:
    """Of equals signs too."""
    data = bytes.fromhex(escape.replace(escape[0], ""))
    read = data.decode("utf-8", "replace")
    if "\N{REPLACEMENT CHARACTER}" in read:
        return [(letter, 3) for letter in data.decode("latin-1")]
    return [(letter, 3 * len(letter.encode("utf-8"))) for letter in read]


def _of_equals(escape: str) -> list[tuple[str, int]]:
    return [] if escape[1] in "\r\n" else _of_percents(escape)


def _of_entity(escape: str) -> list[tuple[str, int]]:
    return [(html.unescape(escape), len(escape))]


def _of_quotes(escape: str) -> list[tuple[str, int]]:
    return [(escape[0], len(escape))]


def _character(number: int) -> str:
    return chr(number) if number <= _LAST else ""


def _of_nothing(joint: str) -> list[tuple[str, int]]:
    return []


@dataclass(frozen=True, slots=True)
class _Kind:
    """`signs` must be there for `pattern` to match; what `nests` may stand within another kind of escape, or its own."""

    signs: tuple[str, ...]
    pattern: re.Pattern[str]
    undone: Undone
    nests: bool = True


_KINDS = (
    _Kind(("\\",), _BACKSLASHES, _of_backslash),
    _Kind(("%",), _PERCENTS, _of_percents),
    _Kind(("&",), _ENTITIES, _of_entity),
    _Kind(("=",), _EQUALS, _of_equals),
    _Kind(("=\n", "=\r"), _SOFT_BREAKS, _of_nothing),
    _Kind(('""',), _QUOTES, _of_quotes, nests=False),
    _Kind(("'",), _APOSTROPHES, _of_quotes, nests=False),
    *(_Kind((quote,), joint, _of_nothing, nests=False) for quote, joint in _JOINTS.items()),
    _Kind(("\n",), _WRAPS, _of_nothing),
)
