"""One repository of a corpus as the example builder reads it: trees, versions of paths, and blobs as scrubbed text."""

import bisect
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from espalier.core.examples.appearance import Version
from espalier.core.findings.decode import decode
from espalier.core.repositories import history
from espalier.core.repositories.classify import exclusion, language
from espalier.core.repositories.git import ObjectReader
from espalier.core.repositories.history import Commit, TreeEntry
from espalier.core.repositories.services import Services
from espalier.core.scrub.scrubber import Blocked, Scrubber

MESSAGE_PATH = "COMMIT_EDITMSG"  # what git calls a message while it is written; no language's own rules apply to it


@dataclass(slots=True)
class Source:
    """A repository held open. `raw` text never leaves memory; everything that is kept comes from `scrubbed`."""

    name: str
    path: Path
    tips: dict[str, str]
    head: str
    given_services: dict[str, str]
    scrubber: Scrubber
    reader: ObjectReader
    commits: list[Commit] = field(default_factory=list)
    versions: dict[str, list[Version]] = field(default_factory=dict)
    changes: dict[str, list[history.Change]] = field(default_factory=dict)

    def raw(self, blob: str) -> str | None:
        """The text of a blob, None for what has none (binary, too large, undecodable)."""
        return decode(self.reader.read(blob)).text

    def scrubbed(self, blob: str, path: str) -> str | None:
        """What may be learnt of a blob; None where it has no text or is blocked from training."""
        text = self.raw(blob)
        if text is None:
            return None
        try:
            return self.scrubber.scrub_blob(blob, text, path).text
        except Blocked:
            return None

    def scrubbed_message(self, commit: Commit) -> str:
        """What may be learnt of a message; nothing where a decision blocks it."""
        try:
            return self.scrubber.scrub(commit.message, MESSAGE_PATH).text
        except Blocked:
            return ""

    def learnable(self, path: str, entry: TreeEntry) -> bool:
        """Whether a file is the company's own Python, written by hand, and no test."""
        if language(path) != "Python" or is_test(path) or entry.size is None:
            return False
        head = self.reader.read(entry.oid)[:8192]
        return exclusion(path, head, entry.size, entry.mode) is None

    def tree(self, commit: str) -> dict[str, TreeEntry]:
        return history.tree(self.path, commit)

    def services(self, paths: list[str]) -> Services:
        return Services(self.name, paths, self.given_services)

    def versions_until(self, path: str, moment: int) -> list[Version]:
        """The versions of a path up to a time (Unix seconds), oldest first."""
        known = self.versions.get(path, [])
        return known[: bisect.bisect_right(known, moment, key=lambda version: version.committed_at)]


def is_test(path: str) -> bool:
    name = path.rsplit("/", 1)[-1]
    return name.startswith("test_") or name.endswith("_test.py") or name == "conftest.py" or "tests/" in f"/{path}"


@contextmanager
def opened(
    name: str, path: Path, tips: dict[str, str], head: str, services: dict[str, str], scrubber: Scrubber
) -> Iterator[Source]:
    """Read the repository's commits and changes once; raises what git raises for a damaged one."""
    with ObjectReader(path) as reader:
        source = Source(name, path, tips, head, services, scrubber, reader)
        source.commits = list(history.commits(path, tips.values()))
        when = {commit.oid: commit.committed_at for commit in source.commits}
        versions: dict[str, list[Version]] = defaultdict(list)
        changes: dict[str, list[history.Change]] = defaultdict(list)
        for change in history.changes(path, tips.values()):
            changes[change.commit].append(change)
            if change.new_blob is not None:
                version = Version(commit=change.commit, committed_at=when[change.commit], blob=change.new_blob)
                versions[change.path].append(version)
        source.versions = {path: sorted(known, key=lambda one: one.committed_at) for path, known in versions.items()}
        source.changes = dict(changes)
        yield source
