"""Detection: everything that any detector finds in a text, as spans that do not overlap."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from detect_secrets.util.filetype import FileType

from espalier.core.findings import patterns, plugins
from espalier.core.findings.rules import Rule, Ruleset, bundled
from espalier.core.findings.spans import Span, merged
from espalier.core.findings.values import PLACEHOLDER
from espalier.core.project.canonical import digest

VERSION = (
    1  # of this package's own code: raise it with every change of what is found, so that old scans do not count as new
)
MEMORY = 24_000_000  # characters of lines to remember
MESSAGE = "COMMIT_EDITMSG"  # the path under which commit and tag messages are read


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the name of a file decides about how its lines are read."""

    kind: FileType
    lock: bool
    rules: tuple[str, ...]


class Detector:
    """Finds spans, and remembers the lines that it has read: versions of a file share nearly all of theirs.

    What it finds in a text never depends on what it read before.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.digest = ruleset_digest(ruleset)
        self._multiline = tuple(rule for rule in ruleset.rules if rule.multiline)
        self._by_line = tuple(rule for rule in ruleset.rules if not rule.multiline)
        self._lines: dict[Dialect, dict[str, tuple[Span, ...]]] = {}
        self._dialects: dict[str, Dialect] = {}
        self._remembered = 0

    def spans(self, text: str, path: str) -> list[Span]:
        """Sorted and non-overlapping. An empty path means prose, such as a commit message."""
        text = masked(text)
        found = [*patterns.text_spans(text, self._multiline), *self._in_lines(text, self._dialect(path))]
        return merged(found, text) if found else []

    def _dialect(self, path: str) -> Dialect:
        if path not in self._dialects:
            if len(self._dialects) > 100_000:
                self._dialects.clear()
            applying = tuple(rule.id for rule in self._by_line if rule.applies_to(path))
            lock = plugins.is_lock_file(path)
            self._dialects[path] = Dialect(kind=plugins.file_type(path), lock=lock, rules=applying)
        return self._dialects[path]

    def _in_lines(self, text: str, dialect: Dialect) -> list[Span]:
        known = self._lines.setdefault(dialect, {})
        lines = text.split("\n")
        fresh = [line for line in dict.fromkeys(lines) if line not in known]
        if fresh:
            self._remember(known, fresh, dialect)
        found, at = [], 0
        for line in lines:
            if spans := known[line]:
                found += [span.moved(at) for span in spans]
            at += len(line) + 1
        if self._remembered > MEMORY:
            self._lines, self._remembered = {}, 0
        return found

    def _remember(self, known: dict[str, tuple[Span, ...]], fresh: list[str], dialect: Dialect) -> None:
        starts, at = [], 0
        for line in fresh:
            known[line] = ()
            starts.append(at)
            at += len(line) + 1
        self._remembered += at
        rules = tuple(rule for rule in self._by_line if rule.id in set(dialect.rules))
        found = sorted(line_spans("\n".join(fresh), rules, dialect), key=lambda span: span.start)
        for number, spans in groupby(found, key=lambda span: _line_of(span, starts)):
            known[fresh[number]] = tuple(span.moved(-starts[number]) for span in spans)


def line_spans(text: str, rules: Iterable[Rule], dialect: Dialect) -> list[Span]:
    """What all detectors that look at single lines find, overlaps and doubles included."""
    lower = patterns.lowered(text)
    found = list(patterns.line_spans(text, lower, tuple(rules)))
    found += plugins.keyword_spans(text, lower, dialect.kind)
    return found if dialect.lock else [*found, *plugins.entropy_spans(text, dialect.kind)]


def detect(text: str, path: str) -> list[Span]:
    """All detectors together under the bundled rules; offsets are characters of the text."""
    return Detector(bundled()).spans(text, path)


def masked(text: str) -> str:
    """The text with the scrubber's own placeholders blanked out, at the same length: they are not secrets."""
    if "SECRET_" not in text and "person-" not in text:
        return text
    return PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)


def ruleset_digest(ruleset: Ruleset) -> str:
    """Names what a scan looked for: the rules, the versions of the detectors and their settings."""
    return digest(
        {"rules": ruleset.digest, "version": VERSION, "plugins": plugins.SETTINGS, "long line": patterns.LONG_LINE}
    )


@cache
def current_ruleset() -> str:
    return ruleset_digest(bundled())


def _line_of(span: Span, starts: list[int]) -> int:
    return bisect_right(starts, span.start) - 1
