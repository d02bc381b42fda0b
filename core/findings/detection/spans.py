"""Spans: where in a text something was found, and how overlapping ones become one."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Literal

Kind = Literal["secret", "personal"]
Severity = Literal["critical", "high", "medium", "low"]
Confidence = Literal["high", "medium", "low"]

RANK = {"critical": 3, "high": 2, "medium": 1, "low": 0}
TANGLED = 40  # overlapping spans; text made to have more is not worth telling apart, and all of it goes
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
        return Span(
            start=self.start + by,
            end=self.end + by,
            rule=self.rule,
            kind=self.kind,
            severity=self.severity,
            confidence=self.confidence,
            type=self.type,
        )


def strength(span: Span) -> tuple[int, int, int, int, str]:
    """Sorts stronger spans later; a total order, so that no result depends on which detector spoke first."""
    return (RANK[span.confidence], RANK[span.severity], span.end - span.start, -span.start, span.rule)


def merged(spans: Iterable[Span], text: str) -> list[Span]:
    """Sorted spans that do not overlap: the strongest rule names each, and no detected character of its token is lost."""
    ordered = sorted(spans, key=lambda span: (span.start, span.end, span.rule))
    if all(one.end <= other.start for one, other in pairwise(ordered)):
        return ordered
    return [span for cluster in _clusters(dict.fromkeys(ordered)) for span in _settled(cluster, text)]


def _clusters(spans: Iterable[Span]) -> Iterator[list[Span]]:
    """Of spans in order, those that overlap, directly or through others; text with thousands has thousands of small clusters."""
    cluster: list[Span] = []
    end = 0
    for span in spans:
        if cluster and span.start >= end:
            yield cluster
            cluster = []
        cluster.append(span)
        end = max(end, span.end) if len(cluster) > 1 else span.end
    if cluster:
        yield cluster


def _settled(cluster: list[Span], text: str) -> list[Span]:
    if len(cluster) > TANGLED:
        strongest = max(cluster, key=strength)
        return [replace(strongest, start=cluster[0].start, end=max(span.end for span in cluster))]
    kept: list[Span] = []
    for span in sorted(cluster, key=strength, reverse=True):
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
