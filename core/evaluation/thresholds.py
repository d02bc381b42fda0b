"""The thresholds of the policy against what an evaluation found: each a gate that is open or shut, with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from espalier.core.evaluation.evaluations import Arm
from espalier.core.evaluation.outcomes import Outcomes
from espalier.core.evaluation.rubric_result import RubricResult
from espalier.core.project.policy import EvaluationPolicy

LOSS, SECURITY, RUBRIC = "held-out loss", "security", "rubric"


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """`asked` is the policy's bound and `found` what was measured, None where it was not; `least` where the bound is from below."""

    name: str
    asked: float
    found: float | None
    passed: bool
    why: str
    least: bool = False

    def shown(self) -> dict[str, object]:
        """As a gate of the summary."""
        return {"name": self.name, "passed": self.passed, "why": self.why}


def thresholds(
    outcomes: Outcomes, loss: Mapping[Arm, float | None], rubric: RubricResult | None, policy: EvaluationPolicy
) -> tuple[Threshold, ...]:
    """One each for what the policy asks of an evaluation; what was not measured opens nothing."""
    always = (_loss(loss, policy), _security(outcomes, policy.new_security_findings_at_most))
    return (*always, rubric_threshold(rubric, policy)) if policy.rubric else always


def rubric_threshold(rubric: RubricResult | None, policy: EvaluationPolicy) -> Threshold:
    asked = policy.rubric_mean_at_least
    if rubric is None:
        why = f"not done: {policy.raters} people rate {policy.rubric_tasks} tasks blind before this can open"
        return Threshold(name=RUBRIC, asked=asked, found=None, passed=False, why=why, least=True)
    mean = rubric.adapter.mean
    why = f"{rubric.raters} people rate the adapter {mean:.2f} of 5 in the mean, at least {asked:g} is asked"
    return Threshold(name=RUBRIC, asked=asked, found=mean, passed=mean >= asked, why=why, least=True)


def _loss(loss: Mapping[Arm, float | None], policy: EvaluationPolicy) -> Threshold:
    base, adapter, most = loss["base"], loss["adapter"], policy.loss_ratio_at_most
    ratio = adapter / base if base and adapter is not None else None
    return Threshold(
        name=LOSS,
        asked=most,
        found=ratio,
        passed=ratio is not None and ratio <= most,
        why=f"adapter/base is {ratio:.3f}, at most {most:g} is asked" if ratio else "not measured",
    )


def _security(outcomes: Outcomes, most: int) -> Threshold:
    """Shut where the check ran on no answer of the adapter; an answer of the base that it said nothing of excuses nothing."""
    before, after = outcomes["base"].get("security", {}), outcomes["adapter"].get("security", {})
    ran = [task for task, passed in after.items() if passed is not None]
    if not ran:
        why = "the security check was not run on any answer of the adapter"
        return Threshold(name=SECURITY, asked=most, found=None, passed=False, why=why)
    new = [task for task in ran if after[task] is False and before.get(task) is not False]
    why = f"{len(new)} of {len(ran)} answers that were checked have a security finding that the base's answer has not"
    return Threshold(name=SECURITY, asked=most, found=len(new), passed=len(new) <= most, why=why)
