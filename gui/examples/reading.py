"""How the examples of the newest corpus stand, read off the GUI thread: the build, what shuts it out, and what people have said."""

from dataclasses import dataclass, replace

from espalier.core.examples import build as builds
from espalier.core.examples.agreement import Agreement, agreement
from espalier.core.failures import EspalierError
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.job import jobs
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.gui.standing import Known, known

BUILD = "examples.build"
NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"
_STATE = (
    "SELECT (SELECT max(id) FROM decisions), (SELECT max(id) FROM approvals), (SELECT max(id) FROM source_decisions),"
    " (SELECT group_concat(id || ifnull(finished_at, '')) FROM builds), (SELECT max(id) FROM example_reviews),"
    " (SELECT max(rowid) FROM snapshots), (SELECT count(*) FROM scans)"
)
_COUNTS = (
    "SELECT count(*) AS built, sum(state = 'kept') AS kept, sum(state = 'removed-in-review') AS removed,"
    " sum(state = 'kept' AND verdict IS NULL) AS undecided FROM examples INDEXED BY examples_listed"
    " LEFT JOIN example_verdicts ON example = id WHERE build = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """Of one build: `undecided` are kept and nobody has said a word of them."""

    built: int
    kept: int
    removed: int
    undecided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Examples:
    """The page at one moment. Without a `corpus` there is no repository yet, without a `build` nothing to show.

    `fits` says that the build is of the newest corpus as it is decided now, else it is an earlier one; `shut` is the sentence and the remedy of a shut scrub gate, empty
    while it is open. `job` is the newest build while it waits, runs, or has failed.
    """

    corpus: str | None
    build: str | None
    fits: bool
    shut: tuple[str, str]
    counts: Counts
    agreement: Agreement | None
    job: Known | None

    @property
    def building(self) -> bool:
        return self.job is not None and (self.job.living or self.job.standing == "queued")

    @property
    def to_build(self) -> bool:
        return self.corpus is not None and not self.fits and not self.building


NOTHING = Counts(built=0, kept=0, removed=0, undecided=0)


class ExamplesReading:
    """Looks again only where a row could have changed the answer; belongs to the reader's thread."""

    def __init__(self) -> None:
        self._state: tuple[object, ...] = ()
        self._known: Examples | None = None

    def __call__(self, project: Project) -> Examples:
        corpus, row = project.value(NEWEST_CORPUS), project.row(_STATE)
        state = (corpus, *(() if row is None else tuple(row)))
        if self._known is None or state != self._state:
            self._known, self._state = _examples(project, corpus), state
        return replace(self._known, job=_job(project))


def _examples(project: Project, corpus: str | None) -> Examples:
    if corpus is None:
        return Examples(corpus=None, build=None, fits=False, shut=("", ""), counts=NOTHING, agreement=None, job=None)
    fitting = builds.standing(project, corpus)
    build = fitting or builds.newest_finished(project, corpus) or builds.newest_finished(project)
    return Examples(
        corpus=corpus,
        build=build,
        fits=fitting is not None,
        shut=("", "") if fitting else _shut(project, corpus),
        counts=NOTHING if build is None else _counts(project, build),
        agreement=agreement(project),
        job=None,
    )


def _shut(project: Project, corpus: str) -> tuple[str, str]:
    try:
        required_approval(project, corpus)
    except EspalierError as error:
        return error.sentence, error.remedy
    return "", ""


def _counts(project: Project, build: str) -> Counts:
    row = project.row(_COUNTS, (build,))
    assert row is not None
    return Counts(built=row[0], kept=row[1] or 0, removed=row[2] or 0, undecided=row[3] or 0)


def _job(project: Project) -> Known | None:
    """The newest build while it goes on, or where it failed."""
    newest = next((one for one in jobs(project) if one.kind == BUILD), None)
    return None if newest is None or newest.state in ("done", "cancelled", "stopped") else known(newest, now())
