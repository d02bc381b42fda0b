"""A finding in its context, as a reviewer sees it: masked lines, who wrote them, and what a reveal shows and records."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from espalier.core.findings.detection import judge
from espalier.core.findings.detection.detect import MESSAGE
from espalier.core.findings.detection.encoded import stands_for_text
from espalier.core.findings.detection.grounds import PHRASES
from espalier.core.findings.detection.rules import bundled, described, is_format, is_judged
from espalier.core.findings.detection.traits import of_path
from espalier.core.findings.detection.values import entropy
from espalier.core.findings.findings import Finding, Place, hidden, spans_in, text_of
from espalier.core.project import audit
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.history import commits_named

AROUND = 6  # lines on each side of a place
WIDEST = 400  # characters of a line; a longer one is shown around what was found
LONGEST_PREFIX, LEAST_HIDDEN = 8, 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """Characters of a shown line, `line` counting from 0 among the lines shown; `own`: of the finding looked at."""

    line: int
    start: int
    end: int
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """Some lines of a text, numbered as in the whole text, with what stands out in them."""

    first_line: int
    lines: tuple[str, ...] = field(repr=False)
    stretches: tuple[Stretch, ...]
    numbers: tuple[int, ...] = ()  # where they don't count up from `first_line`


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The commit that a place was first seen in: who wrote it, and when by their clock, in Unix seconds."""

    commit: str
    author: str
    authored_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """What speaks for a finding: its rule in words, how sure it is, and what its value looks like, in numbers.

    `format` is the form that its rule looks for; else `speaks_for` and `speaks_against` it are plain phrases, strongest first.
    No word of the text is in any of them.
    """

    description: str
    confidence: str
    prefix: str
    length: int
    bits: float
    format: str = ""
    speaks_for: tuple[str, ...] = ()
    speaks_against: tuple[str, ...] = ()


def context(project: Project, corpus: str, one: Finding, place: Place, around: int = AROUND) -> Lines:
    """The lines around a place with everything masked that was found in them; the prefix that a format documents stays.

    Raises MissingObject where the repository no longer has the object.
    """
    return in_text(project, one, place, text_of(project, corpus, place), around)


def in_text(project: Project, one: Finding, place: Place, text: str, around: int = AROUND) -> Lines:
    """The same of a text that has been read already."""
    spans = spans_in(project, place)
    kept = prefix(one.rule, text[place.start : place.end])
    masked = hidden(text, spans)
    masked = masked[: place.start] + kept + masked[place.start + len(kept) :]
    return excerpted(masked, sorted(set(spans)), (place.start, place.end), around)


def why(one: Finding, place: Place, text: str) -> Why:
    value = text[place.start : place.end]
    speaks_for, speaks_against = _reasons(one.rule, place, text)
    return Why(
        description=described(one.rule),
        confidence=one.confidence,
        prefix=prefix(one.rule, value),
        length=len(value),
        bits=entropy(value),
        format=described(one.rule) if is_format(one.rule) else "",
        speaks_for=speaks_for,
        speaks_against=speaks_against,
    )


def reasons_json(told: Why) -> dict[str, object]:
    """The key `reasons` of `findings show`."""
    return {"format": told.format or None, "for": list(told.speaks_for), "against": list(told.speaks_against)}


def _reasons(rule: str, place: Place, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """As phrases. Under an encoding the judge has read what stands there, and not the run itself."""
    if not is_judged(rule):
        return ((), ()) if is_format(rule) else ((described(rule),), ())
    if stands_for_text(text[place.start : place.end]):
        return (PHRASES["readable underneath"][0],), ()
    of_file = of_path(MESSAGE if place.path is None else place.path)
    speaks_for, speaks_against = judge.reasons(judge.candidate(text, place.start, place.end, rule), of_file)
    return tuple(PHRASES[one][0] for one in speaks_for), tuple(PHRASES[one][1] for one in speaks_against)


def reveal(project: Project, corpus: str, one: Finding, place: Place, who: Identity, around: int = AROUND) -> Lines:
    """The same lines with this finding in clear, for the screen only. That it was asked for is on record before it is read."""
    with project.write() as db:
        detail: dict[str, object] = {"repository": place.repository, "object": place.object, "line": place.line}
        audit.record(db, who.name, "findings.revealed", f"finding:{one.fingerprint}", detail)
    text = text_of(project, corpus, place)
    masked = hidden(text, [span for span in spans_in(project, place) if span != (place.start, place.end)])
    clear = masked[: place.start] + text[place.start : place.end] + masked[place.end :]
    return excerpted(clear, [(place.start, place.end)], (place.start, place.end), around)


def written(project: Project, corpus: str, places: Sequence[Place]) -> list[Written | None]:
    """Who wrote the commit that each place was first seen in; None where it has none, or it can't be read any more."""
    paths = {one.name: one.path for one in corpus_named(project, corpus).repositories}
    asked: dict[str, list[str]] = {}
    for place in places:
        if place.commit is not None and place.repository in paths:
            asked.setdefault(place.repository, []).append(place.commit)
    known = {
        (repository, found.oid): Written(commit=found.oid, author=found.author_name, authored_at=found.authored_at)
        for repository, named in asked.items()
        for found in commits_named(paths[repository], named)
    }
    return [known.get((place.repository, place.commit or "")) for place in places]


def prefix(rule: str, value: str) -> str:
    """The beginning of a value that its vendor's format gives away, such as AKIA; empty for what people made up."""
    for known in bundled().rules:
        if known.id == rule and known.demand == "any" and known.kind == "secret":
            fits = (word for word in known.keywords if value.lower().startswith(word) and len(word) <= LONGEST_PREFIX)
            longest = max(fits, key=len, default="")
            return value[: len(longest)] if len(value) - len(longest) >= LEAST_HIDDEN else ""
    return ""


def excerpted(text: str, spans: Sequence[tuple[int, int]], own: tuple[int, int], around: int) -> Lines:
    """The lines around `own`, each cut to what can be shown, and where the spans lie in them."""
    starts = [0, *(at + 1 for at, letter in enumerate(text) if letter == "\n")]
    line = text.count("\n", 0, own[0])
    last = line + text.count("\n", own[0], own[1])
    first = max(0, line - around)
    shown, found = [], []
    for number, start in enumerate(starts[first : last + around + 1]):
        end = starts[first + number + 1] - 1 if first + number + 1 < len(starts) else len(text)
        begin, stop = _window(start, end, own)
        shown.append(text[begin:stop].rstrip("\r"))
        found += list(_stretches(number, begin, stop, spans, own))
    if len(shown) > 1 and not shown[-1] and first + len(shown) == len(starts):
        shown.pop()
    return Lines(first_line=first + 1, lines=tuple(shown), stretches=tuple(found))


def _window(start: int, end: int, own: tuple[int, int]) -> tuple[int, int]:
    if end - start <= WIDEST or own[1] <= start or own[0] >= end:
        return start, min(end, start + WIDEST)
    begin = max(start, min(own[0] - WIDEST // 4, end - WIDEST))
    return begin, min(end, begin + WIDEST)


def _stretches(
    number: int, begin: int, stop: int, spans: Sequence[tuple[int, int]], own: tuple[int, int]
) -> Iterator[Stretch]:
    for start, end in spans:
        if start < stop and begin < end:
            yield Stretch(
                line=number, start=max(start, begin) - begin, end=min(end, stop) - begin, own=(start, end) == own
            )
