"""Sign-offs of a release: one person, one role, one adapter with its evaluation."""

from typing import TypedDict

from espalier.core.failures import GateShut
from espalier.core.project import signoffs, sshsig
from espalier.core.project.clock import Clock, now, stamp
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.release.inputs import Inputs, inputs
from espalier.core.release.manifest import SignOff


class Signer(TypedDict):
    identity: str
    person: str
    fingerprint: str
    automatic: bool


def sign(project: Project, run: int, role: str, who: Identity, clock: Clock = now) -> int:
    """Signs this run's release in a role; returns the sign-off's number. Raises GateShut where `who` lacks the role."""
    if role not in who.roles:
        raise GateShut(f"{who.name} does not have the role {role} in this project.", f"Sign as someone who is {role}.")
    given = inputs(project, run)
    if who.automatic and not given.policy.demonstration:
        raise GateShut("A stand-in can't sign where the policy asks for people.", "Sign as a person: --as NAME")
    said = {**statement(project, given, role), "identity": who.name, "at": stamp(clock())}
    return signoffs.sign(project, who, subject(run), said, sshsig.REVIEW)


def subject(run: int) -> str:
    return f"release:{run}"


def statement(project: Project, given: Inputs, role: str) -> dict[str, object]:
    """What a sign-off in this role is about; a new evaluation asks for a new sign-off."""
    return {
        "project": project.id,
        "run": given.run.id,
        "adapter": given.adapter,
        "snapshot": given.run.snapshot,
        "evaluation": given.evaluation["id"],
        "policy": given.policy.name,
        "role": role,
    }


def given_for(project: Project, given: Inputs) -> tuple[SignOff, ...]:
    """The newest sign-off of each role, of those for exactly this adapter and evaluation, each verified."""
    found = {}
    for one in signoffs.sign_offs(project, subject(given.run.id)):
        role = str(one.statement.get("role"))
        if statement(project, given, role).items() <= one.statement.items():
            who = signoffs.check(project, one)
            said = {"role": role, "statement": one.statement, "signature": one.signature, **signer(who)}
            found[role] = SignOff.model_validate(said)
    return tuple(found[role] for role in sorted(found))


def signer(who: Identity) -> Signer:
    return Signer(identity=who.name, person=who.person, fingerprint=who.fingerprint, automatic=who.automatic)
