"""The archive of a review pack: four members of known names and bounded sizes, and nothing else is unpacked."""

import os
import stat
import struct
import zlib
from collections.abc import Mapping
from io import BytesIO
from pathlib import Path
from typing import IO, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from espalier.core.failures import UnusableInput

MANIFEST: Final = "manifest.json"
SIGNATURE: Final = "manifest.sig"
CHECKPOINT: Final = "checkpoint.json"
FINDINGS: Final = "findings.json"
LARGEST: Final = 64 << 20  # bytes of the archive
SIZES: Final = {CHECKPOINT: 64 << 10, FINDINGS: 32 << 20, MANIFEST: 64 << 10, SIGNATURE: 64 << 10}  # of each member

# The record that ends a zip without a comment: signature, disks, entries, size and place of the directory, length of the comment.
_END: Final = struct.Struct("<4sHHHHLLH")
_LARGEST_DIRECTORY: Final = 4096
_ZIP64: Final = b"PK\x06\x07"
_ZIP64_SIZE: Final = 20
_ENCRYPTED: Final = 0x1
_REMEDY: Final = "Get it again from who made it."


def write(members: Mapping[str, bytes], out: IO[bytes]) -> None:
    """The same members give the same bytes, as far as the compression library allows: no time, no owner."""
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name in sorted(members):
            archive.writestr(ZipInfo(name), members[name], ZIP_DEFLATED)


def read(path: Path) -> dict[str, bytes]:
    """The members by name. Raises UnusableInput for what is no pack, with a member more, less, doubled or larger than it says."""
    data = read_bounded(path, LARGEST)
    _require_small_directory(data, path)
    try:
        with ZipFile(BytesIO(data)) as archive:
            if sorted(one.filename for one in archive.infolist()) != sorted(SIZES):
                raise UnusableInput(f"{path} doesn't hold the {len(SIZES)} files of a review pack.", _REMEDY)
            return {one.filename: _member(archive, one, path) for one in archive.infolist()}
    except (BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, NotImplementedError) as error:
        raise UnusableInput(f"{path} is a damaged archive.", _REMEDY) from error


def read_bounded(path: Path, most: int) -> bytes:
    """The bytes of a regular file no longer than that; raises UnusableInput."""
    try:
        # Without O_NONBLOCK, opening a pipe somebody put there would wait for ever.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise UnusableInput(f"{path} is not a regular file.", "Name the file that you were sent.")
            data = file.read(most + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such name"
        raise UnusableInput(f"{path} can't be read: {reason}.", "Name the file that you were sent.") from error
    if len(data) > most:
        raise UnusableInput(f"{path} is larger than {most:,} bytes.", _REMEDY)
    return data


def _require_small_directory(data: bytes, path: Path) -> None:
    """Before anything is read from the directory, which could list a million members."""
    end = data[-_END.size :]
    before = data[-_END.size - _ZIP64_SIZE : -_END.size]
    if len(end) == _END.size and not before.startswith(_ZIP64):
        mark, _, _, here, entries, size, _, comment = _END.unpack(end)
        if (mark, here, entries, comment) == (b"PK\x05\x06", len(SIZES), len(SIZES), 0) and size <= _LARGEST_DIRECTORY:
            return
    raise UnusableInput(f"{path} is not a review pack.", _REMEDY)


def _member(archive: ZipFile, one: ZipInfo, path: Path) -> bytes:
    if one.flag_bits & _ENCRYPTED or one.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise UnusableInput(f"{one.filename} in {path} is packed in a way that is not accepted.", _REMEDY)
    if one.file_size > SIZES[one.filename]:
        raise UnusableInput(f"{one.filename} in {path} is larger than {SIZES[one.filename]:,} bytes.", _REMEDY)
    with archive.open(one) as file:
        data = file.read(one.file_size + 1)
    if len(data) != one.file_size:
        raise UnusableInput(f"{one.filename} in {path} is not as large as it says.", _REMEDY)
    return data
