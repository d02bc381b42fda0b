"""Spans: where in a text something was found, and how overlapping ones become one."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["secret", "personal"]
Severity = Literal["critical", "high", "medium", "low"]
Confidence = Literal["high", "medium", "low"]

RANK = {"critical": 3, "high": 2, "medium": 1, "low": 0}
_TOKEN = re.compile(r"[^\s\"'`<>]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of the decoded text, in characters; `type` is the word that its placeholder carries."""

    start: int
    end: int
    rule: str
    kind: Kind
    severity: Severity
    confidence: Confidence
    type: str

    def moved(self, by: int) -> "Span":
        return replace(self, start=self.start + by, end=self.end + by)


def strength(span: Span) -> tuple[int, int, int, int, str]:
    """Sorts stronger spans later; a total order, so that no result depends on which detector spoke first."""
    return (RANK[span.confidence], RANK[span.severity], span.end - span.start, -span.start, span.rule)


def merged(spans: Iterable[Span], text: str) -> list[Span]:
    """Sorted spans that do not overlap: the strongest rule names each, and no detected character of its token is lost."""
    kept: list[Span] = []
    for span in sorted(set(spans), key=strength, reverse=True):
        touching = [other for other in kept if other.start < span.end and span.start < other.end]
        if not touching:
            kept.append(span)
        elif (union := _union([*touching, span], text)) is not None:
            kept = [other for other in kept if other not in touching]
            kept.append(replace(touching[0], start=union[0], end=union[1]))
    return sorted(kept, key=lambda span: span.start)


def _union(spans: list[Span], text: str) -> tuple[int, int] | None:
    """The stretch over all, if it still is one token; a weaker detector that ran past a quote or a space is not believed."""
    start, end = min(span.start for span in spans), max(span.end for span in spans)
    whole = any(span.start == start and span.end == end for span in spans[:-1])
    return (start, end) if whole or (_TOKEN.fullmatch(text, start, end) and "://" not in text[start:end]) else None
