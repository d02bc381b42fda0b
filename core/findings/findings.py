"""Findings as people see them: listed with state and places, and shown in their context with the secret masked."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from espalier.core.failures import UnusableInput
from espalier.core.findings.archives.members import members
from espalier.core.findings.reading import Kind, archive_name, archive_path, texts
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.summary import OF_CORPUS
from espalier.core.project.file import Project, Row
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.git import ObjectReader

BULLET = "•"
AROUND = 3  # lines of context on each side
WIDEST = 400  # characters of a line of context
_BEGINS_WITH = (
    "SELECT p.* FROM places p INDEXED BY places_of_a_finding CROSS JOIN noted n"
    " ON n.corpus = :corpus AND n.ruleset = p.ruleset AND n.repository = p.repository AND n.object = p.object"
    " WHERE p.fingerprint BETWEEN :least AND :most AND p.ruleset = :ruleset ORDER BY p.unreachable, p.id"
)  # "g" comes after every hexadecimal digit

_MUTED = "EXISTS (SELECT 1 FROM muted_findings m WHERE m.fingerprint = f.fingerprint) AS muted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a finding stands; `start` and `end` are characters of the decoded text of `object`, or of `inner` in that archive.

    What no ref leads to is `unreachable`, and has neither path nor commit.
    """

    source: str
    repository: str
    object: str
    blob: str | None
    path: str | None
    commit: str | None
    line: int
    start: int
    end: int
    inner: str = ""
    unreachable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """`muted`: it is a false alarm because its rule is muted, and nobody said so of itself."""

    fingerprint: str
    rule: str
    type: str
    kind: str
    severity: str
    confidence: str
    state: str
    places: tuple[Place, ...]
    muted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Excerpt:
    """Lines around a place, with every found secret in them masked; `first_line` counts from 1."""

    first_line: int
    lines: tuple[str, ...]


def findings(project: Project, corpus: str, ruleset: str | None = None, *, state: str | None = None) -> list[Finding]:
    """The findings of a corpus under the ruleset (the current one where none is given), in the order of fingerprints.

    The places that a ref leads to come first.
    """
    chosen = {"corpus": corpus, "ruleset": ruleset or current_ruleset(project)}
    places: dict[str, list[Place]] = {}
    for row in project.rows(f"SELECT * FROM ({OF_CORPUS}) ORDER BY unreachable, id", chosen):
        places.setdefault(row["fingerprint"], []).append(_place(row))
    rows = project.rows(
        f"SELECT f.*, s.state, {_MUTED} FROM findings f JOIN finding_states s USING (fingerprint)"
        " WHERE fingerprint IN (SELECT value FROM json_each(?)) ORDER BY fingerprint",
        (json.dumps(list(places)),),
    )
    found = [_finding(row, places[row["fingerprint"]]) for row in rows]
    return [one for one in found if state is None or one.state == state]


def finding(project: Project, corpus: str, prefix: str) -> Finding:
    """The one finding whose fingerprint begins so; raises UnusableInput where there is none, or several."""
    named = {"corpus": corpus, "ruleset": current_ruleset(project), "least": prefix, "most": prefix + "g"}
    places: dict[str, list[Place]] = {}
    for row in project.rows(_BEGINS_WITH, named) if prefix else ():
        places.setdefault(row["fingerprint"], []).append(_place(row))
    if len(places) != 1:
        sentence = f"{len(places) or 'No'} findings have a fingerprint that begins with {prefix!r}."
        raise UnusableInput(sentence, "List them: espalier findings list PROJECT")
    (name,) = places
    sql = (
        f"SELECT f.*, s.state, {_MUTED} FROM findings f JOIN finding_states s USING (fingerprint) WHERE fingerprint = ?"
    )
    (row,) = project.rows(sql, (name,))
    return _finding(row, places[name])


def as_json(one: Finding) -> dict[str, object]:
    """The keys of `findings list`."""
    names = ("fingerprint", "rule", "kind", "severity", "confidence", "state", "muted")
    return {**{name: getattr(one, name) for name in names}, "places": [_place_json(place) for place in one.places]}


