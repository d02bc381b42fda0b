"""Manifests of Kubernetes: what a Secret holds is a secret by its own word, whatever it is named like.

Read by lines, as people write them: a document of kind Secret, its `data` in base64 and its `stringData` in the clear
(https://kubernetes.io/docs/concepts/configuration/secret/).
"""

import base64
import re
from collections.abc import Iterator

from espalier.core.findings.detection import values
from espalier.core.findings.detection.spans import Span

KEYWORDS = ("kind: secret", 'kind: "secret"', "kind: 'secret'")
SHORTEST, LONGEST_WORD = 4, 32  # characters of a value, and of one that may be a placeholder as a whole
_DOCUMENT = re.compile(r"(?m)^---.*$")
_SECRET = re.compile(r"""(?mi)^[ \t]*kind:[ \t]*["']?secret["']?[ \t\r]*$""")
_BLOCK = re.compile(r"(?m)^([ \t]*)(data|stringData):[ \t\r]*$")
_LINE = re.compile(r"""(?m)^([ \t]*)([^\s#:][^:\n]*:)?[ \t]*(["']?)([^\s"'][^\n]*?)?["']?[ \t\r]*$""")
_OPENS = re.compile(r"[|>][+-]?\d?")
_ENCRYPTED = re.compile(r"ENC\[|-----BEGIN (?:CERTIFICATE|PUBLIC)")


def secret_spans(text: str) -> Iterator[Span]:
    """Values in the data of each Secret; what is public, encrypted or filled in elsewhere is left out."""
    at = 0
    for end in [*(found.start() for found in _DOCUMENT.finditer(text)), len(text)]:
        if _SECRET.search(text, at, end):
            for block in _BLOCK.finditer(text, at, end):
                yield from _of_block(text, block, end)
        at = end


def _of_block(text: str, block: re.Match[str], end: int) -> Iterator[Span]:
    depth, at = len(block[1]), block.end() + 1
    while at < end and (line := _LINE.match(text, at, end)):
        if text[at : line.end()].strip() and len(line[1]) <= depth:
            return
        if line[4] and not _OPENS.fullmatch(line[4]) and not line[4].startswith("#"):
            yield from _of_value(line.start(4), line[4], encoded=block[2] == "data")
        at = line.end() + 1


def _of_value(start: int, value: str, *, encoded: bool) -> Iterator[Span]:
    told = _decoded(value) if encoded else value
    if told is None or len(value) < SHORTEST or _ENCRYPTED.search(told) or values.is_reference(value) or "{{" in value:
        return
    yield Span(
        start=start,
        end=start + len(value),
        rule="kubernetes-secret",
        kind="secret",
        severity="high",
        confidence="low" if _is_word(told.strip()) else "high",
        type="SECRET",
    )


def _is_word(told: str) -> bool:
    """Too short to be a secret, or what people write in the place of one."""
    return len(told) < SHORTEST or (len(told) <= LONGEST_WORD and values.is_stand_in(told))


def _decoded(value: str) -> str | None:
    """What stands under base64; None where it is none."""
    try:
        return base64.b64decode(value, validate=True).decode("utf-8", "replace")
    except ValueError:
        return None
