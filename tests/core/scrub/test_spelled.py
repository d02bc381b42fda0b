"""Values behind escapes: whatever spelling a format has for their characters, they are found and nothing of them stays."""

import base64
import html
import json
import quopri
import re
import textwrap
from collections.abc import Callable, Mapping
from urllib.parse import quote

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.core.scrub.test_scrubber import known, scrubber

from espalier.core.findings.detection.values import is_distinctive
from espalier.core.scrub.known import KnownValues
from espalier.core.scrub.spelled import readings


def _base64(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


Spelling = Callable[[str], str]
SPELLINGS: Mapping[str, Spelling] = {
    "unicode": lambda value: "".join(f"\\u{ord(one):04x}" for one in value),
    "long unicode": lambda value: "".join(f"\\U{ord(one):08x}" for one in value),
    "braces": lambda value: "".join(f"\\u{{{ord(one):x}}}" for one in value),
    "hexadecimal escapes": lambda value: "".join(f"\\x{ord(one):02x}" for one in value),
    "octal": lambda value: "".join(f"\\{ord(one):03o}" for one in value),
    "every other": lambda value: "".join(f"\\u{ord(one):04X}" if at % 2 or one == "\\" else one for at, one in enumerate(value)),
    "percents, small": lambda value: re.sub("%[0-9A-F]{2}", lambda one: one[0].lower(), quote(value, safe="")),
    "percents, all": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()),
    "percents, a slash bare": lambda value: quote(value, safe="/"),
    "entities": lambda value: "".join(f"&#{ord(one)};" for one in value),
    "entities, hexadecimal": lambda value: "".join(f"&#x{ord(one):X};" for one in value),
    "entities, few": lambda value: value.replace("&", "&amp;").replace("<", "&lt;"),
    "entities, an apostrophe": lambda value: html.escape(value).replace("&#x27;", "&apos;"),
    "quotes doubled": lambda value: value.replace('"', '""'),
    "apostrophes doubled": lambda value: value.replace("'", "''"),
    "a shell's apostrophe": lambda value: value.replace("'", "'\\''"),
    "a line that goes on": lambda value: f"{value[:5]}\\\n    {value[5:]}" if "\\" not in value and value[5] != " " else value,
    "literals that are joined": lambda value: f'{value[:6]}" + "{value[6:]}' if '"' not in value else value,
    "literals on two lines": lambda value: f"{value[:6]}'\n        '{value[6:]}" if "'" not in value else value,
    "percent within percent": lambda value: quote(quote(value, safe=""), safe=""),
    "JSON within JSON": lambda value: json.dumps(json.dumps(value)[1:-1])[1:-1],
    "entities within JSON": lambda value: json.dumps("".join(f"&#{ord(one)};" for one in value))[1:-1],
    "JSON within percent": lambda value: quote("".join(f"\\u{ord(one):04x}" for one in value), safe=""),
    "base64 over lines": lambda value: "\n".join(textwrap.wrap(base64.b64encode(value.encode() * 3).decode(), 20)),
    "hexadecimal of UTF-16, big end first": lambda value: value.encode("utf-16-be").hex(),
    "hexadecimal, mixed": lambda value: "".join(
        one.upper() if at % 3 else one for at, one in enumerate(value.encode().hex())
    ),
    "base64 of UTF-16, big end first": lambda value: base64.b64encode(value.encode("utf-16-be")).decode(),
    "bytes": lambda value: f"[{', '.join(str(byte) for byte in value.encode())}]",
    "bytes, hexadecimal": lambda value: "{" + ",\n    ".join(f"0x{byte:02x}" for byte in value.encode()) + "}",
    "bytes of Java": lambda value: ", ".join(f"(byte) 0x{byte:02X}" for byte in value.encode()),
    "bytes of Rust": lambda value: "[" + ", ".join(f"{byte}u8" for byte in value.encode()) + ",]",
    "bytes of UTF-16": lambda value: ",".join(str(byte) for byte in value.encode("utf-16-le")),
    "codes of letters": lambda value: ", ".join(str(ord(one)) for one in value),
    "letters": lambda value: ", ".join(repr(one) if one not in "'\\" else f"'\\{one}'" for one in value),
    "hexadecimal, colons": lambda value: value.encode().hex(":"),
    "hexadecimal, spaces": lambda value: value.encode().hex(" ").upper(),
    "hexadecimal, words": lambda value: value.encode().hex(" ", 4),
    "hexadecimal, groups of escapes": lambda value: " ".join(f"\\x{byte:02x}" for byte in value.encode()),
    "hexadecimal, groups of numbers": lambda value: " ".join(f"0x{byte:02x}" for byte in value.encode()),
    "hexadecimal, dashes over lines": lambda value: "-\n  ".join(textwrap.wrap(value.encode().hex("-"), 12)).replace("--", "-"),
    "base32": lambda value: base64.b32encode(value.encode()).decode(),
    "base32, small": lambda value: base64.b32encode(b"of: " + value.encode()).decode().lower().rstrip("="),
    "quoted-printable": lambda value: quopri.encodestring(f"the key = {value} =".encode(), quotetabs=True).decode(),
    "quoted-printable, all": lambda value: "".join(f"={byte:02X}" for byte in value.encode()),
    "quoted-printable over lines": lambda value: f"{value[:6]}=\n{value[6:]}" if not value[6].isspace() and "=" not in value else value,
    "percent, three deep": lambda value: quote(quote(quote(value, safe=""), safe=""), safe=""),
    "JSON, three deep": lambda value: json.dumps(json.dumps(json.dumps(value)[1:-1])[1:-1])[1:-1],
    "entities within JSON within percent": lambda value: quote(json.dumps(html.escape(value))[1:-1], safe=""),
    "base64 within percent within JSON": lambda value: json.dumps(quote(base64.b64encode(f"x {value}\n".encode()).decode(), safe="")),
    "JSON within base64": lambda value: base64.b64encode(json.dumps({"key": value}).encode()).decode(),
    "JSON within base64 within base64": lambda value: _base64(_base64(json.dumps(json.dumps({"key": value})))),
    "percent within hexadecimal": lambda value: f"a: {quote(value, safe='')}".encode().hex(),
    "base64 three times": lambda value: _base64(_base64(_base64(f"a={value}"))),
    "base64 over lines within JSON": lambda value: json.dumps("\n".join(textwrap.wrap(_base64(json.dumps([value, value])), 20))),
    "hexadecimal within base64": lambda value: _base64(value.encode().hex()),
    "base64 within base32": lambda value: base64.b32encode(_base64(value).encode()).decode(),
    "base64 twice": lambda value: base64.b64encode(base64.b64encode(value.encode())).decode(),
}  # fmt: skip
ODD = st.text(st.sampled_from("abcXYZ0189%&<>'\"/\\+=#!$ "), min_size=10, max_size=24).filter(
    lambda value: value == value.strip() and is_distinctive(value) and value.isascii()
)


