"""Paths and ref names out of git, as text that can be stored, compared and shown.

Git's names are bytes. Almost all are printable UTF-8 and stay as they are. The rest (other encodings, newlines, terminal
escapes, invisible marks) would break JSON, SQLite or a screen, so they take git's own C-style quoting: `"caf\\351.py"`,
quotes included. A name that itself begins with a quote is quoted too, so two names never meet in one text.
"""

import re

_NAMED = {"a": 7, "b": 8, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13, '"': 34, "\\": 92}
_LETTER = {value: letter for letter, value in _NAMED.items()}
_ESCAPE = re.compile(r"\\([0-7]{3}|.)", re.DOTALL)


def shown(name: bytes) -> str:
    """The text for a name; printable, and `raw` gives the very bytes back."""
    try:
        text = name.decode()
    except UnicodeDecodeError:
        return _quoted(name)
    return text if text.isprintable() and not text.startswith('"') else _quoted(name)


def raw(text: str) -> bytes:
    """The bytes behind a text that `shown` made."""
    if not text.startswith('"'):
        return text.encode()
    return _ESCAPE.sub(lambda found: chr(_value(found[1])), text[1:-1]).encode("latin-1")


def _quoted(name: bytes) -> str:
    return '"' + "".join(_escaped(value) for value in name) + '"'


def _escaped(value: int) -> str:
    if value in _LETTER:
        return "\\" + _LETTER[value]
    return chr(value) if 32 <= value < 127 else f"\\{value:03o}"


def _value(escape: str) -> int:
    return _NAMED[escape] if escape in _NAMED else int(escape, 8)
