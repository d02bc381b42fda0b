"""What a corpus has that the one before it had not: repository by repository, in commits and blobs."""

from dataclasses import dataclass
from typing import Literal

from espalier.core.project.file import Project, Row

Kind = Literal["added", "dropped", "moved", "same"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`commits` and `blobs` are how many more there are than before; fewer where history was rewritten."""

    repository: str
    kind: Kind
    commits: int
    blobs: int


def before(project: Project, corpus: str) -> str | None:
    """The corpus that a refresh found last before this one; None where this is the first."""
    found = project.value(
        "SELECT hash FROM corpora WHERE refreshed_at < (SELECT refreshed_at FROM corpora WHERE hash = ?)"
        " ORDER BY refreshed_at DESC, rowid DESC LIMIT 1",
        (corpus,),
    )
    return None if found is None else str(found)


def difference(project: Project, earlier: str | None, corpus: str) -> tuple[Difference, ...]:
    """In the order of names; without an earlier corpus all is added."""
    was, now = _held(project, earlier), _held(project, corpus)
    return tuple(_of(name, was.get(name), now.get(name)) for name in sorted(was.keys() | now.keys()))


def _held(project: Project, corpus: str | None) -> dict[str, Row]:
    query = "SELECT repository, commits, blobs, tips, head, include, services FROM corpus_repositories WHERE corpus = ?"
    return {row["repository"]: row for row in project.rows(query, (corpus,))}


def _of(name: str, was: Row | None, now: Row | None) -> Difference:
    commits, blobs = ((now[key] if now else 0) - (was[key] if was else 0) for key in ("commits", "blobs"))
    kind: Kind = "added" if was is None else "dropped" if now is None else "same" if _same(was, now) else "moved"
    return Difference(repository=name, kind=kind, commits=commits, blobs=blobs)


def _same(was: Row, now: Row) -> bool:
    return all(was[key] == now[key] for key in ("tips", "head", "include", "services"))
