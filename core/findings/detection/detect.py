"""Detection: everything that any detector finds in a text, as spans that do not overlap."""

from collections.abc import Iterator, Sequence
from functools import cache

from espalier.core.findings.detection.judge import version
from espalier.core.findings.detection.lines import Lines, Told, masked
from espalier.core.findings.detection.pieces import OVERLAP, STRIDE
from espalier.core.findings.detection.probes import Dialect, probes
from espalier.core.findings.detection.rules import Ruleset, bundled
from espalier.core.findings.detection.settings import settings
from espalier.core.findings.detection.spans import Span, merged
from espalier.core.findings.detection.traits import of_path
from espalier.core.project.canonical import digest

VERSION = (
    4  # of this package's own code: raise it with every change of what is found, so that old scans do not count as new
)
PATHS = 100_000  # whose dialects are remembered
MESSAGE = "COMMIT_EDITMSG"  # the path under which commit and tag messages are read


class Detector:
    """Finds spans. What it finds in a text never depends on what it read before. It belongs to one thread."""

    def __init__(self, ruleset: Ruleset) -> None:
        self.digest = ruleset_digest(ruleset)
        self._rules = tuple(rule for rule in ruleset.rules if not rule.multiline)
        self._probes = probes(ruleset.rules)
        self._lines = Lines(self._probes)
        self._dialects: dict[str, Dialect] = {}
        self._alike: dict[Dialect, Dialect] = {}

    def spans(self, text: str, path: str) -> list[Span]:
        """Sorted and non-overlapping. An empty path means prose, such as a commit message."""
        dialect, lines = self._dialect(path), text.split("\n")
        telling = self._lines.telling(lines, dialect)
        return merged(self._found(text, lines, telling, dialect), text) if telling else []

    def _found(
        self, text: str, lines: Sequence[str], telling: Sequence[tuple[int, Told]], dialect: Dialect
    ) -> Iterator[Span]:
        before = at = 0
        for number, told in telling:
            at += sum(map(len, lines[before:number])) + number - before
            before = number
            yield from (span.moved(at) for span in told.spans)
        if whole := sorted({number for _, told in telling for number in told.whole}):
            clear = masked(text) if any(told.placeholder for _, told in telling) else text
            for number in whole:
                yield from self._probes[number].find(clear, dialect)

    def _dialect(self, path: str) -> Dialect:
        if path not in self._dialects:
            from espalier.core.findings.detection import plugins  # whoever only names the ruleset needs no detector

            applying = frozenset(rule.id for rule in self._rules if rule.applies_to(path))
            dialect = Dialect(
                kind=plugins.file_type(path), lock=plugins.is_lock_file(path), rules=applying, of_file=of_path(path)
            )
            if len(self._dialects) >= PATHS:
                self._dialects.clear()
            self._dialects[path] = self._alike.setdefault(dialect, dialect)
        return self._dialects[path]


def detect(text: str, path: str) -> list[Span]:
    """All detectors together under the bundled rules; offsets are characters of the text."""
    return Detector(bundled()).spans(text, path)


def ruleset_digest(ruleset: Ruleset) -> str:
    """Names what a scan looked for: the rules, the versions of the detectors and their settings."""
    return digest(
        {
            "rules": ruleset.digest,
            "version": VERSION,
            "plugins": settings(),
            "pieces": [STRIDE, OVERLAP],
            "judge": version(),
        }
    )


@cache
def current_ruleset() -> str:
    return ruleset_digest(bundled())
