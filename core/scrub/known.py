"""Known secrets, in memory only: found again wherever they stand, as they are or in the encodings that files carry."""

import base64
import html
import json
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.detection.values import is_distinctive
from espalier.core.scrub.spelled import readings

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
    """Finds the values that are worth it: as they are, in base64 and hexadecimal, and behind any escapes."""

    def __init__(self, known: Iterable[Known]) -> None:
        chosen = [one for one in known if one.marked or is_distinctive(one.value)]
        self._written = _Forms((form, one) for one in chosen for form in _forms(one.value))
        self._hexadecimal = _Forms((_Form(form), one) for one in chosen for form in _hexadecimal(one.value))

    def __repr__(self) -> str:
        return f"KnownValues({self._written.size} prefixes)"

    def find(self, text: str) -> Iterator[Occurrence]:
        """Occurrences, which may overlap; one in base64 takes the whole run of base64, one behind escapes all of these."""
        yield from self._written.find(text)
        if self._hexadecimal.size:
            yield from self._hexadecimal.find(lowered(text))
        if self._written.size:
            for reading in readings(text):
                for one in self._written.find(reading.text):
                    if stretch := reading.stretch(one.start, one.end):
                        yield Occurrence(*stretch, one.known)


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

    @property
    def size(self) -> int:
        return len(self._forms)

    def find(self, text: str) -> Iterator[Occurrence]:
        """From left to right, the longest at each place."""
        at = 0
        while self._pattern and (hit := self._pattern.search(text, at)):
            occurrence = self._at(text, hit.start())
            at = occurrence.end if occurrence else hit.start() + 1
            if occurrence:
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


def _hexadecimal(value: str) -> Iterator[str]:
    """In small letters, of one encoding and the other."""
    data = value.encode("utf-8", "surrogatepass")
    if len(data) >= _SHORTEST_ENCODED:
        for encoding in ("utf-8", "utf-16-le", "utf-16-be"):
            yield value.encode(encoding, "surrogatepass").hex()


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
