"""What another scanner reported, whatever its format: a place, how its value is known again, and what somebody said of it."""

from dataclasses import dataclass, field
from typing import Literal

from espalier.core.findings.detection.spans import Confidence, Kind

Unit = Literal["bytes", "utf-16", "characters"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where a value lies in its line, from 0, the end not included; every scanner counts in a unit of its own."""

    start: int
    end: int
    unit: Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One place in a report. `where` says which entry it is, for sentences; lines count from 1.

    The value is known again by its text, its SHA-1, its keyed fingerprint, or its entropy and columns; a report may hold none
    of these. `around` is text that holds the value. What is secret in here never shows in a representation. `cleared` says
    that somebody called it no secret.
    """

    where: str
    tool: str
    rule: str = field(repr=False)
    path: str | None = field(default=None, repr=False)
    commit: str | None = None
    repository: str | None = None
    line: int | None = None
    last_line: int | None = None
    columns: Columns | None = None
    value: str | None = field(default=None, repr=False)
    sha1: str | None = field(default=None, repr=False)
    fingerprint: str | None = None
    entropy: float | None = None
    around: str | None = field(default=None, repr=False)
    kind: Kind = "secret"
    confidence: Confidence = "medium"
    cleared: bool = False
