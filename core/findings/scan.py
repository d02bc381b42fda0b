"""The stage `findings.scan`: reads every object of a corpus once under the current ruleset, and goes on where it was killed.

Asked for, it opens archives, and then reads what is in the repositories though no ref leads there.
"""

import time
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice

from espalier.core.findings import index, marked, mutes, record
from espalier.core.findings.archives import members
from espalier.core.findings.archives.kind import kind as archive_kind
from espalier.core.findings.decode import LIMIT
from espalier.core.findings.detection.detect import Detector, Naming
from espalier.core.findings.fingerprint import Fingerprints
from espalier.core.findings.reading import MISSING, TOO_LARGE, Kind, Origin, Reading, holds, read, tagged_commit
from espalier.core.findings.ruleset import ruleset_of
from espalier.core.findings.sampling import draws
from espalier.core.findings.sought import Sought, sought
from espalier.core.findings.summary import summary
from espalier.core.jobs.context import JobContext
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.key import project_key
from espalier.core.repositories import memory
from espalier.core.repositories.corpus import Corpus, CorpusRepository, corpus, latest
from espalier.core.repositories.git import ObjectReader
from espalier.core.repositories.history import ObjectInfo, Place, objects, stored

BATCH_OBJECTS, BATCH_BYTES = 512, 4 << 20
_SCAN = (
    "INSERT INTO scans (corpus, ruleset, blobs, messages, bytes, seconds, finished_at, archives, unreachable)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET blobs = excluded.blobs, messages = excluded.messages,"
    " bytes = excluded.bytes, seconds = excluded.seconds, finished_at = excluded.finished_at,"
    " archives = max(archives, excluded.archives), unreachable = max(unreachable, excluded.unreachable)"
)


@dataclass(slots=True, kw_only=True)
class _Count:
    """How far the scan is; `total` is the bytes of all blobs. `again`: something was read anew, and further than before."""

    total: int
    bytes: int = 0
    blobs: int = 0
    messages: int = 0
    again: bool = False

    def add(self, info: ObjectInfo) -> None:
        if info.kind in ("blob", "missing"):
            self.blobs += 1
            self.bytes += info.size
        else:
            self.messages += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reach:
    """What a scan read beside the texts of the history."""

    archives: bool
    unreachable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """One repository of the corpus to be read; `places` are where its history shows its blobs, and `naming` looks for the people who
    came after the last one by whose number an object was looked through.
    """

    context: JobContext
    corpus: str
    repository: CorpusRepository
    detector: Detector
    named: Fingerprints
    count: _Count
    archives: bool
    sought: Sought
    naming: dict[int, Naming] = field(default_factory=dict)
    unreachable: bool = False
    places: Mapping[str, Place] = field(default_factory=dict)


def run(context: JobContext) -> dict[str, object]:
    """Args: corpus (its hash; the latest where absent); archives, unreachable: whether these are read too.

    Raises MissingObject where the repository lacks a commit or a tree: what such a history holds nobody can say.
    """
    started = time.monotonic()
    project = context.project
    wanted = context.args.get("corpus")
    chosen = corpus(project, str(wanted)) if wanted else latest(project)
    archives, unreachable = (context.args.get(name) is True for name in ("archives", "unreachable"))
    key = project_key(project)
    who = sought(project, chosen, key)
    detector = Detector(ruleset_of(project), who.people)
    count = _Count(total=_bytes(context, chosen))
    named = Fingerprints(key)
    tasks = [
        _Task(
            context=context,
            corpus=chosen.hash,
            repository=repository,
            detector=detector,
            named=named,
            count=count,
            archives=archives,
            sought=who,
        )
        for repository in chosen.repositories
    ]
    for task in tasks:
        _scan_history(task)
    for task in tasks if unreachable else ():
        _scan(replace(task, unreachable=True), stored(task.repository.path))
    reach = _Reach(archives=archives, unreachable=unreachable)
    _finish(context, chosen, detector.digest, count, reach, time.monotonic() - started)
    context.progress(count.total, count.total, "scanned")
    return summary(project, chosen.hash, detector.digest)


def _scan_history(task: _Task) -> None:
    context, repository, count = task.context, task.repository, task.count
    context.progress(count.bytes, count.total, f"reading the history of {repository.name}")
    tips = tuple(repository.tips.values())
    seen = memory.outline(context.project, repository.name, repository.path, tips)
    record.record_submodules(context.project, task.corpus, repository.name, seen.submodules)
    _scan(replace(task, places=seen.places), objects(repository.path, tips, may_lack=seen.places))


