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
_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "a": "\a", "e": "\x1b"}
_LAST = 0x10FFFF

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
        if first == last and not self.escapes[first]:
            return None
        begin = self.origins[first] + (0 if self.escapes[first] else start - self.begins[first])
        stop = self.origins[last + 1] if self.escapes[last] else self.origins[last] + end - self.begins[last]
        return begin, stop


def readings(text: str) -> Iterator[Reading]:
    """One for each kind of escape that the text has: backslashes, percent signs, entities, doubled quotes."""
    for signs, pattern, undone in _KINDS:
        if any(sign in text for sign in signs) and pattern.search(text):
            yield _read(text, pattern, undone)


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


_KINDS: tuple[tuple[tuple[str, ...], re.Pattern[str], Undone], ...] = (
    (("\\",), _BACKSLASHES, _of_backslash),
    (("%",), _PERCENTS, _of_percents),
    (("&",), _ENTITIES, _of_entity),
    (('""',), _QUOTES, _of_quotes),
    (("'",), _APOSTROPHES, _of_quotes),
)
