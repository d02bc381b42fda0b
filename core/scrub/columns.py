"""Columns: a placeholder gives what follows it the place that it had, where text stands in columns.

Three kinds of text ask for it. Where a field is filled up with spaces, the placeholder takes from them, or gives to them what it is
shorter. Where lines around have the same length, as records do, it is made as long as what it replaces, its kind cut or filled up
with underscores. And a number of a person has its form already. A field that is too narrow for a tag grows: that nothing of a
secret stays, and that one value has one tag, comes before the width.
"""

import re
from collections.abc import Sequence
from itertools import takewhile

from espalier.core.scrub.edits import Wish

NARROWEST = len("SECRET_X_") + 8  # of a placeholder, with its tag
WIDEST = 512  # characters of a record
RECORDS = 2  # lines around of the same length, that make a line a record
_GAP = re.compile(r"[\"'`]?[,;]?( {2,}+)(?=\S)")
_PLACEHOLDER = re.compile(r"((?:SECRET|PERSON)_)([A-Z0-9_]+)(_[A-Z2-7]{8})")
_LONGEST_KIND = 40  # by which a placeholder is known again


def fitted(text: str, wish: Wish) -> list[Wish]:
    """The wish with a replacement that fits, and one for the spaces behind it where these change."""
    width = wish.end - wish.start
    if len(wish.replacement) == width or "\n" in text[wish.start : wish.end]:
        return [wish]
    gap = _GAP.match(text, wish.end)
    spaces = len(gap[1]) if gap else 0
    room = width + max(0, spaces - 1)
    if len(wish.replacement) > room or not spaces:
        wish = Wish(wish.start, wish.end, _sized(text, wish, room))
    left = max(1, width + spaces - len(wish.replacement))
    if gap is None or left == spaces:
        return [wish]
    return [wish, Wish(*gap.span(1), " " * left)]


def _sized(text: str, wish: Wish, width: int) -> str:
    """The placeholder at this width, where a record asks for it and a tag has room."""
    parts = _PLACEHOLDER.fullmatch(wish.replacement)
    if parts is None or width < NARROWEST or not _is_in_records(text, wish):
        return wish.replacement
    kind = parts[2][: width - len(parts[1]) - len(parts[3])]
    kind = kind.ljust(min(_LONGEST_KIND, width - len(parts[1]) - len(parts[3])), "_")
    return f"{parts[1]}{kind}{parts[3]}".ljust(width)


def _is_in_records(text: str, wish: Wish) -> bool:
    begin = text.rfind("\n", max(0, wish.start - WIDEST), wish.start) + 1
    end = text.find("\n", wish.end, wish.end + WIDEST)
    end = len(text) if end < 0 else end
    size = end - begin
    if size > WIDEST:
        return False
    reach = RECORDS * (size + 1) + 1
    above = text[max(0, begin - reach) : max(0, begin - 1)].split("\n")[::-1]
    below = text[end + 1 : end + 1 + reach].split("\n")
    return sum(_alike(lines[:RECORDS], size) for lines in (above, below)) >= RECORDS


def _alike(lines: Sequence[str], size: int) -> int:
    """How many of them, from the first on, have this length."""
    return sum(1 for _ in takewhile(lambda line: len(line) == size, lines))
