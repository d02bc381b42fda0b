"""Findings for others: SARIF for code scanning, CSV for an auditor's table. Neither holds the text of a secret.

SARIF: OASIS, Static Analysis Results Interchange Format 2.1.0, https://docs.oasis-open.org/sarif/sarif/v2.1.0/. A result is one
place; all places of one secret share its fingerprint, which is keyed and says nothing of the value.
"""

import csv
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path
from typing import IO, Literal, get_args
from urllib.parse import quote

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import described
from espalier.core.findings.findings import hidden
from espalier.core.findings.ruleset import current_ruleset, ruleset_of
from espalier.core.findings.summary import OF_CORPUS, scan_of
from espalier.core.project.csv_cell import as_text
from espalier.core.project.file import Project

Format = Literal["sarif", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)
COLUMNS = (
    "fingerprint", "rule", "kind", "severity", "confidence", "state", "reason", "decided by", "decided at",
    "repository", "source", "path", "commit", "object", "line",
)  # fmt: skip
LEVELS = {"critical": "error", "high": "error", "medium": "warning", "low": "note"}
SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_ROWS = (
    "SELECT p.*, CASE p.unreachable WHEN 1 THEN 'unreachable' ELSE p.source END AS read_as, f.rule, f.kind, f.severity, f.confidence, COALESCE(d.state, 'open') AS state,"
    " COALESCE(d.reason, '') AS reason, COALESCE(d.identity, '') AS decided_by, COALESCE(d.decided_at, '') AS decided_at"
    f" FROM ({OF_CORPUS}) p JOIN findings f USING (fingerprint) LEFT JOIN decisions d ON d.id ="
    " (SELECT MAX(id) FROM decisions WHERE fingerprint = f.fingerprint) ORDER BY p.fingerprint, p.id"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A finding at one of its places, and how it was decided; `path` has what looks like a secret in it masked."""

    fingerprint: str
    rule: str
    kind: str
    severity: str
    confidence: str
    state: str
    reason: str
    decided_by: str
    decided_at: str
    repository: str
    source: str
    path: str
    commit: str
    object: str
    line: int


def export(project: Project, corpus: str, target: Path, format: Format) -> int:
    """Write all findings of a scanned corpus, readable by their owner only; returns how many places.

    The file is whole or not there. Raises UnusableInput where the corpus is not scanned under the current rules, or where
    there is something already; WorkFailed where it can't be written.
    """
    if scan_of(project, corpus, current_ruleset(project)) is None:
        raise UnusableInput(
            f"The corpus {corpus[:12]} is not scanned under the current rules.", "espalier findings scan PROJECT"
        )
    write: Callable[[Iterator[Row], IO[str]], int] = write_sarif if format == "sarif" else write_csv
    with whole(target) as file, TextIOWrapper(file, encoding="utf-8", newline="") as out:
        return write(rows(project, corpus), out)


@contextmanager
def whole(target: Path) -> Iterator[IO[bytes]]:
    """A new file for others, readable by its owner only; it is there when all of it was written, and not before."""
    if target.exists():
        raise UnusableInput(f"{target} is there already.", "Name a new file.")
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            yield out
        unfinished.rename(target)
    except OSError as error:
        raise WorkFailed(f"{target} could not be written: {error.strerror}.", "Choose another folder.") from None
    finally:
        unfinished.unlink(missing_ok=True)


def rows(project: Project, corpus: str) -> Iterator[Row]:
    """One for each place, those of a finding together, in the order of fingerprints; read as they are wanted."""
    detector, paths = Detector(ruleset_of(project)), dict[str, str]()
    for row in project.rows(_ROWS, {"corpus": corpus, "ruleset": current_ruleset(project)}):
        told = row["path"] or ""
        if told not in paths:
            paths[told] = hidden(told, [(span.start, span.end) for span in detector.spans(told, "")])
        plain = {name: row[name] for name in Row.__slots__ if name not in ("path", "commit", "source")}
        yield Row(**plain, source=row["read_as"], path=paths[told], commit=row["commit"] or "")


def write_csv(found: Iterator[Row], out: IO[str]) -> int:
    """With heads. What a spreadsheet would take for a formula is written as text."""
    table, number = csv.writer(out), 0
    table.writerow(COLUMNS)
    for row in found:
        number += 1
        table.writerow([as_text(getattr(row, name.replace(" ", "_"))) for name in COLUMNS])
    return number


def write_sarif(found: Iterator[Row], out: IO[str]) -> int:
    """One run. Results are written as they come, however many there are; the rules they name follow them."""
    named, number = set[str](), 0
    out.write(f'{{"$schema": "{SCHEMA}", "version": "2.1.0", "runs": [{{"results": [')
    for number, row in enumerate(found, 1):
        named.add(row.rule)
        out.write(",\n" if number > 1 else "\n")
        json.dump(_result(row), out, ensure_ascii=False)
    driver = {"name": "Espalier", "version": version("espalier"), "rules": _rules(named)}
    out.write('\n], "columnKind": "unicodeCodePoints", "tool": ')
    json.dump({"driver": driver}, out, ensure_ascii=False)
    out.write("}]}\n")
    return number


def _result(row: Row) -> dict[str, object]:
    told: dict[str, object] = {
        "ruleId": row.rule,
        "level": LEVELS[row.severity],
        "message": {"text": f"{described(row.rule)} ({row.confidence} confidence, {row.state})"},
        "locations": [_location(row)],
        "partialFingerprints": {"espalier/v1": row.fingerprint},
        "properties": {
            name: getattr(row, name)
            for name in ("kind", "severity", "confidence", "state", "repository", "source", "commit", "object")
        },
    }
    if row.state == "false-alarm":
        told["suppressions"] = [{"kind": "external", "status": "accepted", "justification": row.reason}]
    return told


def _location(row: Row) -> dict[str, object]:
    """A file's by its path in its repository; a message's by what names it, for it has no file."""
    if row.path and row.source == "file":
        artifact = {"uri": quote(row.path), "uriBaseId": row.repository}
        return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": row.line}}}
    name = f"{row.repository}@{row.commit or row.object} {row.source}, line {row.line}"
    return {"logicalLocations": [{"fullyQualifiedName": name, "kind": "object"}]}


def _rules(named: set[str]) -> list[dict[str, object]]:
    return [{"id": name, "shortDescription": {"text": described(name)}} for name in sorted(named)]
