"""Reports of trufflehog 3, JSON lines: a place in the words of its source, and the value in clear."""

from typing import Any

from pydantic import TypeAdapter, model_validator

from espalier.core.findings.reports.fields import CommitId, Entry, Line, Path, Rule, Value, counted, lines
from espalier.core.findings.reports.reported import Reported

TOOL = "trufflehog"


class _Place(Entry):
    """Git, Github, Gitlab and Filesystem tell a file the same way."""

    file: Path = ""
    commit: CommitId = ""
    line: Line = 0


class _Metadata(Entry):
    Data: dict[str, _Place]


class _Result(Entry):
    """A result, or a line of its log, which older versions mix in."""

    SourceMetadata: _Metadata | None = None
    DetectorName: Rule = ""
    DecoderName: Rule = "PLAIN"
    Verified: bool = False
    Raw: Value = ""

    @model_validator(mode="before")
    @classmethod
    def _a_result(cls, given: Any) -> Any:
        if isinstance(given, dict) and "SourceMetadata" not in given and "level" not in given:
            raise ValueError("neither a result nor a line of the log")
        return given


_RESULT = TypeAdapter(_Result)


def parse(text: str) -> list[Reported]:
    """Raises UnusableInput for what are no JSON lines of trufflehog."""
    reported: list[Reported] = []
    for number, result in lines(_RESULT, text, TOOL):
        if result.SourceMetadata is not None:
            place = next(iter(result.SourceMetadata.Data.values()), _Place())
            reported.append(_reported(number, result, place))
            counted(len(reported))
    return reported


def _reported(number: int, result: _Result, place: _Place) -> Reported:
    """What stood under an encoding is told as it is without."""
    plain = result.DecoderName.upper() in ("PLAIN", "")
    return Reported(
        where=f"line {number}",
        tool=TOOL,
        rule=result.DetectorName,
        path=place.file or None,
        commit=place.commit or None,
        line=place.line or None,
        value=result.Raw if plain and result.Raw else None,
        confidence="high" if result.Verified else "medium",
    )
