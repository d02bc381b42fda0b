"""What an archive is, by its first bytes and never by its name."""

import re
from typing import Literal

Kind = Literal["zip", "tar", "gzip", "bzip2", "xz", "other"]
_FIRST: tuple[tuple[bytes, Kind], ...] = (
    (b"PK\3\4", "zip"),
    (b"PK\5\6", "zip"),  # one without a member
    (b"\x1f\x8b", "gzip"),
    (b"\xfd7zXZ\0", "xz"),
    (b"PK\7\b", "other"),  # a zip in several volumes
    (b"\x28\xb5\x2f\xfd", "other"),  # Zstandard
    (b"7z\xbc\xaf\x27\x1c", "other"),
    (b"Rar!\x1a\x07", "other"),
    (b"\x1f\x9d", "other"),  # compress
    (b"\x04\x22\x4d\x18", "other"),  # LZ4
    (b"!<arch>\n", "other"),  # ar, and so .deb
)
_BEGINNINGS = tuple(begin for begin, _ in _FIRST)
_BZIP2 = re.compile(rb"BZh[1-9](?:1AY&SY|\x17rE8P\x90)")  # a block, or the end where there is none
_TAR_AT, _TAR = 257, b"ustar"


def kind(data: bytes) -> Kind | None:
    """None for what is no archive. "other" is one that is not opened here."""
    if data.startswith(_BEGINNINGS):
        return next(name for begin, name in _FIRST if data.startswith(begin))
    if data.startswith(b"BZh") and _BZIP2.match(data):
        return "bzip2"
    return "tar" if data.startswith(_TAR, _TAR_AT) else None
