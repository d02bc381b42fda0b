"""Rules: patterns read from resources/rules, each proven on its own examples; those that come along are so by the tests."""

import re
import tomllib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection import judge
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.own import OwnRule
from espalier.core.findings.detection.reach import Stretch
from espalier.core.findings.detection.spans import Confidence, Kind, Severity
from espalier.core.findings.detection.specimens import specimen
from espalier.core.findings.detection.traits import of_path
from espalier.core.findings.detection.values import Demand, entropy, judged
from espalier.core.project.canonical import digest


class _Text(BaseModel):
    """A rule as its file writes it."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9-]{2,60}$")
    description: str
    type: str = Field(pattern=r"^[A-Z][A-Z0-9_]{1,30}$")
    kind: Literal["secret", "personal"] = "secret"
    regex: str
    keywords: list[str] = Field(min_length=1)
    secretGroup: int = Field(default=0, ge=0)
    entropy: float = Field(default=0.0, ge=0.0, le=8.0)
    value: Demand = "any"
    path: str = ""
    multiline: bool = False
    anchored: bool = False
    severity: Severity
    confidence: Confidence
    positives: list[str] = Field(min_length=1)
    negatives: list[str] = Field(min_length=1)
    example_path: str = "example.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """Where a rule's secret lies, and how sure the rule is of this one."""

    start: int
    end: int
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Rule:
    """A compiled rule. Keywords are lower case; where none of them is in the lowered line, or text, a match counts for nothing."""

    id: str
    description: str
    type: str
    kind: Kind
    pattern: re.Pattern[str]
    keywords: tuple[str, ...]
    group: int
    entropy: float
    demand: Demand
    path: re.Pattern[str] | None
    multiline: bool
    anchored: bool
    severity: Severity
    confidence: Confidence

    def matches(self, text: str, near: Sequence[Stretch] | None = None) -> Iterator[re.Match[str]]:
        """Of the pattern, in order; `near` says where one may be, if that is known.

        Where each begins with a keyword, it is tried there only: that is much faster.
        """
        stretches = near if near is not None else (Stretch(0, len(text) + 1, len(text)),)
        lower = lowered(text) if self.anchored else ""
        behind = 0
        for stretch in stretches:
            first = max(stretch.first, behind)
            tried = (
                self._at_keywords(text, lower, first, stretch) if self.anchored else self._from(text, first, stretch)
            )
            for found in tried:
                yield found
                behind = max(found.end(), found.start() + 1)

    def _at_keywords(self, text: str, lower: str, first: int, stretch: Stretch) -> Iterator[re.Match[str]]:
        behind = first
        for at in _places_of(self.keywords, lower, first, stretch.behind):
            if at >= behind and (found := self.pattern.match(text, at)):
                yield found
                behind = max(found.end(), at + 1)

    def _from(self, text: str, first: int, stretch: Stretch) -> Iterator[re.Match[str]]:
        for found in self.pattern.finditer(text, first, stretch.end):
            if found.start() >= stretch.behind:
                return
            yield found

    def applies_to(self, path: str) -> bool:
        return self.path is None or self.path.search(path) is not None

    def judge(self, found: re.Match[str], of_file: frozenset[str]) -> Match | None:
        """What a match of the pattern amounts to in such a file; None when its value can't be a secret."""
        start, end = _secret_of(found, self.group)
        value = found.string[start:end]
        if not value or entropy(value) < self.entropy:
            return None
        if self.kind == "personal":
            confidence = _personal(found, start, value)
        elif self.demand == "judged":
            confidence = judge.of_match(found.string, start, end, self.id, of_file)
        else:
            confidence = judged(value, self.demand, self.confidence)
        return None if confidence is None else Match(start=start, end=end, confidence=confidence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruleset:
    """Every rule, in the order of their names; those of the company; and the digest of what they say."""

    rules: tuple[Rule, ...]
    digest: str
    own: tuple[OwnRule, ...] = ()


DETECTORS = {
    "entropy": "Token with more entropy than words or numbers have",
    "keyword": "Value beside a name that tells of a secret",
    "kubernetes-secret": "Value in a Secret of Kubernetes, secret by its own word",
    "iban": "Bank account, its check digits right",
    "payment-card": "Payment card, its check digit right",
    "ip-address": "Public internet address on a line that speaks of one",
    "phone": "Telephone on a line that speaks of one",
    "person-name": "Name of somebody who wrote, committed, tagged or reviewed what is in the history",
    "reviewer": "Marked by a person who read the file",
    "imported": "Reported by another scanner",
}


@cache
def bundled() -> Ruleset:
    """The rules that come with Espalier. The tests prove them, so that no start has to."""
    return Ruleset(rules=tuple(_compiled(text) for text in _bundled_texts()), digest=bundled_says())


@cache
def bundled_says() -> str:
    """The digest of what they say, for whoever only names them: compiling takes ten times as long."""
    return _says(_bundled_texts())


def bundled_files() -> list[tuple[str, str]]:
    """Name and TOML of each."""
    folder = resources.files("espalier.resources").joinpath("rules")
    return sorted(
        (entry.name, entry.read_text(encoding="utf-8")) for entry in folder.iterdir() if entry.name.endswith(".toml")
    )


def described(rule: str) -> str:
    """A rule's description, or that of a detector that is no pattern; whose it is, for `file/rule` of a company's own, and for
    `tool:rule` out of a report; its name where nobody knows it any more.
    """
    if is_own(rule):
        name, _, own = rule.partition("/")
        return f"Found by {own} of the rules {name}"
    tool, _, theirs = rule.partition(":")
    return _descriptions().get(rule, f"Reported by {tool} as {theirs}" if theirs else rule)


def is_own(rule: str) -> bool:
    """Whether a rule is of a company's own file; its name cannot hold a colon, and no other rule's a slash before one."""
    return "/" in rule.partition(":")[0]


def is_judged(rule: str) -> bool:
    """Whether the judge says how sure its finds are."""
    return rule in ("entropy", "keyword") or any(one.id == rule and one.demand == "judged" for one in bundled().rules)


def is_format(rule: str) -> bool:
    """Whether what it finds has a form that somebody documents."""
    detectors = ("iban", "payment-card", "ip-address", "phone", "kubernetes-secret")
    return rule in detectors or any(one.id == rule and one.demand != "judged" for one in bundled().rules)


def load(folder: Path) -> Ruleset:
    return ruleset((path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.toml")))


def ruleset(files: Iterable[tuple[str, str]]) -> Ruleset:
    """The rules of these (name, TOML) files. Raises UnusableInput, with the rule's name, where one is broken or misbehaves."""
    texts = _texts(files)
    rules = tuple(_compiled(text) for text in texts)
    for rule, text in zip(rules, texts, strict=True):
        _prove(rule, text)
    return Ruleset(rules=rules, digest=_says(texts))


def _texts(files: Iterable[tuple[str, str]]) -> tuple[_Text, ...]:
    texts = sorted((text for name, source in files for text in _read(name, source)), key=lambda text: text.id)
    for one, other in pairwise(texts):
        if one.id == other.id:
            raise UnusableInput(f"Two rules are named {one.id}.", "Rename one of them.")
    return tuple(texts)


@cache
def _bundled_texts() -> tuple[_Text, ...]:
    return _texts(bundled_files())


def _says(texts: Iterable[_Text]) -> str:
    return digest([text.model_dump() for text in texts])


@cache
def _descriptions() -> dict[str, str]:
    return DETECTORS | {rule.id: rule.description for rule in bundled().rules}


def _read(name: str, source: str) -> list[_Text]:
    try:
        entries = tomllib.loads(source)["rules"]
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise UnusableInput(
            f"The rule file {name} can't be read: {error}.", "Mend it: [[rules]] tables in TOML."
        ) from error
    return [_entry(name, entry) for entry in entries]


def _entry(name: str, entry: dict[str, object]) -> _Text:
    try:
        return _Text.model_validate(entry)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        where = ".".join(str(part) for part in first["loc"])
        sentence = f"The rule {entry.get('id', '?')} in {name} has a wrong {where}: {first['msg']}."
        raise UnusableInput(sentence, "Mend that entry.") from error


def _compiled(text: _Text) -> Rule:
    pattern = _pattern(text.id, text.regex)
    if text.secretGroup > pattern.groups:
        raise UnusableInput(f"The rule {text.id} names group {text.secretGroup}, which its pattern lacks.", "Mend it.")
    if any(keyword != keyword.lower() for keyword in text.keywords):
        raise UnusableInput(
            f"The rule {text.id} has a keyword that is not lower case.", "Write keywords in lower case."
        )
    return Rule(
        id=text.id,
        description=text.description,
        type=text.type,
        kind=text.kind,
        pattern=pattern,
        keywords=tuple(text.keywords),
        group=text.secretGroup,
        entropy=text.entropy,
        demand=text.value,
        path=_pattern(text.id, text.path) if text.path else None,
        multiline=text.multiline,
        anchored=text.anchored,
        severity=text.severity,
        confidence=text.confidence,
    )


def _pattern(rule: str, source: str) -> re.Pattern[str]:
    try:
        return re.compile(source, re.ASCII)  # so that an automaton over bytes means the same
    except (re.error, OverflowError, RecursionError) as error:
        raise UnusableInput(f"The pattern of rule {rule} does not compile: {error}.", "Mend the pattern.") from error


def _prove(rule: Rule, text: _Text) -> None:
    """A rule that misses one of its positives or takes one of its negatives would fail in silence on real code."""
    for number, example in enumerate(text.positives):
        if not _found(rule, specimen(example, rule.id), text.example_path):
            raise UnusableInput(f"The rule {rule.id} misses its positive example {number + 1}.", "Mend the rule.")
    for number, example in enumerate(text.negatives):
        found = _found(rule, specimen(example, rule.id), text.example_path)
        if found - {"low"} if rule.demand == "judged" else found:
            raise UnusableInput(f"The rule {rule.id} takes its negative example {number + 1}.", "Mend the rule.")


def _found(rule: Rule, example: str, path: str) -> set[Confidence]:
    """How sure the rule is of what it finds there. Where the judge ranks it, a wrong find may be ranked low."""
    if not rule.applies_to(path) or not any(keyword in example.lower() for keyword in rule.keywords):
        return set()
    matches = (rule.judge(found, of_path(path)) for found in rule.matches(example))
    return {match.confidence for match in matches if match is not None}


def _places_of(keywords: Iterable[str], lower: str, first: int, behind: int) -> list[int]:
    """Where any of them begins, from the one place up to before the other."""
    found = set[int]()
    for keyword in keywords:
        end = behind + len(keyword) - 1
        at = lower.find(keyword, first, end)
        while at >= 0:
            found.add(at)
            at = lower.find(keyword, at + 1, end)
    return sorted(found)


def _secret_of(found: re.Match[str], group: int) -> tuple[int, int]:
    """The named group, or the one that took part where a pattern offers several ways, or the whole match."""
    wanted = group or (found.lastindex or 0)
    return found.span(wanted) if found.group(wanted) is not None else found.span()


_RESERVED = re.compile(
    r"(?i)(?:noreply|no-reply|do-?not-?reply|git|svn|hg|root|user|username|name|someone|you|your\.?name|your\.?email|foo|bar|test)@.*"
    r"|.*@(?:.*\.)?(?:example\.(?:com|org|net|edu)|example|invalid|test|localhost|domain\.com|email\.com|users\.noreply\.github\.com)"
)
_USERINFO = re.compile(r"://[^\s/@\"'<>]*:[^\s/@\"'<>]*\Z")


def _personal(found: re.Match[str], start: int, value: str) -> Confidence | None:
    """Nobody's address, or a password and a host (`user:pass@host`), is no personal data."""
    before = found.string[max(0, start - 80) : start]
    return None if _RESERVED.fullmatch(value) or _USERINFO.search(before) else "high"
