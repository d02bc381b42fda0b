"""Runs: stretches of a text that stand for bytes, and what these say: base64, base32, hexadecimal in one or in groups, lists of bytes.

A run is cut from its text anywhere, so that it is read from each place that may begin a group, and only what is readable of it counts.
"""

import base64
import re
from collections.abc import Iterator
from string import ascii_lowercase, ascii_uppercase, digits

SHORTEST = 6  # bytes that are worth reading
_READABLE = re.compile(rb"(?:[\t\n\r -~]|[\xc2-\xf4][\x80-\xbf]{1,3}){%d,}" % SHORTEST)
_READABLE_TEXT = re.compile(rf"[^\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]{{{SHORTEST},}}")
# Each begins with what it looks for, and only then looks back: a pattern that looks back first is tried at every character.
_LETTERS = r"[A-Za-z0-9+/_-]"
_BASE64 = re.compile(rf"{_LETTERS}(?<!{_LETTERS}{{2}}){_LETTERS}{{12,}}+={{0,2}}+")
# Four letters of base64 that stand for three bytes of ASCII text, thrice; in UTF-16, every other byte is zero.
_TEXT_IN_BASE64 = re.compile(
    r"(?:[CDI-Za-f][AC-HQS-Xgi-nwyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]){3}|(?:[A-Za-z0-9+/_-]{2}[AB][A-Za-z0-9+/_-]A){2}"
)
# Both use letters of base64 only, so that they are looked for in its runs.
_BASE32 = re.compile(r"[A-Z2-7]{13,}+|[a-z2-7]{13,}+")
_HEX = re.compile(r"[0-9A-Fa-f]{16,}+")
_PAIRS = r"(?:\\x|0[xX])?(?:[0-9A-Fa-f]{2}){1,8}+(?![0-9A-Fa-f])"
_GROUPS = re.compile(
    rf"(?=[\\0-9A-Fa-f])(?<![0-9A-Fa-f]){_PAIRS}(?:(?:[:;,-]\s{{0,32}}+|\s{{1,32}}+|(?=\\x)){_PAIRS}){{2,}}+"
)
_BYTE = r"(?:\([a-z0-9]+\)[ ]?)?(?:0[xX][0-9A-Fa-f]{1,2}(?![0-9A-Fa-f])|-?\d{1,3}|'(?:[^'\\\n]|\\.)')(?:u8|[uUlL])?(?!\d|\.\d)"
_FIRST = re.compile(rf"(?<![\d.]){_BYTE}\s{{0,32}}\Z")
_OTHERS = re.compile(rf",(?<=[\w'\s],)\s{{0,32}}+{_BYTE}(?:\s{{0,32}}+,\s{{0,32}}+{_BYTE}){{{SHORTEST - 2},}}+")
_REACH = 64  # characters before the first comma of a list that may hold its first byte
_ONE = re.compile(r"\([a-z0-9]+\)|(0[xX][0-9A-Fa-f]{1,2}|-?\d{1,3})(?:u8|[uUlL])?|'(?:\\)?(.)'")
_TO_DIGITS = str.maketrans(ascii_uppercase + "234567", digits + ascii_lowercase[:22])
_TO_STANDARD = str.maketrans("-_", "+/")


def meanings(text: str) -> Iterator[tuple[int, int, str]]:
    """Each run's start and end, and a text that it stands for; it may stand for several."""
    for start, end, data in _bytes(text):
        for meaning in _texts(data):
            yield start, end, meaning


def _bytes(text: str) -> Iterator[tuple[int, int, bytes]]:
    for run in _BASE64.finditer(text):
        yield from ((*run.span(), data) for data in _of_base64(run[0]))
        for pattern, read in ((_BASE32, _of_base32), (_HEX, _of_hex)):
            for part in pattern.finditer(run[0]):
                start, end = run.start() + part.start(), run.start() + part.end()
                yield from ((start, end, data) for data in read(part[0]))
    for run in _GROUPS.finditer(text):
        yield from ((*run.span(), data) for data in _either(_of_groups(run[0])))
    for run in _OTHERS.finditer(text):
        if first := _FIRST.search(text[max(0, run.start() - _REACH) : run.start()]):
            start = run.start() - len(first[0])
            yield from ((start, run.end(), data) for data in _either(_of_list(text[start : run.end()])))


def _texts(data: bytes) -> Iterator[str]:
    """What is readable: of UTF-16, where every other byte is zero, or else of UTF-8."""
    if data.count(0) * 3 > len(data):
        order = "utf-16-le" if data[1::2].count(0) >= data[::2].count(0) else "utf-16-be"
        yield from _READABLE_TEXT.findall(data.decode(order, "replace"))
        return
    yield from (found.decode("utf-8", "replace") for found in _READABLE.findall(data))


def _either(data: bytes) -> Iterator[bytes]:
    """The bytes, and in UTF-8 what they are in Latin-1: lists of numbers may be of characters."""
    yield data
    if not data.isascii() and not data.count(0):
        yield data.decode("latin-1").encode()


def _of_base64(run: str) -> Iterator[bytes]:
    if _TEXT_IN_BASE64.search(run):
        letters = run.rstrip("=").translate(_TO_STANDARD)
        for skipped in range(4):
            whole = letters[skipped : len(letters) - (len(letters) - skipped) % 4]
            rest = letters[skipped + len(whole) :]
            yield base64.b64decode(whole + (rest + "=" * (4 - len(rest)) if len(rest) > 1 else ""))


def _of_base32(run: str) -> Iterator[bytes]:
    bits = int(run.upper().translate(_TO_DIGITS), 32)
    for skipped in range(8):
        size = 5 * (len(run) - skipped)
        yield ((bits & ((1 << size) - 1)) >> size % 8).to_bytes(size // 8)


def _of_hex(run: str) -> Iterator[bytes]:
    for skipped in range(2):
        yield bytes.fromhex(run[skipped : skipped + (len(run) - skipped) // 2 * 2])


def _of_groups(run: str) -> bytes:
    return bytes.fromhex(re.sub(r"\\x|0[xX]|[^0-9A-Fa-f]", "", run))


def _of_list(run: str) -> bytes:
    """A byte with a sign is one of Java's."""
    return b"".join(_byte(*one.groups()) for one in _ONE.finditer(run))


def _byte(number: str | None, letter: str | None) -> bytes:
    """Of neither, a cast, none."""
    if number is None:
        return (letter or "").encode("utf-8", "surrogatepass")
    return bytes((int(number, 16 if "x" in number.lower() else 10) & 0xFF,))
