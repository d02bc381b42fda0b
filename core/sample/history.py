"""The history as planned in company/history.toml: who commits what, when and why."""

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

COMPANY = Path(__file__).parent / "company"
SPLIT_AT = "2026-07-01"
"""The first day of the last quarter: functions introduced from here on are held out."""

AUTHORS = {
    "ines": "Ines Okafor <ines.okafor@tallyfen.example>",
    "mateusz": "Mateusz Brandt <mateusz.brandt@tallyfen.example>",
    "priya": "Priya Raman <priya.raman@tallyfen.example>",
    "jonas": "Jonas Lindqvist <jonas.lindqvist@tallyfen.example>",
    "wen": "Wen Castellanos <wen.castellanos@tallyfen.example>",
    "bot": "dependency-bot[bot] <dependency-bot@tallyfen.example>",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A change of one text; `now` stands exactly once in the text after it."""

    path: str
    was: str
    now: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """One commit to write; its parents are keys."""

    key: str
    at: datetime
    author: str
    message: str
    parents: tuple[str, ...]
    add: tuple[str, ...]
    delete: tuple[str, ...]
    edits: tuple[Edit, ...]
    tag: str | None


def planned() -> list[Planned]:
    """The commits, parents first; without stated parents a commit follows the one before it."""
    rows = tomllib.loads((COMPANY / "history.toml").read_text("utf-8"))["commit"]
    before: tuple[str, ...] = ()
    commits = []
    for row in rows:
        commit = Planned(
            key=row["key"],
            at=row["at"],
            author=AUTHORS[row["by"]],
            message=row["message"],
            parents=tuple(row.get("parents", before)),
            add=tuple(row.get("add", ())),
            delete=tuple(row.get("delete", ())),
            edits=tuple(Edit(**edit) for edit in row.get("edit", ())),
            tag=row.get("tag"),
        )
        commits.append(commit)
        before = (commit.key,)
    return commits


def ancestry(commits: Iterable[Planned]) -> dict[str, frozenset[str]]:
    """For each commit, the keys of itself and of all commits that it descends from."""
    known: dict[str, frozenset[str]] = {}
    for commit in commits:
        known[commit.key] = frozenset({commit.key}).union(*(known[parent] for parent in commit.parents))
    return known
