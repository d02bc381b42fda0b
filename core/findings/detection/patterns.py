"""Running a rule's pattern over a text, and making spans of what it finds."""

import re
from collections.abc import Iterator, Sequence

from espalier.core.findings.detection.reach import Stretch
from espalier.core.findings.detection.rules import Rule
from espalier.core.findings.detection.spans import Span


def rule_spans(rule: Rule, text: str, of_file: frozenset[str], near: Sequence[Stretch] | None) -> Iterator[Span]:
    """What a rule finds in a text of such a file, in order; `near` says where it may, if that is known."""
    for found in rule.matches(text, near):
        yield from _span(rule, found, of_file)


def _span(rule: Rule, found: re.Match[str], of_file: frozenset[str]) -> Iterator[Span]:
    match = rule.judge(found, of_file)
    if match is not None:
        yield Span(
            start=match.start,
            end=match.end,
            rule=rule.id,
            kind=rule.kind,
            severity=rule.severity,
            confidence=match.confidence,
            type=rule.type,
        )
