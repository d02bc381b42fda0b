"""Reports in the shapes in which the scanners write them (gitleaks 8.30, kingfisher 2.14, trufflehog 3), with made-up values."""

import csv
import hashlib
import io
import json
from typing import Any


def sha1(value: str) -> str:
    return hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()


def baseline(path: str, value: str, line: int, **more: Any) -> str:
    """detect-secrets."""
    found = {"type": "Secret Keyword", "filename": path, "hashed_secret": sha1(value), "is_verified": False}
    results = {path: [found | {"line_number": line} | more]}
    return json.dumps({"version": "1.5.0", "plugins_used": [{"name": "KeywordDetector"}], "results": results}, indent=2)


def leak(
    path: str, commit: str, value: str, line: int, columns: tuple[int, int] = (2, 9), **more: Any
) -> dict[str, Any]:
    """One entry of gitleaks."""
    made: dict[str, Any] = {"RuleID": "generic-api-key", "Description": "Detected a Generic API Key", "StartLine": line}
    made |= {"EndLine": line, "StartColumn": columns[0], "EndColumn": columns[1], "Match": f"key = {value}"}
    made |= {"Secret": value, "File": path, "SymlinkFile": "", "Commit": commit, "Entropy": 4.5, "Author": "a"}
    made |= {"Email": "a@example.org", "Date": "2026-11-26T19:29:32Z", "Message": "one", "Tags": []}
    return made | {"Fingerprint": f"{commit}:{path}:generic-api-key:{line}"} | more


def leaks(*found: dict[str, Any]) -> str:
    return json.dumps(list(found), indent=1)


def leaks_csv(*found: dict[str, Any]) -> str:
    heads = (
        "RuleID,Commit,File,SymlinkFile,Secret,Match,StartLine,EndLine,StartColumn,EndColumn,Author,Message,Date,Email"
    )
    out = io.StringIO()
    table = csv.DictWriter(out, [*heads.split(","), "Fingerprint", "Tags"], extrasaction="ignore", lineterminator="\n")
    table.writeheader()
    table.writerows([one | {"Tags": " ".join(one["Tags"])} for one in found])
    return out.getvalue()


def fish(path: str, commit: str | None, value: str, line: int, columns: tuple[int, int] = (0, 7), **more: Any) -> Any:
    """One finding of kingfisher."""
    made: dict[str, Any] = {"snippet": value, "fingerprint": "10575020533694351627", "confidence": "medium"}
    made |= {"entropy": "4.50", "validation": {"outcome": "not_attempted", "status": "Not Attempted", "response": ""}}
    made |= {"language": "Python", "line": line, "column_start": columns[0], "column_end": columns[1], "path": path}
    if commit is not None:
        made["git_metadata"] = {"repository_url": "shop", "commit": {"id": commit, "date": "2026-11-26"}}
    rule = {"name": "generic", "id": "betterleaks.generic", "title": "GENERIC", "description": "A key."}
    return {"rule": rule, "finding": made | more}


def fishes(*found: Any) -> str:
    return json.dumps({"findings": list(found), "audit": {}, "metadata": {"target": "shop"}})


def fish_lines(*found: Any) -> str:
    return "".join(json.dumps(one) + "\n" for one in (*found, {"audit": {"schema": "kingfisher.repository-audit.v1"}}))


def truffle(path: str, commit: str, value: str, line: int, **more: Any) -> str:
    """A line of trufflehog."""
    place = {"commit": commit, "file": path, "email": "a@example.org", "repository": "file:///shop", "line": line}
    made: dict[str, Any] = {"SourceMetadata": {"Data": {"Git": place}}, "SourceID": 1, "SourceType": 16}
    made |= {"SourceName": "trufflehog - git", "DetectorType": 17, "DetectorName": "Custom", "DecoderName": "PLAIN"}
    return json.dumps(made | {"Verified": False, "Raw": value, "RawV2": "", "Redacted": "", "ExtraData": None} | more)


def sarif(*results: dict[str, Any], tool: str = "semgrep", **more: Any) -> str:
    run = {"tool": {"driver": {"name": tool, "rules": []}}, "results": list(results)} | more
    return json.dumps({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def result(uri: str, region: dict[str, Any], **more: Any) -> dict[str, Any]:
    place = {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": region}}
    return {"ruleId": "generic-key", "message": {"text": "A key."}, "locations": [place]} | more
