"""Baselines of detect-secrets: places by line, values by their SHA-1, and what an audit said of them."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from espalier.core.findings.reports.fields import Entry, Line, Path, Rule, counted, whole
from espalier.core.findings.reports.reported import Reported

TOOL = "detect-secrets"


class _Found(Entry):
    type: Rule
    filename: Path | None = None
    hashed_secret: Annotated[str, Field(pattern=r"^[0-9a-f]{40}$")]
    line_number: Line | None = None
    is_verified: bool = False
    is_secret: bool | None = None


class _Baseline(Entry):
    results: dict[Path, list[_Found]]


_BASELINE = TypeAdapter(_Baseline)


def parse(text: str) -> list[Reported]:
    """Raises UnusableInput for what is no baseline. A slim baseline has no lines."""
    results = whole(_BASELINE, text, TOOL).results
    counted(sum(map(len, results.values())))
    pairs = [(path, found) for path, some in results.items() for found in some]
    return [_reported(number, path, found) for number, (path, found) in enumerate(pairs, 1)]


def _reported(number: int, path: str, found: _Found) -> Reported:
    return Reported(
        where=f"entry {number}",
        tool=TOOL,
        rule=found.type,
        path=path or None,
        line=found.line_number or None,
        sha1=found.hashed_secret,
        confidence="high" if found.is_verified or found.is_secret else "medium",
        cleared=found.is_secret is False,
    )
