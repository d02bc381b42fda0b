"""Beneath an encoding: what stood there is read as a file is, but by rules only: entropy says nothing of what was made to look random."""

from collections.abc import Sequence

from espalier.core.findings.detection.lines import Lines
from espalier.core.findings.detection.probes import OF_PLACEHOLDERS, dialect_of, of_rules
from espalier.core.findings.detection.rules import Rule
from espalier.core.findings.detection.spans import Span

DECODED = "decoded.env"  # the path under which it is read: it may be settings as well as code
MEMORY = 8_000_000  # bytes for its lines


class Beneath:
    """Finds spans, which may overlap, in what was decoded. It belongs to one thread."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._lines = Lines([OF_PLACEHOLDERS, *of_rules(rules)], MEMORY)
        self._dialect = dialect_of(DECODED, rules)

    def __call__(self, text: str) -> list[Span]:
        return self._lines.read(text, self._dialect).spans
