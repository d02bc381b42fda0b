"""Writing down what a scan has read, a batch in one short transaction, so that a killed scan loses at most a batch."""

from collections.abc import Iterable, Iterator

from espalier.core.findings.reading import Hit, Reading
from espalier.core.findings.spans import RANK, Span
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Connection, Project

_KNOWN = (
    "SELECT object FROM scanned WHERE ruleset = ? AND repository = ? AND object IN (SELECT value FROM json_each(?))"
)
_NOTE = (
    "INSERT INTO noted (corpus, ruleset, repository, object, not_scanned)"
    " SELECT ?, ruleset, repository, object, not_scanned FROM scanned"
    " WHERE ruleset = ? AND repository = ? AND object IN (SELECT value FROM json_each(?))"
    " AND (places > 0 OR not_scanned IS NOT NULL) ON CONFLICT DO NOTHING"
)
_PLACE = (
    'INSERT INTO places (fingerprint, ruleset, source, repository, object, blob, path, "commit", line, start, "end")'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


def known(project: Project, ruleset: str, repository: str, oids: Iterable[str]) -> set[str]:
    """Those that were read under this ruleset before."""
    return {row["object"] for row in project.rows(_KNOWN, (ruleset, repository, canonical_text(list(oids))))}


def record(
    project: Project, corpus: str, ruleset: str, repository: str, oids: list[str], readings: Iterable[Reading]
) -> None:
    """Keep the readings, and note for the corpus which of `oids` (read now or before) there is something to say about."""
    read = list(readings)
    rows = [(ruleset, repository, one.origin.oid, one.origin.kind, one.not_scanned, len(one.hits)) for one in read]
    with project.write() as db:
        _keep_findings(db, (hit for reading in read for hit in reading.hits))
        db.executemany(_PLACE, (place for reading in read for place in _places(ruleset, repository, reading)))
        db.executemany("INSERT INTO scanned VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING", rows)
        db.execute(_NOTE, (corpus, ruleset, repository, canonical_text(oids)))


def _places(ruleset: str, repository: str, reading: Reading) -> Iterator[tuple[object, ...]]:
    origin = reading.origin
    blob = origin.oid if origin.kind == "blob" else None
    for hit in reading.hits:
        where = (hit.source, repository, origin.oid, blob, origin.path, origin.commit)
        yield (hit.fingerprint, ruleset, *where, hit.line, hit.span.start, hit.span.end)


def _keep_findings(db: Connection, hits: Iterable[Hit]) -> None:
    """A finding carries the strongest rule that ever found it, whichever place was read first."""
    strongest: dict[str, Span] = {}
    for hit in hits:
        known = strongest.get(hit.fingerprint)
        if known is None or _strength(hit.span) > _strength(known):
            strongest[hit.fingerprint] = hit.span
    for name, span in strongest.items():
        told = (span.rule, span.type, span.kind, span.severity, span.confidence)
        row = db.execute("SELECT rule, severity, confidence FROM findings WHERE fingerprint = ?", (name,)).fetchone()
        if row is None:
            db.execute("INSERT INTO findings VALUES (?, ?, ?, ?, ?, ?)", (name, *told))
        elif _strength(span) > (RANK[row["confidence"]], RANK[row["severity"]], row["rule"]):
            sql = "UPDATE findings SET rule = ?, type = ?, kind = ?, severity = ?, confidence = ? WHERE fingerprint = ?"
            db.execute(sql, (*told, name))


def _strength(span: Span) -> tuple[int, int, str]:
    return RANK[span.confidence], RANK[span.severity], span.rule
