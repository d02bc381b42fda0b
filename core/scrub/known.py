"""Known secrets, in memory only: found again wherever they stand, as they are or in the encodings that files carry."""

import base64
import html
import json
import re
import string
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote

from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.detection.values import is_distinctive

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
    """Looks for all forms of all values at once: a pattern over their first characters, then the forms that begin so."""

    def __init__(self, known: Iterable[Known]) -> None:
        self._forms: dict[str, list[tuple[str, bool, Known]]] = {}
        for one in known:
            if one.marked or is_distinctive(one.value):
                for form, encoded in _forms(one.value):
                    self._forms.setdefault(form[:PREFIX], []).append((form, encoded, one))
        for forms in self._forms.values():
            forms.sort(key=lambda form: (-len(form[0]), form[0]))
        self._pattern = re.compile(_trie(sorted(self._forms))) if self._forms else None

    def __repr__(self) -> str:
        return f"KnownValues({len(self._forms)} prefixes)"

    def find(self, text: str) -> Iterator[Occurrence]:
        """Occurrences from left to right, the longest at each place; one in base64 takes the whole run of base64."""
        at = 0
        while self._pattern and (hit := self._pattern.search(text, at)):
            occurrence = self._at(text, hit.start())
            at = occurrence.end if occurrence else hit.start() + 1
            if occurrence:
                yield occurrence

    def _at(self, text: str, start: int) -> Occurrence | None:
        for form, encoded, known in self._forms[text[start : start + PREFIX]]:
            if text.startswith(form, start):
                end = start + len(form)
                return Occurrence(*_run(text, start, end), known) if encoded else Occurrence(start, end, known)
        return None


def _forms(value: str) -> Iterator[tuple[str, bool]]:
    """The value as text formats write it, each with whether it is in base64."""
    escaped = (json.dumps(value)[1:-1], json.dumps(value, ensure_ascii=False)[1:-1], repr(value)[1:-1])
    for form in {value, *escaped, quote(value, safe=""), html.escape(value), value.replace("/", "\\/")}:
        yield form, False
    data = value.encode("utf-8", "surrogatepass")
    if len(data) >= _SHORTEST_ENCODED:
        yield from ((form, False) for form in {data.hex(), data.hex().upper()})
        wide = value.encode("utf-16-le", "surrogatepass")
        yield from ((form, True) for one in (data, wide) for form in _base64_forms(one))


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
