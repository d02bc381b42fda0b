"""How a line of code is laid out in cells: tabs reach their stop, wide characters take two, and what can't be seen is named."""

import unicodedata
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from espalier.gui.literal import named

TAB = 4
LONGEST = 2_000  # characters of one line that are laid out
BEFORE = 200  # of them, before what is looked at in a line that is longer
ZERO_WIDTH = ("Mn", "Me")


@dataclass(frozen=True, slots=True)
class Cluster:
    """What stands on one cell or more; `named` is a mark for a character that can't be seen."""

    start: int
    column: int
    text: str
    named: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """One line in cells. Indexes count characters of the whole line, columns count cells of what is shown.

    `before` and `after` are characters left out on either side. `clusters` is empty where every character is its own cell.
    """

    text: str
    before: int = 0
    after: int = 0
    columns: tuple[int, ...] = ()
    clusters: tuple[Cluster, ...] = ()

    @property
    def width(self) -> int:
        return self.columns[-1] if self.columns else len(self.text)

    @property
    def end(self) -> int:
        return self.before + len(self.text)

    def column(self, index: int) -> int:
        """Where the character begins; what is left out lies at the nearest end."""
        inside = min(max(index - self.before, 0), len(self.text))
        return self.columns[inside] if self.columns else inside

    def index(self, column: int) -> int:
        """The character on a cell."""
        if not self.columns:
            return self.before + min(max(column, 0), len(self.text))
        on = self.columns[max(0, bisect_right(self.columns, max(0, column)) - 1)]
        return self.before + bisect_left(self.columns, on)

    def parts(self, start: int, end: int) -> Sequence[Cluster]:
        """What to draw of the characters from start to end."""
        start, end = max(start, self.before), min(end, self.end)
        if start >= end:
            return ()
        if not self.columns:
            return (Cluster(start, start - self.before, self.text[start - self.before : end - self.before]),)
        return tuple(one for one in self.clusters if start <= one.start < end)

    def copied(self, start: int, end: int) -> str:
        """As it is seen, but with its tabs; a character that can't be seen is copied as its name."""
        inside = self.text[max(0, start - self.before) : max(0, end - self.before)]
        return inside if not self.columns else "".join(one if one == "\t" else named(one) or one for one in inside)


def shown(line: str, around: int = 0) -> Shown:
    """The line in cells; a very long one is cut to what lies around this character."""
    before = 0
    if len(line) > LONGEST:
        before = max(0, min(around - BEFORE, len(line) - LONGEST)) if around > LONGEST - BEFORE else 0
    text = line[before : before + LONGEST] if len(line) > LONGEST else line
    after = len(line) - before - len(text)
    if text.isascii() and text.isprintable():
        return Shown(text=text, before=before, after=after)
    columns, clusters = _laid_out(text, before)
    return Shown(text=text, before=before, after=after, columns=columns, clusters=clusters)


def _laid_out(text: str, before: int) -> tuple[tuple[int, ...], tuple[Cluster, ...]]:
    columns, clusters, column = [], [], 0
    for place, character in enumerate(text):
        columns.append(column)
        if character == "\t":
            column += TAB - column % TAB
        elif mark := named(character):
            clusters.append(Cluster(before + place, column, mark, named=True))
            column += len(mark)
        elif unicodedata.category(character) in ZERO_WIDTH and clusters and _joins(clusters[-1], before + place, text):
            last = clusters[-1]
            clusters[-1] = Cluster(last.start, last.column, last.text + character)
        else:
            clusters.append(Cluster(before + place, column, character))
            column += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return (*columns, column), tuple(clusters)


def _joins(last: Cluster, place: int, text: str) -> bool:
    """Whether a combining character belongs to the one before it, and not too many do already."""
    return not last.named and last.start + len(last.text) == place and len(last.text) < 8
