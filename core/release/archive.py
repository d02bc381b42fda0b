"""The hash of an adapter's archive (training/adapter.py makes it), from its files and without holding them in memory."""

import hashlib
import tarfile
from collections.abc import Iterable


def archive_sha256(members: Iterable[tuple[str, int, Iterable[bytes]]]) -> str:
    """The hash that the archive of these (name, size, bytes) has, in a ustar without owner, group or time."""
    hasher, length = hashlib.sha256(), 0
    for name, size, chunks in members:
        header = tarfile.TarInfo(name)
        header.size = size
        for piece in (header.tobuf(tarfile.USTAR_FORMAT), *chunks, bytes(-size % tarfile.BLOCKSIZE)):
            hasher.update(piece)
            length += len(piece)
    hasher.update(bytes(2 * tarfile.BLOCKSIZE))
    hasher.update(bytes(-(length + 2 * tarfile.BLOCKSIZE) % tarfile.RECORDSIZE))
    return hasher.hexdigest()
