"""Probes: each detector as a scan uses it: what it reads, what must be there for it to find anything, and what it finds."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from espalier.core.findings.detection import encoded, manifests, numbers, patterns
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.people import MARKS, Names
from espalier.core.findings.detection.reach import Stretch
from espalier.core.findings.detection.rules import Rule
from espalier.core.findings.detection.settings import ENTROPY_SIGNS, KEYWORD_SIGNS
from espalier.core.findings.detection.spans import Span
from espalier.core.findings.detection.traits import of_path
from espalier.core.findings.detection.values import PLACEHOLDER
from espalier.core.repositories.classify import is_credits

if TYPE_CHECKING:
    from detect_secrets.util.filetype import FileType


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialect:
    """What the name of a file decides about how it is read; `rules` are the names of those that apply, `of_file` its traits,
    `credits` whether it is there to list people.
    """

    kind: "FileType"
    lock: bool
    credits: bool
    rules: frozenset[str]
    of_file: frozenset[str]


Near = tuple[Stretch, ...] | None  # where in a text a probe has to look
EVERYWHERE: Near = None
Find = Callable[[str, Dialect, Near], Iterable[Span]]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Probe:
    """Finds nothing where no line, with its end, matches any of `signs`, nor where none holds any of `keywords` in lower case.

    No keywords mean that only its signs tell, no signs that only its keywords do. One that is `whole` reads a text, any other one a
    piece of a line; one that is `near` looks for nothing but its one sign, and only there. Keywords that are somebody's own are too
    many to be looked for one by one, so `may_be_in` says of a text whether any is there; and they are kept in no file.
    """

    signs: tuple[re.Pattern[str], ...]
    keywords: tuple[str, ...]
    find: Find
    applies: Callable[[Dialect], bool]
    whole: bool = False
    near: bool = False
    may_be_in: Callable[[str], bool] | None = None


# Finds nothing: where it is wanted, a text holds what the scrubber wrote, which no other probe may read.
OF_PLACEHOLDERS = Probe(
    signs=(re.compile(PLACEHOLDER.pattern, re.ASCII),),
    keywords=("secret_", "person_", "person-"),
    find=lambda text, dialect, near: (),
    applies=lambda dialect: True,
    whole=True,
)


def of_keywords(words: tuple[str, ...]) -> Probe:
    """Finds nothing: it tells which texts hold one of these words."""
    return Probe(
        signs=(), keywords=words, find=lambda text, dialect, near: (), applies=lambda dialect: True, whole=True
    )


def probes(rules: Sequence[Rule], beneath: encoded.Read) -> tuple[Probe, ...]:
    """The placeholders', those of these rules, then every other detector's; `beneath` reads what stood under an encoding."""
    return (OF_PLACEHOLDERS, *of_rules(rules), *_others(beneath))


def of_rules(rules: Iterable[Rule]) -> Iterator[Probe]:
    return (_of_rule(rule) for rule in rules)


def of_people(names: Names) -> tuple[Probe, ...]:
    """Those for full names and for handles behind marks; the second is there for nobody too, so that its signs always are."""
    full = Probe(
        signs=(),
        keywords=names.written,
        find=lambda text, dialect, near: names.spans(text),
        applies=_names_somebody,
        may_be_in=names.may_be_in,
    )
    marked = Probe(
        signs=MARKS, keywords=(), find=lambda text, dialect, near: names.marked(text), applies=_names_somebody
    )
    return (marked, *([full] if names.people.names else []))


def dialect_of(path: str, rules: Iterable[Rule]) -> Dialect:
    """How the file of that name is read under these rules."""
    from espalier.core.findings.detection import plugins  # whoever only names the ruleset needs no detector

    applying = frozenset(rule.id for rule in rules if rule.applies_to(path))
    return Dialect(
        kind=plugins.file_type(path),
        lock=plugins.is_lock_file(path),
        credits=is_credits(path),
        rules=applying,
        of_file=of_path(path),
    )


def _of_rule(rule: Rule) -> Probe:
    return Probe(
        signs=() if rule.multiline else (rule.pattern,),  # of which no single line may match all
        keywords=rule.keywords,
        find=lambda text, dialect, near: (
            patterns.rule_spans(rule, text, dialect.of_file, near) if _is_told(rule, text) else ()
        ),
        applies=lambda dialect: rule.multiline or rule.id in dialect.rules,
        whole=rule.multiline,
        near=not rule.multiline,
    )


def _is_told(rule: Rule, text: str) -> bool:
    """A keyword is not only what finds a rule's text fast: beside it a token without a form of its own is one."""
    lower = lowered(text)
    return any(keyword in lower for keyword in rule.keywords)


def _others(read: encoded.Read) -> tuple[Probe, ...]:
    wrapped = encoded.Wrapped(read)
    return (
        _of_encoding(encoded.BASE64_SIGN, encoded.base64_spans, read),
        _of_encoding(encoded.HEX_SIGN, encoded.hex_spans, read),
        _of_encoding(encoded.PERCENT_SIGN, encoded.percent_spans, read),
        Probe(
            signs=encoded.WRAPPED_SIGNS,
            keywords=(),
            find=lambda text, dialect, near: wrapped.spans(text),
            applies=_always,
            whole=True,
        ),
        Probe(
            signs=(),
            keywords=manifests.KEYWORDS,
            find=lambda text, dialect, near: manifests.secret_spans(text),
            applies=_always,
            whole=True,
        ),
        *(_of_number(one) for one in numbers.NUMBERS),
        Probe(signs=KEYWORD_SIGNS, keywords=(), find=_keyword_spans, applies=_always),
        Probe(signs=ENTROPY_SIGNS, keywords=(), find=_entropy_spans, applies=_unlocked),
    )


def _of_encoding(
    sign: re.Pattern[str], spans: Callable[[str, encoded.Read], Iterable[Span]], read: encoded.Read
) -> Probe:
    return Probe(signs=(sign,), keywords=(), find=lambda text, dialect, near: spans(text, read), applies=_always)


def _of_number(one: numbers.Number) -> Probe:
    return Probe(signs=(one.form,), keywords=(), find=lambda text, dialect, near: one.spans(text), applies=_unlocked)


def _keyword_spans(text: str, dialect: Dialect, near: Near) -> Iterable[Span]:
    from espalier.core.findings.detection import plugins  # a text without its signs needs none of it

    return plugins.keyword_spans(text, dialect.kind, dialect.of_file)


def _entropy_spans(text: str, dialect: Dialect, near: Near) -> Iterable[Span]:
    from espalier.core.findings.detection import plugins

    return plugins.entropy_spans(text, dialect.kind, dialect.of_file)


def _always(dialect: Dialect) -> bool:
    return True


def _names_somebody(dialect: Dialect) -> bool:
    return not dialect.credits


def _unlocked(dialect: Dialect) -> bool:
    return not dialect.lock
