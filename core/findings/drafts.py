"""Draft rules: what a rule could look like that finds a secret like the one that was missed, in gitleaks' TOML schema.

A draft is made from the name beside the value, the quotes, and the kinds and number of its characters. The value is not in it,
nor six characters of it in a row, so that it may be read, sent and committed.
"""

import math
import re
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.findings import findings as found
from espalier.core.findings.detection.values import entropy
from espalier.core.project.file import Project

RUN = 6  # characters of a value in a row that nothing here repeats
LOOSE = 16  # characters from which on the length is taken for part of the format
_BEFORE = 120  # characters of the line before the value that are looked at
_NAMED = re.compile(
    r"(?<![\w.-])([A-Za-z][A-Za-z_.-]{1,39})[\"']?[ \t]{0,8}(?::=|=>|==|=|:)[ \t]{0,8}[\"'`]?\Z"  # no digits: they may be a key
)
_CLASSES = (
    "[0-9]",
    "[0-9a-f]",
    "[0-9A-F]",
    "[A-Z0-9]",
    "[a-z0-9]",
    "[A-Za-z0-9]",
    "[A-Za-z0-9_-]",
    "[A-Za-z0-9+/=]",
    "[A-Za-z0-9_.~+/=-]",
    r"[^\s\"'`]",
    r"[^\r\n]",
)
_TEMPLATE = """\
# A draft, made from what one missed secret looked like. Try it on your code before you use it.
[[rules]]
id = "{id}"
description = "{description}"
regex = '''{regex}'''
secretGroup = 1
entropy = {entropy}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """`toml` is the rule as a file of gitleaks has it; `name` is what stood beside the value, None where it says nothing."""

    id: str
    name: str | None
    regex: str
    toml: str


def draft_for(project: Project, corpus: str, fingerprint: str) -> Draft:
    """For the first place of a finding, from git as it is now. Raises UnusableInput where no draft can be made."""
    place = found.finding(project, corpus, fingerprint).places[0]
    text = found.text_of(project, corpus, place)
    if re.search(r"[\r\n]", text[place.start : place.end]):
        raise UnusableInput("A draft rule can't be written for a value of several lines.", "Write a rule by hand.")
    made = draft(text, place.start, place.end)
    if made is None:
        raise UnusableInput("A draft rule can't be written without a part of this value.", "Write a rule by hand.")
    return made


def save(made: Draft, target: Path) -> None:
    """Write it to a new file. Raises UnusableInput where there is one, or none can be."""
    try:
        with target.open("x", encoding="utf-8") as file:
            file.write(made.toml)
    except OSError as error:
        raise UnusableInput(f"{target.name} can't be written: {error.strerror}.", "Name a new file.") from error


def draft(text: str, start: int, end: int) -> Draft | None:
    """A rule that finds `text[start:end]`, a part of one line, where it stands. None where the words that every draft has would tell
    the value.
    """
    value = text[start:end]
    line = text[max(text.rfind("\n", 0, start) + 1, start - _BEFORE) : start]
    beside = _NAMED.search(line)
    for name in (beside[1] if beside else None, None):
        made = _written(value, name)
        if not shares_a_run(value, made.toml):
            return made
    return None


def shares_a_run(value: str, text: str) -> bool:
    """Whether the text has the value in it, or `RUN` characters of it in a row, whatever the case."""
    told, sought = text.casefold(), value.casefold()
    size = min(RUN, len(sought))
    return any(sought[at : at + size] in told for at in range(len(sought) - size + 1))


def _written(value: str, name: str | None) -> Draft:
    slug = re.sub(r"[^a-z]+", "-", name.lower()).strip("-") if name else "value"
    regex = _regex(value, name)
    toml = _TEMPLATE.format(
        id=f"draft-{slug}",
        description=f"Value beside {name}" if name else "Value like one that was missed",
        regex=regex,
        entropy=math.floor(entropy(value) * 1.6) / 2,  # four fifths, in halves
    )
    if name:
        toml += f'keywords = ["{name.lower()}"]\n'
    return Draft(id=f"draft-{slug}", name=name, regex=regex, toml=toml)


def _regex(value: str, name: str | None) -> str:
    kind = next(one for one in _CLASSES if re.fullmatch(f"{one}+", value))
    many = f"{{{len(value)}}}" if len(value) >= LOOSE else f"{{{max(RUN, len(value) - 4)},{len(value) + 8}}}"
    if name is None:
        return rf"(?:^|[\s\"'`=:(,])({kind}{many})(?:[\s\"'`;,)]|$)"
    return rf"(?i:\b{re.escape(name)})[\"']?\s{{0,8}}(?::=|=>|==|=|:)\s{{0,8}}[\"'`]?({kind}{many})"
