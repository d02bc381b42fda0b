"""Where the blobs of a history stand, and what that makes of each: left out for a reason, or a file in some language."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

from espalier.core.repositories import globs
from espalier.core.repositories.attributes import Attributes
from espalier.core.repositories.classify import by_content, by_itself, by_path, named_language
from espalier.core.repositories.history import TreeEntry
from espalier.core.repositories.licences import speaks_of_licence
from espalier.core.repositories.walks import Blob, Walk

NOT_INCLUDED = "not-included"
PROSE = frozenset(("Markdown", "reStructuredText", "Text", "JSON", "HTML", "XML", "Jupyter"))


@dataclass(frozen=True, slots=True)
class File:
    path: str
    mode: str


class Stands:
    """The files that blobs are: where history first shows them, and in the tree of now."""

    def __init__(self, walk: Walk, files: Mapping[str, TreeEntry]) -> None:
        self._walk = walk
        self.now: dict[str, list[File]] = {}
        for path, entry in files.items():
            self.now.setdefault(entry.oid, []).append(File(path, entry.mode))
        named = {path: last.blob for path, last in walk.licences.items()}
        self.licences = named | {path: entry.oid for path, entry in files.items() if path in named}

    def first(self, oid: str) -> File | None:
        place = self._walk.blobs[oid].place
        return File(place.path, place.mode) if place else None

    def files(self, oid: str) -> Iterator[File]:
        if first := self.first(oid):
            yield first
        yield from self.now.get(oid, ())


class Judge:
    """Tells of a file that was read why it is left out, the person's globs first, and else what it is. It remembers paths."""

    def __init__(self, include: Sequence[str], rules: Attributes) -> None:
        self._wanted = [globs.below(pattern) for pattern in include]
        self._rules = rules
        self._path = cache(self._by_path)
        self._language = cache(named_language)
        self._speaks = cache(speaks_of_licence)

    def reason(self, file: File, blob: Blob) -> str | None:
        assert blob.content
        wanted, by_path = self._path(file.path)
        if not wanted:
            return NOT_INCLUDED
        content, size = blob.content, blob.size or 0
        return by_itself(file.mode, content) or by_path or by_content(file.path, content, size, self._rules)

    def language(self, path: str, blob: Blob) -> str | None:
        assert blob.content
        return self._language(path) or blob.content.interpreter

    def wants_header(self, file: File, blob: Blob) -> bool:
        """Whether a file's own top counts for what licence it has."""
        spoken = self.language(file.path, blob)
        return spoken is not None and spoken not in PROSE and not self._speaks(file.path)

    def _by_path(self, path: str) -> tuple[bool, str | None]:
        wanted = not self._wanted or globs.matches(path, self._wanted)
        return wanted, by_path(path, self._rules)
