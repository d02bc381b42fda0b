"""Detection: everything that any detector finds in a text, as spans that do not overlap."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache

from espalier.core.findings.detection import automaton
from espalier.core.findings.detection.beneath import Beneath
from espalier.core.findings.detection.judge import version
from espalier.core.findings.detection.lines import Lines
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.own import OwnRule, own_spans
from espalier.core.findings.detection.people import NOBODY, Names, People
from espalier.core.findings.detection.pieces import OVERLAP, STRIDE
from espalier.core.findings.detection.probes import Dialect, dialect_of, of_keywords, of_people, probes
from espalier.core.findings.detection.rules import Ruleset, bundled, bundled_says
from espalier.core.findings.detection.settings import settings
from espalier.core.findings.detection.spans import Span, merged
from espalier.core.project.canonical import digest
from espalier.core.repositories.classify import is_credits

VERSION = (
    6  # of this package's own code: raise it with every change of what is found, so that old scans do not count as new
)
PATHS = 100_000  # whose dialects are remembered
MESSAGE = "COMMIT_EDITMSG"  # the path under which commit and tag messages are read


class Detector:
    """Finds spans. What it finds in a text never depends on what it read before. It belongs to one thread.

    The people whose names it finds are no part of its digest: they come and go with the history.
    """

    def __init__(self, ruleset: Ruleset, people: People = NOBODY) -> None:
        self.digest = ruleset_digest(ruleset.digest)
        self._ruleset = ruleset
        self._names = Names(people)
        self._own = ruleset.own
        self._rules = tuple(rule for rule in ruleset.rules if not rule.multiline)
        self._probes = probes(ruleset.rules, Beneath(ruleset.rules))
        self._told = [rule for rule in self._own if _is_told_by_lines(rule)]
        self._untold = [rule for rule in self._own if rule not in self._told]
        named = of_people(self._names)
        self._lines = Lines([*self._probes, *(of_keywords(rule.keywords) for rule in self._told), *named])
        self._dialects: dict[str, Dialect] = {}
        self._alike: dict[Dialect, Dialect] = {}
        self._without_names: dict[Dialect, Dialect] = {}

    def spans(self, text: str, path: str, *, names: bool = True) -> list[Span]:
        """Sorted and non-overlapping. An empty path means prose, such as a commit message; names are left out where they must be."""
        found = self._lines.read(text, self._dialect(path) if names else self._nameless(path))
        mentioned = self._names.mentioned(text, path) if names else ()
        own = own_spans(self._own_of(found.whole), found.clear, path) if found.whole or self._untold else ()
        return merged([*found.spans, *own, *mentioned], text)

    def knowing(self, people: People) -> "Detector":
        """One that finds these people's names too."""
        return Detector(self._ruleset, people) if people else self

    def named(self, path: str) -> str | None:
        """The rule of the company's that names the file of that path, whatever is in it; None where none does."""
        return next((rule.id for rule in self._own if rule.names(path)), None)

    def _own_of(self, wanted: Sequence[int]) -> list[OwnRule]:
        """The company's rules that a text is worth, whose numbers follow those of the probes."""
        first = len(self._probes)
        return [*self._untold, *(self._told[number - first] for number in wanted if number >= first)]

    def _nameless(self, path: str) -> Dialect:
        dialect = self._dialect(path)
        if dialect not in self._without_names:
            self._without_names[dialect] = replace(dialect, credits=True)
        return self._without_names[dialect]

    def _dialect(self, path: str) -> Dialect:
        if path not in self._dialects:
            dialect = dialect_of(path, self._rules)
            if len(self._dialects) >= PATHS:
                self._dialects.clear()
            self._dialects[path] = self._alike.setdefault(dialect, dialect)
        return self._dialects[path]


class Naming:
    """Says whether any of these people is named in a text, and looks at nothing else. It belongs to one thread."""

    def __init__(self, people: People) -> None:
        self._names = Names(people)
        self._words = (*self._names.written, *people.handles)
        self._automaton: automaton.Words | None = None
        if self._words and automaton.is_to_be_had():
            with suppress(ValueError):  # more names than fit into one
                self._automaton = automaton.Words(self._words)

    def holds(self, text: str, path: str) -> bool:
        if is_credits(path) or not self._may_hold(text):
            return False
        return any(True for find in (self._names.spans, self._names.marked) for _ in find(text)) or any(
            self._names.mentioned(text, path)
        )

    def _may_hold(self, text: str) -> bool:
        if self._automaton is not None:
            return bool(self._automaton.ends(text.encode("utf-8", "surrogatepass")))
        lower = lowered(text)
        return any(word in lower for word in self._words)


def _is_told_by_lines(rule: OwnRule) -> bool:
    """Whether a line that holds one of its keywords tells that it is worth a look."""
    words = "".join(rule.keywords)
    return words != "" and words.isascii() and "\n" not in words


def detect(text: str, path: str) -> list[Span]:
    """All detectors together under the bundled rules; offsets are characters of the text."""
    return Detector(bundled()).spans(text, path)


def ruleset_digest(says: str) -> str:
    """Names what a scan looked for: the rules, by the digest of what they say, the versions of the detectors and their settings."""
    return digest(
        {
            "rules": says,
            "version": VERSION,
            "plugins": settings(),
            "pieces": [STRIDE, OVERLAP],
            "judge": version(),
        }
    )


@cache
def bundled_digest() -> str:
    """That of the rules that come along, which are all that a project has without rules of its own."""
    return ruleset_digest(bundled_says())
