"""SARIF 2.1.0, as `findings export` writes it, as gitleaks and kingfisher do, and as the standard has it.

OASIS, Static Analysis Results Interchange Format 2.1.0: columns count UTF-16 units from 1 where nothing else is said, and
`endColumn` is the one after the last (3.30); a result is suppressed where every suppression of it is accepted (3.27.23).
"""

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Annotated, Any, Literal
from urllib.parse import unquote

from pydantic import AfterValidator, Field, TypeAdapter

from espalier.core.findings.detection.spans import Confidence, Kind
from espalier.core.findings.reports import gitleaks, kingfisher
from espalier.core.findings.reports.fields import Column, CommitId, Entry, Line, Rule, Value, counted, path_of, whole
from espalier.core.findings.reports.reported import Columns, Reported, Unit

TOOL = "SARIF"
_HEX = r"^[0-9a-f]{64}$"
_SCHEME = re.compile(r"\A[A-Za-z][A-Za-z0-9+.-]{1,20}://[^/]{0,255}")
_NO_PROBLEM = ("pass", "notApplicable", "informational")


def _checked(uri: str) -> str:
    """Both ways of reading it lead nowhere else."""
    path_of(unquote(uri))
    path_of(uri)
    return uri


class _Text(Entry):
    text: Value = ""


class _Region(Entry):
    startLine: Line = 0
    endLine: Line = 0
    startColumn: Column = 0
    endColumn: Column = 0
    snippet: _Text = _Text()


class _Artifact(Entry):
    uri: Annotated[str, Field(max_length=8192), AfterValidator(_checked)] = ""
    uriBaseId: str = ""


class _Physical(Entry):
    artifactLocation: _Artifact = _Artifact()
    region: _Region = _Region()


class _GitCommit(Entry):
    id: CommitId = ""


class _Git(Entry):
    commit: _GitCommit = _GitCommit()


class _OfPlace(Entry):
    """What kingfisher tells beside a location."""

    git_metadata: _Git = _Git()
    entropy: Annotated[str, Field(max_length=32)] | float | None = None
    validation_status: str = ""


class _Location(Entry):
    physicalLocation: _Physical | None = None
    properties: _OfPlace = _OfPlace()


class _Suppression(Entry):
    status: str = "accepted"


class _Prints(Entry):
    named: Annotated[str, Field(pattern=_HEX)] | None = Field(default=None, alias="espalier/v1")
    commitSha: CommitId = ""


class _OfResult(Entry):
    """What we and others tell beside a result; others may mean something else by these words."""

    kind: Any = None
    confidence: Any = None
    repository: Any = None
    commit: Any = None
    tags: Any = None


class _Result(Entry):
    ruleId: Rule = ""
    kind: str = "fail"
    locations: list[_Location] = []  # noqa: RUF012  # pydantic copies it
    partialFingerprints: _Prints = _Prints()
    suppressions: list[_Suppression] | None = None
    properties: _OfResult = _OfResult()


class _Driver(Entry):
    name: Rule


class _Tool(Entry):
    driver: _Driver


class _Run(Entry):
    tool: _Tool
    results: list[_Result] | None = None
    columnKind: Literal["utf16CodeUnits", "unicodeCodePoints"] = "utf16CodeUnits"


class _Log(Entry):
    version: Literal["2.1.0"]
    runs: list[_Run]


_LOG = TypeAdapter(_Log)


def parse(text: str) -> list[Reported]:
    """Raises UnusableInput for what is no SARIF 2.1.0."""
    reported: list[Reported] = []
    for number, run in enumerate(whole(_LOG, text, TOOL).runs, 1):
        for place, result in enumerate(run.results or (), 1):
            if result.kind not in _NO_PROBLEM:
                reported += _places(f"run {number}, result {place}", run, result)
                counted(len(reported))
    return reported


def _places(where: str, run: _Run, result: _Result) -> Iterator[Reported]:
    tool = run.tool.driver.name
    said = result.suppressions or []
    about = Reported(
        where=where,
        tool=tool,
        rule=result.ruleId,
        commit=_commit(result) or None,
        fingerprint=result.partialFingerprints.named,
        confidence=_confidence(result.properties.confidence),
        kind=_kind(result.properties.kind),
        cleared=bool(said) and all(one.status == "accepted" for one in said),
    )
    for location in result.locations or [_Location()]:
        yield _placed(about, run, result, location)


def _placed(about: Reported, run: _Run, result: _Result, location: _Location) -> Reported:
    if location.physicalLocation is None:
        return replace(about, repository=_word(result.properties.repository))
    artifact, region = location.physicalLocation.artifactLocation, location.physicalLocation.region
    text, tool = region.snippet.text, about.tool.lower()
    own = tool in (gitleaks.TOOL, kingfisher.TOOL)
    untold = gitleaks.is_redacted(text) or kingfisher.is_redacted(text) or gitleaks.is_decoded(result.properties.tags)
    return replace(
        about,
        path=path_of(artifact.uri if own else unquote(_SCHEME.sub("", artifact.uri))) or None,
        repository=_word(result.properties.repository) or artifact.uriBaseId or None,
        commit=location.properties.git_metadata.commit.id or about.commit,
        line=region.startLine or None,
        last_line=max(region.startLine, region.endLine) or None,
        columns=_columns(tool, run, region),
        value=text if own and not untold else None,
        around=None if own or not text else text,
        entropy=kingfisher.number(str(location.properties.entropy)) if tool == kingfisher.TOOL else None,
        confidence="high" if location.properties.validation_status.lower().startswith("active") else about.confidence,
    )


def _columns(tool: str, run: _Run, region: _Region) -> Columns | None:
    start, end = region.startColumn, region.endColumn
    if region.endLine not in (0, region.startLine):
        return None
    if tool == gitleaks.TOOL:
        return gitleaks.columns(region.startLine, start, end)
    if tool == kingfisher.TOOL:
        return kingfisher.columns(start, end)
    unit: Unit = "characters" if run.columnKind == "unicodeCodePoints" else "utf-16"
    return Columns(start=start - 1, end=end - 1, unit=unit) if 0 < start < end else None


def _commit(result: _Result) -> str:
    told = _word(result.properties.commit) or ""
    return result.partialFingerprints.commitSha or (told if re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", told) else "")


def _confidence(given: Any) -> Confidence:
    known: dict[str, Confidence] = {"low": "low", "medium": "medium", "high": "high"}
    return known.get(str(given).lower(), "medium")


def _kind(given: Any) -> Kind:
    return "personal" if given == "personal" else "secret"


def _word(given: Any) -> str | None:
    return given if isinstance(given, str) and given else None
