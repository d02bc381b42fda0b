"""Spellings: a text as it reads once its escapes are undone, and where each of its characters stands in the text itself.

A value may be written in as many ways as a format has escapes, so that its spellings can't be listed; a text has few readings.
"""

import html
import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_BACKSLASHES = re.compile(
    r"\\(?:\r?\n[ \t]*|u\{[0-9A-Fa-f]{1,6}\}|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2}|[0-7]{3}|[^\r\n])"
)
_PERCENTS = re.compile(r"(?:%[0-9A-Fa-f]{2})+")
_ENTITIES = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);")
_QUOTES, _APOSTROPHES = re.compile('""'), re.compile(r"""'\\''|'"'"'|''""")
# Literals that a language joins, and base64 over several lines: what stands between is nothing.
_JOINTS = {
    quote: re.compile(
        rf"{quote}(?=[ \t\r\n+.&\\])[ \t]{{0,16}}[+.&\\]?[ \t]{{0,16}}(?:\r?\n[ \t]{{0,64}})?(?:[+.&][ \t]{{0,16}})?[brufBRUF@$]{{0,2}}{quote}"
    )
    for quote in "\"'`"
}
_WRAPS = re.compile(r"(?<=[A-Za-z0-9+/]{16})\r?\n[ \t]{0,64}(?=[A-Za-z0-9+/])")
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_LAST = 0x10FFFF
DEPTH = 2  # escapes within escapes

Undone = Callable[
    [str], list[tuple[str, int]]
]  # of an escape: what it stands for, in pieces, and the characters each takes


@dataclass(frozen=True, slots=True)
class Reading:
    """`text` with its pieces: where each begins in it, and in the text that was read; one of an escape is told by `escapes`."""

    text: str
    begins: list[int]
    origins: list[int]
    escapes: list[bool]

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """Of the text that was read, what became these characters; None where no escape had a part in them."""
        first, last = bisect_right(self.begins, start) - 1, bisect_right(self.begins, end - 1) - 1
        return None if first == last and not self.escapes[first] else self.whole(start, end)

    def whole(self, start: int, end: int) -> tuple[int, int]:
        """The same, escapes or none."""
        first, last = bisect_right(self.begins, start) - 1, bisect_right(self.begins, end - 1) - 1
        begin = self.origins[first] + (0 if self.escapes[first] else start - self.begins[first])
        stop = self.origins[last + 1] if self.escapes[last] else self.origins[last] + end - self.begins[last]
        return begin, stop

    def within(self, outer: "Reading") -> "Reading":
        """Of a reading of a reading, the one of the text itself."""
        return _Nested(self.text, self.begins, self.origins, self.escapes, outer)


@dataclass(frozen=True, slots=True)
class _Nested(Reading):
    outer: Reading

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        inner = Reading.stretch(self, start, end)
        return None if inner is None else self.outer.whole(*inner)


def readings(text: str, depth: int = DEPTH) -> Iterator[Reading]:
    """One for each kind of escape that the text has: backslashes, percent signs, entities, doubled quotes; joined literals and wrapped
    lines; and of escapes within escapes.
    """
    for kind in _KINDS:
        reading = _reading(text, kind)
        if reading is None:
            continue
        yield reading
        if depth > 1 and kind.nests:
            yield from (deeper.within(reading) for deeper in readings(reading.text, depth - 1))


def _reading(text: str, kind: "_Kind") -> Reading | None:
    there = any(sign in text for sign in kind.signs) and kind.pattern.search(text)
    return _read(text, kind.pattern, kind.undone) if there else None


def _read(text: str, pattern: re.Pattern[str], undone: Undone) -> Reading:
    pieces: list[str] = []
    begins: list[int] = []
    origins: list[int] = []
    escapes: list[bool] = []
    at = size = 0

    def add(piece: str, origin: int, escape: bool) -> None:
        nonlocal size
        if piece:
            pieces.append(piece)
            begins.append(size)
            origins.append(origin)
            escapes.append(escape)
            size += len(piece)

    for found in pattern.finditer(text):
        add(text[at : found.start()], at, False)
        at = found.start()
        for piece, taken in undone(found[0]):
            add(piece, at, True)
            at += taken
        at = found.end()
    add(text[at:], at, False)
    return Reading("".join(pieces), begins, [*origins, len(text)], escapes)


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
    read = bytes.fromhex(escape.replace("%", "")).decode("utf-8", "replace")
    if "\N{REPLACEMENT CHARACTER}" in read:
        read = bytes.fromhex(escape.replace("%", "")).decode("latin-1")
        return [(letter, 3) for letter in read]
    return [(letter, 3 * len(letter.encode("utf-8"))) for letter in read]


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
    _Kind(('""',), _QUOTES, _of_quotes, nests=False),
    _Kind(("'",), _APOSTROPHES, _of_quotes, nests=False),
    *(_Kind((quote,), joint, _of_nothing, nests=False) for quote, joint in _JOINTS.items()),
    _Kind(("\n",), _WRAPS, _of_nothing, nests=False),
)
