"""The signed statements inside a bundle, and whether the people whom the policy asks for stand behind it."""

from collections.abc import Iterator
from datetime import datetime

from espalier.core.failures import GateShut
from espalier.core.project import sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.roster import Roster, trusted
from espalier.core.release.manifest import DEMONSTRATION, Manifest, Signed, SignOff
from espalier.core.release.words import counted, plain


def check_signature(signed: Signed, what: str) -> None:
    """Raises GateShut unless the statement is signed, by the key that the manifest names."""
    try:
        public = sshsig.verify(signed.signature, canonical(signed.statement), sshsig.REVIEW)
    except sshsig.BadSignature as error:
        raise GateShut(f"{what}: {error.sentence}") from error
    if public.fingerprint != signed.fingerprint:
        raise GateShut(f"{what}: signed by {public.fingerprint}, not by the key that the manifest names.")


def check_sign_offs(manifest: Manifest) -> str:
    """Raises GateShut unless every sign-off in the manifest is signed and speaks of this adapter."""
    for one in manifest.sign_offs:
        what = f"The {plain(one.role)} sign-off"
        check_signature(one, what)
        if differing := [key for key, value in subject(manifest, one.role).items() if one.statement.get(key) != value]:
            raise GateShut(f"{what} was given for something else: its {differing[0]} differs.")
    return (
        f"{counted(len(manifest.sign_offs), 'sign-off')}, for this adapter and evaluation"
        if manifest.sign_offs
        else "none in the bundle"
    )


def subject(manifest: Manifest, role: str) -> dict[str, object]:
    """What a sign-off for this release must be about."""
    return {
        "project": manifest.training.project,
        "run": manifest.training.run,
        "adapter": manifest.adapter.artifact,
        "snapshot": manifest.dataset.hash,
        "evaluation": manifest.evaluation.id,
        "role": role,
    }


def check_approved(manifest: Manifest, trust: Roster | None, at: datetime) -> str:
    """Raises GateShut unless the policy's people signed; with a roster, only those it lists count."""
    if manifest.demonstration:
        raise GateShut(DEMONSTRATION)
    problems = list(_problems(manifest, trust, at))
    if problems:
        raise GateShut("; ".join(problems))
    known = "as the roster has them" if trust else "who holds the keys was not checked"
    return f"under the policy {plain(manifest.policy.name)}; {known}"


def _problems(manifest: Manifest, trust: Roster | None, at: datetime) -> Iterator[str]:
    if manifest.scrub.approval.automatic:
        yield "no person approved the scrub"
    if not manifest.policy.sign_offs:
        yield "the policy asks for nobody's sign-off"
    people: dict[str, str] = {}
    for role in manifest.policy.sign_offs:
        signed = [one for one in manifest.sign_offs if one.role == role and not one.automatic]
        try:
            people[role] = _person_for(signed, role, trust, at)
        except GateShut as error:
            yield error.sentence
    if manifest.policy.different_people and len({name.casefold() for name in people.values()}) < len(people):
        yield "the policy asks for different people, and one person signed twice"
    if trust:
        yield from _approver_problems(manifest, trust, at)


def _approver_problems(manifest: Manifest, trust: Roster, at: datetime) -> Iterator[str]:
    role = manifest.policy.approval_role
    try:
        person = trusted(trust, manifest.scrub.approval.fingerprint, at)
    except GateShut as error:
        yield f"the scrub's approval: {error.sentence}"
        return
    if role not in person.roles:
        yield f"{plain(person.name)} approved the scrub and does not have the role {plain(role)} in the roster"


def _person_for(signed: list[SignOff], role: str, trust: Roster | None, at: datetime) -> str:
    if not signed:
        raise GateShut(f"the {plain(role)} sign-off is missing")
    if trust is None:
        return signed[-1].person
    person = trusted(trust, signed[-1].fingerprint, at)
    if role not in person.roles:
        raise GateShut(f"{person.name} does not have the role {plain(role)} in the roster")
    return person.name
