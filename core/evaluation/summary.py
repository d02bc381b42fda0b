"""What an evaluation found, with intervals, the tasks that were fixed and broken, and the gates of the policy."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from espalier.core.evaluation.evaluations import ARMS, Arm, Evaluation
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.statistics import paired, rate
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.core.project.file import Project
from espalier.core.project.policy import Policy

Outcomes = dict[str, dict[str, dict[str, bool | None]]]  # arm → check → task → passed
DECIDING = ("tests", "idiom")


def summarise(
    project: Project, one: Evaluation, tasks: Sequence[EvaluationTask], can: Capability, policy: Policy
) -> dict[str, object]:
    """The keys of `eval show --json`, and the losses. `fixed` and `broken` are by tests where any ran, else by idiom."""
    outcomes = _outcomes(project, one.id)
    loss = {arm: _loss(project, one.id, arm) for arm in ARMS}
    checks = sorted({check for arm in ARMS for check in outcomes[arm]})
    deciding = next((check for check in DECIDING if _ran(outcomes, check)), "tests")
    change = paired(outcomes["base"].get(deciding, {}), outcomes["adapter"].get(deciding, {}))
    titles = {task.id: task.title for task in tasks}
    return {
        "suite": one.suite,
        "tier": can.tier,
        "self_test": can.digest,
        "tasks": len(tasks),
        "origins": _counted(tasks),
        "arms": {
            arm: {check: rate(list(outcomes[arm].get(check, {}).values())).shown() for check in checks} for arm in ARMS
        },
        "not_run": _not_run(project, one.id),
        "loss": loss,
        "decided_by": deciding,
        "fixed": [titles[task] for task in change.fixed],
        "broken": [titles[task] for task in change.broken],
        "p": round(change.p, 4),
        "gates": _gates(outcomes, loss, policy),
    }


def _gates(outcomes: Outcomes, loss: Mapping[Arm, float | None], policy: Policy) -> list[dict[str, object]]:
    asked = policy.evaluation
    base, adapter = loss["base"], loss["adapter"]
    ratio = adapter / base if base and adapter is not None else None
    gates = [
        _gate(
            "held-out loss",
            ratio is not None and ratio <= asked.loss_ratio_at_most,
            f"adapter/base is {ratio:.3f}, at most {asked.loss_ratio_at_most:g} is asked" if ratio else "not measured",
        ),
        _security_gate(outcomes, asked.new_security_findings_at_most),
    ]
    if asked.rubric:
        gates.append(
            _gate("rubric", False, "no person has rated the answers, and this version has no form to rate them in")
        )
    return gates


def _security_gate(outcomes: Outcomes, most: int) -> dict[str, object]:
    """Shut where the check ran on no answer of the adapter; an answer of the base that it said nothing of excuses nothing."""
    before, after = outcomes["base"].get("security", {}), outcomes["adapter"].get("security", {})
    ran = [task for task, passed in after.items() if passed is not None]
    if not ran:
        return _gate("security", False, "the security check was not run on any answer of the adapter")
    new = [task for task in ran if after[task] is False and before.get(task) is not False]
    said = f"{len(new)} of {len(ran)} answers that were checked have a security finding that the base's answer has not"
    return _gate("security", len(new) <= most, said)


def _gate(name: str, passed: bool, why: str) -> dict[str, object]:
    return {"name": name, "passed": passed, "why": why}


def _outcomes(project: Project, number: int) -> Outcomes:
    found: Outcomes = {arm: defaultdict(dict) for arm in ARMS}
    query = 'SELECT task, arm, "check", passed FROM results WHERE evaluation = ? AND "check" != \'loss\''
    for row in project.rows(query, (number,)):
        passed = None if row["passed"] is None else bool(row["passed"])
        found[row["arm"]][row["check"]][row["task"]] = passed
    return found


def _loss(project: Project, number: int, arm: str) -> float | None:
    """Nats per solution token over the held-out examples; None where one is not a number, which SQLite stores as NULL."""
    row = project.row(
        "SELECT sum(value) AS nll, sum(CAST(detail AS INTEGER)) AS tokens, count(*) - count(value) AS broken FROM results"
        " WHERE evaluation = ? AND arm = ? AND \"check\" = 'loss'",
        (number, arm),
    )
    return row["nll"] / row["tokens"] if row is not None and row["tokens"] and not row["broken"] else None


def _not_run(project: Project, number: int) -> dict[str, int]:
    """Why checks did not run, counted over tasks of the adapter."""
    query = (
        "SELECT \"check\" || ': ' || detail AS why, count(*) AS n FROM results"
        " WHERE evaluation = ? AND arm = 'adapter' AND passed IS NULL AND \"check\" != 'loss' GROUP BY why ORDER BY n DESC"
    )
    return {row["why"]: row["n"] for row in project.rows(query, (number,))}


def _ran(outcomes: Outcomes, check: str) -> int:
    return sum(one is not None for arm in ARMS for one in outcomes[arm].get(check, {}).values())


def _counted(tasks: Sequence[EvaluationTask]) -> dict[str, int]:
    counted: dict[str, int] = defaultdict(int)
    for task in tasks:
        counted[task.origin] += 1
    return dict(counted)
