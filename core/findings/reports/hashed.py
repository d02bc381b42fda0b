"""The values that lines may hold, by their hashes: a line is hashed once, however many entries and versions of a file ask for it."""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.reports.reported import Reported

Named = Callable[[str, Kind], str]  # the keyed fingerprint of a value
Span = tuple[int, int]
LONGEST_VALUE = 4096  # characters of what is looked for by its hash
MOST_HASHED = 20_000  # values of a line; a longer line is not looked through
MOST_HELD = 64 << 20  # bytes, about, of lines and hashes that are kept
_ONE = 256  # bytes, about, that a hash and its place take
WHOLE = re.compile(r"[^\s\"'`]+")
TOKEN = re.compile(r"[^\s\"'`<>=:,;(){}\[\]]+")


@dataclass(slots=True)
class _Line:
    """A line as far as it was hashed; of values of one hash the first counts."""

    rest: Iterator[Span]
    spans: dict[str, Span] = field(default_factory=dict)


class Hashes:
    """Keeps what it hashed until that is too much, or `forget` is called. Not for two threads."""

    def __init__(self, named: Named) -> None:
        self._named = named
        self._lines: dict[tuple[str, Kind | None], _Line] = {}
        self._held = 0

    def find(self, line: str, one: Reported) -> Span | None:
        """Where in the line the first value stands that has the SHA-1 or the keyed fingerprint of the entry."""
        wanted, kind = (one.sha1, None) if one.sha1 is not None else (one.fingerprint, one.kind)
        known = self._lines.get((line, kind)) or self._begun(line, kind)
        at = known.spans.get(wanted or "")
        return at if at is not None else self._further(line, kind, known, wanted)

    def forget(self) -> None:
        self._lines, self._held = {}, 0

    def _begun(self, line: str, kind: Kind | None) -> _Line:
        if self._held > MOST_HELD:
            self.forget()
        self._held += len(line) + _ONE
        known = self._lines[line, kind] = _Line(_values(line))
        return known

    def _further(self, line: str, kind: Kind | None, known: _Line, wanted: str | None) -> Span | None:
        for at in known.rest:
            value = line[at[0] : at[1]]
            name = _sha1(value) if kind is None else self._named(value, kind)
            if name not in known.spans:
                known.spans[name] = at
                self._held += _ONE
            if name == wanted:
                return at
        return None


def _sha1(value: str) -> str:
    return hashlib.sha1(value.encode("utf-8", "surrogatepass"), usedforsecurity=False).hexdigest()


def _values(line: str) -> Iterator[Span]:
    """What of a line may be a value: whole tokens first, then whatever begins and ends between words."""
    yield from (found.span() for found in WHOLE.finditer(line))
    yield from (found.span() for found in TOKEN.finditer(line))
    bounds = [at for at in range(len(line) + 1) if not (0 < at < len(line) and line[at - 1 : at + 1].isalnum())]
    if len(bounds) ** 2 // 2 <= MOST_HASHED:
        for place, begin in enumerate(bounds):
            yield from ((begin, stop) for stop in bounds[place + 1 :] if stop - begin <= LONGEST_VALUE)
