"""What a release is made of, read from the project once: run, base, snapshot, approval, evaluation and policy."""

from dataclasses import dataclass

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.models import register
from espalier.core.models.base import BaseModel
from espalier.core.project import quarantined
from espalier.core.project.canonical import digest
from espalier.core.project.file import Project, Row
from espalier.core.project.policy import Policy, project_policy
from espalier.core.training.runs import Run
from espalier.core.training.runs import run as training_run


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """The rows and values as the project holds them; `adapter` is the run's artifact."""

    run: Run
    adapter: str
    base: BaseModel
    snapshot: Row
    approval: Row
    evaluation: Row
    policy: Policy


def inputs(project: Project, number: int) -> Inputs:
    """Raises GateShut or UnusableInput for what a release of this run still lacks."""
    run = training_run(project, number)
    if run.state != "done" or run.adapter is None:
        raise GateShut(f"Run {number} is {run.state}; there is no adapter to release.", "Release a finished run.")
    if (sentence := quarantined.why(project, "run", str(number))) is not None:
        raise GateShut(sentence, "Build, freeze and train again without it.")
    snapshot = project.row("SELECT * FROM snapshots WHERE hash = ?", (run.snapshot,))
    if snapshot is None:
        raise UnusableInput(f"The project holds no record of snapshot {run.snapshot[:12]}.", "Use a frozen snapshot.")
    approval = project.row("SELECT * FROM approvals WHERE id = ?", (snapshot["approval"],))
    if approval is None:
        raise GateShut(f"The approval behind snapshot {run.snapshot[:12]} is not in the project.", "Freeze it again.")
    return Inputs(
        run=run,
        adapter=run.adapter,
        base=_base(project, run),
        snapshot=snapshot,
        approval=approval,
        evaluation=newest_evaluation(project, number),
        policy=project_policy(project),
    )


def newest_evaluation(project: Project, run: int) -> Row:
    found = project.row("SELECT * FROM evaluations WHERE run = ? AND state = 'done' ORDER BY id DESC LIMIT 1", (run,))
    if found is None:
        raise GateShut(f"Run {run} has no finished evaluation.", f"Evaluate it: espalier eval run PROJECT {run}")
    return found


def _base(project: Project, run: Run) -> BaseModel:
    found = register.model(project, run.model)
    if digest(dict(found.files)) != run.base:
        raise GateShut(
            f"The project's model {run.model} is not the one that run {run.id} trained.",
            "Register that base model again, under its own name.",
        )
    return found
