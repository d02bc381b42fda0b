"""A company's own rules, in the sense that gitleaks gives them, as detection runs them: whole texts, by patterns of RE2."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from espalier.core.findings.detection.linear import Pattern
from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.spans import Span
from espalier.core.findings.detection.values import entropy, judged

MOST = (
    2000  # matches of a rule in one text; what is made to have more is not worth telling apart, and all the rest goes
)
Target = Literal["secret", "match", "line"]
_CONTINUATION = bytes(range(0x80, 0xC0))  # in UTF-8, every byte of a character but its first


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """What an allowlist judges: a match with its secret and the lines around it, in the file of that path ('' for prose)."""

    path: str
    secret: str
    match: str
    line: str


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Allowlist:
    """What is no secret: `all` of the kinds of criteria that it has must hold, or any one of them.

    `commits` says that it names commits too: no file is read by its commit, so that this one criterion never holds.
    """

    all: bool
    commits: bool
    paths: tuple[Pattern, ...]
    regexes: tuple[Pattern, ...]
    target: Target
    stopwords: tuple[str, ...]

    def allows(self, one: Match) -> bool:
        if self.all:
            return bool(checks := list(self._checks(one))) and all(checks)
        return any(self._checks(one))

    def _checks(self, one: Match) -> Iterator[bool]:
        if self.commits:
            yield False
        if self.paths:
            yield one.path != "" and any(path.is_in(one.path) for path in self.paths)
        if self.stopwords:
            lower = one.secret.lower()
            yield any(word in lower for word in self.stopwords)
        if self.regexes:
            target = getattr(one, self.target)
            yield target != "" and any(regex.is_in(target) for regex in self.regexes)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OwnRule:
    """A compiled rule; `id` begins with the name of its file and a slash. Without a pattern it names files by their path.

    Keywords are lower case; a text that holds none of them has no match, and no keywords let every text through.
    """

    id: str
    description: str
    pattern: Pattern | None
    path: Pattern | None
    group: int
    entropy: float
    keywords: tuple[str, ...]
    allowlists: tuple[Allowlist, ...]

    def names(self, path: str) -> bool:
        """Whether it leaves the file of that path out of everything."""
        if self.pattern is not None or self.path is None or not self.path.is_in(path):
            return False
        return not any(one.allows(Match(path=path, secret="", match="", line="")) for one in self.allowlists)

    def is_told(self, lower: str, path: str) -> bool:
        """Whether a text, in lower case, is worth a look."""
        if self.pattern is None or (self.keywords and not any(word in lower for word in self.keywords)):
            return False
        return self.path is None or self.path.is_in(path)


def own_spans(rules: Sequence[OwnRule], text: str, path: str) -> list[Span]:
    """What these rules find in the file of that path; spans of several may overlap."""
    lower = lowered(text) if rules else ""
    told = [rule for rule in rules if rule.is_told(lower, path)]
    if not told:
        return []
    data = text.encode("utf-8", "surrogatepass")
    return [span for rule in told for span in _of_rule(rule, text, data, path)]


def _of_rule(rule: OwnRule, text: str, data: bytes, path: str) -> Iterator[Span]:
    assert rule.pattern is not None
    at = characters = 0
    for number, groups in enumerate(rule.pattern.spans(data)):
        (begin, end), secret = groups[0], _secret(rule, groups)
        at, characters = begin, characters + _characters(data[at:begin])
        whole, inner = (
            _trimmed(text, characters + _characters(data[begin:one]), characters + _characters(data[begin:other]))
            for one, other in ((begin, end), secret)
        )
        if number == MOST:
            yield _span(rule, text, *_trimmed(text, whole[0], len(text)))
            return
        if inner[0] < inner[1] and _counts(rule, text, path, whole, inner):
            yield _span(rule, text, *inner)


def _secret(rule: OwnRule, groups: tuple[tuple[int, int], ...]) -> tuple[int, int]:
    """The group that the rule names, or the first that holds something; the whole match where it holds nothing."""
    inner = groups[rule.group : rule.group + 1] if rule.group else groups[1:]
    return next((span for span in inner if span[1] > span[0]), groups[0])


def _counts(rule: OwnRule, text: str, path: str, whole: tuple[int, int], inner: tuple[int, int]) -> bool:
    secret = text[inner[0] : inner[1]]
    if rule.entropy and entropy(secret) <= rule.entropy:
        return False
    if not rule.allowlists:
        return True
    first, last = text.rfind("\n", 0, whole[0]) + 1, text.find("\n", whole[1])
    line = text[first : last if last >= 0 else len(text)]
    one = Match(path=path, secret=secret, match=text[whole[0] : whole[1]], line=line)
    return not any(allowlist.allows(one) for allowlist in rule.allowlists)


def _span(rule: OwnRule, text: str, start: int, end: int) -> Span:
    """As sure as a mute may cover: whoever wrote the rule did not prove it on examples."""
    confidence = judged(text[start:end], "any", "medium") or "low"
    return Span(
        start=start, end=end, rule=rule.id, kind="secret", severity="high", confidence=confidence, type="SECRET"
    )


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Without the space around it; empty where there is nothing else."""
    stretch = text[start:end]
    inside = stretch.strip()
    begin = start + len(stretch) - len(stretch.lstrip())
    return begin, begin + len(inside)


def _characters(data: bytes) -> int:
    """How many characters begin in these bytes of UTF-8."""
    return len(data.translate(None, _CONTINUATION))
