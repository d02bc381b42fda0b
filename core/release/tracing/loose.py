"""Texts that go along with the work: results, reasons, notes, messages; which of them hold the secret, and erasing it there.

What is signed, chained or only ever added can't be erased without breaking what it proves; there it is only told. The same
goes for names of files and branches, which the repository would bring back.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project, Row
from espalier.core.project.quarantined import ERASED
from espalier.core.release.tracing.sought import Sought


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Its key, its columns of text, and those of JSON."""

    key: tuple[str, ...]
    texts: tuple[str, ...] = ()
    json: tuple[str, ...] = ()


ERASABLE: Mapping[str, Table] = {
    "asked": Table(key=("evaluation", "task"), texts=("reason",), json=("tests",)),
    "evaluations": Table(key=("id",), json=("settings", "summary")),
    "jobs": Table(key=("id",), texts=("message",), json=("args", "failure", "result")),
    "results": Table(key=("evaluation", "task", "arm", '"check"'), texts=("detail",)),
    "rubric": Table(key=("evaluation", "task", "arm"), texts=("note",)),
    "rubric_ratings": Table(key=("evaluation", "task", "arm", "rater"), texts=("note",)),
    "snapshots": Table(key=("hash",), json=("settings", "summary")),
}
LEFT: Mapping[str, tuple[str, ...]] = {
    "accepted_decisions": ("statement",),
    "approvals": ("statement",),
    "audit": ("actor", "subject", "detail"),
    "corpus_repositories": ("repository", "path", "tips", "include", "services", "service_files", "licences"),
    "decisions": ("reason",),
    "example_reviews": ("note",),
    "finding_files": ("repository", "path"),
    "identities": ("name", "person"),
    "marked_places": ("path",),
    "meta": ("value",),
    "models": ("name", "path"),
    "places": ("path", "inner"),
    "quarantines": ("reason",),
    "queues": ("service",),
    "releases": ("manifest",),
    "repositories": ("name", "path", "include", "services", "notes"),
    "review_packs": ("manifest",),
    "rule_mutes": ("reason",),
    "rule_texts": ("text",),
    "rule_uses": ("name",),
    "runs": ("model", "recipe", "versions", "device"),
    "sampled_objects": ("service",),
    "sign_offs": ("statement",),
    "source_decisions": ("prefix", "expression", "reason"),
    "sources": ("prefix", "expression", "found_in"),
    "strata": ("service",),
    "submodules": ("path",),
    "walked_blobs": ("path", "holder"),
    "walks": ("submodules", "licences"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """How many rows of a table hold it in a column; `erasable` says whether a quarantine reaches them."""

    table: str
    column: str
    rows: int
    erasable: bool


def loose_texts(project: Project, value: Sought) -> list[Loose]:
    found = []
    for name, table in ERASABLE.items():
        for column in (*table.texts, *table.json):
            rows = project.rows(f"SELECT DISTINCT {column} AS said, count(*) AS n FROM {name} GROUP BY said")
            held = sum(row["n"] for row in rows if _cleaned(row["said"], column in table.json, value) != row["said"])
            found.append(Loose(table=name, column=column, rows=held, erasable=True))
    for name, columns in LEFT.items():
        for column in columns:
            rows = project.rows(f"SELECT {column} AS said, count(*) AS n FROM {name} GROUP BY said")
            held = sum(row["n"] for row in rows if row["said"] and value.holds(str(row["said"])))
            found.append(Loose(table=name, column=column, rows=held, erasable=False))
    return [one for one in found if one.rows]


def erase(project: Project, value: Sought) -> int:
    """Returns how many rows were changed; a row a transaction, since one may hold much."""
    changed = 0
    for name, table in ERASABLE.items():
        for row in project.rows(f"SELECT {', '.join((*table.key, *table.texts, *table.json))} FROM {name}"):
            said = dict(_changes(row, table, value))
            if said:
                names = ", ".join(f"{column} = ?" for column in said)
                which = " AND ".join(f"{column} = ?" for column in table.key)
                key = [row[column.strip('"')] for column in table.key]
                with project.write() as db:
                    db.execute(f"UPDATE {name} SET {names} WHERE {which}", (*said.values(), *key))
                changed += 1
    return changed


def _changes(row: Row, table: Table, value: Sought) -> Iterator[tuple[str, str]]:
    for column in (*table.texts, *table.json):
        cleaned = _cleaned(row[column], column in table.json, value)
        if cleaned is not None and cleaned != row[column]:
            yield column, cleaned


def _cleaned(said: str | None, is_json: bool, value: Sought) -> str | None:
    """The same text where it does not hold the secret."""
    if not said:
        return said
    try:
        before = json.loads(said) if is_json else None
    except (ValueError, RecursionError):  # not as we write it
        before = None
    if before is None:
        return ERASED if value.holds(said) else said
    after = _without(before, value)
    return said if after == before else canonical_text(after)


def _without(said: Any, value: Sought) -> Any:
    """JSON with every string that holds it replaced, keys too."""
    if isinstance(said, str):
        return ERASED if value.holds(said) else said
    if isinstance(said, list):
        return [_without(one, value) for one in said]
    if isinstance(said, dict):
        return {_without(key, value): _without(one, value) for key, one in said.items()}
    return said
