"""Reports of kingfisher, as JSON or JSON lines; values may be redacted. Its columns count bytes from 0, the last one included."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from espalier.core.findings.reports.fields import (
    Column,
    CommitId,
    Entry,
    Line,
    Path,
    Rule,
    Value,
    counted,
    lines,
    whole,
)
from espalier.core.findings.reports.reported import Columns, Reported

TOOL = "kingfisher"


class _Rule(Entry):
    id: Rule


class _Commit(Entry):
    id: CommitId


class _Git(Entry):
    commit: _Commit | None = None


class _Validation(Entry):
    status: str = ""


class _Found(Entry):
    path: Path
    line: Line
    column_start: Column = 0
    column_end: Column = 0
    snippet: Value = ""
    entropy: Annotated[str, Field(max_length=32)] | None = None
    confidence: Literal["low", "medium", "high"] = "medium"
    validation: _Validation = _Validation()
    dependent_captures: dict[str, Value] = {}  # noqa: RUF012  # pydantic copies it
    git_metadata: _Git | None = None


class _Result(Entry):
    rule: _Rule
    finding: _Found


class _Report(Entry):
    findings: list[_Result]


class _Line(Entry):
    """A finding, or what the scanner tells of itself."""

    rule: _Rule | None = None
    finding: _Found | None = None


_REPORT, _LINE = TypeAdapter(_Report), TypeAdapter(_Line)


def parse(text: str) -> list[Reported]:
    """Raises UnusableInput for what is no JSON report of kingfisher."""
    found = whole(_REPORT, text, TOOL).findings
    return _all((f"entry {number}", one.rule, one.finding) for number, one in enumerate(found, 1))


def parse_lines(text: str) -> list[Reported]:
    """The same for JSON lines."""
    found = ((number, one) for number, one in lines(_LINE, text, TOOL))
    return _all((f"line {number}", one.rule, one.finding) for number, one in found if one.rule and one.finding)


def is_redacted(value: str) -> bool:
    return not value or value.startswith("[REDACTED:")


def columns(start: int, end: int) -> Columns | None:
    return Columns(start=start, end=end + 1, unit="bytes") if end > start else None


def number(text: str | None) -> float | None:
    """An entropy as the report writes it."""
    try:
        value = float(text or "nan")
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _all(found: Iterable[tuple[str, _Rule, _Found]]) -> list[Reported]:
    reported: list[Reported] = []
    for where, rule, one in found:
        reported += _reported(where, rule, one)
        counted(len(reported))
    return reported


def _reported(where: str, rule: _Rule, one: _Found) -> Iterator[Reported]:
    """The value, and those that belong to it: of these only the file is told."""
    known = not is_redacted(one.snippet)
    active = one.validation.status.lower().startswith("active")
    about = Reported(
        where=where,
        tool=TOOL,
        rule=rule.id,
        path=one.path or None,
        commit=(one.git_metadata.commit.id if one.git_metadata and one.git_metadata.commit else "") or None,
        confidence="high" if active else one.confidence,
    )
    yield replace(
        about,
        line=one.line or None,
        columns=columns(one.column_start, one.column_end),
        value=one.snippet if known else None,
        entropy=number(one.entropy),
    )
    for value in one.dependent_captures.values():
        if not is_redacted(value):
            yield replace(about, value=value)
