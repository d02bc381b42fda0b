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
from functools import lru_cache, partial

from espalier.core.findings.decode import LIMIT
from espalier.core.findings.detection.spans import Span, strength

DEPTH = 2  # encodings in each other
LONGEST = LIMIT  # characters of a run that is decoded: all that a file can hold
REMEMBERED, LONGEST_REMEMBERED = 2048, 4096  # runs over several lines, and characters of one

# Four letters of base64 that stand for three bytes of ASCII text, and eight that stand for six of UTF-16.
_THREE = r"[CDI-Za-f][AC-HQS-Xgi-nwyz0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_-]"
_SIX = r"[CDI-Za-f][AQgw][AB][A-Za-z0-9+/_-]A[AC-H][AEIMQUYcgkosw048]A"
_TEXT_IN_BASE64 = re.compile(rf"(?:{_THREE}){{6}}|(?:{_SIX}){{2}}")
_TEXT_IN_HEX = re.compile(r"(?:[2-7][0-9A-Fa-f]|0[9AaDd]){12}")
# A run begins where none goes on: its first letter is looked behind, which is faster than trying every later one.
_BASE64 = re.compile(r"[A-Za-z0-9+/_-](?<![A-Za-z0-9+/_-]{2})[A-Za-z0-9+/_-]{23,}+={0,2}+")
# A run may be wrapped, as in mails and certificates: lines that are nothing else, then a rest.
_WRAPPED = re.compile(
    r"(?m)^[ \t]{0,32}[A-Za-z0-9+/]{40,}+\r?$(?:\n[ \t]{0,32}[A-Za-z0-9+/]{40,}+\r?$)*+(?:\n[ \t]{0,32}[A-Za-z0-9+/]{2,}+={0,2}+\r?$)?+"
)
_HEX = re.compile(r"[0-9A-Fa-f](?<![0-9A-Fa-f]{2})[0-9A-Fa-f]{31,}+")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_AROUND = 2048  # characters on each side of a percent sign that may belong to its run
_APART = " \t\r\n\"'`<>"
_TO_STANDARD = str.maketrans("-_", "+/")
_LAYOUT = re.compile(r"[\r\n \t]+")
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")

BASE64_SIGN, HEX_SIGN, PERCENT_SIGN = (
    re.compile(one.pattern, re.ASCII) for one in (_TEXT_IN_BASE64, _TEXT_IN_HEX, _PERCENT)
)
WRAPPED_SIGNS = (re.compile(r"^[ \t]{0,32}[A-Za-z0-9+/]{40,}\r?\n", re.ASCII),)  # a line before the last one of a run

Read = Callable[[str], Iterable[Span]]


def encoded_spans(text: str, read: Read, depth: int = DEPTH) -> Iterator[Span]:
    """Secrets that `read` finds in what runs of the text stand for.

    Those of low confidence are let go: in source maps and other code under an encoding they are names. So is personal data.
    """
    for spans in (base64_spans, hex_spans, percent_spans):
        yield from spans(text, read, depth)


def base64_spans(text: str, read: Read, depth: int = DEPTH) -> Iterator[Span]:
    for run in _BASE64.finditer(text):
        yield from _of_run(run, _texts_of_base64(run[0]), read, depth)


def hex_spans(text: str, read: Read, depth: int = DEPTH) -> Iterator[Span]:
    for run in _HEX.finditer(text):
        yield from _of_run(run, _texts(run[0], _TEXT_IN_HEX, 2, _bytes_of_hex), read, depth)


def percent_spans(text: str, read: Read, depth: int = DEPTH) -> Iterator[Span]:
    for start, end in _percent_runs(text):
        decoded, places = _unquoted(text[start:end])
        for span in _secrets(decoded, read, depth):
            yield replace(span, start=start + places[span.start], end=start + places[span.end])


def _of_run(run: re.Match[str], texts: Iterable[str], read: Read, depth: int) -> Iterator[Span]:
    for decoded in texts:
        if inner := _secrets(decoded, read, depth):
            yield replace(max(inner, key=strength), start=run.start(), end=run.end())


class Wrapped:
    """The same for runs of base64 over several lines. Versions of a file share most of them, so that the newest are remembered."""

    def __init__(self, read: Read) -> None:
        self._in_run = lru_cache(REMEMBERED)(partial(_strongest, read))

    def spans(self, text: str) -> Iterator[Span]:
        for run in _WRAPPED.finditer(text):
            if "\n" not in run[0]:
                continue
            letters = _LAYOUT.sub("", run[0])
            known = len(letters) <= LONGEST_REMEMBERED
            if span := self._in_run(letters) if known else self._in_run.__wrapped__(letters):
                lead = len(run[0]) - len(run[0].lstrip())
                yield replace(span, start=run.start() + lead, end=run.start() + len(run[0].rstrip()))


def _strongest(read: Read, run: str) -> Span | None:
    inner = (span for decoded in _texts_of_base64(run) for span in _secrets(decoded, read, DEPTH))
    return max(inner, key=strength, default=None)


def _secrets(decoded: str, read: Read, depth: int) -> list[Span]:
    found = [span for span in read(decoded) if span.kind == "secret" and span.confidence != "low"]
    return [*found, *encoded_spans(decoded, read, depth - 1)] if depth > 1 else found


def stands_for_text(run: str) -> bool:
    """Whether something readable stands under this run of base64 or hexadecimal, so that no machine made it up."""
    return _TEXT_IN_BASE64.search(run) is not None or _TEXT_IN_HEX.search(run) is not None


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


def _texts_of_base64(run: str) -> Iterator[str]:
    return _texts(run, _TEXT_IN_BASE64, 4, _bytes_of_base64)


def _texts(run: str, sign: re.Pattern[str], group: int, bytes_of: Callable[[str], bytes]) -> Iterator[str]:
    """What stands under a run around each place that looks like text, wherever in a group of letters the run was taken up."""
    size = len(bytes_of("A" * group))
    opened: dict[int, tuple[bytes, int]] = {}  # by letters skipped: what stands under the rest, and how far it was read
    for found in sign.finditer(run):
        skipped = found.start() % group
        data, done = opened.get(skipped) or (bytes_of(run[skipped : skipped + LONGEST]), 0)
        at = found.start() // group * size
        if done <= at < len(data):
            start, done = _without_control(data, at, done)
            yield _text(data[start:done])
        opened[skipped] = data, done


def _without_control(data: bytes, at: int, least: int) -> tuple[int, int]:
    """The stretch around a place that holds no control character; in UTF-16, every other byte is one, and all counts."""
    if 4 * data[at : at + 12].count(0) > len(data[at : at + 12]):
        return at % 2, len(data)
    before = max((found.end() for found in _CONTROL.finditer(data, least, at)), default=least)
    after = _CONTROL.search(data, at)
    return before, after.start() if after else len(data)


def _text(data: bytes) -> str:
    if 4 * data[:24].count(0) > len(data[:24]):
        return data[: len(data) // 2 * 2].decode("utf-16-le", "replace")
    return data.decode("utf-8", "replace")


def _bytes_of_base64(run: str) -> bytes:
    """Of a run that was cut anywhere: what its whole groups of four stand for, and of the rest its whole bytes."""
    plain = run.rstrip("=").translate(_TO_STANDARD)
    plain = plain[: len(plain) - 1] if len(plain) % 4 == 1 else plain
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4))
    except binascii.Error:
        return b""


def _bytes_of_hex(run: str) -> bytes:
    return bytes.fromhex(run[: len(run) // 2 * 2])


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
