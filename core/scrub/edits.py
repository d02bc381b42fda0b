"""Edits: what was replaced where, and which line of the original a line of the scrubbed text comes from."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Characters `start` to `end` of the original gave way to `replacement`; `lines` line ends went with them."""

    start: int
    end: int
    replacement: str
    lines: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Scrubbed:
    """Text that may be shown and learnt from; `edits` are in the order of the original and do not overlap."""

    text: str
    edits: tuple[Edit, ...] = ()

    def original_line(self, line: int) -> int:
        """Both count from 1; a line that came out of several is the first of them."""
        return line + sum(edit.lines for at, edit in self._scrubbed_lines() if at < line)

    def scrubbed_line(self, line: int) -> int:
        """Where a line of the original went; the lines of a key that shrank to one all went there."""
        gone = 0
        for at, edit in self._scrubbed_lines():
            first = at + gone
            if line <= first:
                break
            gone += min(edit.lines, line - first)
        return line - gone

    def _scrubbed_lines(self) -> list[tuple[int, Edit]]:
        """Each edit with the line of the scrubbed text that it stands on."""
        found, shift = [], 0
        for edit in self.edits:
            found.append((self.text.count("\n", 0, edit.start + shift) + 1, edit))
            shift += len(edit.replacement) - (edit.end - edit.start)
        return found


@dataclass(frozen=True, slots=True)
class Wish:
    """A stretch of some text that shall become `replacement`."""

    start: int
    end: int
    replacement: str


def united(wishes: Iterable[Wish]) -> list[Wish]:
    """Overlapping wishes as one over all of them, with the replacement of the longest: no character of any survives."""
    one: list[Wish] = []
    for wish in sorted(wishes, key=lambda wish: (wish.start, -wish.end, wish.replacement)):
        if one and wish.start < one[-1].end:
            last = one.pop()
            longer = max(last, wish, key=lambda either: either.end - either.start)
            wish = Wish(last.start, max(last.end, wish.end), longer.replacement)
        one.append(wish)
    return one


def applied(original: str, edits: Sequence[Edit]) -> str:
    pieces, at = [], 0
    for edit in edits:
        pieces += [original[at : edit.start], edit.replacement]
        at = edit.end
    return "".join([*pieces, original[at:]])


def composed(original: str, edits: Sequence[Edit], wishes: Sequence[Wish]) -> tuple[Edit, ...]:
    """The edits of the original that do first `edits` and then `wishes`, which are about the text that those made."""
    added = []
    for wish in wishes:
        start, end = _origin(edits, wish.start, last=False), _origin(edits, wish.end, last=True)
        added.append(Edit(start=start, end=end, replacement=wish.replacement, lines=original.count("\n", start, end)))
    kept = [edit for edit in edits if not any(new.start < edit.end and edit.start < new.end for new in added)]
    return tuple(sorted([*kept, *added], key=lambda edit: edit.start))


def _origin(edits: Sequence[Edit], at: int, *, last: bool) -> int:
    """The offset in the original; a place inside a replacement is the end (`last`) or the start of what it replaced."""
    shift = 0
    for edit in edits:
        start = edit.start + shift
        end = start + len(edit.replacement)
        if at < end or (at == end and last):
            inside = at > start if last else at >= start
            return (edit.end if last else edit.start) if inside else at - shift
        shift += len(edit.replacement) - (edit.end - edit.start)
    return at - shift
