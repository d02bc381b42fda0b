"""People: those who wrote a history, by name, and where their names stand in its texts. Who they are comes from outside.

A name of several words is found wherever it stands whole, in the capitals that it is written in or in more. What people sign with
in one word, which may be any word, is a name only behind a mark that is about a person: `@author`, `TODO(…)`, `@…` in a message.
Files that are there to list people are as author lines are: that people are named there is no finding, and nothing is learnt from them.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from espalier.core.findings.detection.lower import lowered
from espalier.core.findings.detection.spans import Confidence, Span

RULE, TYPE = "person-name", "NAME"
_LEAST_LETTERS, _LONGEST = 4, 80  # of a full name
_ASCII_LOWER = {upper: upper + 32 for upper in range(ord("A"), ord("Z") + 1)}
_WORD = re.compile(r"\w+")
_LETTERS = re.compile(r"[^\W\d_]+")
_HANDLE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{1,37}[A-Za-z0-9]")
_PRIVATE = re.compile(r"(?:\d+\+)?([^@+]+)@users\.noreply\.github\.com")  # GitHub's address for who shows none
_SIGNATURE = r"([A-Za-z][A-Za-z0-9._-]{1,37}[A-Za-z0-9])(?![A-Za-z0-9@])"
MARKS = (  # two, each of which begins in a way that is fast to look for
    re.compile(r"(?:TODO|FIXME|XXX|HACK|NOTE|REVIEW) ?[(\[] ?@?" + _SIGNATURE, re.ASCII),
    re.compile(r"[@\\:][Aa]uthors?:?[ \t]{1,8}@?" + _SIGNATURE, re.ASCII),
)
_MENTIONED = re.compile(r"(?<![\w@.+/-])@([A-Za-z][A-Za-z0-9._-]{1,37}[A-Za-z0-9])(?![\w@])", re.ASCII)
_MENTIONS = frozenset(
    ("COMMIT_EDITMSG", "CODEOWNERS", "OWNERS", "MAINTAINERS")
)  # names of files where @… is about people
_NOBODY = frozenset(
    ["action", "actions", "admin", "administrator", "anonymous", "authors", "automation", "bitbucket", "bot", "bots",
     "build", "builder", "cd", "ci", "committers", "community", "company", "contributor", "contributors", "corp",
     "corporation", "dependabot", "dev", "developer", "developers", "development", "devops", "example", "foundation", "git",
     "github", "gitlab", "gmbh", "group", "hello", "inc", "info", "infra", "integration", "jenkins", "labs", "limited",
     "llc", "localhost", "ltd", "mail", "manager", "me", "name", "nobody", "none", "noreply", "null", "open", "ops", "org",
     "package", "project", "release", "renovate", "robot", "root", "security", "semantic", "server", "service", "services",
     "software", "someone", "source", "studio", "support", "svn", "system", "systems", "team", "test", "tester", "testing",
     "tests", "travis", "unknown", "user", "users", "web", "webmaster", "www", "you", "your"]
)  # fmt: skip  # words that name no person, or machines and groups


@dataclass(frozen=True, slots=True)
class People:
    """Full names as their people write them, and handles in lower case, each with how sure it is that it is a person's."""

    names: Mapping[str, Confidence] = field(default_factory=dict)
    handles: Mapping[str, Confidence] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.names or self.handles)

    def __repr__(self) -> str:
        return f"People({len(self.names)} names, {len(self.handles)} handles)"


NOBODY = People()


def people(signed: Iterable[tuple[str, str]]) -> People:
    """Of the names and addresses that stand in fields and trailers. Of two ways to write a name, one with capitals counts."""
    names: dict[str, str] = {}
    handles: dict[str, Confidence] = {}
    for name, address in sorted(set(signed)):
        whole = " ".join(name.split())
        if is_full(whole):
            known = names.setdefault(lowered(whole), whole)
            names[lowered(whole)] = max(known, whole, key=lambda one: (any(map(str.isupper, one)), one))
        for handle in (_local_part(address), whole):
            if _HANDLE.fullmatch(handle) and lowered(handle) not in _NOBODY:
                handles[lowered(handle)] = "low" if _is_machine(name, address) else "medium"
    return People({name: _of_name(name) for name in names.values()}, handles)


