"""What differs between two texts: lines first, then the words of lines that were changed; bounded, whatever the texts are."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

EDITS = 600  # at most that many insertions and deletions are looked for at once; the time grows with their square
WORD_EDITS = 60
WORDY = 1_000  # characters of a line whose words are compared
PAIRED = 2_000  # changed lines whose words are compared
ALIKE = 0.4  # of the words of both lines, below which the whole line is said to have changed
WORD = re.compile(r"\w+|\s+|[^\w\s]")

Stretches = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A line of one text, by its place there from 0, and the characters of it that changed."""

    number: int
    text: str
    changed: Stretches = ()


@dataclass(frozen=True, slots=True)
class Pair:
    """Lines that stand beside each other; one is absent where lines were only added or removed."""

    before: Side | None
    after: Side | None
    same: bool


@dataclass(frozen=True, slots=True)
class Block:
    """Equal stretches: where they begin in each text, and their length."""

    before: int
    after: int
    size: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Both texts, beside each other."""

    pairs: tuple[Pair, ...]

    @property
    def removed(self) -> int:
        return sum(1 for one in self.pairs if one.before is not None and not one.same)

    @property
    def added(self) -> int:
        return sum(1 for one in self.pairs if one.after is not None and not one.same)


def difference(before: Sequence[str], after: Sequence[str]) -> Difference:
    """Line by line; of lines that were changed, word by word."""
    pairs: list[Pair] = []
    left = right = paired = 0
    for block in (*blocks(before, after), Block(len(before), len(after), 0)):
        paired += max(block.before - left, block.after - right)
        pairs.extend(_changed(before, after, (left, block.before), (right, block.after), wordy=paired <= PAIRED))
        for place in range(block.size):
            old, new = block.before + place, block.after + place
            pairs.append(Pair(Side(old, before[old]), Side(new, after[new]), same=True))
        left, right = block.before + block.size, block.after + block.size
    return Difference(tuple(pairs))


def blocks(before: Sequence[Hashable], after: Sequence[Hashable], edits: int = EDITS) -> list[Block]:
    """Stretches that are the same, in order: the fewest changes where they can be found in time, else around what is unique."""
    found: list[Block] = []
    _compare(before, after, (0, len(before)), (0, len(after)), edits, found, split=True)
    return _joined(found)


def _compare(
    a: Sequence[Hashable],
    b: Sequence[Hashable],
    left: tuple[int, int],
    right: tuple[int, int],
    edits: int,
    found: list[Block],
    *,
    split: bool,
) -> None:
    low, high, low2, high2 = *left, *right
    while low < high and low2 < high2 and a[low] == b[low2]:
        found.append(Block(low, low2, 1))
        low, low2 = low + 1, low2 + 1
    tail: list[Block] = []
    while low < high and low2 < high2 and a[high - 1] == b[high2 - 1]:
        high, high2 = high - 1, high2 - 1
        tail.append(Block(high, high2, 1))
    if low < high and low2 < high2:
        shortest = _shortest(a[low:high], b[low2:high2], edits)
        if shortest is not None:
            found.extend(Block(low + one.before, low2 + one.after, one.size) for one in shortest)
        elif split:
            _around_unique(a, b, (low, high), (low2, high2), found)
    found.extend(reversed(tail))


def _around_unique(
    a: Sequence[Hashable], b: Sequence[Hashable], left: tuple[int, int], right: tuple[int, int], found: list[Block]
) -> None:
    """Lines that each text has once hold the texts together; between them little is left to look for."""
    anchors = _anchors(a, b, left, right)
    # What all parts may cost together is bounded, too.
    edits = int((EDITS * EDITS / (len(anchors) + 1)) ** 0.5)
    low, low2 = left[0], right[0]
    for old, new in (*anchors, (left[1], right[1])):
        if old >= low and new >= low2:
            _compare(a, b, (low, old), (low2, new), edits, found, split=False)
            if old < left[1] and new < right[1]:
                found.append(Block(old, new, 1))
            low, low2 = old + 1, new + 1


def _anchors(
    a: Sequence[Hashable], b: Sequence[Hashable], left: tuple[int, int], right: tuple[int, int]
) -> list[tuple[int, int]]:
    """Pairs of what is unique in both, the most of them that stand in the same order."""
    counts, counts2 = Counter(a[left[0] : left[1]]), Counter(b[right[0] : right[1]])
    places = {b[place]: place for place in range(*right) if counts2[b[place]] == 1}
    pairs = [(place, places[a[place]]) for place in range(*left) if counts[a[place]] == 1 and a[place] in places]
    return _rising(pairs)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest choice of pairs whose second numbers rise, as their first do."""
    tops: list[int] = []
    ends: list[int] = []
    previous: list[int] = []
    for number, (_, place) in enumerate(pairs):
        pile = bisect_left(tops, place)
        previous.append(ends[pile - 1] if pile else -1)
        if pile == len(tops):
            tops.append(place)
            ends.append(number)
        else:
            tops[pile], ends[pile] = place, number
    chosen: list[tuple[int, int]] = []
    at = ends[-1] if ends else -1
    while at >= 0:
        chosen.append(pairs[at])
        at = previous[at]
    return chosen[::-1]


