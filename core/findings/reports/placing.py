"""What becomes of each entry of a report: known here, placed as new, left alone, or not placed, and then why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.spans import Confidence
from espalier.core.findings.detection.values import is_distinctive
from espalier.core.findings.findings import Place
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.findings.marked import SHORTEST, Told
from espalier.core.findings.reports import foreign, located
from espalier.core.findings.reports.located import Located, Locator
from espalier.core.findings.reports.reported import Reported
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey
from espalier.core.repositories.corpus import CorpusRepository

Reason = (
    located.Reason
    | Literal[
        "no value there has its fingerprint",
        "the value is not told",
        "the value is too short",
        "the value spans lines",
        "several findings stand there",
        "another value stands there",
    ]
)
TYPE = "IMPORTED"
_SPANS = (
    'SELECT start, "end", fingerprint FROM places'
    " WHERE ruleset = ? AND repository = ? AND object = ? AND source = 'file' AND inner = ''"
)
Span = tuple[int, int, str]  # start, end, fingerprint


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A place to be kept under the fingerprint of its value."""

    fingerprint: str
    told: Told
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`cleared` are the findings here that the entry calls no secret."""

    state: Literal["known", "placed", "left alone", "not placed"]
    new: New | None = None
    cleared: tuple[str, ...] = ()
    reason: Reason | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What is known while entries are looked at: `listed` are the findings of the corpus that the report may name, `spans`
    the places in each blob; they grow by what is placed, so that two entries of one value are one place. `words` looks through
    what the report calls its rules.
    """

    project: Project
    ruleset: str
    key: ProjectKey
    listed: frozenset[str]
    words: Detector
    spans: dict[tuple[str, str], list[Span]] = field(default_factory=dict)

    def of(self, repository: str, blob: str) -> list[Span]:
        if (repository, blob) not in self.spans:
            rows = self.project.rows(_SPANS, (self.ruleset, repository, blob))
            self.spans[repository, blob] = [(row["start"], row["end"], row["fingerprint"]) for row in rows]
        return self.spans[repository, blob]


def outcomes(desk: Desk, entries: Iterable[tuple[Reported, CorpusRepository]]) -> list[Outcome]:
    """One for each entry, in their order; they are looked at by repository and file."""
    grouped: dict[str, list[tuple[int, Reported, CorpusRepository]]] = {}
    for number, (one, home) in enumerate(entries):
        grouped.setdefault(home.name, []).append((number, one, home))
    found = dict(pair for group in grouped.values() for pair in _of_repository(desk, group))
    return [found[number] for number in sorted(found)]


def named(one: Reported, key: ProjectKey) -> str | None:
    """The fingerprint of the value, where the report tells either."""
    return one.fingerprint or (None if one.value is None else fingerprint(key, one.value, one.kind))


def home(one: Reported, repositories: Iterable[CorpusRepository], given: str | None) -> CorpusRepository:
    """Where an entry is looked up. Raises UnusableInput where neither the report nor the person says it."""
    known = {repository.name: repository for repository in repositories}
    if given is not None and given not in known:
        raise UnusableInput(f"The corpus has no repository {given!r}.", f"Known: {', '.join(known)}.")
    name = one.repository if one.repository in known else given or (next(iter(known)) if len(known) == 1 else None)
    if name is None:
        sentence = f"The report does not say which of {len(known)} repositories {one.where} is about."
        raise UnusableInput(sentence, f"Name it: --repository NAME. Known: {', '.join(known)}.")
    return known[name]


def _of_repository(desk: Desk, group: list[tuple[int, Reported, CorpusRepository]]) -> Iterator[tuple[int, Outcome]]:
    with Locator(group[0][2], [one for _, one, _ in group], desk.key) as locator:
        for number, one, repository in sorted(group, key=lambda entry: (entry[1].path or "", entry[0])):
            yield number, _outcome(desk, one, repository.name, locator)


def _outcome(desk: Desk, one: Reported, repository: str, locator: Locator) -> Outcome:
    if one.fingerprint is not None and one.fingerprint in desk.listed:
        return Outcome(state="known", cleared=(one.fingerprint,) if one.cleared else ())
    found = locator.locate(one)
    if isinstance(found, Located):
        return _of_place(desk, one, repository, found)
    if found == "no file is named" and named(one, desk.key) in desk.listed:
        return Outcome(state="known")  # in a message, of which scanners tell no place
    differs = found == "the text differs" and one.fingerprint is not None
    return Outcome(state="not placed", reason="no value there has its fingerprint" if differs else found)


def _of_place(desk: Desk, one: Reported, repository: str, found: Located) -> Outcome:
    spans, at = desk.of(repository, found.version.blob), found.stretch
    over = [span for span in spans if span[0] < at.end and at.start < span[1]]
    if over:
        return _cleared(found, over) if one.cleared else Outcome(state="known")
    if one.cleared:
        return Outcome(state="left alone")
    return _new(desk, one, repository, found, spans)


def _cleared(found: Located, over: list[Span]) -> Outcome:
    """Whoever called a value no secret said so of all that it holds; who named a line, of the one finding on it."""
    at = found.stretch
    inside = {name for start, end, name in over if at.start <= start and end <= at.end}
    names = inside if at.seen else {name for _, _, name in over}
    if not names:
        return Outcome(state="not placed", reason="another value stands there")
    if len(names) > 1 and not at.seen:
        return Outcome(state="not placed", reason="several findings stand there")
    return Outcome(state="known", cleared=tuple(sorted(names)))


def _new(desk: Desk, one: Reported, repository: str, found: Located, spans: list[Span]) -> Outcome:
    value, start = found.value.strip(), found.stretch.start + len(found.value) - len(found.value.lstrip())
    why_not = _unfit(found, value)
    if why_not is not None:
        return Outcome(state="not placed", reason=why_not)
    name, end = fingerprint(desk.key, value, one.kind), start + len(value)
    spans.append((start, end, name))
    sure: Confidence = one.confidence if one.confidence == "high" or is_distinctive(value) else "low"
    told = Told(rule=foreign.rule(one, value, desk.words), type=TYPE, kind=one.kind, severity=sure, confidence=sure)
    place = Place(
        source="file",
        repository=repository,
        object=found.version.blob,
        blob=found.version.blob,
        path=found.version.path,
        commit=found.version.commit,
        line=found.line,
        start=start,
        end=end,
    )
    return Outcome(state="placed", new=New(fingerprint=name, told=told, place=place))


def _unfit(found: Located, value: str) -> Reason | None:
    """Why it can't be kept as a mark."""
    if not found.stretch.seen:
        return "the value is not told"
    if "\n" in value:
        return "the value spans lines"
    return "the value is too short" if len(value) < SHORTEST else None
