"""A pattern weakened until an automaton can run it over bytes: it matches wherever the pattern does, and in more places.

What an automaton can't do is left out (looking around, anchors) or written out (a group that is matched again); what costs it much
is cut: a repetition at either end to its least number, a long one to any number. Where the weakened pattern matches, the pattern
has still to be tried; where it doesn't, the pattern can't match. Python's own parser reads the pattern, so that both read it alike.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from re import _constants as code  # type: ignore[attr-defined]  # CPython's own; test_weakened tries all of it
from re import _parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 24  # a repetition of more is one of any number: counting takes an automaton many states
WIDEST = 4  # bytes of a character in UTF-8: a pattern counts characters, an automaton bytes
_ANY = r"[\x00-\xff]"
_CATEGORIES = {
    code.CATEGORY_DIGIT: "0-9",
    code.CATEGORY_WORD: "0-9A-Za-z_",
    code.CATEGORY_SPACE: r"\x09-\x0d\x20",
    code.CATEGORY_NOT_DIGIT: r"\x00-\x2f\x3a-\xff",
    code.CATEGORY_NOT_WORD: r"\x00-\x2f\x3a-\x40\x5b-\x5e\x60\x7b-\xff",
    code.CATEGORY_NOT_SPACE: r"\x00-\x08\x0e-\x1f\x21-\xff",
}
NOTHING_WIDE = frozenset((code.ASSERT, code.ASSERT_NOT, code.AT))
LETTERS = frozenset((code.LITERAL, code.NOT_LITERAL, code.ANY, code.IN))
REPEATS = frozenset((code.MAX_REPEAT, code.MIN_REPEAT, code.POSSESSIVE_REPEAT))

Node = tuple[Any, Any]  # as the parser gives it: what it is, and what it is made of


@dataclass(frozen=True, slots=True)
class Weakened:
    """An expression over the bytes of UTF-8 text, and whether it takes letters of both cases as one."""

    expression: str
    caseless: bool


def weakened(pattern: re.Pattern[str]) -> Weakened:
    """Raises ValueError for a pattern that can't be weakened, or of which nothing is left."""
    if not pattern.flags & re.ASCII:
        raise ValueError("only an ASCII pattern means the same for bytes")
    tree = _parser.parse(pattern.pattern, pattern.flags)
    expression = _Weakening().sequence(list(tree), head=True, tail=True)
    if not expression:
        raise ValueError("nothing is left of the pattern")
    return Weakened(expression, bool(tree.state.flags & re.IGNORECASE))


class _Weakening:
    """Knows the groups read so far: where one is matched again, it is written out as what it may have held."""

    def __init__(self) -> None:
        self._groups: dict[int, str] = {}

    def sequence(self, nodes: Sequence[Node], *, head: bool = False, tail: bool = False) -> str:
        """`head` and `tail`: nothing comes before, or after, so that what is there may be cut."""
        wide = [at for at, (kind, _) in enumerate(nodes) if kind not in NOTHING_WIDE]
        wide = wide[_undistinguished([nodes[at] for at in wide]) :] if head else wide
        return "".join(self._one(*nodes[at], head=head and at == wide[0], tail=tail and at == wide[-1]) for at in wide)

    def _one(self, kind: Any, value: Any, *, head: bool, tail: bool) -> str:
        if kind in LETTERS:
            return _letter(kind, value)
        if kind in REPEATS:
            return self._repeat(*value, end=head or tail)
        if kind is code.SUBPATTERN:
            return self._group(*value, head=head, tail=tail)
        if kind is code.ATOMIC_GROUP:
            return f"(?:{self.sequence(list(value), head=head, tail=tail)})"
        if kind is code.BRANCH:
            return _either(self.sequence(list(branch), head=head, tail=tail) for branch in value[1])
        if kind is code.GROUPREF:
            return self._groups[value]
        if kind is code.GROUPREF_EXISTS:
            return _either(self.sequence(list(branch or ())) for branch in value[1:])
        raise ValueError(f"{kind} has no weaker form")

    def _group(self, number: int | None, added: int, removed: int, nodes: Any, *, head: bool, tail: bool) -> str:
        if number is not None:
            self._groups[number] = f"(?:{self.sequence(list(nodes))})"
        inner = self.sequence(list(nodes), head=head, tail=tail)
        return f"(?i:{inner})" if added & re.IGNORECASE else f"(?:{inner})" if inner else ""

    def _repeat(self, least: int, most: Any, nodes: Any, *, end: bool) -> str:
        some = list(nodes)
        inner = _bytes(*some[0]) if len(some) == 1 and some[0][0] in LETTERS else f"(?:{self.sequence(some)})"
        if end:
            return f"{inner}{{{least}}}" if least else ""
        if most is code.MAXREPEAT or most > LONGEST:
            return f"{inner}{{{least},}}"
        return f"{inner}{{{least},{most if _is_narrow(some) else most * WIDEST}}}"


