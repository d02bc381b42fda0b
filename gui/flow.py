"""What the frame shows of the flow: how each stage stands, in the sidebar, and the gates between them."""

from collections.abc import Mapping
from dataclasses import dataclass

from espalier.core.findings import index
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.jobs.job import jobs
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.core.release.gates import Gates, StandingGate
from espalier.core.training import runs
from espalier.gui.standing import Standing, known
from espalier.gui.states import NEED_YOU, NEEDS_YOU, SHOWN, SHUT, TO_DO, Shown

STAGE_OF = {
    "repositories": "repositories",
    "findings": "findings",
    "examples": "examples",
    "dataset": "dataset",
    "models": "training",
    "training": "training",
    "evaluation": "evaluation",
    "release": "release",
}
DONE = SHOWN["done"]
NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """Stage → how it stands, and the four gates; what a stage needs of a person is behind its page."""

    stages: Mapping[str, Shown]
    gates: tuple[StandingGate, ...]


class FlowReading:
    """Belongs to the reader's thread."""

    def __init__(self) -> None:
        self._gates = Gates()

    def __call__(self, project: Project) -> Flow:
        gates = self._gates(project)
        return Flow(stages=stages(project, gates), gates=gates)


def stages(project: Project, gates: tuple[StandingGate, ...]) -> dict[str, Shown]:
    """How each stage stands: what a job is at says more than what was done before."""
    return {**_settled(project, {gate.name: gate for gate in gates}), **_working(project)}


def plain(item: str) -> str:
    """What shuts a gate, without the command line's way to open it."""
    said = item.partition(": espalier ")[0]
    return said if said.endswith(".") else f"{said}."


def _working(project: Project) -> dict[str, Shown]:
    """Stages that a job is at: it says more than what was done before."""
    at = now()
    found: dict[str, Shown] = {}
    for one in reversed(jobs(project, active_only=True)):
        stage = STAGE_OF.get(one.kind.partition(".")[0])
        if stage is not None:
            found[stage] = SHOWN[known(one, at).standing]
    return found


def _settled(project: Project, gates: Mapping[str, StandingGate]) -> dict[str, Shown]:
    """How each stage stands while nothing works on it."""
    corpus = project.value(NEWEST_CORPUS)
    snapshot = project.value("SELECT hash FROM snapshots ORDER BY frozen_at DESC LIMIT 1")
    return {
        "repositories": DONE if corpus else TO_DO,
        "findings": _findings(project, corpus, gates["scrub"]),
        "examples": DONE if _built(project, corpus) else _waiting(gates["scrub"], corpus),
        "dataset": DONE if snapshot else _waiting(gates["dataset"], corpus),
        "training": _training(project, snapshot),
        "evaluation": _behind(gates["evaluation"], project.value("SELECT 1 FROM evaluations WHERE state = 'done'")),
        "release": DONE if project.value("SELECT 1 FROM releases") else _behind(gates["release"], _evaluated(project)),
    }


def _findings(project: Project, corpus: str | None, gate: StandingGate) -> Shown:
    if corpus is None or not project.value("SELECT 1 FROM scans WHERE corpus = ?", (corpus,)):
        return TO_DO
    if gate.open:
        return DONE
    number = index.list_of(project, corpus, current_ruleset(project))
    waiting = 0 if number is None else index.counts(project, number)[index.OPEN]
    return NEED_YOU.counting(waiting) if waiting else NEEDS_YOU


def _built(project: Project, corpus: str | None) -> bool:
    return bool(project.value("SELECT 1 FROM builds WHERE corpus = ? AND finished_at IS NOT NULL", (corpus,)))


def _waiting(gate: StandingGate, corpus: str | None) -> Shown:
    """A stage without a result yet: shut once there is something that it could work on."""
    return TO_DO if gate.open or corpus is None else SHUT


def _training(project: Project, snapshot: str | None) -> Shown:
    newest = project.value("SELECT max(id) FROM runs")
    if newest is None or snapshot is None:
        return TO_DO
    state: Standing = runs.run(project, newest).state
    return SHOWN[state]


def _evaluated(project: Project) -> object:
    return project.value("SELECT 1 FROM evaluations WHERE state = 'done'")


def _behind(gate: StandingGate, reached: object) -> Shown:
    if not reached:
        return TO_DO
    return DONE if gate.open or not gate.enforced else SHUT
