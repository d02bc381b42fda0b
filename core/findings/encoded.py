"""Secrets under an encoding: what base64, hexadecimal and percent signs stand for is read by the rules as well.

A run that does not decode to text is looked at no further than its first characters: digests, images and compiled code never
do. Where the text behind a run holds a secret, the whole run is the finding, for a part of it stands for nothing; percent signs
leave every character in its place, and only the secret's own are taken.
"""

import base64
import binascii
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from espalier.core.findings.decode import LIMIT
from espalier.core.findings.spans import Span

DEPTH = 2  # encodings in each other
LONGEST = LIMIT  # characters of a run that is decoded: all that a file can hold
HEAD = 24  # characters that tell whether a run is text: of base64 they are 18 bytes
LEAST = 8  # characters of text in them; of UTF-16 they are half as many as bytes

_BASE64 = re.compile(r"(?<![A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{24,}+={0,2}+")
# A run may be wrapped, as in mails and certificates: lines that are nothing else, then a rest.
_WRAPPED = re.compile(
    r"(?m)^[ \t]{0,32}[A-Za-z0-9+/]{40,}+\r?$(?:\n[ \t]{0,32}[A-Za-z0-9+/]{40,}+\r?$)*+(?:\n[ \t]{0,32}[A-Za-z0-9+/]{2,}+={0,2}+\r?$)?+"
)
_WRAPPED_LINE = re.compile(r"[ \t]{0,32}[A-Za-z0-9+/]{40,}+\r?")
_HEX = re.compile(r"[0-9A-Fa-f]{32,}")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffd]")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_AROUND = 2048  # characters on each side of a percent sign that may belong to its run
_APART = " \t\r\n\"'`<>"
_TO_STANDARD = str.maketrans("-_", "+/")
_LAYOUT = re.compile(r"[\r\n \t]+")

Read = Callable[[str], Iterable[Span]]


def encoded_spans(text: str, read: Read, depth: int = DEPTH) -> Iterator[Span]:
    """Secrets that `read` finds in what runs of the text stand for.

    Those of low confidence are let go: in source maps and other code under an encoding they are names. So is personal data.
    """
    for start, end, decoded in _decoded(text):
        inner = _secrets(decoded, read, depth)
        if inner:
            yield replace(max(inner, key=_length), start=start, end=end)
    for start, end in _percent_runs(text):
        decoded, places = _unquoted(text[start:end])
        for span in _secrets(decoded, read, depth):
            yield replace(span, start=start + places[span.start], end=start + places[span.end])


def wrapped_spans(text: str, read: Read) -> Iterator[Span]:
    """The same for runs of base64 over several lines."""
    for run in _WRAPPED.finditer(text):
        decoded = _from_base64(run[0].strip()) if "\n" in run[0] else None
        inner = _secrets(decoded, read, DEPTH) if decoded is not None else []
        if inner:
            lead = len(run[0]) - len(run[0].lstrip())
            yield replace(max(inner, key=_length), start=run.start() + lead, end=run.start() + len(run[0].rstrip()))


def may_be_wrapped(line: str) -> bool:
    """Whether it could be one of such lines; most files have none."""
    return len(line) >= 40 and _WRAPPED_LINE.fullmatch(line) is not None


def _secrets(decoded: str, read: Read, depth: int) -> list[Span]:
    found = [span for span in read(decoded) if span.kind == "secret" and span.confidence != "low"]
    return [*found, *encoded_spans(decoded, read, depth - 1)] if depth > 1 else found


def stands_for_text(run: str) -> bool:
    """Whether a run of base64 or hexadecimal is an encoding of something readable, and so not made up by a machine."""
    return (_BASE64.fullmatch(run) is not None and _from_base64(run) is not None) or (
        _HEX.fullmatch(run.removeprefix("0x")) is not None and _from_hex(run.removeprefix("0x")) is not None
    )


def _length(span: Span) -> int:
    return span.end - span.start