def _scan(task: _Task, found: Iterable[ObjectInfo]) -> None:
    context, name, ruleset, count = task.context, task.repository.name, task.detector.digest, task.count
    doing = f"looking through all that is stored of {name}" if task.unreachable else f"scanning {name}"
    with ObjectReader(task.repository.path) as reader:
        for batch in _batches(found, members.LARGEST if task.archives else LIMIT):
            context.safe_point()
            oids = [info.oid for info in batch]
            known = record.known(
                context.project, ruleset, name, oids, archives=task.archives, unreachable=task.unreachable
            )
            known -= _naming_someone_new(reader, [info for info in batch if info.oid in known], task)
            fresh = [info for info in batch if info.oid not in known]
            opened = record.opened(context.project, ruleset, name, [info.oid for info in fresh])
            readings = list(_readings(reader, fresh, task, opened))
            count.again |= record.record(context.project, task.corpus, ruleset, name, oids, readings, task.sought.last)
            for info in fresh if task.unreachable else batch:
                count.add(info)
            context.progress(min(count.bytes, count.total), count.total, doing)


def _naming_someone_new(reader: ObjectReader, known: list[ObjectInfo], task: _Task) -> set[str]:
    """Of what was read before, the objects that name people who have signed only since; those are read again.

    The others are noted as looked through. What is not there, or too large to be read, names nobody.
    """
    project, ruleset, name = task.context.project, task.detector.digest, task.repository.name
    last = record.sought(project, ruleset, name, [info.oid for info in known], task.sought.last) if known else {}
    if not last:
        return set()
    opened = record.opened(project, ruleset, name, last)
    there = {info.oid: info for info in known if info.oid in last and info.size <= _limit(info, task, opened)}
    naming = set[str]()
    for oid, data in reader.read_all(oid for oid, info in there.items() if info.kind != "missing"):
        archive = oid in opened and archive_kind(data) is not None
        if holds(_origin(there[oid], task, data), data, _naming(task, last[oid]), archive=archive):
            naming.add(oid)
    record.record_sought(project, ruleset, name, last.keys() - naming, task.sought.last)
    return naming


def _naming(task: _Task, number: int) -> Naming:
    if number not in task.naming:
        task.naming[number] = Naming(task.sought.since(number))
    return task.naming[number]


def _readings(reader: ObjectReader, batch: list[ObjectInfo], task: _Task, opened: Container[str]) -> Iterator[Reading]:
    """What was opened once stays open, whatever is asked for now."""
    there = {info.oid: info for info in batch if info.kind != "missing" and info.size <= _limit(info, task, opened)}
    for oid, data in reader.read_all(there):
        archives = task.archives or oid in opened
        yield read(_origin(there[oid], task, data), data, task.detector, task.named, archives=archives)
    for info in batch:
        if info.oid not in there:
            reason = MISSING if info.kind == "missing" else TOO_LARGE
            looked = False if task.archives and info.kind == "blob" else None
            yield Reading(origin=_origin(info, task, b""), not_scanned=reason, archive=looked)


def _limit(info: ObjectInfo, task: _Task, opened: Container[str]) -> int:
    opens = info.kind == "blob" and (task.archives or info.oid in opened)
    return members.LARGEST if opens else LIMIT


def _origin(info: ObjectInfo, task: _Task, data: bytes) -> Origin:
    place = task.places.get(info.oid)
    kind: Kind = "commit" if info.kind == "commit" else "tag" if info.kind == "tag" else "blob"
    if task.unreachable:
        return Origin(oid=info.oid, kind=kind, path=None, commit=None, unreachable=True)
    commit = {"blob": place.commit if place else None, "commit": info.oid, "tag": tagged_commit(data)}[kind]
    return Origin(oid=info.oid, kind=kind, path=place.path if place else None, commit=commit)


def _batches(found: Iterable[ObjectInfo], limit: int) -> Iterator[list[ObjectInfo]]:
    """Batches of a size that is scanned in about half a second, so that a kill costs no more; larger ones are not read."""
    readable = (info for info in found if info.kind != "tree")
    while batch := list(islice(readable, 1)):
        size = batch[0].size
        while len(batch) < BATCH_OBJECTS and size < BATCH_BYTES and (more := next(readable, None)):
            batch.append(more)
            size += min(more.size, limit)
        yield batch


def _bytes(context: JobContext, chosen: Corpus) -> int:
    total = context.project.value("SELECT SUM(bytes) FROM corpus_repositories WHERE corpus = ?", (chosen.hash,))
    return int(total or 0)


def _finish(context: JobContext, chosen: Corpus, ruleset: str, count: _Count, reach: _Reach, seconds: float) -> None:
    """The lists are whole, and what a mute covers decided, before the scan counts as done. What an earlier scan of the corpus reached stays reached."""
    project = context.project
    marked.carry(project, chosen.hash, ruleset)
    index.fill(project, chosen.hash, ruleset)
    for other in index.listed(project, ruleset) if count.again else ():
        index.fill(project, other, ruleset)
    mutes.settle(project, chosen.hash, ruleset)
    draws.carry(project, chosen.hash, ruleset)
    row = (chosen.hash, ruleset, count.blobs, count.messages, count.bytes, seconds, utc_now())
    with project.write() as db:
        db.execute(_SCAN, (*row, reach.archives, reach.unreachable))
        detail: dict[str, object] = {
            "ruleset": ruleset,
            "blobs": count.blobs,
            "messages": count.messages,
            "archives": reach.archives,
            "unreachable": reach.unreachable,
        }
        audit.record(db, "espalier", "findings.scanned", f"corpus:{chosen.hash}", detail)
