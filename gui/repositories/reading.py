"""What the repositories page shows, read off the GUI thread: each repository with its numbers, sources of licences, what is new."""

import json
from dataclasses import dataclass
from typing import Literal

from espalier.core.failures import UnusableInput
from espalier.core.jobs.job import Job, jobs
from espalier.core.project.file import Project, Row
from espalier.core.project.policy import project_policy
from espalier.core.repositories import activity, difference, stage
from espalier.core.repositories.activity import Activity
from espalier.core.repositories.difference import Difference
from espalier.core.repositories.layout import locate
from espalier.core.repositories.licence_decisions import Source, sources
from espalier.core.repositories.repository import Repository, repositories

Counts = tuple[tuple[str, int], ...]
Place = Literal["here", "gone", "unread"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbers:
    """Of one repository in the newest corpus; counts are the most frequent first."""

    commits: int
    blobs: int
    bytes: int
    languages: Counts
    services: Counts
    licences: Counts
    excluded: Counts


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryRow:
    """`place`: whether it is where it was, or was never read. `new` is against the corpus before, None where there is none."""

    repository: Repository
    place: Place
    numbers: Numbers | None
    activity: Activity | None
    new: Difference | None
    sources: tuple[Source, ...]

    @property
    def waiting(self) -> int:
        return sum(one.decision is None for one in self.sources)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A repository that the newest job could not add."""

    path: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """From when on the newest snapshot holds out (YYYY-MM-DD…)."""

    at: str
    snapshot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """An approval of the corpus before, which says nothing about this one."""

    number: int
    identity: str
    corpus: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Repositories:
    """The page at one moment. `asked`: the policy wants every licence decided; `job` is the newest that adds or refreshes."""

    rows: tuple[RepositoryRow, ...]
    corpus: str
    refreshed_at: str
    sources: tuple[Source, ...]
    asked: bool
    cut: Cut | None
    void: Void | None
    job: Job | None
    refusals: tuple[Refusal, ...]

    @property
    def waiting(self) -> int:
        return sum(one.decision is None for one in self.sources)

    @property
    def busy(self) -> bool:
        return self.job is not None and not self.job.ended


def read_repositories(project: Project) -> Repositories:
    newest = project.row("SELECT hash, refreshed_at FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1")
    corpus = newest["hash"] if newest else ""
    found = tuple(sources(project, corpus))
    job = next((one for one in jobs(project) if one.kind in (stage.ADD, stage.REFRESH)), None)
    return Repositories(
        rows=_rows(project, corpus, found),
        corpus=corpus,
        refreshed_at=newest["refreshed_at"] if newest else "",
        sources=found,
        asked=project_policy(project).dataset.licences_must_be_decided,
        cut=_cut(project),
        void=_void(project, corpus),
        job=job,
        refusals=_refusals(job),
    )


def _rows(project: Project, corpus: str, found: tuple[Source, ...]) -> tuple[RepositoryRow, ...]:
    query = "SELECT * FROM corpus_repositories WHERE corpus = ?"
    held = {row["repository"]: row for row in project.rows(query, (corpus,))}
    worked = activity.activities(project, corpus)
    earlier = difference.before(project, corpus) if corpus else None
    new = {one.repository: one for one in difference.difference(project, earlier, corpus)} if earlier else {}
    return tuple(
        RepositoryRow(
            repository=one,
            place=_place(one, one.name in held),
            numbers=_numbers(held[one.name]) if one.name in held else None,
            activity=worked.get(one.name),
            new=new.get(one.name),
            sources=tuple(source for source in found if source.repository == one.name),
        )
        for one in repositories(project)
    )


def _place(repository: Repository, read: bool) -> Place:
    try:
        there = locate(repository.path) is not None
    except (UnusableInput, OSError):
        there = False
    return "gone" if not there else "here" if read else "unread"


def _numbers(row: Row) -> Numbers:
    return Numbers(
        commits=row["commits"],
        blobs=row["blobs"],
        bytes=row["bytes"],
        languages=_ranked(row["languages"]),
        services=_ranked(row["service_files"]),
        licences=_ranked(row["licences"]),
        excluded=_ranked(row["excluded"]),
    )


def _ranked(table: str) -> Counts:
    return tuple(sorted(json.loads(table).items(), key=lambda item: (-item[1], item[0])))


def _cut(project: Project) -> Cut | None:
    row = project.row("SELECT hash, settings FROM snapshots ORDER BY frozen_at DESC LIMIT 1")
    at = json.loads(row["settings"]).get("test_from") if row else None
    return Cut(at=at, snapshot=row["hash"]) if row and isinstance(at, str) else None


def _void(project: Project, corpus: str) -> Void | None:
    """The newest approval of all, where it is of another corpus than this."""
    row = project.row("SELECT id, identity, corpus FROM approvals ORDER BY id DESC LIMIT 1")
    if row is None or row["corpus"] == corpus:
        return None
    return Void(number=row["id"], identity=row["identity"], corpus=row["corpus"])


def _refusals(job: Job | None) -> tuple[Refusal, ...]:
    told = (job.result or {}).get("refused") if job is not None else None
    if not isinstance(told, list):
        return ()
    return tuple(Refusal(path=one["path"], sentence=one["sentence"], remedy=one["remedy"]) for one in told)