def _undistinguished(nodes: Sequence[Node]) -> int:
    """How many nodes before the first literal letter are sets and repetitions of them, which an automaton finds everywhere."""
    literal = next((at for at, (kind, _) in enumerate(nodes) if kind is code.LITERAL), 0)
    vague = all(kind is code.IN or (kind in REPEATS and value[2][0][0] is code.IN) for kind, value in nodes[:literal])
    return literal if vague else 0


def _either(branches: Iterable[str]) -> str:
    """A branch that is nothing makes the others optional."""
    texts = list(branches)
    some = "|".join(text for text in texts if text)
    return f"(?:{some}){'' if all(texts) else '?'}" if some else ""


def _letter(kind: Any, value: Any) -> str:
    """One character: of bytes where it may lie beyond ASCII, up to four."""
    one = _bytes(kind, value)
    return one if _is_narrow([(kind, value)]) or kind is code.LITERAL else f"{one}{{1,{WIDEST}}}"


def _bytes(kind: Any, value: Any) -> str:
    if kind is code.LITERAL:
        spelled = "".join(_byte(byte) for byte in chr(value).encode("utf-8", "surrogatepass"))
        return spelled if value < 128 else f"(?:{spelled})"
    if kind is code.NOT_LITERAL:
        return f"[^{_byte(value)}]" if value < 128 else _ANY
    return _ANY if kind is code.ANY else _set(value)


def _set(items: Sequence[Node]) -> str:
    """Every byte of a character beyond ASCII is in the set as soon as one such character is."""
    members = "".join(_member(kind, value) for kind, value in items if kind is not code.NEGATE)
    if items[0][0] is not code.NEGATE:
        return f"[{members}]"
    left_out = members.replace(r"\x80-\xff", "").replace(r"-\xff", r"-\x7f")
    return f"[^{left_out}]" if left_out else _ANY


def _member(kind: Any, value: Any) -> str:
    if kind is code.LITERAL:
        return _range(value, value)
    if kind is code.RANGE:
        return _range(*value)
    if kind is code.CATEGORY and value in _CATEGORIES:
        return _CATEGORIES[value]
    raise ValueError(f"{kind} has no weaker form")


def _range(low: int, high: int) -> str:
    return (f"{_byte(low)}-{_byte(min(high, 127))}" if low < 128 else "") + (r"\x80-\xff" if high > 127 else "")


def _byte(number: int) -> str:
    return f"\\x{number:02x}"


def _is_narrow(nodes: Sequence[Node]) -> bool:
    """Whether these have as many bytes as characters."""
    return all(_is_narrow_one(kind, value) for kind, value in nodes)


def _is_narrow_one(kind: Any, value: Any) -> bool:
    if kind is code.LITERAL:
        return bool(value < 128)
    if kind is code.IN:
        return value[0][0] is not code.NEGATE and r"\xff" not in _set(value)
    if kind in REPEATS:
        return _is_narrow(list(value[2]))
    if kind is code.SUBPATTERN:
        return _is_narrow(list(value[3]))
    return bool(kind is code.BRANCH and all(_is_narrow(list(branch)) for branch in value[1]))
