"""The values behind a corpus' findings, read again from git into memory: the project file holds only where they stand."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import cast

from espalier.core.failures import UnusableInput
from espalier.core.findings.detection.spans import Kind
from espalier.core.findings.findings import Finding, Place, findings, texts_in
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.findings.marked import marked_fingerprints
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.git import MissingObject, ObjectReader
from espalier.core.scrub.known import Known


def known_values(project: Project, corpus: str, key: ProjectKey) -> Iterator[Known]:
    """One value for each finding, from its first place that a ref leads to. Raises MissingObject where git has collected it
    since; what no ref led to may go at any time, and then stands in nothing that is learnt from.
    """
    paths = {one.name: one.path for one in corpus_named(project, corpus).repositories}
    marked = marked_fingerprints(project)
    wanted = sorted(((one, one.places[0]) for one in findings(project, corpus)), key=_where)
    for repository, there in groupby(wanted, key=lambda pair: pair[1].repository):
        with ObjectReader(paths[repository]) as reader:
            for oid, same in groupby(there, key=lambda pair: pair[1].object):
                alike = list(same)
                texts = _texts(reader, oid, [place for _, place in alike])
                for one, place in alike:
                    if place in texts:
                        value = texts[place][place.start : place.end]
                        yield known_value(one, value, key, marked=one.fingerprint in marked)


def _texts(reader: ObjectReader, oid: str, places: Sequence[Place]) -> dict[Place, str]:
    try:
        return texts_in(reader.read(oid), places)
    except MissingObject:
        if all(place.unreachable for place in places):
            return {}
        raise


def _where(pair: tuple[Finding, Place]) -> tuple[str, str]:
    return pair[1].repository, pair[1].object


def blocked_blobs(project: Project, corpus: str, ruleset: str) -> dict[str, str]:
    """Blob → why it was not scanned; nothing may be learnt from it."""
    rows = project.rows(
        "SELECT object, not_scanned FROM noted WHERE corpus = ? AND ruleset = ? AND not_scanned IS NOT NULL",
        (corpus, ruleset),
    )
    return {row["object"]: row["not_scanned"] for row in rows}


def known_value(one: Finding, value: str, key: ProjectKey, *, marked: bool = False) -> Known:
    """The value of a finding. Raises UnusableInput where it is another than the finding's fingerprint says."""
    kind = cast(Kind, one.kind)
    if fingerprint(key, value, kind) != one.fingerprint:
        sentence = f"The finding {one.fingerprint[:12]} is not where it was found, or was found under another key."
        raise UnusableInput(sentence, "Scan again: espalier findings scan PROJECT")
    return Known(value=value, kind=kind, type=one.type, state=one.state, marked=marked)
