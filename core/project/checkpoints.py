"""Signed checkpoints of the audit chain: kept elsewhere, they show a chain that was cut or rewritten."""

import json
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import GateShut, UnusableInput, WorkFailed
from espalier.core.project import audit, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, identities, signing_key

LARGEST = 1 << 16  # bytes; a checkpoint has a few hundred


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What a checkpoint file says, its signature verified. `signer` is the project's name for the key; empty: it knows none."""

    seq: int
    head: str
    at: str
    fingerprint: str
    signer: str


def checkpoint(project: Project, who: Identity) -> dict[str, object]:
    """A JSON document of the chain's length and head, signed; raises GateShut when the chain does not hold."""
    verdict = audit.verify(project)
    if not verdict.passed:
        raise GateShut(f"The audit chain does not hold: {verdict.why}", "Go back to a copy that verifies.")
    statement: dict[str, object] = {
        "project": project.id,
        "seq": verdict.entries,
        "head": verdict.head,
        "at": utc_now(),
        "identity": who.name,
        "fingerprint": who.fingerprint,
    }
    signature = sshsig.sign(signing_key(project, who), canonical(statement), sshsig.CHECKPOINT)
    return {"statement": statement, "signature": signature}


def write(project: Project, who: Identity, target: Path) -> None:
    """Sign a checkpoint into a file."""
    made = canonical(checkpoint(project, who))
    try:
        target.write_bytes(made)
    except OSError as error:
        raise WorkFailed(f"{target} could not be written ({error.strerror}).", "Choose another place.") from None


def read(project: Project, path: Path) -> Checkpoint:
    """The checkpoint of this project that a file holds; raises UnusableInput for any other file."""
    try:
        with path.open("rb") as file:
            content = json.loads(file.read(LARGEST))
        statement, signature = content["statement"], str(content["signature"])
        seq, head, at = int(statement["seq"]), str(statement["head"]), str(statement.get("at", ""))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise UnusableInput(f"{path} is not a checkpoint.", "Name the checkpoint.json of a bundle.") from None
    signed = sshsig.verify(signature, canonical(statement), sshsig.CHECKPOINT)
    if statement.get("project") != project.id:
        raise UnusableInput(f"{path} is a checkpoint of another project.", "Name one of this project.")
    known = {one.fingerprint: one.name for one in identities(project)}
    signer = known.get(signed.fingerprint, "")
    return Checkpoint(seq=seq, head=head, at=at, fingerprint=signed.fingerprint, signer=signer)
