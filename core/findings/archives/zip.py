"""The files that the directory of a zip names, each read where the directory says it lies.

APPNOTE.TXT 6.3, sections 4.3 and 4.5. Sizes and counts in the file are believed only after what is there agrees with them.
"""

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from espalier.core.findings.archives.file import File, Unreadable

_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR_SIZE = 20
_LONGEST_COMMENT = 0xFFFF
_DESCRIPTOR = 24  # bytes that may follow a member's own
_STORED, _DEFLATED = 0, 8
_ENCRYPTED = 0x1 | 0x40 | 0x2000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Directory:
    """`shift`: how far everything lies behind where the file says, because something was put in front."""

    start: int
    end: int
    shift: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A member as the directory tells of it; `at` is where its own header lies, `behind` where the next entry begins."""

    name: bytes
    flags: int
    method: int
    crc: int
    packed: int
    size: int
    at: int
    behind: int


def files(data: bytes) -> Iterator[File]:
    """In the order of the directory, folders left out. Raises Unreadable where the rest of it can't be told; and at its end,
    where bytes before it belong to no member, or to two.
    """
    directory = _directory(data)
    at, used, count = directory.start, 0, 0
    while at < directory.end:
        entry = _entry(data, at, directory)
        at, count = entry.behind, count + 1
        used += _extent(data, entry)
        if not (entry.name.endswith(b"/") and entry.size == 0):
            yield File(name=entry.name, packed=entry.packed, read=partial(_content, data, entry))
    _refuse_hidden(directory, used, count)


def _directory(data: bytes) -> _Directory:
    at = data.rfind(b"PK\5\6", max(0, len(data) - _END.size - _LONGEST_COMMENT))
    if at < 0 or at + _END.size > len(data):
        raise Unreadable("damaged")
    *_, size, offset, comment = _END.unpack_from(data, at)
    if at + _END.size + comment != len(data):
        raise Unreadable("damaged")
    large = at - _LOCATOR_SIZE - _END64.size
    if large >= 0 and data.startswith(b"PK\6\7", at - _LOCATOR_SIZE) and data.startswith(b"PK\6\6", large):
        *_, size, offset = _END64.unpack_from(data, large)
        at = large
    start = at - size
    if start < 0 or start < offset:
        raise Unreadable("damaged")
    return _Directory(start=start, end=at, shift=start - offset)


def _entry(data: bytes, at: int, directory: _Directory) -> _Entry:
    if at + _ENTRY.size > directory.end or not data.startswith(b"PK\1\2", at):
        raise Unreadable("damaged")
    fields = _ENTRY.unpack_from(data, at)
    _, _, _, flags, method, _, _, crc, packed, size, named, extra, comment, _, _, _, offset = fields
    begin = at + _ENTRY.size
    behind = begin + named + extra + comment
    if behind > directory.end:
        raise Unreadable("damaged")
    size, packed, offset = _large(data[begin + named : begin + named + extra], [size, packed, offset])
    return _Entry(
        name=data[begin : begin + named],
        flags=flags,
        method=method,
        crc=crc,
        packed=packed,
        size=size,
        at=offset + directory.shift,
        behind=behind,
    )


def _large(extra: bytes, numbers: list[int]) -> list[int]:
    """Those that do not fit into 32 bits stand in a field of their own, in this order."""
    field, at = b"", 0
    while at + 4 <= len(extra):
        name, size = struct.unpack_from("<2H", extra, at)
        if name == 1:
            field = extra[at + 4 : at + 4 + size]
        at += 4 + size
    missing = [number for number in numbers if number == 0xFFFFFFFF]
    if len(field) < 8 * len(missing):
        raise Unreadable("damaged")
    found = iter(struct.unpack_from(f"<{len(missing)}Q", field))
    return [next(found) if number == 0xFFFFFFFF else number for number in numbers]


def _content(data: bytes, entry: _Entry, most: int) -> bytes:
    if entry.flags & _ENCRYPTED:
        raise Unreadable("encrypted")
    if entry.method not in (_STORED, _DEFLATED):
        raise Unreadable("unsupported")
    begin = _begin(data, entry)
    packed = memoryview(data)[begin : begin + entry.packed]
    if len(packed) != entry.packed:
        raise Unreadable("damaged")
    content = bytes(packed[:most]) if entry.method == _STORED else _inflated(packed, most)
    if len(content) < most and (len(content) != entry.size or zlib.crc32(content) != entry.crc):
        raise Unreadable("damaged")
    return content


def _extent(data: bytes, entry: _Entry) -> int:
    """Bytes that belong to a member, its own header included; none where it has none, which reading it will tell."""
    try:
        return _begin(data, entry) - entry.at + entry.packed
    except Unreadable:
        return 0


def _begin(data: bytes, entry: _Entry) -> int:
    """Where the bytes of a member lie; its own header must be there, and tell the same name."""
    if entry.at + _LOCAL.size > len(data) or not data.startswith(b"PK\3\4", entry.at):
        raise Unreadable("damaged")
    *_, named, extra = _LOCAL.unpack_from(data, entry.at)
    name = entry.at + _LOCAL.size
    if data[name : name + named] != entry.name:
        raise Unreadable("damaged")
    return name + int(named) + int(extra)


def _inflated(packed: memoryview, most: int) -> bytes:
    unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacker.decompress(packed, most)
    except zlib.error:
        raise Unreadable("damaged") from None
    if len(content) < most and (not unpacker.eof or unpacker.unused_data):
        raise Unreadable("damaged")
    return content


def _refuse_hidden(directory: _Directory, used: int, count: int) -> None:
    gap = directory.start - used
    if not 0 <= gap <= count * _DESCRIPTOR:
        raise Unreadable("damaged" if gap < 0 else "unsupported")
