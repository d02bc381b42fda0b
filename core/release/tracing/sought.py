"""The value behind one finding, in memory only: read again from git at its places, and looked for in text that is stored.

Where no place can be read any more, a text is cut into pieces as long as the value was, and the fingerprints tell.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import cast

from espalier.core.examples.verification import WITHHELD
from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.detection.values import is_distinctive
from espalier.core.findings.findings import Place, hidden, text_in
from espalier.core.findings.fingerprint import fingerprint, normalised
from espalier.core.findings.marked import marked_fingerprints
from espalier.core.findings.ruleset import ruleset_of
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey, project_key
from espalier.core.repositories.git import ObjectReader
from espalier.core.scrub.known import PREFIX, Known, KnownValues
from espalier.core.scrub.placeholder import placeholder
from espalier.core.scrub.pseudonyms import NUMBER_TYPES, pseudonym

TRIES = 16  # places that are read for each length of a value
LENGTHS = 32  # only key blocks and names have several
LONG_LINE = 32  # characters: such a line of a key block gives a part of the key away
REMEMBERED = 1_000_000  # lines that were looked through already
_BLOCK = "-----BEGIN"
_APART = re.compile(r"\\+[nrt]|[\s\"'`,\\]+")
_NAMED = (
    "SELECT f.*, s.state FROM findings f JOIN finding_states s USING (fingerprint)"
    " WHERE f.fingerprint BETWEEN ? AND ? ORDER BY f.fingerprint LIMIT 2"
)
_PLACES = (
    'SELECT source, repository, object, blob, path, "commit", line, start, "end", inner, unreachable FROM places'
    " WHERE fingerprint = ?1"
    " UNION SELECT 'file', repository, object, object, path, \"commit\", line, start, \"end\", '', 0 FROM marked_places"
    ' WHERE fingerprint = ?1 ORDER BY repository, object, inner, start, "end"'
)
_PATHS = (
    "SELECT repository, path FROM (SELECT held.repository, held.path, refreshed_at FROM corpus_repositories AS held"
    " JOIN corpora ON corpora.hash = held.corpus UNION ALL SELECT name, path, '~' FROM repositories) ORDER BY refreshed_at"
)  # "~" comes after every date: where a repository was moved to counts most


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A finding with all its places, whichever rules found it and in whichever corpus."""

    fingerprint: str
    rule: str
    kind: Kind
    state: str
    places: tuple[Place, ...]


def named(project: Project, prefix: str) -> Named:
    """The one finding whose fingerprint begins so; raises UnusableInput where there is none, or several."""
    if not re.fullmatch(r"[0-9a-f]{1,64}", prefix):
        raise UnusableInput("That is no fingerprint.", "Copy one from: espalier findings list PROJECT")
    rows = project.rows(_NAMED, (prefix, prefix + "g"))
    if len(rows) != 1:
        sentence = f"{'Several' if rows else 'No'} findings have a fingerprint that begins with {prefix}."
        raise UnusableInput(sentence, "List them: espalier findings list PROJECT")
    (row,) = rows
    found = project.rows(_PLACES, (row["fingerprint"],))
    return Named(
        fingerprint=row["fingerprint"],
        rule=row["rule"],
        kind=cast(Kind, row["kind"]),
        state=row["state"],
        places=tuple(Place(**{**dict(one), "unreachable": bool(one["unreachable"])}) for one in found),
    )


