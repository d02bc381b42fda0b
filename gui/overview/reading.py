"""What the overview shows, read off the GUI thread: counts by stage, what is left to do, the gates, the corpus, the newest run
and the newest evaluation."""

from collections.abc import Mapping
from dataclasses import dataclass

from espalier.core.evaluation.comparison import CheckRates, compared, rates
from espalier.core.evaluation.evaluations import evaluations
from espalier.core.evaluation.outcomes import deciding, outcomes
from espalier.core.examples.composition import Group, composition
from espalier.core.findings import index
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy, project_policy
from espalier.core.release.gates import Gates, StandingGate
from espalier.core.release.remaining import Step, remaining
from espalier.core.training import runs
from espalier.core.training.runs import Run
from espalier.gui.flow import stages
from espalier.gui.states import Shown

NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"
NEWEST_SNAPSHOT = (
    "SELECT hash, json_extract(summary, '$.test_from') FROM snapshots ORDER BY frozen_at DESC, rowid DESC LIMIT 1"
)
NEWEST_BUILD = (
    "SELECT id FROM builds WHERE corpus = ? AND finished_at IS NOT NULL ORDER BY begun_at DESC, rowid DESC LIMIT 1"
)
POINTS = 240


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCurve:
    """A run, its losses as (step, value), and the run before it to compare with."""

    run: Run
    loss: tuple[tuple[int, float], ...]
    validation: tuple[tuple[int, float], ...]
    earlier: Run | None
    earlier_loss: tuple[tuple[int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """The newest evaluation by the check that decides which tasks are fixed and broken."""

    evaluation: int
    run: int
    rates: CheckRates
    fixed: int
    broken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """The project at one moment; commits, blobs, findings and examples are of the newest corpus."""

    policy: Policy
    corpus: str | None
    repositories: int
    commits: int
    blobs: int
    findings: tuple[tuple[str, int], ...]
    examples: tuple[tuple[str, int], ...]
    snapshots: int
    snapshot: str | None
    held_out_from: str | None
    runs: tuple[tuple[str, int], ...]
    newest_run: RunCurve | None
    evaluations: int
    headline: Headline | None
    releases: int
    signed: int
    stages: Mapping[str, Shown]
    gates: tuple[StandingGate, ...]
    remaining: tuple[Step, ...]
    composition: tuple[Group, ...]


class OverviewReading:
    """Belongs to the reader's thread; keeps the gates, which take time to look at."""

    def __init__(self) -> None:
        self._gates = Gates()

    def __call__(self, project: Project) -> Overview:
        corpus: str | None = project.value(NEWEST_CORPUS)
        size = project.row("SELECT sum(commits), sum(blobs) FROM corpus_repositories WHERE corpus = ?", (corpus,))
        snapshot = project.row(NEWEST_SNAPSHOT)
        gates = self._gates(project)
        build: str | None = project.value(NEWEST_BUILD, (corpus,)) if corpus is not None else None
        return Overview(
            policy=project_policy(project),
            corpus=corpus,
            repositories=_count(project, "repositories"),
            commits=(size and size[0]) or 0,
            blobs=(size and size[1]) or 0,
            findings=_findings(project, corpus),
            examples=_examples(project, build),
            snapshots=_count(project, "snapshots"),
            snapshot=None if snapshot is None else snapshot[0],
            held_out_from=None if snapshot is None else snapshot[1],
            runs=_runs(project),
            newest_run=_newest_run(project),
            evaluations=_count(project, "evaluations"),
            headline=_headline(project),
            releases=_count(project, "releases"),
            signed=_signed(project),
            stages=stages(project, gates),
            gates=gates,
            remaining=remaining(project),
            composition=() if build is None else tuple(composition(project, build)),
        )


def _findings(project: Project, corpus: str | None) -> tuple[tuple[str, int], ...]:
    number = None if corpus is None else index.list_of(project, corpus, current_ruleset(project))
    return () if number is None else tuple(index.counts(project, number).items())


def _examples(project: Project, build: str | None) -> tuple[tuple[str, int], ...]:
    query = "SELECT state, count(*) FROM examples WHERE build = ? GROUP BY state ORDER BY state"
    return tuple((row[0], row[1]) for row in project.rows(query, (build,)))


def _runs(project: Project) -> tuple[tuple[str, int], ...]:
    states = [one.state for one in runs.runs(project)]
    return tuple((state, states.count(state)) for state in sorted(set(states)))


def _newest_run(project: Project) -> RunCurve | None:
    known = runs.runs(project)
    if not known:
        return None
    newest, earlier = known[0], known[1] if len(known) > 1 else None
    return RunCurve(
        run=newest,
        loss=_curve(project, newest, "loss"),
        validation=_curve(project, newest, "validation_loss"),
        earlier=earlier,
        earlier_loss=() if earlier is None else _curve(project, earlier, "loss"),
    )


def _curve(project: Project, run: Run, name: str) -> tuple[tuple[int, float], ...]:
    return tuple(runs.curve(project, run.id, name, POINTS))


def _headline(project: Project) -> Headline | None:
    newest = next((one for one in evaluations(project) if one.state == "done"), None)
    if newest is None:
        return None
    found = outcomes(project, newest.id)
    check = deciding(found)
    rows = compared(project, newest.id, found, check)
    of_check = next((one for one in rates(rows) if one.check == check), None)
    if of_check is None:
        return None
    changes = [row.change for row in rows]
    return Headline(
        evaluation=newest.id,
        run=newest.run,
        rates=of_check,
        fixed=changes.count("fixed"),
        broken=changes.count("broken"),
    )


def _signed(project: Project) -> int:
    return int(project.value("SELECT count(*) FROM sign_offs WHERE subject LIKE 'release:%'"))


def _count(project: Project, table: str) -> int:
    return int(project.value(f"SELECT count(*) FROM {table}"))
