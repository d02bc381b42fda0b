"""Code in colours by role: keywords, strings, numbers, comments and the names that are defined; nothing else."""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath
from typing import Any

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_by_name, find_lexer_class_for_filename
from pygments.token import Comment, Keyword, Name, Number, Operator, String
from pygments.util import ClassNotFound

from espalier.gui.code.shown import LONGEST

MOST = 200_000  # characters that are coloured at once
PATIENCE = 2.0  # seconds, after which the rest stays plain
PLAIN = "text"
ROLES: tuple[tuple[Any, str], ...] = (
    (Keyword, "code_keyword"),
    (Operator.Word, "code_keyword"),
    (Name.Decorator, "code_keyword"),
    (Comment.Preproc, "code_keyword"),
    (String, "code_string"),
    (Number, "code_number"),
    (Comment, "code_comment"),
    (Name.Function, "code_name"),
    (Name.Class, "code_name"),
)


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters of one line in one colour; the role is a field of Colours."""

    start: int
    end: int
    role: str


Pieces = tuple[Piece, ...]


def highlighted(lines: Sequence[str], language: str) -> list[Pieces]:
    """The pieces of each line, which cover it whole; `language` is a name, or a path whose name tells it.

    What is not known, too long or takes too long is plain. It is never run, only read.
    """
    lexer = _lexer(language)
    if lexer is None:
        return [plain(line) for line in lines]
    marked: list[list[Piece]] = [[] for _ in lines]
    for number, piece in _coloured(lexer, lines):
        marked[number].append(piece)
    return [_filled(line, pieces) if pieces else plain(line) for line, pieces in zip(lines, marked, strict=True)]


def plain(line: str) -> Pieces:
    return (Piece(0, len(line), PLAIN),) if line else ()


def known(language: str) -> bool:
    """Whether there are colours for it."""
    return _kind(language) is not None


def _lexer(language: str) -> Lexer | None:
    """Made anew each time: some keep notes while they read, and two threads may read."""
    kind = _kind(language)
    return kind(stripnl=False, ensurenl=False) if kind is not None else None


@lru_cache(maxsize=64)
def _kind(language: str) -> type[Lexer] | None:
    name = PurePosixPath(language).name
    try:
        kind = find_lexer_class_for_filename(name) if "." in name or name != language else None
        return kind or find_lexer_class_by_name(language.lower())
    except (ClassNotFound, ValueError):
        return None


def _coloured(lexer: Lexer, lines: Sequence[str]) -> Iterator[tuple[int, Piece]]:
    """Line by line, the pieces that are not plain, in order; only the beginning of a very long line is looked at."""
    starts, text = _joined(lines)
    deadline = time.monotonic() + PATIENCE
    number = 0
    for place, kind, value in lexer.get_tokens_unprocessed(text):
        if time.monotonic() > deadline:
            return
        role = _role(kind)
        if not role:
            continue
        end = place + len(value)
        while number + 1 < len(starts) and starts[number + 1] <= place:
            number += 1
        yield from _split(starts, lines, number, place, end, role)


def _split(
    starts: Sequence[int], lines: Sequence[str], number: int, place: int, end: int, role: str
) -> Iterator[tuple[int, Piece]]:
    """A token over several lines is a piece on each."""
    while number < len(starts) and starts[number] < end:
        first = max(0, place - starts[number])
        last = min(end - starts[number], min(len(lines[number]), LONGEST))
        if first < last:
            yield number, Piece(first, last, role)
        number += 1


def _joined(lines: Sequence[str]) -> tuple[list[int], str]:
    """The text up to what is coloured at once, and where each of its lines begins."""
    starts, parts, place = [], [], 0
    for line in lines:
        if place > MOST:
            break
        starts.append(place)
        part = line[:LONGEST].replace("\n", " ")
        parts.append(part)
        place += len(part) + 1
    return starts, "\n".join(parts)


@lru_cache(maxsize=512)
def _role(kind: Any) -> str:
    return next((role for one, role in ROLES if kind in one), "")


def _filled(line: str, pieces: Sequence[Piece]) -> Pieces:
    """With the plain stretches between them; a lexer that goes back over what it has read changes nothing."""
    whole: list[Piece] = []
    place = 0
    for one in pieces:
        if one.start < place:
            continue
        if one.start > place:
            whole.append(Piece(place, one.start, PLAIN))
        whole.append(one)
        place = one.end
    if place < len(line):
        whole.append(Piece(place, len(line), PLAIN))
    return tuple(whole)
