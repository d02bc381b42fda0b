"""The text of a PDF that Qt wrote: glyphs of its content streams, read back by the tables that let people copy text out of it."""

import re
import unicodedata
import zlib
from collections.abc import Iterator

_OBJECT = re.compile(rb"(?s)(\d+) 0 obj\n(.*?)\nendobj")
_STREAM = re.compile(rb"(?s)stream\r?\n(.*?)\r?\nendstream")
_FONT = re.compile(rb"/(F\d+) (\d+) 0 R")
_DRAWN = re.compile(rb"/(F\d+) [\d.]+ Tf|<([0-9A-Fa-f]+)>")


def streams(data: bytes) -> Iterator[bytes]:
    """Every stream, unpacked where it is packed."""
    for _, body in _OBJECT.findall(data):
        for packed in _STREAM.findall(body):
            yield unpacked(packed)


def unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed)
    except zlib.error:
        return packed


def text(data: bytes) -> str:
    """All text that is drawn, in the order of drawing; spaces may be missing where the layout leaves them out."""
    objects = {number: body for number, body in _OBJECT.findall(data)}
    tables = {name: _table(objects, objects[number]) for name, number in _FONT.findall(data) if number in objects}
    drawn = []
    for stream in streams(data):
        font = b""
        for name, glyphs in _DRAWN.findall(stream) if b" Tf" in stream else ():
            font = name or font
            codes = [glyphs[at : at + 4] for at in range(0, len(glyphs), 4)]
            drawn.append("".join(tables[font].get(int(code, 16), "\ufffd") for code in codes))
    return unicodedata.normalize("NFKC", "".join(drawn))  # a pair of letters may be one glyph


def _table(objects: dict[bytes, bytes], font: bytes) -> dict[int, str]:
    found = re.search(rb"/ToUnicode (\d+) 0 R", font)
    assert found
    packed = _STREAM.search(objects[found[1]])
    assert packed
    table: dict[int, str] = {}
    for block in re.findall(rb"(?s)beginbfrange(.*?)endbfrange", unpacked(packed[1])):
        for first, last, to in re.findall(rb"<(\w+)> <(\w+)> (\[.*?\]|<\w+>)", block):
            codes = range(int(first, 16), int(last, 16) + 1)
            words = re.findall(rb"<(\w+)>", to)
            for place, code in enumerate(codes):
                table[code] = _letters(words[place]) if to[:1] == b"[" else chr(int(words[0], 16) + place)
    return table


def _letters(word: bytes) -> str:
    return bytes.fromhex(word.decode()).decode("utf-16-be")
