"""Sign-offs: a statement, the signature over its canonical bytes, and whose key made it."""

import json
from dataclasses import dataclass

from espalier.core.failures import GateShut
from espalier.core.project import audit, sshsig
from espalier.core.project.canonical import canonical
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project, Row
from espalier.core.project.identities import Identity, identity, signing_key


@dataclass(frozen=True, slots=True, kw_only=True)
class SignOff:
    """One signed statement about a subject such as `approval:<corpus>` or `release:<run>`."""

    id: int
    subject: str
    namespace: str
    statement: dict[str, object]
    signature: str
    identity: str
    signed_at: str


def sign(project: Project, who: Identity, subject: str, statement: dict[str, object], namespace: str) -> int:
    """Sign a statement with this identity's key and keep it; returns the sign-off's number."""
    signature = sshsig.sign(signing_key(project, who), canonical(statement), namespace)
    with project.write() as db:
        return insert(db, who, subject, statement, signature, namespace)


def insert(
    db: Connection, who: Identity, subject: str, statement: dict[str, object], signature: str, namespace: str
) -> int:
    """Keep a statement that is signed already, in the caller's transaction."""
    row = (subject, namespace, canonical(statement).decode(), signature, who.name, utc_now())
    cursor = db.execute(
        "INSERT INTO sign_offs (subject, namespace, statement, signature, identity, signed_at) VALUES (?, ?, ?, ?, ?, ?)",
        row,
    )
    number = int(cursor.lastrowid or 0)
    audit.record(db, who.name, "signed", subject, {"sign_off": number, "fingerprint": who.fingerprint})
    return number


def sign_offs(project: Project, subject: str) -> list[SignOff]:
    """Oldest first, as stored; `check` says whether one still holds."""
    return [_sign_off(row) for row in project.rows("SELECT * FROM sign_offs WHERE subject = ? ORDER BY id", (subject,))]


def check(project: Project, one: SignOff) -> Identity:
    """Verify the signature against the identity's key; raises GateShut when it does not hold."""
    public = sshsig.verify(one.signature, canonical(one.statement), one.namespace)
    who = identity(project, one.identity)
    if public.fingerprint != who.fingerprint:
        raise GateShut(f"Sign-off {one.id} was not made by the key of {who.name}.", "Have it signed again.")
    return who


def _sign_off(row: Row) -> SignOff:
    return SignOff(**{**dict(row), "statement": json.loads(row["statement"])})
