"""The stage `findings.scan`: reads every object of a corpus once under the current ruleset, and goes on where it was killed."""

import json
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from espalier.core.findings import index, marked, mutes, record
from espalier.core.findings.decode import LIMIT
from espalier.core.findings.detect import Detector
from espalier.core.findings.reading import Kind, Origin, Reading, read, tagged_commit
from espalier.core.findings.rules import bundled
from espalier.core.findings.summary import summary
from espalier.core.jobs.context import JobContext
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey, project_key
from espalier.core.repositories.corpus import Corpus, CorpusRepository, corpus, latest
from espalier.core.repositories.git import ObjectReader
from espalier.core.repositories.history import ObjectInfo, Place, first_places, objects

BATCH_OBJECTS, BATCH_BYTES = 128, 2 << 20


@dataclass(slots=True, kw_only=True)
class _Count:
    """How far the scan is; `total` is the bytes of all blobs."""

    total: int
    bytes: int = 0
    blobs: int = 0
    messages: int = 0

    def add(self, info: ObjectInfo) -> None:
        if info.kind == "blob":
            self.blobs += 1
            self.bytes += info.size
        else:
            self.messages += 1


def run(context: JobContext) -> dict[str, object]:
    """Args: corpus (its hash; the latest where absent). Raises MissingObject where the repository is not whole: such a
    history can't be called clean.
    """
    started = time.monotonic()
    project = context.project
    wanted = context.args.get("corpus")
    chosen = corpus(project, str(wanted)) if wanted else latest(project)
    key, detector = project_key(project), Detector(bundled())
    count = _Count(total=_bytes(context, chosen))
    for repository in chosen.repositories:
        _scan(context, chosen.hash, repository, detector, key, count)
    _finish(context, chosen, detector.digest, count, time.monotonic() - started)
    context.progress(count.total, count.total, "scanned")
    return summary(project, chosen.hash, detector.digest)


def _scan(
    context: JobContext, corpus: str, repository: CorpusRepository, detector: Detector, key: ProjectKey, count: _Count
) -> None:
    context.progress(count.bytes, count.total, f"reading the history of {repository.name}")
    tips = tuple(repository.tips.values())
    places = first_places(repository.path, tips, _scanned_tips(context.project, repository.name, detector.digest))
    with ObjectReader(repository.path) as reader:
        for batch in _batches(objects(repository.path, tips)):
            context.safe_point()
            oids = [info.oid for info in batch]
            known = record.known(context.project, detector.digest, repository.name, oids)
            fresh = [info for info in batch if info.oid not in known]
            readings = list(_readings(reader, fresh, places, detector, key))
            record.record(context.project, corpus, detector.digest, repository.name, oids, readings)
            for info in batch:
                count.add(info)
            context.progress(count.bytes, count.total, f"scanning {repository.name}")


def _scanned_tips(project: Project, repository: str, ruleset: str) -> list[str]:
    """Where the repository stood when a scan under these rules last came to its end: all that leads to is scanned."""
    tips = project.value(
        "SELECT r.tips FROM scans s JOIN corpus_repositories r ON r.corpus = s.corpus"
        " WHERE s.ruleset = ? AND r.repository = ? ORDER BY s.finished_at DESC LIMIT 1",
        (ruleset, repository),
    )
    return list(json.loads(tips).values()) if tips else []


def _readings(
    reader: ObjectReader, batch: list[ObjectInfo], places: dict[str, Place], detector: Detector, key: ProjectKey
) -> Iterator[Reading]:
    small = {info.oid: info for info in batch if info.size <= LIMIT}
    for oid, data in reader.read_all(small):
        yield read(_origin(small[oid], places, data), data, detector, key)
    for info in batch:
        if info.oid not in small:
            yield Reading(origin=_origin(info, places, b""), not_scanned="too large")


def _origin(info: ObjectInfo, places: dict[str, Place], data: bytes) -> Origin:
    place = places.get(info.oid)
    kind: Kind = "blob" if info.kind == "blob" else "tag" if info.kind == "tag" else "commit"
    commit = {"blob": place.commit if place else None, "commit": info.oid, "tag": tagged_commit(data)}[kind]
    return Origin(oid=info.oid, kind=kind, path=place.path if place else None, commit=commit)


def _batches(found: Iterable[ObjectInfo]) -> Iterator[list[ObjectInfo]]:
    """Batches of a size that is scanned in about half a second, so that a kill costs no more."""
    readable = (info for info in found if info.kind != "tree")
    while batch := list(islice(readable, 1)):
        size = batch[0].size
        while len(batch) < BATCH_OBJECTS and size < BATCH_BYTES and (more := next(readable, None)):
            batch.append(more)
            size += min(more.size, LIMIT)
        yield batch


def _bytes(context: JobContext, chosen: Corpus) -> int:
    total = context.project.value("SELECT SUM(bytes) FROM corpus_repositories WHERE corpus = ?", (chosen.hash,))
    return int(total or 0)


def _finish(context: JobContext, chosen: Corpus, ruleset: str, count: _Count, seconds: float) -> None:
    """The list is whole, and what a mute covers decided, before the scan counts as done."""
    marked.carry(context.project, chosen.hash, ruleset)
    index.fill(context.project, chosen.hash, ruleset)
    mutes.settle(context.project, chosen.hash, ruleset)
    row = (chosen.hash, ruleset, count.blobs, count.messages, count.bytes, seconds, utc_now())
    with context.project.write() as db:
        db.execute("INSERT OR REPLACE INTO scans VALUES (?, ?, ?, ?, ?, ?, ?)", row)
        detail: dict[str, object] = {"ruleset": ruleset, "blobs": count.blobs, "messages": count.messages}
        audit.record(db, "espalier", "findings.scanned", f"corpus:{chosen.hash}", detail)
