"""Taking back what a reviewer decided on another machine: signed by somebody who may decide, about a pack of ours, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import GateShut
from espalier.core.findings import mutes
from espalier.core.findings.approval import refused
from espalier.core.findings.decisions import BATCH, Before, append, newest
from espalier.core.findings.packs.file import read_bounded
from espalier.core.findings.packs.form import Decided, Signed, Statement, read_canonical, sha256
from espalier.core.findings.packs.review import LARGEST_DECISIONS, require_reasons
from espalier.core.project import audit, clock, sshsig
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import Clock, now, utc_now
from espalier.core.project.file import Connection, Project, Row
from espalier.core.project.identities import Identity, identities, identity
from espalier.core.project.policy import project_policy
from espalier.core.project.roster import Roster, trusted

_ASK = "Ask the reviewer for decisions about this project's own pack."
_NAMED = 100  # conflicts that the audit names


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A finding that a person decided here after its pack was made, so that `here` stays; `by` decided it, in `there` the reviewer."""

    fingerprint: str
    here: str
    by: str
    there: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """`decided` findings stand now as the reviewer said, `alike` stood so already."""

    pack: str
    signer: str
    fingerprint: str
    decided: int
    alike: int
    conflicts: tuple[Conflict, ...]


def accept(project: Project, path: Path, trust: Roster | None = None, at: Clock = now) -> Accepted:
    """All of the decisions in one transaction, or nothing.

    Raises UnusableInput for a file that holds no signed decisions or words that may not be stored, and GateShut where they are
    not signed by somebody who may decide, are about something else, or were accepted before.
    """
    signed = read_canonical(Signed, read_bounded(path, LARGEST_DECISIONS), str(path))
    statement = signed.statement
    key = sshsig.verify(signed.signature, statement.canonical(), sshsig.DECISIONS)
    if key.fingerprint != statement.signer:
        raise GateShut(f"The decisions are signed by {key.fingerprint}, not by the key that they name.", _ASK)
    pack = _pack(project, statement)
    who = _reviewer(project, key.fingerprint, identity(project, pack["identity"]))
    if trust is not None:
        _require_trusted(project, trust, statement, at)
    _require_packed(project, statement)
    require_reasons(statement.decisions)
    with project.write() as db:
        return _store(db, pack, signed, who, project_policy(project).approval.role)


def _pack(project: Project, statement: Statement) -> Row:
    """The pack that the decisions are about, which this project made."""
    pack = project.row("SELECT * FROM review_packs WHERE hash = ?", (statement.pack,))
    if pack is None:
        raise GateShut(f"This project made no pack {statement.pack[:12]}.", _ASK)
    said = (statement.project, statement.corpus, statement.ruleset)
    if said != (project.id, pack["corpus"], pack["ruleset"]):
        raise GateShut(f"The decisions name another project, corpus or rules than pack {statement.pack[:12]}.", _ASK)
    if project.value("SELECT 1 FROM accepted_decisions WHERE hash = ?", (_name(statement),)):
        raise _again(statement)
    return pack


def _reviewer(project: Project, fingerprint: str, maker: Identity) -> Identity:
    """The identity whose key it is; raises GateShut where it may not decide what `maker` packed."""
    who = next((one for one in identities(project) if one.fingerprint == fingerprint), None)
    if who is None:
        raise GateShut(
            f"The key {fingerprint} is no identity of this project.",
            "Add the reviewer: espalier identity add PROJECT NAME --role security --key FILE.pub",
        )
    policy = project_policy(project)
    items = list(refused(project, who))
    if who.person.casefold() == maker.person.casefold() and not policy.approval.builder_may_approve:
        items.append(f"{who.name} made the pack, and under the policy {policy.name} somebody else decides it.")
    if items:
        raise GateShut(items[0], "Have it decided by somebody who may.", tuple(items[1:]))
    return who


def _require_trusted(project: Project, trust: Roster, statement: Statement, at: Clock) -> None:
    stated, moment = clock.parse(statement.signed_at), at()
    if stated > moment:
        raise GateShut(f"The decisions say that they were signed on {stated:%Y-%m-%d %H:%M} UTC, still to come.", _ASK)
    person = trusted(trust, statement.signer, stated, moment)
    role = project_policy(project).approval.role
    if role not in person.roles:
        raise GateShut(f"{person.name} does not have the role {role} in the roster.", "Ask somebody who has.")


def _require_packed(project: Project, statement: Statement) -> None:
    rows = project.rows("SELECT fingerprint FROM packed_findings WHERE pack = ?", (statement.pack,))
    known = {row["fingerprint"] for row in rows}
    strange = [one.fingerprint for one in statement.decisions if one.fingerprint not in known]
    if strange:
        raise GateShut(f"{len(strange)} of the decisions are about findings that were not in the pack.", _ASK)


def _store(db: Connection, pack: Row, signed: Signed, who: Identity, role: str) -> Accepted:
    statement = signed.statement
    row = (_name(statement), statement.pack, statement.canonical().decode(), signed.signature, who.name, utc_now())
    sql = "INSERT INTO accepted_decisions VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
    if db.execute(sql, row).rowcount == 0:
        raise _again(statement)
    stood = {one.fingerprint: one for one in newest(db, [one.fingerprint for one in statement.decisions])}
    since = {name for name, one in stood.items() if one.decision > pack["decision"] and one.role != mutes.ROLE}
    fresh = [(one.fingerprint, one.decision, one.reason) for one in statement.decisions if one.fingerprint not in since]
    for start in range(0, len(fresh), BATCH):
        append(db, fresh[start : start + BATCH], who, role)
    kept = [one for one in statement.decisions if one.fingerprint in since]
    conflicts = _conflicts(db, kept, stood)
    accepted = Accepted(
        pack=statement.pack,
        signer=who.name,
        fingerprint=who.fingerprint,
        decided=len(fresh),
        alike=len(kept) - len(conflicts),
        conflicts=conflicts,
    )
    audit.record(db, who.name, "findings.accepted", f"pack:{statement.pack}", _told(accepted, _name(statement)))
    return accepted


def _conflicts(db: Connection, kept: Sequence[Decided], stood: dict[str, Before]) -> tuple[Conflict, ...]:
    """Of what was decided here since, that which says something else."""
    differing = [one for one in kept if stood[one.fingerprint].state != one.decision]
    numbers = canonical_text([stood[one.fingerprint].decision for one in differing])
    sql = "SELECT fingerprint, identity FROM decisions WHERE id IN (SELECT value FROM json_each(?))"
    by = {row["fingerprint"]: row["identity"] for row in db.execute(sql, (numbers,))}
    return tuple(
        Conflict(
            fingerprint=one.fingerprint,
            here=stood[one.fingerprint].state,
            by=by[one.fingerprint],
            there=one.decision,
        )
        for one in differing
    )


def _told(accepted: Accepted, name: str) -> dict[str, object]:
    return {
        "pack": accepted.pack,
        "decisions": name,
        "fingerprint": accepted.fingerprint,
        "decided": accepted.decided,
        "alike": accepted.alike,
        "conflicts": len(accepted.conflicts),
        "kept": [one.fingerprint for one in accepted.conflicts[:_NAMED]],
    }


def _name(statement: Statement) -> str:
    return sha256(statement.canonical())


def _again(statement: Statement) -> GateShut:
    return GateShut(f"These decisions about pack {statement.pack[:12]} were accepted before.", "Each file counts once.")
