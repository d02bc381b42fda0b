"""From bytes to text, one way for every reader of a blob: offsets are characters of what this returns."""

import codecs
from dataclasses import dataclass

from espalier.core.findings.archives.kind import kind

LIMIT = 1 << 20  # bytes; a larger blob is not scanned, and so never clean
ARCHIVE = "archive"  # what is in one may be read, but it is no text itself, also where no zero byte gives it away
_HEAD = 8000  # bytes looked at for a NUL, as git does
_POINTER, _LONGEST_POINTER = "version https://git-lfs.github.com/spec/", 1024  # docs/spec.md of git-lfs
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text, or None and why there is none; such bytes are blocked from training."""

    text: str | None
    not_scanned: str = ""


def decode(data: bytes, limit: int = LIMIT) -> Decoded:
    """UTF-8 or UTF-16 by its mark, UTF-8 where it is valid, else Latin-1; line ends stay as they are."""
    if len(data) > limit:
        return Decoded(None, "too large")
    if kind(data):
        return Decoded(None, ARCHIVE)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _marked(data[len(mark) :], encoding)
    if b"\0" in data[:_HEAD]:
        return Decoded(None, "binary")
    try:
        text = data.decode("utf-8")
        pointer = len(text) < _LONGEST_POINTER and text.startswith(_POINTER)
        return Decoded(None, "LFS pointer") if pointer else Decoded(text)
    except UnicodeDecodeError:
        return Decoded(data.decode("latin-1"))


def _marked(data: bytes, encoding: str) -> Decoded:
    try:
        return Decoded(data.decode(encoding))
    except UnicodeDecodeError:
        return Decoded(None, "undecodable")