def _percent_runs(text: str) -> Iterator[tuple[int, int]]:
    """Stretches without space or quotes around percent signs."""
    behind = 0
    for sign in _PERCENT.finditer(text):
        if sign.start() < behind:
            continue
        before, after = max(behind, sign.start() - _AROUND), min(len(text), sign.end() + _AROUND)
        start = max(before, *(text.rfind(one, before, sign.start()) + 1 for one in _APART))
        ends = (text.find(one, sign.end(), after) for one in _APART)
        behind = min((end for end in ends if end >= 0), default=after)
        yield start, behind


def _decoded(text: str) -> Iterator[tuple[int, int, str]]:
    """Runs that stand for text, and the text."""
    for run in _BASE64.finditer(text):
        decoded = _from_base64(run[0])
        if decoded is not None:
            yield run.start(), run.end(), decoded
        elif len(run[0]) >= 32:
            for part in _HEX.finditer(run[0]):
                decoded = _from_hex(part[0])
                if decoded is not None:
                    yield run.start() + part.start(), run.start() + part.end(), decoded


def _from_base64(run: str) -> str | None:
    """The text that a run begins with, wherever in a letter before it the run was taken up; None where it is none."""
    for skipped in range(4):
        if _text(_bytes_of_base64(run[skipped : skipped + HEAD]), whole=True) is not None:
            return _text(_bytes_of_base64(_LAYOUT.sub("", run[skipped:LONGEST])))
    return None


def _bytes_of_base64(run: str) -> bytes:
    """Of a run that was cut anywhere: what its whole groups of four stand for, and of the rest its whole bytes."""
    plain = run.rstrip("=").translate(_TO_STANDARD)
    plain = plain[: len(plain) - 1] if len(plain) % 4 == 1 else plain
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _from_hex(run: str) -> str | None:
    for skipped in range(2):
        if _text(_bytes_of_hex(run[skipped : skipped + HEAD]), whole=True) is not None:
            return _text(_bytes_of_hex(run[skipped:LONGEST]))
    return None


def _bytes_of_hex(run: str) -> bytes:
    return bytes.fromhex(run[: len(run) // 2 * 2])


def _text(data: bytes, *, whole: bool = False) -> str | None:
    """What the bytes begin with, as UTF-8, or as UTF-16 of mostly ASCII, up to a control character; None where that is little.

    With `whole`, it must be all of them, but for a character that was cut.
    """
    if len(data) > 7 and 2 * data[1:HEAD:2].count(0) > len(data[1:HEAD:2]):
        data = data[: len(data) // 2 * 2].decode("utf-16-le", "replace").encode()
    try:
        text, cut = data.decode("utf-8"), 0
    except UnicodeDecodeError as error:
        text, cut = data[: error.start].decode("utf-8"), len(data) - error.start
    control = _CONTROL.search(text)
    if whole:
        return text if control is None and cut < 4 and len(text) >= LEAST else None
    return text if control is None else text[: control.start()]


def _unquoted(run: str) -> tuple[str, list[int]]:
    """The text behind percent signs, and where each of its characters, and its end, stands in the run."""
    decoded: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(run):
        places.append(at)
        escaped = bytearray()
        step = at
        while run.startswith("%", step) and (byte := _byte(run[step + 1 : step + 3])) is not None:
            escaped.append(byte)
            step += 3
            if _is_whole(escaped):
                break
        if escaped and _is_whole(escaped):
            decoded.append(escaped.decode("utf-8"))
            at = step
        else:
            decoded.append(run[at])
            at += 1
    return "".join(decoded), [*places, len(run)]


def _byte(digits: str) -> int | None:
    return int(digits, 16) if len(digits) == 2 and all(one in "0123456789abcdefABCDEF" for one in digits) else None


def _is_whole(data: bytearray) -> bool:
    """One character of UTF-8, no less."""
    try:
        return len(data.decode("utf-8")) == 1
    except UnicodeDecodeError:
        return False
