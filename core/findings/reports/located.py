"""Reported places in the git objects of a corpus: the blob that is meant, and the characters in it where the value is seen."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from types import TracebackType
from typing import Literal, Self

from espalier.core.findings.decode import decode
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.findings.reports.hashed import Hashes
from espalier.core.findings.reports.reported import Reported
from espalier.core.findings.reports.stretch import Lines, Stretch, has_check, lines, stretch
from espalier.core.findings.reports.versions import Version, versions
from espalier.core.project.key import ProjectKey
from espalier.core.repositories.corpus import CorpusRepository
from espalier.core.repositories.git import LargeObject, MissingObject, ObjectReader
from espalier.core.repositories.history import TreeEntry, tree
from espalier.core.repositories.pathname import shown

Reason = Literal[
    "no file is named",
    "no line is named",
    "not in the history",
    "the commit is not in the corpus",
    "the file is not scanned",
    "the text differs",
    "too many versions to look through",
]
MOST_TREES = 64  # commits whose whole tree is listed, because they did not change the file that they are named for
MOST_LOOKS = 200_000  # versions of files that are read for what does not stand where it was told
MOST_HELD = 64 << 20  # characters of the versions of one file that are kept in memory


@dataclass(frozen=True, slots=True, kw_only=True)
class Located:
    version: Version
    line: int
    stretch: Stretch
    value: str = field(repr=False)


class Locator:
    """Looks places of one repository up. Its history is walked once, for the paths that are reported; not for two threads."""

    def __init__(self, repository: CorpusRepository, reported: Iterable[Reported], key: ProjectKey) -> None:
        self._repository = repository
        self._hashes = Hashes(lambda value, kind: fingerprint(key, value, kind))
        self._wanted = frozenset(end for one in reported if one.path for end in _ends(one.path))
        self._reader = ObjectReader(repository.path)
        self._trees: dict[str, dict[str, TreeEntry]] = {}
        self._texts: dict[str, Lines | None] = {}
        self._path, self._held, self._looks = "", 0, 0

    def __enter__(self) -> Self:
        self._versions = versions(self._repository.path, self._repository.tips.values(), self._wanted)
        self._reader.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._reader.__exit__(kind, error, trace)

    def locate(self, one: Reported) -> Located | Reason:
        """Where it is told to be; else, where its value can be known again, in any version of the file, the newest first."""
        if one.path is None:
            return "no file is named"
        if one.line is None and not has_check(one):
            return "no line is named"
        path = self._known_path(one)
        if path is None:
            return "not in the history"
        self._forget_others(path)
        exact = self._exact(path, one)
        found = self._within(exact, one) if isinstance(exact, Version) else exact
        looked_for = one.value is not None or (has_check(one) and one.line is not None)
        return self._anywhere(path, one, found) if not isinstance(found, Located) and looked_for else found

    def _known_path(self, one: Reported) -> str | None:
        """What nothing but its place tells of is looked for under its very path."""
        told = _ends(one.path or "")
        may_differ = has_check(one) or one.entropy is not None
        return next((path for path in told[: None if may_differ else 1] if path in self._versions.by_path), None)

    def _exact(self, path: str, one: Reported) -> Version | Reason:
        """What the commit made of the file, or what stood there in it; without a commit, what stands there now or stood last."""
        if one.commit is not None and one.commit not in self._versions.commits:
            return "the commit is not in the corpus"
        made = self._versions.by_path[path]
        since = next((version for version in made if version.commit == one.commit), None)
        entry = None if since else self._tree(one.commit or self._repository.head).get(path)
        stood = next((version for version in reversed(made) if entry and version.blob == entry.oid), None)
        return since or stood or ("not in the history" if one.commit else made[-1])

    def _tree(self, commit: str | None) -> dict[str, TreeEntry]:
        if commit is None:
            return {}
        if commit not in self._trees and len(self._trees) < MOST_TREES:
            whole = tree(self._repository.path, commit)
            self._trees[commit] = {path: whole[path] for path in self._wanted & whole.keys()}
        return self._trees.get(commit, {})

    def _anywhere(self, path: str, one: Reported, otherwise: Reason) -> Located | Reason:
        for version in reversed(self._versions.by_path[path]):
            self._looks += 1
            if self._looks > MOST_LOOKS:
                return "too many versions to look through"
            found = self._within(version, one)
            if isinstance(found, Located):
                return found
        return otherwise

    def _within(self, version: Version, one: Reported) -> Located | Reason:
        within = self._lines(version.blob)
        if within is None:
            return "the file is not scanned"
        found = stretch(within, one, self._hashes)
        if found is None:
            return "the text differs"
        value = within.text[found.start : found.end] if found.seen else ""
        return Located(version=version, line=within.number(found.start), stretch=found, value=value)

    def _lines(self, blob: str) -> Lines | None:
        """None for what is not read as text. The versions of the file that is looked at are kept for its other places."""
        if blob not in self._texts:
            text = self._text(blob)
            self._held += len(text or "")
            if self._held > MOST_HELD:
                self._texts, self._held = {}, len(text or "")
            self._texts[blob] = None if text is None else lines(text)
        return self._texts[blob]

    def _text(self, blob: str) -> str | None:
        try:
            return decode(self._reader.read(blob)).text
        except (LargeObject, MissingObject):
            return None

    def _forget_others(self, path: str) -> None:
        if path != self._path:
            self._path, self._texts, self._held = path, {}, 0
            self._hashes.forget()


def _ends(path: str) -> list[str]:
    """A path, then what is left of it without its first folders, since scanners tell paths from the folder that they ran in.

    Written as names out of git are.
    """
    parts = path.split("/")
    return [shown("/".join(parts[at:]).encode("utf-8", "surrogatepass")) for at in range(len(parts))]
