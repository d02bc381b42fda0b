"""Running patterns over text: keywords first, then a rule's pattern on the few lines that hold one of its keywords."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from espalier.core.findings.rules import Rule
from espalier.core.findings.spans import Span

LONG_LINE = 16_384  # characters; a longer line is looked at through windows around its keywords
BEFORE, AFTER = 512, 16_384  # the longest secret of one line, a token with claims, fits

_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}


def lowered(text: str) -> str:
    """Lower case, character for character: `str.lower` makes two of the Turkish dotted capital I and would shift places."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text.translate(_ASCII_LOWER)


def windows(text: str, lower: str, keywords: Iterable[str]) -> list[tuple[int, int]]:
    """The stretches, in order, that hold a keyword: whole lines, or windows of long ones. Linear in the text."""
    found: set[tuple[int, int]] = set()
    for keyword in keywords:
        at = lower.find(keyword)
        while at >= 0:
            window, resume = _window(text, at)
            found.add(window)
            at = lower.find(keyword, max(resume, at + 1))
    return sorted(found)


def line_spans(text: str, lower: str, rules: Mapping[str, Sequence[Rule]]) -> Iterator[Span]:
    """What rules find that look at single lines only; they are given by keyword, and most texts hold few keywords."""
    where: dict[Rule, set[tuple[int, int]]] = {}
    for keyword in [keyword for keyword in rules if keyword in lower]:
        found = windows(text, lower, (keyword,))
        for rule in rules[keyword]:
            where.setdefault(rule, set()).update(found)
    for rule, stretches in where.items():
        for start, end in joined(stretches):
            yield from _matches(rule, text, start, end)


def joined(stretches: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """In order, those that overlap as one: nothing is looked at twice."""
    behind: tuple[int, int] | None = None
    for start, end in sorted(stretches):
        if behind is None or start >= behind[1]:
            if behind is not None:
                yield behind
            behind = start, end
        else:
            behind = behind[0], max(behind[1], end)
    if behind is not None:
        yield behind


def by_keyword(rules: Iterable[Rule]) -> dict[str, tuple[Rule, ...]]:
    index: dict[str, tuple[Rule, ...]] = {}
    for rule in rules:
        for keyword in rule.keywords:
            index[keyword] = (*index.get(keyword, ()), rule)
    return index


def text_spans(text: str, rules: Sequence[Rule]) -> Iterator[Span]:
    """What these rules find over lines; their patterns begin with literal text, which is what finds them fast."""
    for rule in rules:
        for found in rule.pattern.finditer(text):
            yield from _span(rule, found)


def _window(text: str, at: int) -> tuple[tuple[int, int], int]:
    """The window around a keyword, and from where the next keyword would need another one."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    end = len(text) if end < 0 else end
    if end - start <= LONG_LINE:
        return (start, end), end
    return (max(start, at - BEFORE), min(end, at + AFTER)), min(end, at + AFTER // 2)


def _matches(rule: Rule, text: str, start: int, end: int) -> Iterator[Span]:
    for found in rule.pattern.finditer(text, start, end):
        yield from _span(rule, _whole(rule.pattern, text, found, end))


def _whole(pattern: re.Pattern[str], text: str, found: re.Match[str], end: int) -> re.Match[str]:
    """A match that runs into the window's edge, made again in a wider window: half a token is another token."""
    while found.end() == end < len(text) and text[end] != "\n":
        end = min(len(text), end + AFTER)
        line_end = text.find("\n", found.start(), end)
        end = line_end if line_end >= 0 else end
        found = pattern.match(text, found.start(), end) or found
    return found


def _span(rule: Rule, found: re.Match[str]) -> Iterator[Span]:
    match = rule.judge(found)
    if match is not None:
        yield Span(
            start=match.start,
            end=match.end,
            rule=rule.id,
            kind=rule.kind,
            severity=rule.severity,
            confidence=match.confidence,
            type=rule.type,
        )
