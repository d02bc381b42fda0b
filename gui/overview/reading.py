"""What the overview shows, read off the GUI thread: the project's own facts, what it holds in counts, and its jobs."""

from dataclasses import dataclass

from espalier.core.evaluation.evaluations import evaluations
from espalier.core.jobs.job import jobs
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy, project_policy
from espalier.gui.standing import Known, known

NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The project at one moment; commits, blobs and examples are of the newest corpus."""

    path: str
    id: str
    policy: Policy
    created_at: str
    bytes: int
    corpus: str | None
    repositories: int
    commits: int
    blobs: int
    findings: tuple[tuple[str, int], ...]
    examples: tuple[tuple[str, str, int], ...]
    snapshots: int
    snapshot: str | None
    runs: tuple[tuple[str, int], ...]
    best_loss: float | None
    evaluations: tuple[tuple[str, int], ...]
    releases: int
    jobs: tuple[Known, ...]


def read_overview(project: Project) -> Overview:
    at, corpus = now(), project.value(NEWEST_CORPUS)
    size = project.row("SELECT sum(commits), sum(blobs) FROM corpus_repositories WHERE corpus = ?", (corpus,))
    return Overview(
        path=str(project.path),
        id=project.id,
        policy=project_policy(project),
        created_at=project.meta("created_at"),
        bytes=project.path.stat().st_size,
        corpus=corpus,
        repositories=_count(project, "repositories"),
        commits=(size and size[0]) or 0,
        blobs=(size and size[1]) or 0,
        findings=_by(project, "SELECT state, count(*) FROM finding_states GROUP BY state ORDER BY state"),
        examples=_examples(project),
        snapshots=_count(project, "snapshots"),
        snapshot=project.value("SELECT hash FROM snapshots ORDER BY frozen_at DESC LIMIT 1"),
        runs=_by(project, "SELECT state, count(*) FROM runs GROUP BY state ORDER BY state"),
        best_loss=project.value("SELECT min(validation_loss) FROM runs"),
        evaluations=_evaluations(project),
        releases=_count(project, "releases"),
        jobs=tuple(known(one, at) for one in jobs(project)),
    )


def _examples(project: Project) -> tuple[tuple[str, str, int], ...]:
    query = "SELECT kind, state, count(*) FROM examples GROUP BY kind, state ORDER BY kind, state"
    return tuple((row[0], row[1], row[2]) for row in project.rows(query))


def _evaluations(project: Project) -> tuple[tuple[str, int], ...]:
    states = [one.state for one in evaluations(project)]
    return tuple((state, states.count(state)) for state in sorted(set(states)))


def _by(project: Project, query: str) -> tuple[tuple[str, int], ...]:
    return tuple((row[0], row[1]) for row in project.rows(query))


def _count(project: Project, table: str) -> int:
    return int(project.value(f"SELECT count(*) FROM {table}"))
