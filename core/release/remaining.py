"""What stands between here and a release: what is left to do, in the order of the flow, for the newest of everything."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from espalier.core.examples.build import standing as standing_build
from espalier.core.failures import EspalierError
from espalier.core.findings import index
from espalier.core.findings.approval import standing_approval
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.sampling.review import review_of
from espalier.core.findings.sampling.second_reads import read_once
from espalier.core.findings.summary import scan_of
from espalier.core.jobs.job import Job, jobs
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy, project_policy
from espalier.core.release import sign_off
from espalier.core.release.gather import evaluation as read_evaluation
from espalier.core.release.inputs import inputs
from espalier.core.repositories.licence_decisions import undecided

NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"
NEWEST_SNAPSHOT = (
    "SELECT hash FROM snapshots WHERE corpus = ? AND hash NOT IN (SELECT name FROM quarantined WHERE kind = 'snapshot')"
    " ORDER BY frozen_at DESC, rowid DESC LIMIT 1"
)
NEWEST_RUN = "SELECT id FROM runs WHERE snapshot = ? AND state = 'done' ORDER BY id DESC LIMIT 1"
NEWEST_EVALUATION = "SELECT id FROM evaluations WHERE run = ? AND state = 'done' ORDER BY id DESC LIMIT 1"

Kind = Literal[
    "add",
    "scan",
    "decide",
    "sample",
    "second",
    "licences",
    "approve",
    "build",
    "freeze",
    "train",
    "evaluate",
    "gate",
    "sign",
    "bundle",
]
JOBS: dict[Kind, str] = {
    "scan": "findings.scan",
    "build": "examples.build",
    "freeze": "dataset.freeze",
    "train": "training.run",
    "evaluate": "evaluation.run",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One thing that is left to do. `about` names the corpus, snapshot, run or role that it is for; `count` how many wait.

    `why` is core's own sentence where there is one. `job` does it now; `reachable` says that nothing before it is in the way.
    """

    kind: Kind
    about: str = ""
    count: int = 0
    why: str = ""
    job: Job | None = None
    reachable: bool = True


def remaining(project: Project) -> tuple[Step, ...]:
    """Nothing is left where the newest run of the newest snapshot is bundled."""
    at_work = {one.kind: one for one in reversed(jobs(project, active_only=True))}
    found: list[Step] = []
    for step in _steps(project, project_policy(project)):
        kind, job = step.kind, at_work.get(JOBS.get(step.kind, ""))
        before = next((one for one in found if one.kind != "sign"), None)
        found.append(
            Step(
                kind=kind,
                about=step.about,
                count=step.count,
                why=step.why,
                job=job,
                reachable=step.reachable and (before is None or kind in _BESIDE.get(before.kind, ())),
            )
        )
    return tuple(found)


# What can be done although that earlier thing is not done yet.
_BESIDE: dict[Kind, tuple[Kind, ...]] = {
    "decide": ("sample", "second", "licences"),
    "sample": ("second", "licences"),
    "second": ("licences",),
    "licences": ("approve",),
    "approve": ("licences",),
}


def _steps(project: Project, policy: Policy) -> Iterator[Step]:
    corpus: str | None = project.value(NEWEST_CORPUS)
    if corpus is None:
        yield Step(kind="add")
        yield from (Step(kind=kind) for kind in ("scan", "approve", "build", "freeze", "train", "evaluate", "bundle"))
        return
    yield from _of_corpus(project, corpus, policy)
    snapshot: str | None = project.value(NEWEST_SNAPSHOT, (corpus,))
    if snapshot is None:
        yield Step(kind="freeze", about=corpus)
    run: int | None = None if snapshot is None else project.value(NEWEST_RUN, (snapshot,))
    if run is None:
        yield Step(kind="train", about=snapshot or "")
    evaluation: int | None = None if run is None else project.value(NEWEST_EVALUATION, (run,))
    if evaluation is None:
        yield Step(kind="evaluate", about="" if run is None else str(run))
    else:
        yield from _gates(project, evaluation, policy)
    yield from _signing(project, run, policy)


def _of_corpus(project: Project, corpus: str, policy: Policy) -> Iterator[Step]:
    ruleset = current_ruleset(project)
    scanned = scan_of(project, corpus, ruleset) is not None
    number = index.list_of(project, corpus, ruleset) if scanned else None
    waiting = 0 if number is None else index.counts(project, number)[index.OPEN]
    if not scanned:
        yield Step(kind="scan", about=corpus)
    elif waiting:
        yield Step(kind="decide", about=corpus, count=waiting)
    if scanned:
        yield from _of_sampled_review(project, corpus, ruleset, policy)
    if sources := undecided(project, corpus):
        yield Step(kind="licences", about=corpus, count=len(sources))
    if not scanned or standing_approval(project, corpus) is None:
        yield Step(kind="approve", about=corpus)
        yield Step(kind="build", about=corpus)
    elif standing_build(project, corpus) is None:
        yield Step(kind="build", about=corpus)


def _of_sampled_review(project: Project, corpus: str, ruleset: str, policy: Policy) -> Iterator[Step]:
    asked, review = policy.scrub.missed_bound, review_of(project, corpus, ruleset)
    if asked is not None and review.bound > asked:
        yield Step(kind="sample", about=corpus, count=max(0, (review.required(asked) or 0) - review.reviewed))
    if policy.scrub.readers == 2 and (once := read_once(project, corpus, ruleset)):
        yield Step(kind="second", about=corpus, count=once)


def _gates(project: Project, evaluation: int, policy: Policy) -> Iterator[Step]:
    row = project.row("SELECT * FROM evaluations WHERE id = ?", (evaluation,))
    if row is None or not policy.evaluation.enforced:
        return
    for gate in read_evaluation(row).gates:
        if not gate.passed:
            yield Step(kind="gate", about=str(row["run"]), why=f"{gate.name}: {gate.why}")


def _signing(project: Project, run: int | None, policy: Policy) -> Iterator[Step]:
    signed: set[str] = set()
    if run is not None:
        try:
            signed = {one.role for one in sign_off.given_for(project, inputs(project, run))}
        except EspalierError:
            signed = set()  # it has no evaluation yet, and so nothing to sign
    for role in policy.release.sign_offs:
        if role not in signed:
            yield Step(kind="sign", about=role)
    if run is None or not project.value("SELECT 1 FROM releases WHERE run = ?", (run,)):
        yield Step(kind="bundle", about="" if run is None else str(run))
