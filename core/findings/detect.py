"""Detection: everything that any detector finds in a text, as spans that do not overlap."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import accumulate, groupby
from typing import TYPE_CHECKING

from espalier.core.findings import patterns
from espalier.core.findings.encoded import encoded_spans, may_be_wrapped, wrapped_spans
from espalier.core.findings.numbers import number_spans
from espalier.core.findings.rules import Rule, Ruleset, bundled
from espalier.core.findings.settings import settings
from espalier.core.findings.spans import Span, merged
from espalier.core.findings.values import PLACEHOLDER
from espalier.core.project.canonical import digest

if TYPE_CHECKING:
    from detect_secrets.util.filetype import FileType

VERSION = (
    2  # of this package's own code: raise it with every change of what is found, so that old scans do not count as new
)
MEMORY = 24_000_000  # characters of lines to remember
DECODED = "decoded.env"  # the path under which what stood under an encoding is read: it may be settings as well as code
MESSAGE = "COMMIT_EDITMSG"  # the path under which commit and tag messages are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the name of a file decides about how its lines are read; `rules` are the names of those that apply."""

    kind: "FileType"
    lock: bool
    rules: tuple[str, ...]


class _Lines:
    """The lines of one dialect that have been read, and the spans of those that something was found in."""

    def __init__(self, dialect: Dialect, rules: Iterable[Rule]) -> None:
        self.dialect = dialect
        self.rules = patterns.by_keyword(rule for rule in rules if rule.id in set(dialect.rules))
        self.seen: set[str] = set()
        self.hot: set[str] = set()  # all are sets because their C code looks through the smaller one
        self.wrapped: set[str] = set()
        self.spans: dict[str, tuple[Span, ...]] = {}


class Detector:
    """Finds spans, and remembers the lines that it has read: versions of a file share nearly all of theirs.

    What it finds in a text never depends on what it read before.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.digest = ruleset_digest(ruleset)
        self._multiline = tuple(rule for rule in ruleset.rules if rule.multiline)
        self._by_line = tuple(rule for rule in ruleset.rules if not rule.multiline)
        self._decoded = patterns.by_keyword(rule for rule in self._by_line if rule.applies_to(DECODED))
        self._by_path: dict[str, _Lines] = {}
        self._by_dialect: dict[Dialect, _Lines] = {}
        self._remembered = 0

    def spans(self, text: str, path: str) -> list[Span]:
        """Sorted and non-overlapping. An empty path means prose, such as a commit message."""
        text = masked(text)
        found = [*patterns.text_spans(text, self._multiline), *self._in_lines(text, path)]
        return merged(found, text) if found else []

    def _in_lines(self, text: str, path: str) -> list[Span]:
        known = self._lines(path)
        lines = text.split("\n")
        distinct = set(lines)
        fresh = distinct - known.seen
        if fresh:
            self._read(known, list(fresh))
        found = [] if distinct.isdisjoint(known.wrapped) else list(wrapped_spans(text, self._behind))
        if distinct.isdisjoint(known.hot):
            return found
        at = 0
        for line in lines:
            found += [span.moved(at) for span in known.spans.get(line, ())]
            at += len(line) + 1
        return found

    def _lines(self, path: str) -> _Lines:
        if self._remembered > MEMORY:
            self._by_path, self._by_dialect, self._remembered = {}, {}, 0
        if path not in self._by_path:
            from espalier.core.findings import plugins  # whoever only names the ruleset needs no detector

            applying = tuple(rule.id for rule in self._by_line if rule.applies_to(path))
            dialect = Dialect(kind=plugins.file_type(path), lock=plugins.is_lock_file(path), rules=applying)
            self._by_path[path] = self._by_dialect.setdefault(dialect, _Lines(dialect, self._by_line))
            self._remembered += len(path)
        return self._by_path[path]

    def _read(self, known: _Lines, fresh: list[str]) -> None:
        text = "\n".join(fresh)
        starts = list(accumulate((len(line) + 1 for line in fresh), initial=0))
        found = [*_line_spans(text, known), *encoded_spans(text, self._behind)]
        found.sort(key=lambda span: span.start)
        for number, spans in groupby(found, key=lambda span: bisect_right(starts, span.start) - 1):
            known.spans[fresh[number]] = tuple(span.moved(-starts[number]) for span in spans)
            known.hot.add(fresh[number])
        known.seen.update(fresh)
        known.wrapped.update(filter(may_be_wrapped, fresh))
        self._remembered += len(text)

    def _behind(self, decoded: str) -> list[Span]:
        """What rules find in text that stood under an encoding; entropy says nothing of what was made to look random."""
        found = [*patterns.text_spans(decoded, self._multiline)]
        return [*found, *patterns.line_spans(decoded, patterns.lowered(decoded), self._decoded)]


def _line_spans(text: str, known: _Lines) -> list[Span]:
    """What all detectors that look at single lines find, overlaps and doubles included."""
    from espalier.core.findings import plugins

    lower = patterns.lowered(text)
    found = list(patterns.line_spans(text, lower, known.rules))
    found += plugins.keyword_spans(text, lower, known.dialect.kind)
    if known.dialect.lock:
        return found
    return [*found, *number_spans(text), *plugins.entropy_spans(text, known.dialect.kind)]


def detect(text: str, path: str) -> list[Span]:
    """All detectors together under the bundled rules; offsets are characters of the text."""
    return Detector(bundled()).spans(text, path)


def masked(text: str) -> str:
    """The text with the scrubber's own placeholders blanked out, at the same length: they are not secrets."""
    if not any(beginning in text for beginning in ("SECRET_", "PERSON_", "person-")):
        return text
    return PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)


def ruleset_digest(ruleset: Ruleset) -> str:
    """Names what a scan looked for: the rules, the versions of the detectors and their settings."""
    return digest({"rules": ruleset.digest, "version": VERSION, "plugins": settings(), "long line": patterns.LONG_LINE})


@cache
def current_ruleset() -> str:
    return ruleset_digest(bundled())