@pytest.mark.parametrize("spelling", SPELLINGS.values(), ids=SPELLINGS)
@settings(max_examples=40)
@given(
    value=st.one_of(ODD, ODD.map(lambda value: f"{value[:5]}é{value[5:]}")),
    form=st.sampled_from(["note <{}>\n", "x{}x", "['{}', 7]", "a={}, b={}"]),
)
@example(value="000000000000", form="a={}, b={}")
def test_that_no_spelling_of_a_decided_value_comes_through(value: str, form: str, spelling: Spelling) -> None:
    spelled = spelling(value)
    one = scrubber([known(value)])
    scrubbed = one.scrub(form.format(spelled, spelled), "notes.rst").text
    assert spelled not in scrubbed and value not in scrubbed
    assert one.verify(scrubbed, "notes.rst") == []


FAR = "of all that is plain, nothing goes away; " * 200


@given(ODD, st.lists(st.sampled_from(sorted(SPELLINGS)), min_size=1, max_size=4))
def test_that_what_stands_between_spellings_stays(value: str, names: list[str]) -> None:
    """However far they are from each other, and though two of them read the same once they are undone."""
    pieces = [f"\nnote <{SPELLINGS[name](value)}>\n" for name in names]
    one = KnownValues([known(value)])
    text = FAR + FAR.join(pieces) + FAR
    found = bytearray(len(text))
    for occurrence in one.find(text):
        found[occurrence.start : occurrence.end] = b"x" * (occurrence.end - occurrence.start)
    left = "".join(letter for letter, taken in zip(text, found, strict=True) if not taken)
    assert left.count(FAR.strip()) == len(pieces) + 1
    assert all(SPELLINGS[name](value) not in left for name in names)


@given(st.text(st.sampled_from("ab\\uxn0159{}%&#;'\"\n é"), max_size=40))
def test_that_every_stretch_of_a_reading_is_one_of_the_text(text: str) -> None:
    for reading in readings(text, 1000):
        assert "".join(reading.text) == reading.text
        for start in range(len(reading.text)):
            stretch = reading.stretch(start, start + 1)
            if stretch is not None:
                assert 0 <= stretch[0] < stretch[1] <= len(text)
                assert reading.text[start] != text[stretch[0]] or stretch[1] - stretch[0] >= 1
        whole = reading.stretch(0, len(reading.text)) if reading.text else None
        assert whole is None or (whole[0] == reading.origins[0] and whole[1] <= len(text))


@given(st.lists(st.text("ghxyz", max_size=8) | st.sampled_from(" :\n"), max_size=12))
def test_that_a_text_without_escapes_has_no_other_reading(words: list[str]) -> None:
    """Words of twelve letters and more, and such of the letters of hexadecimal, may stand for bytes."""
    assert list(readings(" ".join(words), 1000)) == []