def _shortest(a: Sequence[Hashable], b: Sequence[Hashable], edits: int) -> list[Block] | None:
    """Myers, "An O(ND) Difference Algorithm" (1986), forwards; None when more edits than this are needed."""
    if abs(len(a) - len(b)) > edits:
        return None
    reach = {1: 0}
    history: list[dict[int, int]] = []
    for made in range(min(edits, len(a) + len(b)) + 1):
        history.append(reach)
        now: dict[int, int] = {}
        for diagonal in range(-made, made + 1, 2):
            down = _goes_down(reach, diagonal, made)
            x = reach.get(diagonal + 1, 0) if down else reach.get(diagonal - 1, 0) + 1
            y = x - diagonal
            while 0 <= x < len(a) and 0 <= y < len(b) and a[x] == b[y]:
                x, y = x + 1, y + 1
            now[diagonal] = x
            if x >= len(a) and y >= len(b):
                return _walked_back(history, diagonal, len(a))
        reach = now
    return None


def _walked_back(history: Sequence[dict[int, int]], diagonal: int, x: int) -> list[Block]:
    """The stretches of equal lines on the way that led here."""
    found: list[Block] = []
    for made in range(len(history) - 1, 0, -1):
        reach = history[made]
        down = _goes_down(reach, diagonal, made)
        before = diagonal + 1 if down else diagonal - 1
        begin = reach[before] + (0 if down else 1)
        found.append(Block(begin, begin - diagonal, x - begin))
        x, diagonal = reach[before], before
    found.append(Block(0, 0, x))
    return found[::-1]


def _goes_down(reach: dict[int, int], diagonal: int, made: int) -> bool:
    """Whether a diagonal is best reached by an insertion."""
    if abs(diagonal) == made:
        return diagonal == -made
    return reach.get(diagonal - 1, -1) < reach.get(diagonal + 1, -1)


def _joined(found: Sequence[Block]) -> list[Block]:
    whole: list[Block] = []
    for one in found:
        last = whole[-1] if whole else None
        if last and last.before + last.size == one.before and last.after + last.size == one.after:
            whole[-1] = Block(last.before, last.after, last.size + one.size)
        elif one.size:
            whole.append(one)
    return whole


def _changed(
    before: Sequence[str], after: Sequence[str], left: tuple[int, int], right: tuple[int, int], *, wordy: bool
) -> Iterator[Pair]:
    """The lines of one change, the first beside the first."""
    old, new = left[1] - left[0], right[1] - right[0]
    for place in range(max(old, new)):
        line = before[left[0] + place] if place < old else None
        other = after[right[0] + place] if place < new else None
        changed: tuple[Stretches, Stretches] = ((), ())
        if wordy and line is not None and other is not None:
            changed = words(line, other)
        yield Pair(
            None if line is None else Side(left[0] + place, line, changed[0]),
            None if other is None else Side(right[0] + place, other, changed[1]),
            same=False,
        )


def words(before: str, after: str) -> tuple[Stretches, Stretches]:
    """The characters of each line that changed; nothing where the lines are too long or have too little in common."""
    if max(len(before), len(after)) > WORDY:
        return (), ()
    old, new = WORD.findall(before), WORD.findall(after)
    same = blocks(old, new, WORD_EDITS)
    kept = sum(len(word) for one in same for word in old[one.before : one.before + one.size] if not word.isspace())
    size = max(1, sum(len(word) for word in (*old, *new) if not word.isspace()))
    if 2 * kept / size < ALIKE:
        return (), ()
    return (
        _others(old, [(one.before, one.size) for one in same]),
        _others(new, [(one.after, one.size) for one in same]),
    )


def _others(parts: Sequence[str], same: Sequence[tuple[int, int]]) -> Stretches:
    """Where the words stand that are not the same, as characters."""
    kept = {place + step for place, size in same for step in range(size)}
    stretches: list[tuple[int, int]] = []
    at = 0
    for number, part in enumerate(parts):
        if number not in kept:
            if stretches and stretches[-1][1] == at:
                stretches[-1] = (stretches[-1][0], at + len(part))
            else:
                stretches.append((at, at + len(part)))
        at += len(part)
    return tuple(stretches)
