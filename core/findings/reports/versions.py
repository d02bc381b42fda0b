"""The versions of files in a repository's history: which blobs stood under a path, and since which commits."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from espalier.core.repositories.history import changes


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A blob under a path since a commit."""

    path: str
    commit: str
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Versions:
    """The versions by path, oldest first, and every commit that changed anything."""

    by_path: dict[str, list[Version]]
    commits: frozenset[str]


def versions(repository: Path, tips: Iterable[str], wanted: frozenset[str]) -> Versions:
    """Of the wanted paths only; one walk through the whole history."""
    by_path: dict[str, list[Version]] = {}
    commits: set[str] = set()
    for change in changes(repository, tips):
        commits.add(change.commit)
        if change.new_blob and change.path in wanted:
            made = Version(path=change.path, commit=change.commit, blob=change.new_blob)
            by_path.setdefault(change.path, []).append(made)
    return Versions(by_path=by_path, commits=frozenset(commits))
