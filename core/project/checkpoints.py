"""Signed checkpoints of the audit chain: kept elsewhere, they show a chain that was cut or rewritten."""

from espalier.core.failures import GateShut
from espalier.core.project import audit, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, signing_key


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
