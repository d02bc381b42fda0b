"""`.gitleaksignore`: a line each for what somebody called no secret, `commit:file:rule:line` or `file:rule:line`."""

import re

from pydantic import ValidationError

from espalier.core.failures import UnusableInput
from espalier.core.findings.reports.fields import CommitId, Entry, Line, Path, Rule, counted
from espalier.core.findings.reports.gitleaks import TOOL
from espalier.core.findings.reports.reported import Reported

_LINE = re.compile(r"(?:([0-9a-f]{40}|[0-9a-f]{64}):)?([^\n]+):([^:\n]+):([0-9]{1,10})")


class _Ignored(Entry):
    commit: CommitId
    file: Path
    rule: Rule
    line: Line


def parse(text: str) -> list[Reported]:
    """Raises UnusableInput, with the line, for what has another form. Empty lines and comments are none."""
    reported: list[Reported] = []
    for number, line in enumerate(text.split("\n"), 1):
        told = line.strip()
        if told and not told.startswith("#"):
            reported.append(_reported(number, told))
            counted(len(reported))
    return reported


def looks_like(text: str) -> bool:
    """Whether the first line that says something has the form."""
    told = (line.strip() for line in text.split("\n", 1000))
    first = next((line for line in told if line and not line.startswith("#")), "")
    return _LINE.fullmatch(first) is not None


def _reported(number: int, line: str) -> Reported:
    found = _LINE.fullmatch(line)
    try:
        if found is None:
            raise ValueError("not of the form")
        ignored = _Ignored(commit=found[1] or "", file=found[2], rule=found[3], line=int(found[4]))
    except (ValidationError, ValueError):
        sentence = (
            f"The report is no .gitleaksignore: line {number} is neither commit:file:rule:line nor file:rule:line."
        )
        raise UnusableInput(sentence, "Mend that line, or name the format with --format.") from None
    return Reported(
        where=f"line {number}",
        tool=TOOL,
        rule=ignored.rule,
        path=ignored.file or None,
        commit=ignored.commit or None,
        line=ignored.line or None,
        cleared=True,
    )
