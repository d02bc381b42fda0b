"""Specimens: examples for rules, written in pieces (`ghp_{alnum:36}`) so that no rule file looks like it holds a secret."""

import base64
import hashlib
import re
import string
from collections.abc import Iterator
from itertools import count

_PIECE = re.compile(r"\{(alnum|upper|lower|base32|hex|digits|base64|url|alpha|bech32|uuid|basic):(\d{1,4})\}")
_LETTERS = {
    "alnum": string.ascii_letters + string.digits,
    "upper": string.ascii_uppercase + string.digits,
    "lower": string.ascii_lowercase + string.digits,
    "base32": string.ascii_uppercase + "234567",
    "hex": "0123456789abcdef",
    "digits": string.digits,
    "base64": string.ascii_letters + string.digits + "+/",
    "url": string.ascii_letters + string.digits + "-_",
    "alpha": string.ascii_letters,
    "bech32": "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L",
}


def specimen(text: str, seed: str) -> str:
    """The text with every piece made up; the same text and seed give the same specimen on any machine."""
    stream = _bytes(f"{seed}\0{text}")
    return _PIECE.sub(lambda piece: _made_up(piece[1], int(piece[2]), stream), text)


def _made_up(kind: str, length: int, stream: Iterator[int]) -> str:
    if kind == "uuid":
        return "-".join(_made_up("hex", part, stream) for part in (8, 4, 4, 4, 12))
    if kind == "basic":  # user and password as an HTTP header holds them
        return base64.b64encode(f"app:{_made_up('alnum', length, stream)}".encode()).decode()
    letters = _LETTERS[kind]
    usable = 256 - 256 % len(letters)
    return "".join(letters[next(byte for byte in stream if byte < usable) % len(letters)] for _ in range(length))


def _bytes(seed: str) -> Iterator[int]:
    for block in count():
        yield from hashlib.sha256(f"{seed}\0{block}".encode()).digest()
