"""Muted rules: what stands, and the decisions that follow from it.

A mute covers secrets of low and medium confidence that are open. Each becomes a false alarm by the person who muted, as a row of
`decisions` with the role `muted`, so that whatever asks how a finding stands is told the same. What is of high confidence, and
personal data, is never covered.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from espalier.core.failures import EspalierError
from espalier.core.findings import index
from espalier.core.findings.detection.spans import Confidence
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project, Row
from espalier.core.project.signoffs import check, sign_offs

ROLE = "muted"
COVERED: tuple[Confidence, ...] = ("low", "medium")
BATCH = 500  # rows in one short transaction
Step = Callable[
    [int, int], None
]  # told between two transactions how many of how many are done; what it raises ends the work there
SPOKEN = "espalier"  # in the audit, for what follows from a mute without anybody asking
_NEWEST = (
    "SELECT m.*, s.statement FROM rule_mutes m JOIN sign_offs s ON s.id = m.sign_off"
    " WHERE m.id IN (SELECT MAX(id) FROM rule_mutes GROUP BY rule) AND m.muted = 1 ORDER BY m.rule"
)
_UNCOVERED = (
    "SELECT fingerprint FROM listed_findings l WHERE list = :list AND state = 0 AND rule = :rule AND kind = 'secret'"
    " AND confidence < 2 AND NOT EXISTS"
    " (SELECT 1 FROM decisions d WHERE d.fingerprint = l.fingerprint AND d.id > :decision)"
)
_MUTED = "SELECT m.*, f.rule, f.kind, f.confidence FROM muted_findings m JOIN findings f USING (fingerprint)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """A rule that a person muted; `decision` is the newest one before it."""

    id: int
    rule: str
    reason: str
    identity: str
    decision: int
    muted_at: str

    @property
    def words(self) -> str:
        """The reason of every decision that follows from it."""
        return f"muted: {self.reason}"


def subject(rule: str) -> str:
    """What its sign-offs are about."""
    return f"mute:{rule}"


def standing(project: Project) -> dict[str, Mute]:
    """By rule. One whose signature does not hold, or says something else, mutes nothing."""
    return {row["rule"]: _mute(row) for row in project.rows(_NEWEST) if _holds(project, row)}


def settle(project: Project, corpus: str, ruleset: str) -> None:
    """After a scan or an import: decide what a standing mute covers, and open again what none covers any more."""
    known, number = standing(project), index.list_of(project, corpus, ruleset)
    for one in known.values():
        if number is not None:
            cover(project, number, one, SPOKEN)
    stale = [row["fingerprint"] for row in project.rows(_MUTED) if not _covers(known.get(row["rule"]), row)]
    reopen(project, stale, SPOKEN, "no longer covered by a mute")


def no_step(done: int, total: int) -> None:
    """Nobody wants to be told."""


def cover(project: Project, number: int, one: Mute, actor: str, step: Step = no_step) -> int:
    """Decide what it covers of a list; what a person said since it was muted stays. Returns how many."""
    asked: dict[str, object] = {"list": number, "rule": one.rule, "decision": one.decision}
    names, done = [row["fingerprint"] for row in project.rows(_UNCOVERED, asked)], 0
    for some in _batches(names):
        with project.write() as db:
            sql = f"{_UNCOVERED} AND fingerprint IN (SELECT value FROM json_each(:names))"
            still = [row["fingerprint"] for row in db.execute(sql, {**asked, "names": canonical_text(some)})]
            decide(db, one, still, actor)
            done += len(still)
        step(done, len(names))
    return done


def covered(project: Project, names: Sequence[str]) -> dict[str, Mute]:
    """Those of these findings that a standing mute covers, however they are decided now."""
    known = standing(project)
    sql = "SELECT * FROM findings WHERE fingerprint IN (SELECT value FROM json_each(?))"
    rows = project.rows(sql, (canonical_text(list(names)),)) if known else []
    return {row["fingerprint"]: known[row["rule"]] for row in rows if _covers(known.get(row["rule"]), row)}


def decide(db: Connection, one: Mute, names: Sequence[str], actor: str) -> None:
    """In the caller's transaction."""
    _keep(db, [(name, "false-alarm", one.words, one.identity) for name in names])
    _record(db, actor, "false-alarm", one.words, names)


def reopen(project: Project, names: Sequence[str], actor: str, reason: str, step: Step = no_step) -> int:
    """Those of these findings that a mute decided, and nobody else since; returns how many."""
    done = 0
    for some in _batches(names):
        with project.write() as db:
            sql = "SELECT * FROM muted_findings WHERE fingerprint IN (SELECT value FROM json_each(?))"
            rows = db.execute(sql, (canonical_text(some),)).fetchall()
            _keep(db, [(row["fingerprint"], "open", reason, row["identity"]) for row in rows])
            _record(db, actor, "open", reason, [row["fingerprint"] for row in rows])
            done += len(rows)
        step(done, len(names))
    return done


def _keep(db: Connection, said: Iterable[tuple[str, str, str, str]]) -> None:
    at = utc_now()
    sql = "INSERT INTO decisions (fingerprint, state, reason, identity, role, decided_at) VALUES (?, ?, ?, ?, ?, ?)"
    db.executemany(sql, [(*one, ROLE, at) for one in said])


def _record(db: Connection, actor: str, state: str, reason: str, names: Sequence[str]) -> None:
    if names:
        detail: dict[str, object] = {"state": state, "reason": reason, "role": ROLE, "fingerprints": list(names)}
        audit.record(db, actor, "findings.decided", f"findings:{state}", detail)


def _covers(one: Mute | None, row: Row) -> bool:
    return one is not None and row["kind"] == "secret" and row["confidence"] in COVERED


def _batches(names: Sequence[str]) -> Iterator[list[str]]:
    for at in range(0, len(names), BATCH):
        yield list(names[at : at + BATCH])


def _holds(project: Project, row: Row) -> bool:
    """The stored statement is signed by the identity's key, and says what the row says."""
    signed = next((one for one in sign_offs(project, subject(row["rule"])) if one.id == row["sign_off"]), None)
    if signed is None or signed.identity != row["identity"]:
        return False
    try:
        check(project, signed)
    except EspalierError:
        return False
    said = {"statement": "espalier rule mute", "project": project.id, "rule": row["rule"], "reason": row["reason"]}
    return said.items() <= signed.statement.items()


def _mute(row: Row) -> Mute:
    return Mute(**{name: row[name] for name in Mute.__slots__})
