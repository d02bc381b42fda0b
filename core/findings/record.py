"""Writing down what a scan has read, a batch in one short transaction, so that a killed scan loses at most a batch."""

import json
from collections.abc import Iterable, Iterator
from itertools import islice

from espalier.core.findings.decode import ARCHIVE
from espalier.core.findings.detection.spans import RANK, Span
from espalier.core.findings.reading import MISSING, TOO_LARGE, Hit, Reading, archive_path
from espalier.core.project.file import Connection, Project
from espalier.core.repositories.history import Submodule

AT_ONCE = 1000  # rows in one short transaction

_THESE = "ruleset = ? AND repository = ? AND object IN (SELECT value FROM json_each(?))"
_KNOWN = f"SELECT object FROM scanned WHERE {_THESE}"
_FULLY = f" AND not_scanned IS NOT '{MISSING}'"  # a clone may have been completed since
_REACHED = " AND unreachable = 0"
_OPENED = f" AND (archive IS NOT NULL OR not_scanned IS NULL OR not_scanned NOT IN ('{ARCHIVE}', '{TOO_LARGE}'))"
_NOTE = (
    "INSERT INTO noted (corpus, ruleset, repository, object, not_scanned)"
    " SELECT ?, ruleset, repository, object, not_scanned FROM scanned"
    f" WHERE {_THESE} AND (places > 0 OR not_scanned IS NOT NULL) ON CONFLICT DO NOTHING"
)
_NOTE_AGAIN = (
    "UPDATE noted SET not_scanned = (SELECT s.not_scanned FROM scanned s WHERE s.ruleset = noted.ruleset"
    " AND s.repository = noted.repository AND s.object = noted.object)"
    f" WHERE corpus IN (SELECT hash FROM corpora) AND {_THESE}"
)
_READ = (
    "INSERT INTO scanned (ruleset, repository, object, kind, not_scanned, places, archive, unreachable, sought)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)
_PLACE = (
    "INSERT INTO places"
    ' (fingerprint, ruleset, source, repository, object, blob, path, "commit", unreachable, line, start, "end", inner)'
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
)


def known(
    project: Project,
    ruleset: str,
    repository: str,
    oids: Iterable[str],
    *,
    archives: bool = False,
    unreachable: bool = False,
) -> set[str]:
    """Those that were read under this ruleset before, and so far: an archive that was left shut is not known where archives
    are opened, nor is what was read without its path where it has one.
    """
    sql = _KNOWN + _FULLY + (_OPENED if archives else "") + ("" if unreachable else _REACHED)
    return {row["object"] for row in project.rows(sql, (ruleset, repository, json.dumps(list(oids))))}


def opened(project: Project, ruleset: str, repository: str, oids: Iterable[str]) -> set[str]:
    """Those that a scan which opens archives has looked at."""
    sql = f"{_KNOWN} AND archive IS NOT NULL"
    return {row["object"] for row in project.rows(sql, (ruleset, repository, json.dumps(list(oids))))}


def sought(project: Project, ruleset: str, repository: str, oids: Iterable[str], last: int) -> dict[str, int]:
    """Those that have not been looked through for all names up to this number, and up to which they have."""
    sql = f"SELECT object, sought FROM scanned WHERE {_THESE} AND sought < ?"
    rows = project.rows(sql, (ruleset, repository, json.dumps(list(oids)), last))
    return {row["object"]: row["sought"] for row in rows}


def record_sought(project: Project, ruleset: str, repository: str, oids: Iterable[str], last: int) -> None:
    """None of the names up to this number is in these objects but where it was found."""
    with project.write() as db:
        db.execute(f"UPDATE scanned SET sought = ? WHERE {_THESE}", (last, ruleset, repository, json.dumps(list(oids))))


def record(
    project: Project,
    corpus: str,
    ruleset: str,
    repository: str,
    oids: list[str],
    readings: Iterable[Reading],
    sought: int = 0,
) -> bool:
    """Keep the readings, for names up to the number `sought`, and note for the corpus which of `oids` (read now or before) there is
    something to say about.

    Says whether one of them takes the place of what was read before.
    """
    read = list(readings)
    these = (ruleset, repository, json.dumps([one.origin.oid for one in read]))
    with project.write() as db:
        again = db.execute(f"DELETE FROM scanned WHERE {_THESE}", these).rowcount > 0
        if again:
            db.execute(f"DELETE FROM places WHERE {_THESE}", these)
        _keep_findings(db, (hit for reading in read for hit in reading.hits))
        db.executemany(_PLACE, (place for reading in read for place in _places(ruleset, repository, reading)))
        db.executemany(_READ, [(*_row(ruleset, repository, one), sought) for one in read])
        if again:
            db.execute(_NOTE_AGAIN, these)
        db.execute(_NOTE, (corpus, ruleset, repository, json.dumps(oids)))
    return again


def record_submodules(project: Project, corpus: str, repository: str, found: Iterable[Submodule]) -> None:
    """Keep the commits of other repositories that the history points to."""
    sql = "INSERT INTO submodules VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"
    waiting = iter(sorted({(one.path, one.commit) for one in found}))
    while some := list(islice(waiting, AT_ONCE)):
        with project.write() as db:
            db.executemany(sql, [(corpus, repository, *one) for one in some])


def _row(ruleset: str, repository: str, one: Reading) -> tuple[object, ...]:
    origin = one.origin
    about = (origin.oid, origin.kind, one.not_scanned, len(one.hits), one.archive, origin.unreachable)
    return (ruleset, repository, *about)


def _places(ruleset: str, repository: str, reading: Reading) -> Iterator[tuple[object, ...]]:
    origin = reading.origin
    blob = origin.oid if origin.kind == "blob" else None
    for hit in reading.hits:
        path = archive_path(origin.path, hit.inner) if hit.inner else origin.path
        where = (hit.source, repository, origin.oid, blob, path, origin.commit, origin.unreachable)
        yield (hit.fingerprint, ruleset, *where, hit.line, hit.span.start, hit.span.end, hit.inner)


def _keep_findings(db: Connection, hits: Iterable[Hit]) -> None:
    """A finding carries the strongest rule that ever found it, whichever place was read first."""
    strongest: dict[str, Span] = {}
    for hit in hits:
        known, span = strongest.get(hit.fingerprint), hit.span
        if known is None or (
            (known.rule, known.confidence) != (span.rule, span.confidence) and _strength(span) > _strength(known)
        ):
            strongest[hit.fingerprint] = span
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