def known_by(values: Iterable[str]) -> People:
    """Of names that were found before."""
    chosen = sorted(set(values))
    names: dict[str, Confidence] = {value: "medium" for value in chosen if is_full(value)}
    return People(names, {lowered(value): "medium" for value in chosen if value not in names})


def is_full(name: str) -> bool:
    """Two words or more with a space between, or three signs or more of a script that has none."""
    words = _LETTERS.findall(name)
    if not _WORD.match(name) or len(name) > _LONGEST or any(sign in name for sign in "@<>/\\{}\n"):
        return False
    enough = sum(map(len, words)) >= _LEAST_LETTERS and max(map(len, words), default=0) > 2
    unspaced = len(name) > 2 and all("\u3400" <= one <= "\u9fff" for one in name)
    return unspaced or (" " in name and len(words) > 1 and enough)


class Names:
    """Finds these people in texts. Letters beyond ASCII are as somebody writes them, all large or all small, for an automaton over
    bytes takes no others as one.
    """

    def __init__(self, people: People) -> None:
        self.people = people
        self.written = tuple(dict.fromkeys(_folded(form) for name in people.names for form in _forms(name)))
        self._by_first: dict[str, list[tuple[str, str]]] = {}
        for name in sorted(people.names, key=lambda name: (-len(name), name)):
            for form in sorted({_folded(form) for form in _forms(name)}):
                self._by_first.setdefault(_WORD.findall(form)[0], []).append((form, name))

    def may_be_in(self, text: str) -> bool:
        return any(word in self._by_first for word in _WORD.findall(_folded(text))) if self._by_first else False

    def spans(self, text: str) -> Iterator[Span]:
        """The full names in a text, the longest at each place."""
        folded = _folded(text)
        end = 0
        for word in _WORD.finditer(folded):
            if word.start() >= end and (found := self._at(text, folded, word)):
                end, name = found
                yield _span(word.start(), end, self.people.names[name])

    def marked(self, text: str) -> Iterator[Span]:
        """The handles behind a mark."""
        return (span for mark in MARKS for span in self._handles(mark, text))

    def mentioned(self, text: str, path: str) -> Iterator[Span]:
        """The handles behind a bare @, which is about people only in messages and in lists of who owns what."""
        about_people = path.rpartition("/")[2] in _MENTIONS
        return self._handles(_MENTIONED, text) if about_people and self.people.handles and "@" in text else iter(())

    def _at(self, text: str, folded: str, word: re.Match[str]) -> tuple[int, str] | None:
        for form, name in self._by_first.get(word[0], ()):
            end = word.start() + len(form)
            if folded.startswith(form, word.start()) and _stands_whole(text, word.start(), end, name):
                return end, name
        return None

    def _handles(self, pattern: re.Pattern[str], text: str) -> Iterator[Span]:
        for found in pattern.finditer(text):
            if confidence := self.people.handles.get(lowered(found[1])):
                yield _span(*found.span(1), confidence)


def _forms(name: str) -> tuple[str, ...]:
    return name, name.upper(), name.lower()


def _folded(text: str) -> str:
    """ASCII letters in lower case, and all others as they are."""
    return text.lower() if text.isascii() else text.translate(_ASCII_LOWER)


def _stands_whole(text: str, start: int, end: int, name: str) -> bool:
    """Not a part of a longer name, and with its capitals: what begins without one is other words."""
    if re.search(r"\w['’-]\Z", text[max(0, start - 2) : start]) or re.match(r"\w|['’-]\w{2}", text[end : end + 3]):
        return False
    begins = zip(_WORD.finditer(name), _WORD.finditer(text, start, end), strict=False)
    return not any(written[0][0].isupper() and there[0][0].islower() for written, there in begins)


def _span(start: int, end: int, confidence: Confidence) -> Span:
    return Span(start=start, end=end, rule=RULE, kind="personal", severity="low", confidence=confidence, type=TYPE)


def _of_name(name: str) -> Confidence:
    return "low" if _is_machine(name, "") or not any(map(str.isupper, name)) else "medium"


def _is_machine(name: str, address: str) -> bool:
    return "[bot]" in f"{name}{address}" or not _NOBODY.isdisjoint(map(str.lower, _LETTERS.findall(name)))


def _local_part(address: str) -> str:
    private = _PRIVATE.fullmatch(address)
    return private[1] if private else address.partition("@")[0]
