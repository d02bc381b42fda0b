"""Detection: everything that any detector finds in a text, as spans that do not overlap."""

from collections.abc import Iterator
from functools import cache

from espalier.core.findings.detection.judge import version
from espalier.core.findings.detection.own import OwnRule, own_spans
from espalier.core.findings.detection.pieces import OVERLAP, STRIDE, Piece, is_cut
from espalier.core.findings.detection.prefilter import Prefilter
from espalier.core.findings.detection.probes import Dialect, of_keywords, probes
from espalier.core.findings.detection.rules import Ruleset, bundled
from espalier.core.findings.detection.settings import settings
from espalier.core.findings.detection.spans import Span, merged
from espalier.core.findings.detection.traits import of_path
from espalier.core.findings.detection.values import PLACEHOLDER
from espalier.core.project.canonical import digest

VERSION = (
    4  # of this package's own code: raise it with every change of what is found, so that old scans do not count as new
)
PLACEHOLDERS = 0  # the number of their probe
MEMORY = 24_000_000  # characters of pieces to remember
MESSAGE = "COMMIT_EDITMSG"  # the path under which commit and tag messages are read


class Detector:
    """Finds spans, and remembers the pieces that it has read: versions of a file share nearly all of theirs.

    What it finds in a text never depends on what it read before. It belongs to one thread.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self.digest = ruleset_digest(ruleset)
        self._own = ruleset.own
        self._rules = tuple(rule for rule in ruleset.rules if not rule.multiline)
        self._probes = probes(ruleset.rules)
        self._told = [rule for rule in self._own if rule.keywords and "".join(rule.keywords).isascii()]
        self._untold = [rule for rule in self._own if rule not in self._told]
        self._prefilter = Prefilter([*self._probes, *(of_keywords(rule.keywords) for rule in self._told)])
        self._dialects: dict[str, Dialect] = {}
        self._alike: dict[Dialect, Dialect] = {}
        self._read: dict[Dialect, dict[str, tuple[Span, ...]]] = {}
        self._remembered = 0

    def spans(self, text: str, path: str) -> list[Span]:
        """Sorted and non-overlapping. An empty path means prose, such as a commit message."""
        wanted = self._prefilter.wanted(text)
        if PLACEHOLDERS in wanted.whole:
            text = masked(text)
            wanted = self._prefilter.wanted(text)
        own = own_spans(self._taken(wanted.whole), text, path)
        if not wanted.whole and not wanted.pieces:
            return merged(own, text)
        dialect = self._dialect(path)
        found = [span for number in sorted(wanted.whole) for span in self._probes[number].find(text, dialect)] + own
        known = self._read.setdefault(dialect, {})
        for piece, numbers in wanted.pieces.items():
            found += self._in_piece(text, piece, numbers, dialect, known)
        return merged(found, text) if found else []

    def _taken(self, wanted: set[int]) -> list[OwnRule]:
        """The own rules that such a text is worth, whose numbers are taken out: they follow those of the probes."""
        numbers = sorted(number for number in wanted if number >= len(self._probes))
        wanted.difference_update(numbers)
        return [*self._untold, *(self._told[number - len(self._probes)] for number in numbers)]

    def named(self, path: str) -> str | None:
        """The rule of the company's that names the file of that path, whatever is in it; None where none does."""
        return next((rule.id for rule in self._own if rule.names(path)), None)

    def _in_piece(
        self, text: str, piece: Piece, numbers: set[int], dialect: Dialect, known: dict[str, tuple[Span, ...]]
    ) -> Iterator[Span]:
        words = text[piece[0] : piece[1]]
        spans = known.get(words)
        if spans is None:
            probing = (self._probes[number] for number in sorted(numbers))
            spans = tuple(span for probe in probing if probe.applies(dialect) for span in probe.find(words, dialect))
            known[words] = spans
            self._remember(len(words))
        if not spans:
            return
        before, behind = is_cut(text, piece)
        for span in spans:
            if not (before and span.start == 0 and span.end <= OVERLAP) and not (
                behind and span.end == len(words) and span.start >= len(words) - OVERLAP
            ):
                yield span.moved(piece[0])

    def _dialect(self, path: str) -> Dialect:
        if path not in self._dialects:
            from espalier.core.findings.detection import plugins  # whoever only names the ruleset needs no detector

            applying = frozenset(rule.id for rule in self._rules if rule.applies_to(path))
            dialect = Dialect(
                kind=plugins.file_type(path), lock=plugins.is_lock_file(path), rules=applying, of_file=of_path(path)
            )
            self._dialects[path] = self._alike.setdefault(dialect, dialect)
            self._remember(len(path))
        return self._dialects[path]

    def _remember(self, characters: int) -> None:
        self._remembered += characters
        if self._remembered > MEMORY:
            self._dialects, self._read, self._remembered = {}, {}, 0


def detect(text: str, path: str) -> list[Span]:
    """All detectors together under the bundled rules; offsets are characters of the text."""
    return Detector(bundled()).spans(text, path)


def masked(text: str) -> str:
    """The text with the scrubber's own placeholders blanked out, at the same length: they are not secrets."""
    return PLACEHOLDER.sub(lambda found: " " * len(found[0]), text)


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
def bundled_digest() -> str:
    """That of the rules that come along, which are all that a project has without rules of its own."""
    return ruleset_digest(bundled())
