"""Reports of gitleaks, as JSON or CSV; values may be redacted.

Its columns count bytes, from 1 on the first line of a file and from 2 on the others, and tell where the match lies, which may
begin before the value: seen in version 8.30.
"""

import csv
import io
from typing import Any

from pydantic import TypeAdapter, field_validator

from espalier.core.failures import UnusableInput
from espalier.core.findings.reports.fields import Column, CommitId, Entry, Line, Path, Rule, Value, counted, rows, whole
from espalier.core.findings.reports.reported import Columns, Reported

TOOL = "gitleaks"
_NUMBERS = ("StartLine", "EndLine", "StartColumn", "EndColumn")


class _Leak(Entry):
    RuleID: Rule
    File: Path
    Commit: CommitId = ""
    StartLine: Line
    EndLine: Line = 0
    StartColumn: Column = 0
    EndColumn: Column = 0
    Secret: Value = ""
    Entropy: float | None = None
    Tags: list[str] = []  # noqa: RUF012  # pydantic copies it

    @field_validator(*_NUMBERS, mode="before")
    @classmethod
    def _number(cls, given: Any) -> Any:
        """CSV has text only."""
        return (
            int(given) if isinstance(given, str) and given.isascii() and given.isdigit() and len(given) < 12 else given
        )

    @field_validator("Tags", mode="before")
    @classmethod
    def _words(cls, given: Any) -> Any:
        return given.split() if isinstance(given, str) else given or []


_LEAKS = TypeAdapter(list[_Leak])


def parse(text: str) -> list[Reported]:
    """Raises UnusableInput for what is no JSON report of gitleaks."""
    leaks = whole(_LEAKS, text, TOOL)
    counted(len(leaks))
    return [_reported(number, leak) for number, leak in enumerate(leaks, 1)]


def parse_csv(text: str) -> list[Reported]:
    """The same for its CSV report, which has no entropy."""
    found = []
    try:
        for number, leak in rows(_Leak, csv.DictReader(io.StringIO(text, newline="")), TOOL):
            counted(number)
            found.append(_reported(number, leak))
    except csv.Error as error:
        raise UnusableInput(f"The report is no CSV of gitleaks: {error}.", "Write the report again.") from None
    return found


def is_redacted(value: str) -> bool:
    """`--redact` leaves a word; `--redact=N` the beginning of the value."""
    return value in ("", "REDACTED") or value.endswith("...")


def is_decoded(tags: Any) -> bool:
    """What stood under an encoding is told as it is without."""
    return isinstance(tags, list) and any(isinstance(tag, str) and tag.startswith("decoded:") for tag in tags)


def columns(line: int, start: int, end: int) -> Columns | None:
    extra = 1 if line > 1 else 0
    return Columns(start=start - 1 - extra, end=end - extra, unit="bytes") if start > extra and end >= start else None


def _reported(number: int, leak: _Leak) -> Reported:
    decoded = is_decoded(leak.Tags)
    known = not decoded and not is_redacted(leak.Secret)
    one_line = leak.EndLine in (0, leak.StartLine)
    return Reported(
        where=f"entry {number}",
        tool=TOOL,
        rule=leak.RuleID,
        path=leak.File or None,
        commit=leak.Commit or None,
        line=leak.StartLine or None,
        last_line=max(leak.EndLine, leak.StartLine) or None,
        columns=columns(leak.StartLine, leak.StartColumn, leak.EndColumn) if one_line else None,
        value=leak.Secret if known else None,
        entropy=None if decoded or not one_line else leak.Entropy,
    )
