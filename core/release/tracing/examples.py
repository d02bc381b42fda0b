"""The examples of every build, by what their own text says: the secret is in it, was replaced, or nobody can tell any more."""

from collections.abc import Iterator
from dataclasses import dataclass

from espalier.core.project.file import Project, Row
from espalier.core.release.tracing.sought import Named, Sought
from espalier.core.release.tracing.state import State

AT_ONCE = 500  # rows in memory
TEXTS = ("task", "context", "constraints", "solution", "rationale", "path", "qualified_name", "service")
_PAGE = "SELECT rowid AS number, * FROM examples WHERE rowid > ? ORDER BY rowid LIMIT ?"
_ERASED = (
    "SELECT name, fingerprint = ? AS own FROM quarantined JOIN quarantines ON quarantines.id = quarantine"
    " WHERE kind = 'example'"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TracedExample:
    """`where` names the fields that hold the secret; `own` says that it was built from one of its places."""

    id: str
    build: str
    state: State
    where: tuple[str, ...]
    own: bool
    repository: str
    commit: str
    path: str
    first_line: int
    last_line: int


def traced_examples(project: Project, one: Named, value: Sought) -> list[TracedExample]:
    """Those that the secret is in, was replaced in or may be in; what it never came near is left out."""
    erased = project.rows(_ERASED, (one.fingerprint,))
    ours = {row["name"] for row in erased if row["own"]}
    others = {row["name"] for row in erased if not row["own"]} - ours
    files = {(place.repository, place.path) for place in one.places if place.source == "file"}
    commits = {(place.repository, place.object) for place in one.places if place.source != "file"}
    found = []
    for row in _rows(project):
        own = (row["repository"], row["path"]) in files or (row["repository"], row["commit"]) in commits
        where = _where(row, value, own)
        unsure = own and (not value.known or row["id"] in others)
        state = _state(row, value, where, ours, unsure=unsure)
        if state is not None:
            found.append(_traced(row, state, where, own, value))
    return found


def _rows(project: Project) -> Iterator[Row]:
    """A page at a time, so that no transaction stays open and not every text is in memory."""
    last = 0
    while page := project.rows(_PAGE, (last, AT_ONCE)):
        yield from page
        last = page[-1]["number"]


def _where(row: Row, value: Sought, own: bool) -> tuple[str, ...]:
    texts = {name: row[name] for name in TEXTS}
    if not value.holds("\n".join(texts.values()), row["path"], own=own):
        return ()
    where = tuple(name for name, text in texts.items() if value.holds(text, row["path"], own=own))
    return where or TEXTS  # it begins in one field and ends in the next


def _state(row: Row, value: Sought, where: tuple[str, ...], ours: set[str], *, unsure: bool) -> State | None:
    if where:
        return "reached"
    if row["id"] in ours:
        return "quarantined"
    if any(value.was_replaced(row[name]) for name in TEXTS):
        return "scrubbed"
    return "cannot-be-told" if unsure else None


def _traced(row: Row, state: State, where: tuple[str, ...], own: bool, value: Sought) -> TracedExample:
    plain = {name: row[name] for name in ("id", "build", "repository", "commit", "first_line", "last_line")}
    return TracedExample(**plain, state=state, where=where, own=own, path=value.shown(row["path"]))
