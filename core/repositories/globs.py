"""Path patterns as gitignore(5) and gitattributes(5) have them, made into regular expressions that can't be kept busy."""

import re
from collections.abc import Iterable

LONGEST = 400  # characters of a pattern
LONGEST_PATH = 1024  # characters of a path that patterns are asked about
DEEPEST = 2  # times that `**` may stand in a pattern

_ODD = re.compile(r"//|[^/]\*\*|\*\*[^/]|\\|\[\[:")  # `**` beside other words, escapes and character classes by name
_DEEP = re.compile(r"(^\*\*/|/\*\*/|/\*\*$|^\*\*$)")
_PIECES = {"**/": "(?:.*/)?", "/**/": "/(?:.*/)?", "/**": "/.*", "**": ".*"}
_TOKENS = re.compile(r"\[!?\]?[^\]/]*\]|.", re.DOTALL)


def usable(pattern: str) -> bool:
    """Not a comment, negation or quoted pattern, nothing without a plain meaning, and not made to keep the matcher busy."""
    special = pattern.startswith(("#", "!", '"')) or _ODD.search(pattern)
    return not special and 0 < len(pattern) <= LONGEST and pattern.count("**") <= DEEPEST


def matches(path: str, patterns: Iterable[re.Pattern[str]]) -> bool:
    return len(path) <= LONGEST_PATH and any(pattern.fullmatch(path) for pattern in patterns)


def below(pattern: str) -> re.Pattern[str]:
    """Matches what the pattern names and, where that is a folder, all that lies in it."""
    return re.compile(expression(pattern.rstrip("/")) + "(?:/.*)?", re.DOTALL)


def expression(pattern: str) -> str:
    """The regular expression for a pattern as gitattributes(5) has it, relative to its folder; `?` is a character, not a byte."""
    anchored = "/" in pattern.rstrip("/")
    parts = _DEEP.split(re.sub(r"(\*\*/)+", "**/", pattern.lstrip("/")))
    body = "".join(_PIECES[part] if part in _PIECES else _shallow(part) for part in parts)
    return body if anchored else f"(?:.*/)?{body}"


def _shallow(part: str) -> str:
    """A part without `**`. Each star but the last takes the nearest fit for good, or many stars would take for ever."""
    fixed, *starred = ("".join(map(_plain, _TOKENS.findall(text))) for text in re.split(r"\*+", part))
    nearest = "".join(f"(?>[^/]*?{text})" for text in starred[:-1])
    return fixed + nearest + "".join(f"[^/]*{text}" for text in starred[-1:])


def _plain(token: str) -> str:
    if token == "?":
        return "[^/]"
    if len(token) < 3 or not token.startswith("["):
        return re.escape(token)
    inside = token[1:-1]
    negated, members = ("^", inside[1:]) if inside[0] in "!^" else ("", inside)
    return f"(?!/)[{negated}{_members(members)}]" if members else re.escape(token)


def _members(members: str) -> str:
    """The inside of a character class, with ranges kept where they run upwards and all else made plain."""
    ranges = re.compile(r"(.)-(.)|(.)", re.DOTALL)
    return "".join(
        f"{re.escape(found[1])}-{re.escape(found[2])}" if found[1] and found[1] <= found[2] else re.escape(found[0])
        for found in ranges.finditer(members)
    )
