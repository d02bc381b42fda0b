"""Known secrets, in memory only: found again wherever they stand, as they are or in the encodings that files carry."""

import base64
import html
import json
import re
import string
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from urllib.parse import quote

from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.detection.values import is_distinctive
from espalier.core.scrub.spelled import DEPTH, GROWTH, Reading, readings

PREFIX = 6  # characters by which a form is looked up
_SHORTEST_ENCODED = 8
_BASE64 = frozenset(string.ascii_letters + string.digits + "+/_=-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A decided value. It never shows in a representation. A `marked` one was named by a person, where no rule would find it
    again: it is looked for everywhere, however ordinary it looks.
    """

    value: str = field(repr=False)
    kind: Kind
    type: str
    state: str
    marked: bool = False


@dataclass(frozen=True, slots=True)
class Occurrence:
    start: int
    end: int
    known: Known


class KnownValues:
    """Finds the values that are worth it: as they are, in base64, and behind any escapes and encodings."""

    def __init__(self, known: Iterable[Known]) -> None:
        chosen = [one for one in known if one.marked or is_distinctive(one.value)]
        self._forms = _Forms((form, one) for one in chosen for form in _forms(one.value))
        self._around = self._forms.longest * GROWTH

    def __repr__(self) -> str:
        return f"KnownValues({self._forms.size} prefixes)"

    def find(self, text: str) -> Iterator[Occurrence]:
        """Occurrences, which may overlap; one in an encoding takes the whole run of it, one behind escapes all of these."""
        if self._forms.size:
            begun = [*self._forms.begun(text)]
            yield from self._forms.found(text, begun)
            yield from self._behind(text, begun, DEPTH, {}, lambda start, end: (start, end))

    def _behind(
        self, text: str, begun: Sequence[int], depth: int, seen: "_Seen", origin: "_Origin"
    ) -> Iterator[Occurrence]:
        """In what a text reads like, where it begins like one of the forms at these places; `origin` says of its stretches where they
        stand. Two orders in which the same escapes are undone come to one reading.
        """
        for reading in readings(text, self._around):
            whole = partial(_whole, reading, origin)
            name = (reading.text, whole(0, 1), whole(len(reading.text) - 1, len(reading.text)))
            if seen.get(name, 0) >= depth:
                continue
            seen[name] = depth
            places = set(reading.moved(begun, PREFIX))
            for first, last in reading.touching(PREFIX):
                places.update(self._forms.begun(reading.text, first, last))
            there = sorted(places)
            for one in self._forms.found(reading.text, there):
                if stretch := reading.stretch(one.start, one.end):
                    yield Occurrence(*origin(*stretch), one.known)
            if depth > 1 and reading.nests:
                yield from self._behind(reading.text, there, depth - 1, seen, whole)


_Origin = Callable[[int, int], tuple[int, int]]
_Seen = dict[tuple[str, tuple[int, int], tuple[int, int]], int]


def _whole(reading: Reading, origin: _Origin, start: int, end: int) -> tuple[int, int]:
    return origin(*reading.whole(start, end))


@dataclass(frozen=True, slots=True)
class _Form:
    text: str
    in_base64: bool = False


class _Forms:
    """Looks for all forms at once: a pattern over their first characters, then the forms that begin so."""

    def __init__(self, forms: Iterable[tuple[_Form, Known]]) -> None:
        self._forms: dict[str, list[tuple[_Form, Known]]] = {}
        for form, known in forms:
            self._forms.setdefault(form.text[:PREFIX], []).append((form, known))
        for some in self._forms.values():
            some.sort(key=lambda one: (-len(one[0].text), one[0].text))
        self._pattern = re.compile(_trie(sorted(self._forms))) if self._forms else None

        self.longest = max((len(form.text) for some in self._forms.values() for form, _ in some), default=0)

    @property
    def size(self) -> int:
        return len(self._forms)

    def begun(self, text: str, first: int = 0, last: int | None = None) -> Iterator[int]:
        """Where, from the first place to before the last, a text goes on like the beginning of a form."""
        end = len(text) if last is None else min(len(text), last + PREFIX - 1)
        while self._pattern and (hit := self._pattern.search(text, first, end)):
            yield hit.start()
            first = hit.start() + 1

    def found(self, text: str, places: Iterable[int]) -> Iterator[Occurrence]:
        """Of those places, from left to right; the longest at each."""
        end = 0
        for place in places:
            if place >= end and (occurrence := self._at(text, place)):
                end = occurrence.end
                yield occurrence

    def _at(self, text: str, start: int) -> Occurrence | None:
        for form, known in self._forms[text[start : start + PREFIX]]:
            if text.startswith(form.text, start):
                end = start + len(form.text)
                return Occurrence(*_run(text, start, end), known) if form.in_base64 else Occurrence(start, end, known)
        return None


def _forms(value: str) -> Iterator[_Form]:
    """The value as text formats write it, and all of its base64."""
    escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
    for form in {value, *escaped, quote(value, safe=""), html.escape(value), value.replace("/", "\\/")}:
        yield _Form(form)
    data = value.encode("utf-8", "surrogatepass")
    if len(data) >= _SHORTEST_ENCODED:
        wide = (value.encode(name, "surrogatepass") for name in ("utf-16-le", "utf-16-be"))
        for one in (data, *wide, base64.b64encode(data)):
            yield from (_Form(form, in_base64=True) for form in _base64_forms(one))


def _base64_forms(data: bytes) -> set[str]:
    """What base64 of any bytes that hold these must contain: three alignments, without the characters that neighbours share."""
    forms = set()
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data).decode()
        first = (before * 8 + 5) // 6
        core = text[first : (before + len(data)) * 8 // 6]
        forms |= {core, core.translate(str.maketrans("+/", "-_"))}
    return {form for form in forms if len(form) >= _SHORTEST_ENCODED}


def _run(text: str, start: int, end: int) -> tuple[int, int]:
    while start > 0 and text[start - 1] in _BASE64:
        start -= 1
    while end < len(text) and text[end] in _BASE64:
        end += 1
    return start, end


def _trie(prefixes: list[str]) -> str:
    """A pattern for any of these sorted texts of one length, that reads each character once."""
    if not prefixes or not prefixes[0]:
        return ""
    groups: dict[str, list[str]] = {}
    for prefix in prefixes:
        groups.setdefault(prefix[0], []).append(prefix[1:])
    branches = [re.escape(first) + _trie(rest) for first, rest in groups.items()]
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"
