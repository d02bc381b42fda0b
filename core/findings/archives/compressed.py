"""A single stream, compressed by gzip, bzip2 or xz, unpacked up to a size."""

import bz2
import lzma
import zlib
from collections.abc import Callable
from typing import Protocol

from espalier.core.findings.archives.file import Unreadable
from espalier.core.findings.archives.kind import Kind

_STREAMS = 64  # of one file, one behind the other
_XZ_MEMORY = 72 << 20  # bytes; what `xz -9` makes takes 65 MiB, and not all of it is used


class _Unpacker(Protocol):
    @property
    def eof(self) -> bool: ...
    @property
    def unused_data(self) -> bytes: ...
    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


_UNPACKERS: dict[Kind, Callable[[], _Unpacker]] = {
    "gzip": lambda: zlib.decompressobj(16 + zlib.MAX_WBITS),
    "bzip2": bz2.BZ2Decompressor,
    "xz": lambda: lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY),
}


def content(data: bytes, kind: Kind, most: int) -> bytes:
    """Its first `most` bytes at the most. Raises Unreadable where it is damaged or ends too early."""
    pieces, rest = list[bytes](), data
    for _ in range(_STREAMS):
        unpacker = _UNPACKERS[kind]()
        piece = _unpacked(unpacker, rest, most)
        pieces.append(piece)
        most -= len(piece)
        if most == 0:
            return b"".join(pieces)
        if not unpacker.eof:
            raise Unreadable("damaged")
        rest = unpacker.unused_data
        if not rest.strip(b"\0"):  # padding
            return b"".join(pieces)
    raise Unreadable("too large")


def _unpacked(unpacker: _Unpacker, data: bytes, most: int) -> bytes:
    try:
        return unpacker.decompress(data, most)
    except lzma.LZMAError as error:
        raise Unreadable("too large" if "limit" in str(error) else "damaged") from None
    except (zlib.error, OSError, EOFError):  # bz2 says OSError
        raise Unreadable("damaged") from None
