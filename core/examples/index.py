"""The list of a build's examples: their order for a filter, rows of a page, and how many each choice of a filter would leave.

Filters and counts are answered from an index that holds no texts; only a search reads those. A list names its examples by
their row numbers, which hold for as long as the file is open and not vacuumed; what is kept is kept by id.
"""

from array import array
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Literal

from espalier.core.project.file import Project

Order = Literal["time", "tokens", "service", "kind", "label", "state", "review"]
Field = Literal["state", "review", "service", "language", "kind", "label", "reason"]
FIELDS: tuple[Field, ...] = ("state", "review", "service", "language", "kind", "label", "reason")
UNDECIDED = "undecided"  # the review of an example that nobody has decided
SEARCHED = ("path", "qualified_name", "task", "solution", "context", "rationale", "repository")

# What is told of a reason: near-duplicates name another example each, and would be as many reasons as there are of them.
_WHY = (
    "CASE WHEN reason LIKE 'near-duplicate%' THEN 'near-duplicate' WHEN reason LIKE 'licence: %' THEN 'licence'"
    " WHEN reason LIKE 'verification: %' THEN 'verification' ELSE reason END"
)
_SAID = f"ifnull(verdict, '{UNDECIDED}')"
_ORDERS: Mapping[Order, str] = {
    "time": "committed_at {way}, id {way}",
    "tokens": "tokens {way}, id",
    "service": "service {way}, committed_at DESC, id",
    "kind": "kind {way}, committed_at DESC, id",
    "label": "label {way}, committed_at DESC, id",
    "state": "state {way}, committed_at DESC, id",
    "review": f"{_SAID} {{way}}, committed_at DESC, id",
}
_COLUMNS = {name: name for name in FIELDS} | {"review": _SAID, "reason": _WHY}
_LISTED = "examples INDEXED BY examples_listed LEFT JOIN example_verdicts ON example = id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What to list; an empty field lets everything through. `search` is found anywhere in paths, names and texts."""

    state: str = ""
    review: str = ""
    service: str = ""
    language: str = ""
    kind: str = ""
    label: str = ""
    reason: str = ""
    search: str = ""

    def without(self, field: Field) -> "Filter":
        return replace(self, **{field: ""})

    def value(self, field: Field) -> str:
        return str(getattr(self, field))

    @property
    def empty(self) -> bool:
        return not any(getattr(self, one.name) for one in fields(self))


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One example as a list shows it; `review` is the verdict that stands, undecided where there is none."""

    number: int
    id: str
    kind: str
    label: str
    language: str
    service: str
    task: str
    tokens: int
    state: str
    review: str
    reason: str
    repository: str
    path: str
    qualified_name: str
    committed_at: str


def numbers(
    project: Project, build: str, wanted: Filter, order: Order = "time", *, descending: bool = True
) -> "array[int]":
    """Row numbers in an order that depends on the examples alone; newest first, if nothing is asked for."""
    where, values = _where(wanted)
    by = _ORDERS[order].format(way="DESC" if descending else "ASC")
    query = f"SELECT examples.rowid AS id FROM {_table(wanted)} WHERE build = :build{where} ORDER BY {by}"
    return project.ids(query, {"build": build, **values})


def number_of(project: Project, build: str, name: str) -> int | None:
    """Of the example with this id."""
    found = project.value("SELECT rowid FROM examples WHERE build = ? AND id = ?", (build, name))
    return None if found is None else int(found)


def named(project: Project, wanted: Sequence[int]) -> list[str]:
    """The ids of the examples with these numbers, in their order; those that are gone are left out."""
    found = (project.value("SELECT id FROM examples WHERE rowid = ?", (number,)) for number in wanted)
    return [str(name) for name in found if name is not None]


def counts(project: Project, build: str, wanted: Filter) -> dict[Field, dict[str, int]]:
    """For each field how many examples each of its values has among those that the other fields let through."""
    columns = ", ".join(_COLUMNS[name] for name in FIELDS)
    where, values = _searching(wanted)
    rows = project.rows(
        f"SELECT {columns}, count(*) FROM {_table(wanted)} WHERE build = :build{where}"
        f" GROUP BY {', '.join(map(str, range(1, len(FIELDS) + 1)))}",
        {"build": build, **values},
    )
    found: dict[Field, dict[str, int]] = {name: defaultdict(int) for name in FIELDS}
    for row in rows:
        missed = [name for at, name in enumerate(FIELDS) if wanted.value(name) not in ("", row[at])]
        for at, name in enumerate(FIELDS):
            if not missed or missed == [name]:
                found[name][row[at]] += row[len(FIELDS)]
    return {name: dict(sorted(of.items(), key=lambda one: (-one[1], one[0]))) for name, of in found.items()}


def page(project: Project, wanted: Sequence[int]) -> list[Line]:
    """The rows with these numbers, in any order; one that is no longer there is left out."""
    marks = ", ".join("?" * len(wanted))
    found = project.rows(
        "SELECT examples.rowid AS number, id, kind, label, language, service, task, tokens, state, reason, repository,"
        f" path, qualified_name, committed_at, {_SAID} AS review FROM examples"
        f" LEFT JOIN example_verdicts ON example = id WHERE examples.rowid IN ({marks})",
        tuple(wanted),
    )
    return [Line(**{one.name: row[one.name] for one in fields(Line)}) for row in found]


def _table(wanted: Filter) -> str:
    return "examples LEFT JOIN example_verdicts ON example = id" if wanted.search else _LISTED


def _where(wanted: Filter) -> tuple[str, dict[str, str]]:
    chosen = [name for name in FIELDS if wanted.value(name)]
    more, values = _searching(wanted)
    said = "".join(f" AND {_COLUMNS[name]} = :{name}" for name in chosen)
    return said + more, {**{name: wanted.value(name) for name in chosen}, **values}


def _searching(wanted: Filter) -> tuple[str, dict[str, str]]:
    if not wanted.search:
        return "", {}
    said = "".join("\\" + one if one in "\\%_" else one for one in wanted.search)
    places = " OR ".join(f"{name} LIKE :anywhere ESCAPE '\\'" for name in SEARCHED)
    return f" AND (id LIKE :beginning ESCAPE '\\' OR {places})", {"beginning": f"{said}%", "anywhere": f"%{said}%"}
