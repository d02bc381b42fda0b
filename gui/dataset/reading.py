"""How the dataset stands, read off the GUI thread: its gate, the snapshots, the weeks of the history, lengths, and a freeze."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from espalier.core.dataset.gate import shut_by
from espalier.core.dataset.snapshot import snapshots
from espalier.core.examples import build as builds
from espalier.core.examples.lengths import Lengths, lengths
from espalier.core.failures import EspalierError
from espalier.core.findings.approval import standing_approval
from espalier.core.jobs.job import jobs
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.core.repositories.activity import activities, counted
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.licence_decisions import undecided
from espalier.core.repositories.signatures import authored
from espalier.gui.standing import Known, known

FREEZE, EXPORT = "dataset.freeze", "dataset.export"
NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"
_STATE = (
    "SELECT (SELECT max(id) FROM decisions), (SELECT max(id) FROM approvals), (SELECT max(id) FROM source_decisions),"
    " (SELECT group_concat(id || ifnull(finished_at, '')) FROM builds), (SELECT max(id) FROM example_reviews),"
    " (SELECT group_concat(hash || approval) FROM snapshots), (SELECT count(*) FROM scans),"
    " (SELECT group_concat(id || snapshot || state) FROM runs)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """A frozen one; numbered from 1 in the order of freezing. `runs` are those that learn from it, newest first."""

    number: int
    hash: str
    frozen_at: str
    corpus: str
    examples: int
    settings: Mapping[str, object]
    seed: int
    runs: tuple[tuple[int, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shut:
    """What keeps the dataset gate shut: `findings` without an approval, `licences` undecided, `examples` not built."""

    items: tuple[str, ...]
    findings: bool
    licences: int
    examples: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """The page at one moment. Without a `corpus` there is no repository, without a `build` nothing to draft.

    `weeks` are Mondays with their commits, all of them from the first to the last; `job` is the newest freeze or export
    while it waits, runs or has failed. `judged` changes with every review, so that a draft is made again.
    """

    corpus: str | None
    build: str | None
    judged: int
    shut: Shut
    snapshots: tuple[Snapshot, ...]
    weeks: tuple[tuple[str, int], ...]
    lengths: Lengths | None
    job: Known | None

    @property
    def open(self) -> bool:
        return self.corpus is not None and not self.shut.items

    @property
    def freezing(self) -> bool:
        return self.job is not None and (self.job.living or self.job.standing == "queued")


class DatasetReading:
    """Looks again only where a row could have changed the answer; belongs to the reader's thread."""

    def __init__(self) -> None:
        self._state: tuple[object, ...] = ()
        self._known: Dataset | None = None
        self._weeks: tuple[str, tuple[tuple[str, int], ...]] = ("", ())

    def __call__(self, project: Project) -> Dataset:
        corpus, row = project.value(NEWEST_CORPUS), project.row(_STATE)
        state = (corpus, *(() if row is None else tuple(row)))
        if self._known is None or state != self._state:
            self._known, self._state = self._read(project, corpus), state
        return replace(self._known, job=_job(project))

    def _read(self, project: Project, corpus: str | None) -> Dataset:
        build = None if corpus is None else builds.newest_finished(project, corpus)
        if corpus is not None and self._weeks[0] != corpus:
            self._weeks = (corpus, _weeks(project, corpus))
        return Dataset(
            corpus=corpus,
            build=build,
            judged=project.value("SELECT max(id) FROM example_reviews") or 0,
            shut=Shut(items=(), findings=False, licences=0, examples=False)
            if corpus is None
            else _shut(project, corpus),
            snapshots=_snapshots(project),
            weeks=self._weeks[1] if corpus else (),
            lengths=None if build is None else lengths(project, build),
            job=None,
        )


def _shut(project: Project, corpus: str) -> Shut:
    items = shut_by(project, corpus)
    approved = standing_approval(project, corpus) is not None
    return Shut(
        items=items,
        findings=not approved,
        licences=len(undecided(project, corpus)),
        examples=approved and builds.standing(project, corpus) is None,
    )


def _snapshots(project: Project) -> tuple[Snapshot, ...]:
    """Newest first."""
    learning: dict[str, list[tuple[int, str]]] = {}
    for row in project.rows("SELECT id, snapshot, state FROM runs ORDER BY id DESC"):
        learning.setdefault(row["snapshot"], []).append((row["id"], row["state"]))
    found = snapshots(project)
    return tuple(
        _snapshot(one, len(found) - place, tuple(learning.get(str(one["hash"]), ()))) for place, one in enumerate(found)
    )


def _snapshot(said: Mapping[str, object], number: int, runs: tuple[tuple[int, str], ...]) -> Snapshot:
    splits, settings = said["splits"], said["settings"]
    assert isinstance(splits, Mapping)
    assert isinstance(settings, Mapping)
    return Snapshot(
        number=number,
        hash=str(said["hash"]),
        frozen_at=str(said["frozen_at"]),
        corpus=str(said["corpus"]),
        examples=sum(int(part["examples"]) for part in splits.values()),
        settings=dict(settings),
        seed=int(str(said["seed"])),
        runs=runs,
    )


def _weeks(project: Project, corpus: str) -> tuple[tuple[str, int], ...]:
    """Of all repositories together; one that was last refreshed by an older Espalier is read here, where it still lies there."""
    found: Counter[str] = Counter()
    told = activities(project, corpus)
    for one in corpus_named(project, corpus).repositories:
        if one.name in told:
            found.update(dict(told[one.name].weeks))
            continue
        try:
            found.update(dict(counted(authored(one.path, one.tips.values())).weeks))
        except EspalierError:
            continue  # moved or gone: its weeks are not known, and everything else is
    return tuple(sorted(found.items()))


def _job(project: Project) -> Known | None:
    newest = next((one for one in jobs(project) if one.kind in (FREEZE, EXPORT)), None)
    return None if newest is None or newest.state in ("done", "cancelled", "stopped") else known(newest, now())