class Sought:
    """Says whether a text holds the value. One thread at a time; it never shows in a representation."""

    def __init__(self, key: ProjectKey, one: Named, values: Sequence[str], detector: Detector, *, marked: bool) -> None:
        self.known = bool(values)
        self._key, self._name, self._kind = key, one.fingerprint, one.kind
        self._lengths = sorted({place.end - place.start for place in one.places})[:LENGTHS]
        self._certain = marked or any(map(is_distinctive, values))
        parts = [*values, *(part for value in values for part in _parts(value))]
        self._whole = _forms(parts, one.kind)
        self._folded = _forms([part.casefold() for part in parts], one.kind) if one.kind == "personal" else None
        self._short = [value for value in values if len(value) < PREFIX]
        self._blocks = {normalised(value, one.kind) for value in values if _BLOCK in value}
        self._replaced = _placeholders(key, one.kind, values)
        self._detector = detector
        self._without: set[str] = set()
        self._shown: dict[str, str] = {}

    def __repr__(self) -> str:
        return f"Sought({self._name[:12]})"

    def holds(self, text: str, path: str = "", *, own: bool = False) -> bool:
        """Whether the value stands in a text, as it is or in an encoding that files carry.

        A value that is an ordinary word counts where a detector takes it for the secret, and in what was built from one of
        its places (`own`).
        """
        if not self.known:
            return self._fingerprint_stands_in(text) or (_BLOCK in text and self._is_detected(text, path))
        return self._stands_in(text) and (self._certain or own or self._is_detected(text, path))

    def was_replaced(self, text: str) -> bool:
        """Whether the placeholder of the value stands in a text; never, where the value can't be read any more."""
        return self._replaced is not None and self._replaced.search(text) is not None

    def shown(self, name: str | None) -> str:
        """A path as it may be told: nothing of it where it holds the value, and masked where it looks like a secret."""
        told = name or ""
        if told not in self._shown:
            masked = hidden(told, [(span.start, span.end) for span in self._detector.spans(told, "")])
            self._shown[told] = WITHHELD if self.holds(told, own=True) else masked
        return self._shown[told]

    def _stands_in(self, text: str) -> bool:
        if next(self._whole.find(text), None) or any(value in text for value in self._short):
            return True
        if self._folded is not None and next(self._folded.find(text.casefold()), None):
            return True
        return _BLOCK in text and any(block in normalised(text, "secret") for block in self._blocks)

    def _is_detected(self, text: str, path: str) -> bool:
        spans = self._detector.spans(text, path)
        return any(fingerprint(self._key, text[one.start : one.end], one.kind) == self._name for one in spans)

    def _fingerprint_stands_in(self, text: str) -> bool:
        fresh = set(text.split("\n")) - self._without
        if any(fingerprint(self._key, piece, self._kind) == self._name for piece in self._pieces(fresh)):
            return True
        if len(self._without) > REMEMBERED:
            self._without.clear()
        self._without |= fresh
        return False

    def _pieces(self, lines: set[str]) -> Iterator[str]:
        """Stretches as long as the value that begin or end where a word does."""
        for line in lines:
            edges = [True, *(not (one.isalnum() and other.isalnum()) for one, other in pairwise(line)), True]
            for length in self._lengths:
                for start in range(len(line) - length + 1):
                    if edges[start] or edges[start + length]:
                        yield line[start : start + length]


def sought(project: Project, one: Named) -> Sought:
    """Raises UnusableInput where the project's key is not on this machine."""
    key = project_key(project)
    marked = one.fingerprint in marked_fingerprints(project)
    detector = Detector(ruleset_of(project))
    return Sought(key, one, list(_values(project, one, key)), detector, marked=marked)


def _values(project: Project, one: Named, key: ProjectKey) -> Iterator[str]:
    """One for each length that it has at its places; those whose object is gone, or says something else, give none."""
    paths = {row["repository"]: row["path"] for row in project.rows(_PATHS)}
    waiting: dict[int, list[Place]] = {}
    for place in one.places:
        waiting.setdefault(place.end - place.start, []).append(place)
    for alike in list(waiting.values())[:LENGTHS]:
        values = (_value(paths, place) for place in alike[:TRIES])
        found = next(
            (value for value in values if value and fingerprint(key, value, one.kind) == one.fingerprint), None
        )
        if found is not None:
            yield found


def _value(paths: dict[str, str], place: Place) -> str | None:
    if place.repository not in paths:
        return None
    try:
        with ObjectReader(Path(paths[place.repository])) as reader:
            return text_in(reader.read(place.object), place)[place.start : place.end]
    except (UnusableInput, WorkFailed):
        return None


def _forms(values: Sequence[str], kind: Kind) -> KnownValues:
    long = [value for value in values if len(value) >= PREFIX]
    return KnownValues(Known(value=value, kind=kind, type="", state="scrub", marked=True) for value in long)


def _placeholders(key: ProjectKey, kind: Kind, values: Sequence[str]) -> re.Pattern[str] | None:
    """Whatever type the rules gave the value. Two addresses may share a pseudonym: then one is taken for the other."""
    forms = []
    for value in values:
        tag = placeholder(key, value, kind, "ANY").rpartition("_")[2]
        forms += [f"_{tag}", f"person-{tag.lower()}@"]
        if kind == "personal":
            numbers = (pseudonym(key, value, type) for type in NUMBER_TYPES)
            forms += [rf"(?<!\w){re.escape(number)}(?!\w)" for number in numbers if number]
    return re.compile("|".join(forms)) if forms else None


def _parts(value: str) -> list[str]:
    """The long lines of a key block: each is a part of the key, also without its neighbours."""
    return [line for line in _APART.split(value) if len(line) >= LONG_LINE] if _BLOCK in value else []
