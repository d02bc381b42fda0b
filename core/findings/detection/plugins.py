"""The detectors of detect-secrets, called directly on the lines that warrant them.

Its `scan_line` and `scan_file` are not used: they keep settings in a process-wide singleton, obey `pragma: allowlist secret`,
and drop files that are not in the locale's encoding. Allowlist comments have no effect here: a comment in hostile code is no
decision.
"""

import re
from collections.abc import Iterator
from functools import cache

from detect_secrets.plugins.high_entropy_strings import (
    Base64HighEntropyString,
    HexHighEntropyString,
    HighEntropyStringsPlugin,
)
from detect_secrets.plugins.keyword import (
    QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP,
    REGEX_BY_FILETYPE,
    KeywordDetector,
)
from detect_secrets.util.filetype import FileType, determine_file_type

from espalier.core.findings.detection import judge, values
from espalier.core.findings.detection.settings import BASE64_LIMIT, HEX_LIMIT, KEYWORD_SIGNS
from espalier.core.findings.detection.spans import Confidence, Span

LONGEST_LINE = 1000  # characters; the keyword patterns take quadratic time
SHORTEST_VALUE = 5

_QUOTED = re.compile(r"""["'`]([A-Za-z0-9+/\-_=]{20,512})(?=["'`])""")
_ASSIGNED = re.compile(r"(?<=[=:])[ \t]{0,8}([A-Za-z0-9+/\-_=]{20,512})[ \t\r]*(?=\n|\Z)")
_LOCK_FILE = re.compile(
    r"(?i)(?:^|/)(?:[^/]*[-.]lock(?:\.json|\.ya?ml)?|yarn\.lock|package-lock\.json|npm-shrinkwrap\.json|go\.sum|Pipfile\.lock"
    r"|Gemfile\.lock|Cargo\.lock|composer\.lock|flake\.lock|packages\.lock\.json|requirements[^/]*\.txt|[^/]*\.(?:sum|sha256|md5))$"
)
_CONFIG = frozenset({FileType.YAML, FileType.CONFIG, FileType.INI, FileType.PROPERTIES, FileType.TOML})


@cache
def file_type(path: str) -> FileType:
    """By name only. Raises nothing: a name without an ending is FileType.OTHER."""
    return determine_file_type(path)


def is_lock_file(path: str) -> bool:
    return _LOCK_FILE.search(path) is not None


def keyword_spans(text: str, kind: FileType, of_file: frozenset[str]) -> Iterator[Span]:
    """Values that stand beside a telling name; the text is one line, and a long one, which no person wrote, is left alone."""
    if len(text) > LONGEST_LINE:
        return
    plugin = KeywordDetector()
    patterns = REGEX_BY_FILETYPE.get(kind, QUOTES_REQUIRED_DENYLIST_REGEX_TO_GROUP)
    if any(sign.search(text) for sign in KEYWORD_SIGNS):
        for value in plugin.analyze_string(text, patterns):
            yield from _valued(text, _first_word(value), of_file)


def entropy_spans(text: str, kind: FileType, of_file: frozenset[str]) -> Iterator[Span]:
    """Quoted tokens, and in settings files assigned ones, with more entropy than words or numbers have."""
    plugins = (Base64HighEntropyString(limit=BASE64_LIMIT), HexHighEntropyString(limit=HEX_LIMIT))
    for start, end in _tokens(text, kind):
        value = text[start:end]
        if values.looks_random(value) and any(_is_entropic(plugin, value) for plugin in plugins):
            confidence = judge.of_match(text, start, end, "entropy", of_file)
            if confidence is not None:
                yield _span(start, end, "entropy", "TOKEN", confidence)


def _tokens(text: str, kind: FileType) -> Iterator[tuple[int, int]]:
    yield from (found.span(1) for found in _QUOTED.finditer(text))
    if kind in _CONFIG:
        yield from (found.span(1) for found in _ASSIGNED.finditer(text))


def _is_entropic(plugin: HighEntropyStringsPlugin, value: str) -> bool:
    limit = plugin.entropy_limit
    return any(plugin.calculate_shannon_entropy(found) > limit for found in plugin.analyze_string(f'"{value}"'))


def _valued(line: str, value: str, of_file: frozenset[str]) -> Iterator[Span]:
    at = line.find(value) if len(value) >= SHORTEST_VALUE else -1
    while at >= 0:
        confidence = judge.of_match(line, at, at + len(value), "keyword", of_file)
        if confidence is not None:
            yield _span(at, at + len(value), "keyword", "SECRET", confidence)
        at = line.find(value, at + len(value))


def _first_word(value: str) -> str:
    """What KeywordDetector took beyond a space is a comment or prose; a value with a space in quotes is a sentence."""
    words = value.split()
    return (
        words[0].rstrip(",;") if len(words) == 1 or (len(words) > 1 and words[1].startswith(("#", "//", ";"))) else ""
    )


def _span(start: int, end: int, rule: str, type: str, confidence: Confidence) -> Span:
    return Span(start=start, end=end, rule=rule, kind="secret", severity="medium", confidence=confidence, type=type)
