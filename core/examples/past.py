"""The past of a repository's head: its ancestors, its main line, and the versions of each Python file on that line."""

import bisect
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from espalier.core.examples.appearance import Version
from espalier.core.repositories import history
from espalier.core.repositories.classify import language
from espalier.core.repositories.history import Change, Commit


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """`commits` are head's ancestors and head, parents first; none claims an earlier time than its parents.

    `line` is head's line of first parents, oldest first: what the people who merge have seen, one state after the other.
    `versions` and `left` tell what changed on it, by path and by commit; `changes` of commits with one parent, anywhere.
    """

    commits: tuple[Commit, ...]
    line: tuple[Commit, ...]
    place: dict[str, int]
    versions: dict[str, list[Version]]
    left: dict[str, list[Change]]
    changes: dict[str, list[Change]]

    def until(self, path: str, commit: str) -> Sequence[Version]:
        """The versions of a path up to a commit of the line, that commit's own included, oldest first."""
        return self._cut(path, self.place[commit] + 1)

    def before(self, path: str, commit: str) -> Sequence[Version]:
        return self._cut(path, self.place[commit])

    def _cut(self, path: str, place: int) -> Sequence[Version]:
        known = self.versions.get(path, [])
        return known[: bisect.bisect_left(known, place, key=lambda version: self.place[version.commit])]


def past(repository: Path, head: str) -> Past:
    """Read it once; raises what git raises for a damaged repository."""
    commits = _in_order(history.commits(repository, [head]))
    line = _main_line(commits, head)
    place = {commit.oid: number for number, commit in enumerate(line)}
    single = {commit.oid for commit in commits if len(commit.parents) <= 1}
    changes: dict[str, list[Change]] = defaultdict(list)
    versions: dict[str, list[Version]] = defaultdict(list)
    left: dict[str, list[Change]] = defaultdict(list)
    first = {commit.oid: commit.parents[0] if commit.parents else None for commit in line}
    for change in history.changes(repository, [head]):
        if language(change.path) != "Python":
            continue
        if change.commit in single:
            changes[change.commit].append(change)
        if change.commit in place and change.parent == first[change.commit]:
            versions[change.path].append(_version(change, line[place[change.commit]]))
            if change.old_blob is not None:
                left[change.commit].append(change)
    return Past(
        commits=commits, line=line, place=place, versions=dict(versions), left=dict(left), changes=dict(changes)
    )


def _in_order(commits: Iterable[Commit]) -> tuple[Commit, ...]:
    """The commits with times that never run backwards: a clock or a person may have set one into the past."""
    when: dict[str, int] = {}
    ordered = []
    for commit in commits:
        when[commit.oid] = max([commit.committed_at, *(when[parent] for parent in commit.parents if parent in when)])
        ordered.append(replace(commit, committed_at=when[commit.oid]))
    return tuple(ordered)


def _main_line(commits: Sequence[Commit], head: str) -> tuple[Commit, ...]:
    by_oid = {commit.oid: commit for commit in commits}
    line = [by_oid[head]]
    while line[-1].parents and line[-1].parents[0] in by_oid:
        line.append(by_oid[line[-1].parents[0]])
    return tuple(reversed(line))


def _version(change: Change, commit: Commit) -> Version:
    return Version(commit=commit.oid, committed_at=commit.committed_at, blob=change.new_blob)
