"""A bundle's folder as it is found: opened without following links, read with bounds, nothing in it believed."""

import errno
import hashlib
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Final

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.release.words import quoted

SUBFOLDERS: Final = ("LICENSES", "adapter")
MAX_ENTRIES: Final = 256
CHUNK: Final = 1 << 20


class Folder:
    """An open bundle folder. Every name is resolved from the one open descriptor, so a swapped parent changes nothing."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def names(self) -> Iterator[tuple[str, str]]:
        """(path, what is wrong with it or "") of everything in the folder; raises GateShut when there is too much."""
        try:
            for path, mode in self._walk("", self._descriptor):
                yield path, "" if stat.S_ISREG(mode) else f"is {_kind(mode)}"
        except OSError as error:
            raise GateShut(f"The folder can't be listed: {error.strerror}.") from error

    def read(self, path: str, most: int) -> bytes:
        """The bytes of a file no longer than `most`; raises GateShut."""
        with self._open(path) as descriptor:
            if os.fstat(descriptor).st_size > most:
                raise GateShut(f"{quoted(path)} is larger than {most:,} bytes.")
            data = b"".join(_chunks(descriptor, most + 1))
        if len(data) > most:
            raise GateShut(f"{quoted(path)} grew while it was read.")
        return data

    def chunks(self, path: str, size: int) -> Iterator[bytes]:
        """The bytes of a file that must have exactly this size, in pieces; raises GateShut."""
        with self._open(path) as descriptor:
            found = os.fstat(descriptor).st_size
            if found != size:
                raise GateShut(f"{quoted(path)} has {found:,} bytes; the manifest says {size:,}.")
            yield from _chunks(descriptor, size)

    def sha256(self, path: str, size: int) -> str:
        hasher = hashlib.sha256()
        for chunk in self.chunks(path, size):
            hasher.update(chunk)
        return hasher.hexdigest()

    def _walk(self, prefix: str, descriptor: int) -> Iterator[tuple[str, int]]:
        with os.scandir(descriptor) as entries:
            found = sorted(entry.name for entry in islice(entries, MAX_ENTRIES + 1))
        if len(found) > MAX_ENTRIES:
            raise GateShut(f"The folder holds more than {MAX_ENTRIES} entries; a bundle holds a dozen.")
        for name in found:
            mode = os.stat(name, dir_fd=descriptor, follow_symlinks=False).st_mode
            if not (stat.S_ISDIR(mode) and not prefix and name in SUBFOLDERS):
                yield prefix + name, mode
                continue
            with _opened(name, os.O_DIRECTORY, descriptor) as inner:
                yield from self._walk(f"{name}/", inner)

    @contextmanager
    def _open(self, path: str) -> Iterator[int]:
        parent, _, name = path.rpartition("/")
        try:
            with _opened(parent or ".", os.O_DIRECTORY, self._descriptor) as inner, _opened(name, 0, inner) as opened:
                if not stat.S_ISREG(os.fstat(opened).st_mode):
                    raise GateShut(f"{quoted(path)} is not a regular file.")
                yield opened
        except OSError as error:
            raise GateShut(f"{quoted(path)} {_reason(error)}.") from error


@contextmanager
def opened(path: Path) -> Iterator[Folder]:
    """Raises UnusableInput where there is no folder to look at."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except (OSError, ValueError) as error:
        raise UnusableInput(f"There is no folder {path} that can be read.", "Give the folder of a bundle.") from error
    try:
        yield Folder(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _opened(name: str, flags: int, folder: int) -> Iterator[int]:
    # Without O_NONBLOCK, opening a pipe somebody put there would wait for ever.
    descriptor = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC | flags, dir_fd=folder)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def _chunks(descriptor: int, most: int) -> Iterator[bytes]:
    left = most
    while left > 0 and (chunk := os.read(descriptor, min(CHUNK, left))):
        left -= len(chunk)
        yield chunk


def _kind(mode: int) -> str:
    kinds = {stat.S_IFLNK: "a link", stat.S_IFDIR: "a folder"}
    return kinds.get(stat.S_IFMT(mode), "a special file")


def _reason(error: OSError) -> str:
    if error.errno in (errno.ENOENT, errno.ENOTDIR):
        return "is missing"
    return "is a link" if error.errno == errno.ELOOP else f"can't be read: {error.strerror}"
