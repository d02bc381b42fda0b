"""The four gates as they stand for the newest corpus, run and evaluation: what each is about, and what shuts it."""

from dataclasses import dataclass
from typing import Literal

from espalier.core.dataset import gate as dataset_gate
from espalier.core.findings.approval import scrub_gate
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy
from espalier.core.release import checklist
from espalier.core.release.gather import evaluation

Name = Literal["scrub", "dataset", "evaluation", "release"]
EARLIER = ("scrub", "dataset", "evaluation")
NEWEST_CORPUS = "SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1"

# Everything that can open or shut a gate adds a row or ends a job; rows are only ever added where people decide.
STATE = """
SELECT (SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1),
       (SELECT max(id) FROM decisions), (SELECT max(id) FROM approvals), (SELECT max(id) FROM source_decisions),
       (SELECT max(id) FROM sign_offs), (SELECT max(id) FROM releases), (SELECT count(*) FROM scans),
       (SELECT count(*) FROM builds WHERE finished_at IS NOT NULL), (SELECT count(*) FROM snapshots),
       (SELECT group_concat(id || state) FROM evaluations), (SELECT group_concat(id || state) FROM runs),
       (SELECT count(*) FROM sampled_objects WHERE reviewed_at IS NOT NULL), (SELECT max(id) FROM samples),
       (SELECT count(*) FROM second_reads),
       (SELECT max(rated_at) FROM rubric_ratings), (SELECT count(*) FROM identities),
       (SELECT count(*) FROM quarantined)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandingGate:
    """A gate. `about` names the corpus, run or evaluation it speaks of, `items` say what shuts it, a sentence each.

    `enforced` is false where the policy lets the work go on behind a gate that is shut.
    """

    name: Name
    about: str
    items: tuple[str, ...]
    enforced: bool = True

    @property
    def open(self) -> bool:
        return not self.items


class Gates:
    """Looks at the gates again only when something has changed that could move one: hashing decisions takes time."""

    def __init__(self) -> None:
        self._state: tuple[object, ...] = ()
        self._gates: tuple[StandingGate, ...] = ()

    def __call__(self, project: Project) -> tuple[StandingGate, ...]:
        row = project.row(STATE)
        state = () if row is None else tuple(row)
        if state != self._state or not self._gates:
            self._gates = standing_gates(project)
            self._state = state
        return self._gates


def standing_gates(project: Project) -> tuple[StandingGate, ...]:
    """All four, in the order of the flow; before there is anything to speak of, a gate says what is missing."""
    corpus: str | None = project.value(NEWEST_CORPUS)
    return (*_of_corpus(project, corpus), _evaluation(project), _release(project))


def _of_corpus(project: Project, corpus: str | None) -> tuple[StandingGate, StandingGate]:
    if corpus is None:
        nothing = ("No repository has been added yet.",)
        return StandingGate(name="scrub", about="", items=nothing), StandingGate(
            name="dataset", about="", items=nothing
        )
    about = f"corpus {corpus[:8]}"
    return (
        StandingGate(name="scrub", about=about, items=scrub_gate(project, corpus).items),
        StandingGate(name="dataset", about=about, items=dataset_gate.shut_by(project, corpus)),
    )


def _evaluation(project: Project) -> StandingGate:
    enforced = project_policy(project).evaluation.enforced
    row = project.row("SELECT * FROM evaluations WHERE state = 'done' ORDER BY id DESC LIMIT 1")
    if row is None:
        return StandingGate(name="evaluation", about="", items=("No run has been evaluated yet.",), enforced=enforced)
    found = evaluation(row)
    items = tuple(f"{gate.name}: {gate.why}" for gate in found.gates if not gate.passed)
    about = f"run {row['run']}, evaluation {row['id']}"
    return StandingGate(name="evaluation", about=about, items=items, enforced=enforced)


def _release(project: Project) -> StandingGate:
    run = project.value("SELECT run FROM evaluations WHERE state = 'done' ORDER BY id DESC LIMIT 1")
    if run is None:
        return StandingGate(name="release", about="", items=("There is no evaluated run to release yet.",))
    checks = checklist.check(project, run).checks
    items = tuple(f"{one.name}: {one.why}" for one in checks if not one.passed and one.name not in EARLIER)
    shut = [one.name for one in checks if not one.passed and one.name in EARLIER]
    before = (f"The gates before it are shut: {', '.join(shut)}.",) if shut else ()
    return StandingGate(name="release", about=f"run {run}", items=(*before, *items))
