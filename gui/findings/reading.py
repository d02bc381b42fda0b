"""How the findings of the newest corpus stand, read off the GUI thread: counts, the scan, the sampled review, the approval."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from espalier.core.findings import index
from espalier.core.findings.approval import Approval, last_approved, shut_before_approval, standing_approval
from espalier.core.findings.difference import stood
from espalier.core.findings.index import Stood
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.sampling import draws
from espalier.core.findings.sampling.review import SampledReview, review_of
from espalier.core.findings.summary import not_scanned, scan_of
from espalier.core.jobs.job import Job, jobs
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy, project_policy
from espalier.core.worker.decisions import ACCEPT, MUTE, QUARANTINE, UNMUTE
from espalier.core.worker.findings import EXPORT, IMPORT, PACK
from espalier.gui.standing import Known, known

NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"
_STATE = (
    "SELECT (SELECT max(id) FROM decisions), (SELECT max(id) FROM approvals), (SELECT count(*) FROM scans),"
    " (SELECT max(id) FROM samples), (SELECT count(*) FROM sampled_objects WHERE identity IS NOT NULL),"
    " (SELECT count(*) FROM marked_places), (SELECT count(*) FROM identities), (SELECT max(id) FROM rule_mutes),"
    " (SELECT count(*) || max(reviewed_at) FROM second_reads)"
)
FOLLOWED, NEWEST = (IMPORT, EXPORT, PACK, MUTE, UNMUTE, ACCEPT, QUARANTINE), 8
PACE_LEAST, PACE_MOST = 5, 40  # decisions that tell a pace


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """The sampled review; `required` is how many must be read for the bound that the policy asks, None where none gives it
    or none is asked; `waiting` are drawn and not read.
    """

    review: SampledReview
    asked: float | None
    required: int | None
    sample: int | None
    waiting: int

    @property
    def holds(self) -> bool:
        return self.asked is None or self.review.bound <= self.asked


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """The page at one moment. Without a `corpus` there is no repository yet; without a `listed` number, no finished scan.

    `earlier` says that a corpus before this one was approved, so that only the difference is to be decided; `stood` lists it, None
    where nothing was approved before; `pace` is the seconds that a decision has lately taken; `jobs` are the newest of those that
    this page asks for.
    """

    policy: Policy
    corpus: str | None
    ruleset: str
    listed: int | None
    scan: Known | None
    counts: Mapping[str, int]
    not_scanned: Mapping[str, int]
    sampled: Sampled | None
    before: tuple[str, ...]
    approval: Approval | None
    earlier: bool
    stood: Stood | None
    pace: float | None
    deciders: int
    jobs: tuple[Job, ...] = ()

    @property
    def open(self) -> int:
        return self.counts.get(index.OPEN, 0)

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def decided(self) -> int:
        return self.total - self.open


class FindingsReading:
    """Reads again only what a row could have moved: hashing the decisions of a large corpus takes its time."""

    def __init__(self) -> None:
        self._state: tuple[object, ...] = ()
        self._known: Findings | None = None

    def __call__(self, project: Project) -> Findings:
        corpus, ruleset = project.value(NEWEST_CORPUS), current_ruleset(project)
        row = project.row(_STATE)
        scan = _scan(project)
        state = (corpus, ruleset, scan, *(() if row is None else tuple(row)))
        if self._known is None or state != self._state:
            self._known, self._state = _findings(project, corpus, ruleset, scan), state
        followed = tuple(one for one in jobs(project) if one.kind in FOLLOWED)[:NEWEST]
        return replace(self._known, jobs=followed)


def _findings(project: Project, corpus: str | None, ruleset: str, scan: Known | None) -> Findings:
    policy = project_policy(project)
    listed = (
        None if corpus is None or scan_of(project, corpus, ruleset) is None else index.list_of(project, corpus, ruleset)
    )
    done, last = corpus is not None and listed is not None, last_approved(project)
    return Findings(
        policy=policy,
        corpus=corpus,
        ruleset=ruleset,
        listed=listed,
        scan=scan,
        counts=index.counts(project, listed) if listed is not None else {},
        not_scanned=not_scanned(project, corpus, ruleset) if done and corpus else {},
        sampled=_sampled(project, corpus, ruleset, policy) if done and corpus else None,
        before=shut_before_approval(project, corpus) if corpus else (),
        approval=standing_approval(project, corpus) if done and corpus else None,
        earlier=bool(corpus and project.value("SELECT 1 FROM approvals WHERE corpus <> ? LIMIT 1", (corpus,))),
        stood=stood(project, last) if last else None,
        pace=_pace(project),
        deciders=int(project.value("SELECT count(*) FROM identities WHERE automatic = 0")),
    )


def _sampled(project: Project, corpus: str, ruleset: str, policy: Policy) -> Sampled:
    review = review_of(project, corpus, ruleset)
    asked = policy.scrub.missed_bound
    sample = draws.open_sample(project, corpus, ruleset)
    return Sampled(
        review=review,
        asked=asked,
        required=None if asked is None else review.required(asked),
        sample=sample,
        waiting=0 if sample is None else len(draws.waiting(project, sample)),
    )


def _scan(project: Project) -> Known | None:
    """The newest scan, while it goes on or where it failed."""
    newest = next((one for one in jobs(project) if one.kind == "findings.scan"), None)
    return None if newest is None or _is_over(newest) else known(newest, now())


def _is_over(job: Job) -> bool:
    return job.ended and job.state != "failed"


def _pace(project: Project) -> float | None:
    """The median of the last gaps between decisions, pauses of more than five minutes left out."""
    rows = project.rows(
        "SELECT (julianday(decided_at) - julianday(lag(decided_at) OVER (ORDER BY id))) * 86400 AS gap"
        " FROM (SELECT id, decided_at FROM decisions ORDER BY id DESC LIMIT ?)",
        (PACE_MOST,),
    )
    gaps = sorted(row["gap"] for row in rows if row["gap"] is not None and 0.2 < row["gap"] < 300)
    return round(gaps[len(gaps) // 2], 1) if len(gaps) >= PACE_LEAST else None
