"""The files of a tar, in its order: POSIX ustar and pax, and what GNU tar adds for long names.

IEEE Std 1003.1-2024, pax, "ustar Interchange Format". Links, devices and folders have no content, and are nothing but names.
"""

from collections.abc import Iterator
from functools import partial

from espalier.core.findings.archives.file import File, Unreadable

_BLOCK = 512
_LONGEST_HEADER = 1 << 16  # bytes of a long name or of a pax header
_FILES = (b"0", b"\0", b"7")
_WITHOUT_CONTENT = (b"1", b"2", b"3", b"4", b"5", b"6")
_LONG_NAME, _LONG_LINK, _PAX, _GLOBAL_PAX = b"L", b"K", b"x", b"g"
_MOST_DIGITS = 20


def files(data: bytes) -> Iterator[File]:
    """Raises Unreadable where the rest of it can't be told, or where something follows its end."""
    at, told = 0, dict[bytes, bytes]()
    while not _is_end(data, at):
        header = data[at : at + _BLOCK]
        type, begin = header[156:157], at + _BLOCK
        size = _size(header, told)
        at = begin + -(-size // _BLOCK) * _BLOCK
        if begin + size > len(data):
            raise Unreadable("damaged")
        if type in (_LONG_NAME, _LONG_LINK, _PAX, _GLOBAL_PAX):
            told |= _told(type, data[begin : begin + min(size, _LONGEST_HEADER + 1)])
            continue
        if type not in _WITHOUT_CONTENT:
            name = told.get(b"path") or _name(header)
            readable = type in _FILES and not any(key.startswith(b"GNU.sparse") for key in told)
            read = partial(_content, data, begin, size) if readable else _unsupported
            yield File(name=name, packed=0, read=read)
        told = {}


def _is_end(data: bytes, at: int) -> bool:
    if at + _BLOCK > len(data):
        raise Unreadable("damaged")
    if any(data[at : at + _BLOCK]):
        return False
    if data.count(b"\0", at) != len(data) - at:
        raise Unreadable("damaged")
    return True


def _size(header: bytes, told: dict[bytes, bytes]) -> int:
    if _number(header[148:156]) != sum(header[:148]) + 8 * ord(" ") + sum(header[156:]):
        raise Unreadable("damaged")
    size = told.get(b"size")
    return _number(header[124:136]) if size is None else _decimal(size)


def _number(field: bytes) -> int:
    """Octal digits, or a number in base 256 where the first bit is set."""
    if field[0] & 0x80:
        return int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    digits = field.strip(b" \0")
    if digits.strip(b"01234567"):
        raise Unreadable("damaged")
    return int(digits or b"0", 8)


def _decimal(digits: bytes) -> int:
    if not digits.isdigit() or len(digits) > _MOST_DIGITS:
        raise Unreadable("damaged")
    return int(digits)


def _name(header: bytes) -> bytes:
    name, before = header[:100].split(b"\0")[0], header[345:500].split(b"\0")[0]
    return before + b"/" + name if before and header.startswith(b"ustar\0", 257) else name


def _told(type: bytes, header: bytes) -> dict[bytes, bytes]:
    """What a header says of the file that follows; the global ones say nothing that is needed here."""
    if len(header) > _LONGEST_HEADER:
        raise Unreadable("too large")
    if type == _LONG_NAME:
        return {b"path": header.split(b"\0")[0]}
    return dict(_records(header)) if type == _PAX else {}


def _records(header: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 0
    while at < len(header):
        digits, _, _ = header[at : at + _MOST_DIGITS + 1].partition(b" ")
        end = at + _decimal(digits)
        key, is_record, value = header[at + len(digits) + 1 : end].partition(b"=")
        if not is_record or end > len(header):
            raise Unreadable("damaged")
        yield key, value.removesuffix(b"\n")
        at = end


def _content(data: bytes, begin: int, size: int, most: int) -> bytes:
    return data[begin : begin + min(size, most)]


def _unsupported(most: int) -> bytes:
    raise Unreadable("unsupported")