def excerpt(project: Project, corpus: str, place: Place, around: int = AROUND) -> Excerpt:
    """The lines around a place, read from git now. Raises MissingObject where the repository no longer has the object."""
    text = text_of(project, corpus, place)
    masked = hidden(text, spans_in(project, place))
    first = max(0, place.line - 1 - around)
    last = masked.count("\n", 0, place.end) + around
    lines = masked.split("\n")[first : last + 1]
    return Excerpt(first_line=first + 1, lines=tuple(line[:WIDEST] for line in lines))


def text_of(project: Project, corpus: str, place: Place) -> str:
    """The whole decoded text that a place is in: secret text, for memory only."""
    paths = {one.name: one.path for one in corpus_named(project, corpus).repositories}
    if place.repository not in paths:
        raise UnusableInput(f"The corpus has no repository {place.repository!r}.", "Name a corpus that has it.")
    with ObjectReader(paths[place.repository]) as reader:
        return text_in(reader.read(place.object), place)


def text_in(data: bytes, place: Place) -> str:
    """The text of the place in the bytes of its object."""
    return texts_in(data, [place])[place]


def texts_in(data: bytes, places: Sequence[Place]) -> dict[Place, str]:
    """The same for several places of one object, which is opened once where it is an archive."""
    inner = {place.inner: place for place in places if place.inner}
    found = _inner_texts(data, next(iter(inner.values())), inner.keys()) if inner else {}
    return {place: _inner(found, place) if place.inner else _text_in(data, place) for place in places}


def _inner_texts(data: bytes, place: Place, wanted: Collection[str]) -> dict[str, str]:
    name = archive_name((place.path or "").removesuffix(archive_path(None, place.inner)))
    opened = members(data, name, wanted)
    return {one.path: one.decoded.text for one in opened if one.path in wanted and one.decoded.text is not None}


def _inner(found: Mapping[str, str], place: Place) -> str:
    if place.inner in found:
        return found[place.inner]
    raise UnusableInput(
        f"Archive {place.object} does not hold that file as text.", "Scan again: espalier findings scan PROJECT"
    )


def _text_in(data: bytes, place: Place) -> str:
    kind: Kind = "blob" if place.source in ("file", "import") else "tag" if place.source == "tag" else "commit"
    for source, decoded in texts(kind, data):
        if decoded.text is not None and source == ("file" if kind == "blob" else place.source):
            return decoded.text
    raise UnusableInput(
        f"Object {place.object} has no text of that kind.", "Scan again: espalier findings scan PROJECT"
    )


def spans_in(project: Project, place: Place) -> list[tuple[int, int]]:
    """Every place found in the same text, whichever ruleset found it: a neighbour of a secret may be one too."""
    rows = project.rows(
        'SELECT start, "end" FROM places WHERE repository = ? AND object = ? AND source = ? AND inner = ?',
        (place.repository, place.object, place.source, place.inner),
    )
    return [(place.start, place.end), *((row["start"], row["end"]) for row in rows)]


def hidden(text: str, spans: list[tuple[int, int]]) -> str:
    """Each character of the spans as a bullet, line ends kept: masking moves no line."""
    letters = list(text)
    for start, end in spans:
        for at in range(start, min(end, len(letters))):
            letters[at] = letters[at] if letters[at] in "\r\n" else BULLET
    return "".join(letters)


def _place(row: Row) -> Place:
    names = ("source", "repository", "object", "blob", "path", "commit", "line", "start", "end", "inner")
    return Place(**{name: row[name] for name in names}, unreachable=bool(row["unreachable"]))


def _finding(row: Row, places: list[Place]) -> Finding:
    names = ("fingerprint", "rule", "type", "kind", "severity", "confidence", "state")
    return Finding(**{name: row[name] for name in names}, places=tuple(places), muted=bool(row["muted"]))


def _place_json(place: Place) -> dict[str, object]:
    names = ("repository", "blob", "path", "commit", "line", "start", "end")
    return {"source": source_word(place), **{name: getattr(place, name) for name in names}}


def source_word(place: Place) -> str:
    return "unreachable" if place.unreachable else place.source
