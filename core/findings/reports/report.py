"""A report as a file: bounded, decoded, named by its bytes, and read in the format that it is in."""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from espalier.core.failures import UnusableInput
from espalier.core.findings.reports import detect_secrets, gitleaks, gitleaksignore, kingfisher, sarif, trufflehog
from espalier.core.findings.reports.reported import Reported

Format = Literal["detect-secrets", "gitleaks", "kingfisher", "trufflehog", "sarif", "gitleaksignore"]
FORMATS: tuple[Format, ...] = get_args(Format)
LARGEST = 100 << 20  # bytes; a report is held in memory while it is read
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))  # shells redirect in UTF-16
_HEAD = 1 << 20  # characters in which a format shows
_TELLING = re.compile(r'(?<!\\)"(runs|plugins_used|hashed_secret|SourceMetadata|RuleID|finding|findings)"\s{0,20}:')
_TOLD_BY: Mapping[str, Format] = {
    "runs": "sarif",
    "plugins_used": "detect-secrets",
    "hashed_secret": "detect-secrets",
    "SourceMetadata": "trufflehog",
    "RuleID": "gitleaks",
    "finding": "kingfisher",
    "findings": "kingfisher",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`guessed` says that nobody named the format; `sha256` is of the file's bytes."""

    format: Format
    guessed: bool
    sha256: str
    entries: tuple[Reported, ...]


def read(path: Path, format: str | None = None) -> Report:
    """Raises UnusableInput for what can't be read, is too large, or is not in the format."""
    data = _bytes(path)
    text = _text(data, path)
    chosen = _known(format) if format is not None else guess(text)
    if chosen is None:
        sentence = f"{path.name} is in no format that is known here."
        raise UnusableInput(sentence, f"Name it with --format: {', '.join(FORMATS)}.")
    return Report(
        format=chosen,
        guessed=format is None,
        sha256=hashlib.sha256(data).hexdigest(),
        entries=tuple(parser(chosen, text)(text)),
    )


def guess(text: str) -> Format | None:
    """By the first word that only one of the formats uses."""
    if text.lstrip()[:1] in ("{", "["):
        found = _TELLING.search(text, 0, _HEAD)
        return _TOLD_BY[found[1]] if found else "gitleaks" if text.split() in (["[]"], ["[", "]"]) else None
    if text.startswith("RuleID,"):
        return "gitleaks"
    return "gitleaksignore" if gitleaksignore.looks_like(text) else None


def _known(format: str) -> Format:
    if format not in FORMATS:
        raise UnusableInput(f"There is no format {format!r}.", f"Known: {', '.join(FORMATS)}.")
    return format


def parser(format: Format, text: str) -> Callable[[str], list[Reported]]:
    if format == "gitleaks":
        return gitleaks.parse if text.lstrip()[:1] == "[" else gitleaks.parse_csv
    if format == "kingfisher":
        return kingfisher.parse_lines if _by_lines(text) else kingfisher.parse
    return {
        "detect-secrets": detect_secrets.parse,
        "trufflehog": trufflehog.parse,
        "sarif": sarif.parse,
        "gitleaksignore": gitleaksignore.parse,
    }[format]


def _by_lines(text: str) -> bool:
    found = _TELLING.search(text, 0, _HEAD)
    return found is not None and found[1] == "finding"


def _bytes(path: Path) -> bytes:
    """A pipe or a device could be read for ever."""
    if not path.is_file():
        raise UnusableInput(f"There is no file {path}.", "Name a report.")
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise UnusableInput(f"{path} can't be read: {error.strerror}.", "Name a report.") from None
    if len(data) > LARGEST:
        raise UnusableInput(
            f"{path.name} is larger than {LARGEST >> 20} MiB.", "Divide it, a repository or a folder each."
        )
    return data


def _text(data: bytes, path: Path) -> str:
    encoding = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), "utf-8")
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise UnusableInput(f"{path.name} is text neither in UTF-8 nor in UTF-16.", "Write the report again.") from None
