"""Small archives, whole and hostile, made in memory."""

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Mapping

from espalier.core.findings.archives.members import members


def zipped(files: Mapping[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def tarred(files: Mapping[str, bytes], format: int = tarfile.PAX_FORMAT) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode="w", format=format) as archive:
        for name, data in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return made.getvalue()


def all_kinds(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The same files in every archive that is opened."""
    tar = tarred(files)
    return {
        "a.zip": zipped(files),
        "stored.jar": zipped(files, zipfile.ZIP_STORED),
        "a.tar": tar,
        "gnu.tar": tarred(files, tarfile.GNU_FORMAT),
        "old.tar": tarred(files, tarfile.USTAR_FORMAT),
        "a.tgz": gzip.compress(tar),
        "a.tar.bz2": bz2.compress(tar),
        "a.tar.xz": lzma.compress(tar),
    }


def entry(name: bytes, packed: bytes, *, size: int, crc: int, method: int = 8, flags: int = 0, at: int = 0) -> bytes:
    """An entry of a zip's directory, which may say anything."""
    numbers = (crc, len(packed), size, len(name), 0, 0, 0, 0, 0, at)
    return struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, flags, method, 0, 0, *numbers) + name


def local(name: bytes, packed: bytes, *, size: int, crc: int, method: int = 8, flags: int = 0) -> bytes:
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, flags, method, 0, 0, crc, len(packed), size, len(name), 0) + name


def finished(body: bytes, directory: bytes, count: int) -> bytes:
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def single(name: bytes, data: bytes, *, size: int | None = None, method: int = 8, flags: int = 0) -> bytes:
    """A zip of one file, of which the size, the method or the flags may be a lie."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(data) + packer.flush() if method == 8 else data
    told = len(data) if size is None else size
    crc = zlib.crc32(data)
    head = local(name, packed, size=told, crc=crc, method=method, flags=flags)
    listed = entry(name, packed, size=told, crc=crc, method=method, flags=flags)
    return finished(head + packed, listed, 1)


def overlapping(count: int, unpacked: int) -> bytes:
    """Every entry names the same bytes: a bomb without an archive in it."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    zeros = b"\0" * unpacked
    packed = packer.compress(zeros) + packer.flush()
    told = {"size": unpacked, "crc": zlib.crc32(zeros)}
    listed = entry(b"a", packed, **told)
    return finished(local(b"a", packed, **told) + packed, listed * count, count)


def nested(levels: int, width: int = 16) -> bytes:
    """As 42.zip: archives in archives, at the bottom a file of zeros."""
    data = zipped({"0.dll": b"\0" * (4 << 20)})
    for _ in range(levels):
        data = zipped({f"lib {number}.zip": data for number in range(width)})
    return data


def told(data: bytes, name: str = "a.zip") -> dict[str, str | None]:
    """Path → text, or why there is none."""
    found: dict[str, str | None] = {}
    for one in members(data, name):
        assert one.path not in found or one.path == "", one.path
        found[one.path] = one.decoded.text if one.decoded.text is not None else f"({one.decoded.not_scanned})"
    return found
