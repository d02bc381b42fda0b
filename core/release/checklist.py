"""The release gate: the four gates in a row, each with its evidence, for one run."""

from dataclasses import dataclass

from espalier.core.dataset import gate as dataset_gate
from espalier.core.failures import GateShut
from espalier.core.findings.approval import scrub_gate, standing_approval
from espalier.core.project.file import Project
from espalier.core.release import licences, sign_off
from espalier.core.release.gather import evaluation, not_done
from espalier.core.release.inputs import Inputs, inputs
from espalier.core.release.manifest import DEMONSTRATION
from espalier.core.release.sources import sources
from espalier.core.release.verify import Check, Report
from espalier.core.release.words import counted


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseCheck:
    """`signer` stays None: a check is before anybody signs the bundle."""

    passed: bool
    signer: None
    checks: tuple[Check, ...]


def check(project: Project, run: int) -> ReleaseCheck:
    """Every gate is looked at, also behind one that is shut, so that one look says all that is left to do."""
    report = Report()
    given = report.value("run", lambda: inputs(project, run), "finished, with an adapter and an evaluation")
    if given is not None:
        report.said("scrub", lambda: _scrub(project, given))
        report.said("dataset", lambda: _dataset(project, given))
        report.said("evaluation", lambda: _evaluation(given))
        report.said("sign-offs", lambda: _sign_offs(project, given))
        report.said("rights", lambda: _rights(project, given))
        report.said("licence", lambda: _licence(given))
        report.checks.append(Check("policy", True, _policy(project, given)))
    return ReleaseCheck(passed=all(one.passed for one in report.checks), signer=None, checks=tuple(report.checks))


def _scrub(project: Project, given: Inputs) -> str:
    """Open, and opened for the decisions by which this snapshot was scrubbed: a later approval is for a later snapshot."""
    corpus = given.snapshot["corpus"]
    if shut := scrub_gate(project, corpus).items:
        raise GateShut(" ".join(shut))
    standing = standing_approval(project, corpus)
    frozen_under = given.approval["ruleset"], given.approval["decisions_hash"]
    if standing is None or (standing.ruleset, standing.decisions_hash) != frozen_under:
        raise GateShut(
            f"The snapshot {given.run.snapshot[:12]} was scrubbed by other decisions than those that stand now:"
            " build, freeze and train again."
        )
    return f"approved by {standing.identity}, for the decisions by which the snapshot was scrubbed"


def _dataset(project: Project, given: Inputs) -> str:
    corpus = given.snapshot["corpus"]
    if shut := dataset_gate.shut_by(project, corpus):
        raise GateShut(" ".join(shut))
    return f"open for the corpus {corpus[:12]}"


def _evaluation(given: Inputs) -> str:
    found = evaluation(given.evaluation)
    if not found.gates:
        raise GateShut(f"Evaluation {found.id} has no gates.", "Evaluate again: espalier eval run")
    shut = [f"{gate.name}: {gate.why}" for gate in found.gates if not gate.passed]
    if shut and given.policy.evaluation.enforced:
        raise GateShut("; ".join(shut))
    if shut:
        return (
            f"evaluation {found.id} is shut and the policy {given.policy.name} does not enforce it: {'; '.join(shut)}"
        )
    return f"evaluation {found.id}, {len(found.gates)} gates, each passed"


def _sign_offs(project: Project, given: Inputs) -> str:
    asked = given.policy.release
    signed = {one.role: one for one in sign_off.given_for(project, given)}
    if missing := [role for role in asked.sign_offs if role not in signed]:
        raise GateShut(f"The policy {given.policy.name} asks for a sign-off in the role {', '.join(missing)}.")
    people = {signed[role].person.casefold() for role in asked.sign_offs}
    if asked.different_people and len(people) < len(asked.sign_offs):
        raise GateShut(f"The policy {given.policy.name} asks for different people, and one person signed twice.")
    return ", ".join(f"{role} by {signed[role].identity}" for role in asked.sign_offs) or "none are asked for"


def _rights(project: Project, given: Inputs) -> str:
    found = sources(project, given.snapshot["hash"], given.snapshot["corpus"])
    return f"{counted(len(found), 'source')} allowed; export class: {licences.strictest(one.export for one in found)}"


def _licence(given: Inputs) -> str:
    asked = licences.obligations(given.base.licence)
    return f"{asked.licence}, {len(licences.licence_text(asked)):,} bytes that go with the bundle"


def _policy(project: Project, given: Inputs) -> str:
    said = DEMONSTRATION if given.policy.demonstration else given.policy.name
    return f"{said}; not done: {'; '.join(not_done(project, given)) or 'nothing'}"
