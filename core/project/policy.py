"""Policies: who must have done what before a gate opens; TOML in resources/policies, copied into the project when it is made."""

import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Literal

from pydantic import BaseModel, ConfigDict

from espalier.core.failures import UnusableInput

if TYPE_CHECKING:
    from espalier.core.project.file import Project

Role = Literal["builder", "security", "legal", "ml", "release"]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScrubPolicy(_Section):
    """`missed_bound` is the largest one-sided 95 % bound on the missed rate that sampled review may leave; None: not asked.

    `readers` is how many people must have read each file that counts in it.
    """

    automatic: bool
    missed_bound: float | None = None
    readers: Literal[1, 2] = 1


class ApprovalPolicy(_Section):
    """Whether the one who built may approve, and the role that must."""

    builder_may_approve: bool
    role: Role


class DatasetPolicy(_Section):
    licences_must_be_decided: bool


class EvaluationPolicy(_Section):
    """Thresholds of the evaluation gate, each over the held-out tasks of the last quarter.

    Where they are not enforced, a gate that they shut is shown, and stops nothing. `rubric` asks for answers that people have
    rated blind: so many tasks, each by so many people, and the adapter's mean over both scales (1 to 5) at least so high.
    """

    enforced: bool
    loss_ratio_at_most: float
    new_security_findings_at_most: int
    rubric: bool
    rubric_tasks: int = 20
    rubric_raters: int = 2
    rubric_mean_at_least: float = 3.5

    @property
    def raters(self) -> int:
        """How many people must have rated before the arms are told apart; where no rubric is asked for, one may do it."""
        return self.rubric_raters if self.rubric else 1


class ReleasePolicy(_Section):
    """The roles that must have signed a release, and whether they must be different people."""

    sign_offs: tuple[Role, ...]
    different_people: bool
    legal: bool


class Policy(_Section):
    """What this project asks for; `demonstration` marks everything that comes out as not approved."""

    name: str
    sentence: str
    demonstration: bool
    scrub: ScrubPolicy
    approval: ApprovalPolicy
    dataset: DatasetPolicy
    evaluation: EvaluationPolicy
    release: ReleasePolicy


def policy_names() -> tuple[str, ...]:
    folder = resources.files("espalier.resources").joinpath("policies")
    return tuple(sorted(entry.name.removesuffix(".toml") for entry in folder.iterdir() if entry.name.endswith(".toml")))


def named_policy(name: str) -> Policy:
    if name not in policy_names():
        raise UnusableInput(f"There is no policy named {name!r}.", f"Known: {', '.join(policy_names())}.")
    source = resources.files("espalier.resources").joinpath("policies", f"{name}.toml")
    return Policy.model_validate(tomllib.loads(source.read_text(encoding="utf-8")))


def project_policy(project: "Project") -> Policy:
    """The policy that was copied into this project, which later changes of the resource do not touch."""
    return Policy.model_validate_json(project.meta("policy"))
