"""Finding entries of the audit chain: by who, what, when and words, without reading the rest of it."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from espalier.core.project import audit
from espalier.core.project.audit import Entry
from espalier.core.project.file import Project

_NUMBERS_AT_ONCE = 50_000
_ENTRIES_AT_ONCE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which entries; what is empty asks for nothing. `since` and `until` are ISO times as the chain writes them, `until` not included.

    `text` is looked for in who, what, the subject and the detail, whatever the case of its letters.
    """

    actor: str = ""
    action: str = ""
    since: str = ""
    until: str = ""
    text: str = ""

    @property
    def all(self) -> bool:
        return self == Wanted()


def numbers(project: Project, wanted: Wanted) -> Sequence[int]:
    """The numbers of the entries that are wanted, oldest first."""
    last = audit.length(project)
    if wanted.all:
        return range(1, last + 1)
    condition, parameters = _condition(wanted)
    query = f"SELECT seq FROM audit WHERE seq > ? AND seq <= ? {condition} ORDER BY seq"
    found = array("q")
    for start in range(0, last, _NUMBERS_AT_ONCE):
        rows = project.rows(query, (start, start + _NUMBERS_AT_ONCE, *parameters))
        found.extend(row["seq"] for row in rows)
    return found


def at(project: Project, chosen: Sequence[int]) -> list[Entry]:
    """The entries of these numbers, in the order of the chain; a number that is missing from it is left out."""
    found: list[Entry] = []
    for start in range(0, len(chosen), _ENTRIES_AT_ONCE):
        some = chosen[start : start + _ENTRIES_AT_ONCE]
        marks = ",".join("?" * len(some))
        rows = project.rows(f"SELECT * FROM audit WHERE seq IN ({marks}) ORDER BY seq", tuple(some))
        found += map(audit.of_row, rows)
    return found


def found(project: Project, wanted: Wanted) -> Iterator[Entry]:
    """Every entry that is wanted, oldest first, a part at a time."""
    chosen = numbers(project, wanted)
    for start in range(0, len(chosen), _ENTRIES_AT_ONCE):
        yield from at(project, chosen[start : start + _ENTRIES_AT_ONCE])


def _condition(wanted: Wanted) -> tuple[str, tuple[str, ...]]:
    parts = [
        ("AND actor = ?", wanted.actor),
        ("AND action = ?", wanted.action),
        ("AND at >= ?", wanted.since),
        ("AND at < ?", wanted.until),
        (
            "AND (actor || char(10) || action || char(10) || subject || char(10) || detail) LIKE ? ESCAPE '!'",
            _like(wanted.text),
        ),
    ]
    given = [(sql, value) for sql, value in parts if value]
    return " ".join(sql for sql, _ in given), tuple(value for _, value in given)


def _like(text: str) -> str:
    plain = text.replace("!", "!!").replace("%", "!%").replace("_", "!_")
    return f"%{plain}%" if text else ""
