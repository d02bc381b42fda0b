"""The safetensors format: a header read with bounds before any library sees the file, and a writer that streams.

A file is an 8-byte little-endian header length, a JSON header {name: {dtype, shape, data_offsets}}, and the tensors' bytes
end to end (github.com/huggingface/safetensors#format).
"""

import json
import math
import struct
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from espalier.core.failures import UnusableInput

LARGEST_HEADER = 100_000_000
"""Bytes; the limit of the reference implementation."""
MOST_TENSORS = 200_000
MOST_DIMENSIONS = 8
BYTES = {
    "BOOL": 1, "U8": 1, "I8": 1, "F8_E4M3": 1, "F8_E5M2": 1, "U16": 2, "I16": 2, "F16": 2, "BF16": 2,
    "U32": 4, "I32": 4, "F32": 4, "U64": 8, "I64": 8, "F64": 8,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One tensor: `start` and `end` are bytes from the end of the header."""

    dtype: str
    shape: tuple[int, ...]
    start: int
    end: int


def read_header(path: Path) -> dict[str, Entry]:
    """Raises UnusableInput unless the tensors fill the file exactly, in order, each with the bytes its shape asks for."""
    with path.open("rb") as file:
        size = path.stat().st_size
        entries = _entries(_header_bytes(file, size, path.name), path.name)
        data = size - file.tell()
    position = 0
    for name, entry in sorted(entries.items(), key=lambda item: (item[1].start, item[1].end)):
        if entry.start != position or entry.end - entry.start != math.prod(entry.shape) * BYTES[entry.dtype]:
            raise _unusable(path.name, f"the header lies about where {name[:80]!r} is")
        position = entry.end
    if position != data:
        raise _unusable(path.name, f"the header speaks of {position} bytes and the file holds {data}")
    return entries


def _header_bytes(file: BinaryIO, size: int, name: str) -> bytes:
    prefix = file.read(8)
    if len(prefix) < 8:
        raise _unusable(name, "it is too short to have a header")
    (length,) = struct.unpack("<Q", prefix)
    if length > min(LARGEST_HEADER, size - 8):
        raise _unusable(name, "its header is said to be longer than the file, or than any model needs")
    return file.read(length)


def _entries(header: bytes, name: str) -> dict[str, Entry]:
    try:
        found = json.loads(header)
    except (ValueError, RecursionError) as error:
        raise _unusable(name, "its header isn't JSON") from error
    if not isinstance(found, dict) or len(found) > MOST_TENSORS:
        raise _unusable(name, "its header isn't a list of tensors")
    found.pop("__metadata__", None)
    return {tensor: _entry(value, name) for tensor, value in found.items()}


def _entry(value: object, name: str) -> Entry:
    match value:
        case {"dtype": str(dtype), "shape": list(shape), "data_offsets": [int(start), int(end)]}:
            whole = all(type(number) is int and number >= 0 for number in [*shape, start, end])
            if whole and dtype in BYTES and start <= end and len(shape) <= MOST_DIMENSIONS:
                return Entry(dtype=dtype, shape=tuple(shape), start=start, end=end)
    raise _unusable(name, "its header describes a tensor in a way that can't be read")


def write(
    path: Path, tensors: Mapping[str, tuple[int, ...]], dtype: str, data: Callable[[str], Iterable[bytes]]
) -> None:
    """Write the tensors in the mapping's order, asking `data` for one at a time so that only that one is in memory."""
    header: dict[str, object] = {"__metadata__": {"format": "pt"}}
    position = 0
    for name, shape in tensors.items():
        end = position + math.prod(shape) * BYTES[dtype]
        header[name] = {"dtype": dtype, "shape": list(shape), "data_offsets": [position, end]}
        position = end
    encoded = json.dumps(header, separators=(",", ":")).encode()
    encoded += b" " * (-len(encoded) % 8)
    with path.open("wb") as file:
        file.write(struct.pack("<Q", len(encoded)) + encoded)
        for name in tensors:
            file.writelines(data(name))
        if file.tell() != 8 + len(encoded) + position:
            raise AssertionError(f"{path.name}: the tensors' bytes and their shapes disagree")


def _unusable(name: str, why: str) -> UnusableInput:
    return UnusableInput(f"The weights {name} can't be used: {why}.", "Fetch the file again from where it came.")
