"""What an evaluation found, with intervals, the tasks that were fixed and broken, and the gates of the policy."""

from collections import defaultdict
from collections.abc import Sequence

from espalier.core.evaluation.evaluations import ARMS, Evaluation
from espalier.core.evaluation.outcomes import deciding, in_order, loss, not_run, outcomes
from espalier.core.evaluation.rubric_result import result
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.statistics import difference, paired, rate
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.core.evaluation.thresholds import thresholds
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy


def summarise(
    project: Project, one: Evaluation, tasks: Sequence[EvaluationTask], can: Capability, policy: Policy
) -> dict[str, object]:
    """The keys of `eval show --json`, and the losses. `fixed` and `broken` are by tests where any ran, else by idiom."""
    found = outcomes(project, one.id)
    losses = {arm: loss(project, one.id, arm) for arm in ARMS}
    checks = in_order({check for arm in ARMS for check in found[arm]})
    decided_by = deciding(found)
    change = paired(found["base"].get(decided_by, {}), found["adapter"].get(decided_by, {}))
    rubric = result(project, one.id)
    titles = {task.id: task.title for task in tasks}
    changes = {check: difference(found["base"].get(check, {}), found["adapter"].get(check, {})) for check in checks}
    return {
        "suite": one.suite,
        "tier": can.tier,
        "self_test": can.digest,
        "tasks": len(tasks),
        "origins": _counted(tasks),
        "arms": {
            arm: {check: rate(list(found[arm].get(check, {}).values())).shown() for check in checks} for arm in ARMS
        },
        "differences": {check: None if one is None else one.shown() for check, one in changes.items()},
        "not_run": not_run(project, one.id),
        "loss": losses,
        "decided_by": decided_by,
        "fixed": [titles[task] for task in change.fixed],
        "broken": [titles[task] for task in change.broken],
        "p": round(change.p, 4),
        "rubric": None if rubric is None else rubric.shown(),
        "gates": [one.shown() for one in thresholds(found, losses, rubric, policy.evaluation)],
    }


def _counted(tasks: Sequence[EvaluationTask]) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for task in tasks:
        counted[task.origin] += 1
    return dict(counted)
