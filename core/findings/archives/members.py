"""What can be read in an archive: each file with its text, or why it has none; nested archives are opened too.

All of it happens in memory and within a budget. A name, also `../../etc/passwd`, is nothing but a name: no file is made.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from espalier.core.findings.archives import compressed, tar, zip
from espalier.core.findings.archives.file import File, Unreadable
from espalier.core.findings.archives.kind import Kind, kind
from espalier.core.findings.decode import LIMIT, Decoded, decode
from espalier.core.repositories.pathname import shown

LARGEST = 16 << 20  # bytes of an archive, packed
MOST_UNPACKED = 48 << 20  # bytes of one archive with all that is in it, what is looked through for them included
MOST_RATIO, ALWAYS = 200, 2 << 20  # times its own size; and what a small one may have in any case
MOST_MEMBERS = 10_000  # of one archive, those of nested ones included
DEPTH = 2  # an archive, and one in it
LONGEST_NAME = 1000  # bytes
WITHIN = "!/"  # between the path of an archive and the name in it


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file in an archive; no two have the same path. An empty path is the archive itself."""

    path: str
    decoded: Decoded


class _Budget:
    """What may still be unpacked; raises Unreadable when it is used up."""

    def __init__(self, size: int) -> None:
        self.bytes = min(MOST_UNPACKED, MOST_RATIO * size + ALWAYS)
        self._members = MOST_MEMBERS

    def count(self) -> None:
        self._members -= 1
        if self._members < 0:
            raise _Spent("too large")

    def spend(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise _Spent("too large")


class _Spent(Unreadable):
    """Nothing more is read of the whole archive."""


class _Opening:
    """One archive while it is opened; `wanted` are the only paths to read, all where there are none."""

    def __init__(self, size: int, wanted: Collection[str] | None) -> None:
        self._budget = _Budget(size)
        self._wanted = wanted

    def within(self, data: bytes, name: str, above: str, depth: int) -> Iterator[Member]:
        """What is in the archive `data`. Whatever can't be told ends it with a member that says so."""
        seen = dict[str, int]()
        try:
            for file in self._files(data, name):
                self._budget.count()
                path = above + _unique(file.name, seen)
                if self._is_wanted(path):
                    yield from self._read(file, path, depth)
        except _Spent:
            raise
        except Unreadable as error:
            yield _not_read(above.removesuffix(WITHIN), error.reason)

    def _files(self, data: bytes, name: str) -> Iterator[File]:
        """Of a zip or a tar; a compressed stream is a tar, or one file."""
        found = kind(data)
        if found in ("gzip", "bzip2", "xz"):
            data = self._unpacked(data, found)
            found = kind(data)
            if found != "tar":
                return iter([_alone(data, name)])
        if found == "other" or found is None:
            raise Unreadable("unsupported")
        return zip.files(data) if found == "zip" else tar.files(data)

    def _unpacked(self, data: bytes, found: Kind) -> bytes:
        self._budget.spend(len(data))
        content = compressed.content(data, found, self._budget.bytes + 1)
        self._budget.spend(len(content))
        return content

    def _read(self, file: File, path: str, depth: int) -> Iterator[Member]:
        try:
            content = self._content(file)
        except _Spent:
            raise
        except Unreadable as error:
            yield _not_read(path, error.reason)
            return
        if kind(content) is None:
            yield Member(path=path, decoded=decode(content))
        elif depth == 1:
            yield _not_read(path, "too deep")
        elif len(content) > LARGEST:
            yield _not_read(path, "too large")
        else:
            yield from self.within(content, PurePosixPath(path).name, path + WITHIN, depth - 1)

    def _content(self, file: File) -> bytes:
        """All of it; of a text that is too large, only so much that this shows."""
        begin = self._some(file, LIMIT)
        return self._some(file, LARGEST) if len(begin) > LIMIT and kind(begin) is not None else begin

    def _some(self, file: File, most: int) -> bytes:
        self._budget.spend(file.packed)
        content = file.read(min(most, self._budget.bytes) + 1)
        self._budget.spend(len(content))
        return content

    def _is_wanted(self, path: str) -> bool:
        return self._wanted is None or any(one == path or one.startswith(path + WITHIN) for one in self._wanted)


def members(data: bytes, name: str, wanted: Collection[str] | None = None) -> Iterator[Member]:
    """What is in an archive that is called `name`, in its order; the last says so where not all of it was read."""
    if len(data) > LARGEST:
        yield _not_read("", "too large")
        return
    try:
        yield from _Opening(len(data), wanted).within(data, name, "", DEPTH)
    except _Spent as error:
        yield _not_read("", error.reason)


def _alone(data: bytes, name: str) -> File:
    stem = PurePosixPath(name).stem
    inner = stem if name.lower().endswith((".gz", ".bz2", ".xz")) and stem else "content"
    return File(name=inner.encode(), packed=0, read=lambda most: data[:most])


def _unique(name: bytes, seen: dict[str, int]) -> str:
    """The name as it is shown; one that was there before, or looks like one of a nested archive, is another."""
    cut = name if len(name) <= LONGEST_NAME else name[:LONGEST_NAME] + b"..."
    text = shown(cut).replace(WITHIN, "! /")
    while text in seen:
        seen[text] += 1
        text = f"{text} ({seen[text]})"
    seen[text] = 1
    return text


def _not_read(path: str, reason: str) -> Member:
    return Member(path=path, decoded=Decoded(None, reason))
