"""Marks: what a person saw in a sampled review, or another scanner reported, and no rule had found becomes a finding of its
own, in every later scan too.
"""

from dataclasses import dataclass

from espalier.core.failures import UnusableInput
from espalier.core.findings import index, mutes
from espalier.core.findings.detection.spans import Confidence, Kind, Severity
from espalier.core.findings.findings import Place, text_in
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity
from espalier.core.project.key import project_key
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.git import ObjectReader

RULE = "reviewer"
SHORTEST = 6  # characters: what is shorter can't be looked for in every text without destroying code
_PLACES = (
    'INSERT INTO places (fingerprint, ruleset, source, repository, object, blob, path, "commit", line, start, "end")'
    ' SELECT m.fingerprint, :ruleset, \'file\', m.repository, m.object, m.object, m.path, m."commit", m.line, m.start, m."end"'
    " FROM marked_places m JOIN scanned s ON s.ruleset = :ruleset AND s.repository = m.repository AND s.object = m.object"
    " WHERE s.not_scanned IS NULL ON CONFLICT DO NOTHING"
)
_NOTED = (
    "INSERT INTO noted (corpus, ruleset, repository, object, not_scanned)"
    " SELECT DISTINCT :corpus, :ruleset, m.repository, m.object, NULL FROM marked_places m"
    " JOIN scanned s ON s.ruleset = :ruleset AND s.repository = m.repository AND s.object = m.object"
    " JOIN corpus_repositories c ON c.corpus = :corpus AND c.repository = m.repository"
    " WHERE s.not_scanned IS NULL ON CONFLICT DO NOTHING"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a finding says of itself that no rule of ours found."""

    rule: str
    type: str
    kind: Kind
    severity: Severity
    confidence: Confidence


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Characters `start` to `end` of the decoded text of a blob, which a person calls a secret."""

    repository: str
    object: str
    path: str | None
    commit: str | None
    start: int
    end: int


SEEN = Told(rule=RULE, type="MARKED", kind="secret", severity="high", confidence="high")


def mark(project: Project, corpus: str, ruleset: str, seen: Mark, who: Identity) -> str:
    """Make a finding of what was marked, open until it is decided, and return its fingerprint.

    The scrubber looks for it in every text; a mute covers it no more. Raises UnusableInput for a mark that is too short for that, or spans lines.
    """
    if who.automatic:
        raise UnusableInput(f"{who.name} stands for nobody and can't review.", "Review as a person: --as IDENTITY")
    place = _place(project, corpus, seen)
    name = fingerprint(project_key(project), _value(project, corpus, place), "secret")
    with project.write() as db:
        keep(db, name, SEEN, place, who)
        carry_in(db, corpus, ruleset)
        detail: dict[str, object] = {"repository": place.repository, "object": place.object, "line": place.line}
        audit.record(db, who.name, "findings.marked", f"finding:{name}", detail)
    index.fill(project, corpus, ruleset, only=name)
    mutes.reopen(project, [name], who.name, "marked by a person")
    return name


def keep(db: Connection, name: str, told: Told, place: Place, who: Identity) -> None:
    """A place under this fingerprint, whatever the ruleset; a finding that is known already stays what it is."""
    row = (name, told.rule, told.type, told.kind, told.severity, told.confidence)
    db.execute("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", row)
    where = (name, place.repository, place.object, place.path, place.commit, place.line, place.start, place.end)
    sql = "INSERT INTO marked_places VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    db.execute(sql, (*where, who.name, utc_now()))


def carry(project: Project, corpus: str, ruleset: str) -> None:
    """Places that people marked are places under every ruleset: no change of the rules forgets them."""
    with project.write() as db:
        carry_in(db, corpus, ruleset)


def carry_in(db: Connection, corpus: str, ruleset: str) -> None:
    db.execute(_PLACES, {"ruleset": ruleset})
    db.execute(_NOTED, {"ruleset": ruleset, "corpus": corpus})


def marked_fingerprints(project: Project) -> frozenset[str]:
    return frozenset(row["fingerprint"] for row in project.rows("SELECT DISTINCT fingerprint FROM marked_places"))


def _text(project: Project, corpus: str, seen: Mark | Place) -> str:
    paths = {one.name: one.path for one in corpus_named(project, corpus).repositories}
    if seen.repository not in paths:
        raise UnusableInput(f"The corpus has no repository {seen.repository!r}.", "Name a corpus that has it.")
    with ObjectReader(paths[seen.repository]) as reader:
        data = reader.read(seen.object)
    return text_in(data, _as_place(seen, 1) if isinstance(seen, Mark) else seen)


def _place(project: Project, corpus: str, seen: Mark) -> Place:
    """The mark without the space around it, on its line."""
    text = _text(project, corpus, seen)
    value = text[seen.start : seen.end]
    start = seen.start + len(value) - len(value.lstrip())
    value = value.strip()
    if len(value) < SHORTEST or "\n" in value:
        sentence = f"A mark has at least {SHORTEST} characters and stays on one line."
        raise UnusableInput(sentence, "Mark the whole value; a key of several lines is marked a line at a time.")
    trimmed = Mark(
        repository=seen.repository,
        object=seen.object,
        path=seen.path,
        commit=seen.commit,
        start=start,
        end=start + len(value),
    )
    return _as_place(trimmed, text.count("\n", 0, start) + 1)


def _value(project: Project, corpus: str, place: Place) -> str:
    return _text(project, corpus, place)[place.start : place.end]


def _as_place(seen: Mark, line: int) -> Place:
    return Place(
        source="file",
        repository=seen.repository,
        object=seen.object,
        blob=seen.object,
        path=seen.path,
        commit=seen.commit,
        line=line,
        start=seen.start,
        end=seen.end,
    )
