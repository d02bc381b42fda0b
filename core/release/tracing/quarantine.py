"""Quarantine: what a trace says holds a secret is named, signed for, refused from then on, and erased.

What is to be erased is on record before the first of it is: a quarantine that was killed is gone on with by asking again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from espalier.core.failures import GateShut, UnusableInput, WorkFailed
from espalier.core.findings.typed import require_clean
from espalier.core.jobs.claim import reclaim
from espalier.core.project import audit
from espalier.core.project.canonical import canonical, digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity, signing_key
from espalier.core.project.signoffs import insert
from espalier.core.project.sshsig import REVIEW, sign
from espalier.core.release.tracing.erase import Plan, erase
from espalier.core.release.tracing.sought import Named, Sought, named, sought
from espalier.core.release.tracing.trace import Said, Trace, traced

ROLE = "security"
ROUNDS = 3  # a text that held it only together with another is found once that one is gone
_UNFINISHED = "SELECT id FROM quarantines WHERE fingerprint = ? AND finished_at IS NULL ORDER BY id LIMIT 1"
_KINDS = ("example", "snapshot", "run", "adapter")
_KEEP = "INSERT INTO quarantined (kind, name, quarantine) VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantine:
    """What was erased, and how the secret stands afterwards; `number` is None where there was nothing to erase."""

    number: int | None
    plan: Plan
    after: Trace


def quarantine(
    project: Project,
    prefix: str,
    reason: str,
    who: Identity,
    said: Said = lambda sentence: None,
    *,
    last_moment: Callable[[], None] = lambda: None,
    job: int | None = None,
) -> Quarantine:
    """Of the finding whose fingerprint begins so. Asked again, it goes on with one that broke off.

    `last_moment` is called once, before the first of it is on record: what it raises leaves everything as it was. `job` is the one
    that does this, and may run. Raises as `require_quarantinable`.
    """
    one, value = require_quarantinable(project, prefix, reason, who, job)
    before = traced(project, one, value, said)
    number = project.value(_UNFINISHED, (one.fingerprint,))
    if number is None and before.clean:
        return Quarantine(number=None, plan=planned(before), after=before)
    last_moment()
    if number is None:
        number = _begin(project, before, reason, who, job)
    else:
        _go_on(project, number, before, reason, who, job)
    after = _erase(project, number, before, value, said)
    said("Writing the project file anew.")
    project.scour()
    plan = _plan(project, number)
    _finish(project, number, plan, after, who)
    return Quarantine(number=number, plan=plan, after=after)


def require_quarantinable(
    project: Project, prefix: str, reason: str, who: Identity, job: int | None = None
) -> tuple[Named, Sought]:
    """Raises GateShut for one who may not, UnusableInput for a false alarm, a reason that is none, and while another job runs."""
    one = named(project, prefix)
    value = sought(project, one)
    _refuse(one, value, reason, who)
    reclaim(project)
    with project.write() as db:
        _require_idle(db, job)
    return one, value


def planned(found: Trace) -> Plan:
    """What a quarantine would name now."""
    runs = [one for one in found.runs if one.state == "reached"]
    return Plan(
        examples=tuple(sorted({one.id for one in found.examples if one.state == "reached"})),
        snapshots=tuple(one.hash for one in found.snapshots if one.state == "reached"),
        runs=tuple(str(one.id) for one in runs),
        adapters=tuple(sorted({one.adapter for one in runs if one.adapter is not None})),
    )


def _refuse(one: Named, value: Sought, reason: str, who: Identity) -> None:
    if ROLE not in who.roles or who.automatic:
        what = "stands for nobody" if who.automatic else f"does not have the role {ROLE} in this project"
        raise GateShut(f"{who.name} {what}.", "Quarantine as a person who has it: --as IDENTITY")
    if one.state == "false-alarm":
        sentence = f"The finding {one.fingerprint[:12]} is called a false alarm, so it would be learnt again."
        raise UnusableInput(sentence, f"Decide it first: espalier findings decide PROJECT {one.fingerprint[:12]} scrub")
    if not reason.strip():
        raise UnusableInput("A quarantine needs a reason.", "Say why: --reason TEXT")
    require_clean(reason)
    if value.holds(reason, own=True):
        raise UnusableInput("The reason holds the secret itself, and would be stored.", "Say it without the value.")


def _require_idle(db: Connection, job: int | None) -> None:
    sql = "SELECT id, kind FROM jobs WHERE state = 'running' AND id IS NOT ? ORDER BY id LIMIT 1"
    row = db.execute(sql, (job,)).fetchone()
    if row is not None:
        sentence = f"Job {row['id']} ({row['kind']}) runs, and may write what is to be erased."
        raise UnusableInput(sentence, f"Wait for it, or end it: espalier job cancel PROJECT {row['id']}")


def _begin(project: Project, found: Trace, reason: str, who: Identity, job: int | None) -> int:
    plan, name = planned(found), found.finding.fingerprint
    detail = {"reason": reason, **_counted(plan)}
    said: dict[str, object] = {
        "statement": "espalier quarantine",
        "version": 1,
        "project": project.id,
        "finding": name,
        "named": digest(plan.rows()),
        "identity": who.name,
        **detail,
    }
    signature = sign(signing_key(project, who), canonical(said), REVIEW)
    with project.write() as db:
        _require_idle(db, job)
        signed = insert(db, who, f"quarantine:{name}", said, signature, REVIEW)
        row = (name, reason, who.name, signed, utc_now())
        sql = "INSERT INTO quarantines (fingerprint, reason, identity, sign_off, begun_at) VALUES (?, ?, ?, ?, ?)"
        number = int(db.execute(sql, row).lastrowid or 0)
        db.executemany(_KEEP, [(*each, number) for each in plan.rows()])
        audit.record(db, who.name, "findings.quarantined", f"finding:{name}", {"quarantine": number, **detail})
    return number


def _go_on(project: Project, number: int, found: Trace, reason: str, who: Identity, job: int | None) -> None:
    plan = planned(found)
    with project.write() as db:
        _require_idle(db, job)
        db.executemany(_KEEP, [(*each, number) for each in plan.rows()])
        detail: dict[str, object] = {"quarantine": number, "reason": reason, **_counted(plan)}
        audit.record(db, who.name, "findings.quarantine-resumed", f"finding:{found.finding.fingerprint}", detail)


def _erase(project: Project, number: int, found: Trace, value: Sought, said: Said) -> Trace:
    """Until a new trace finds nothing. Raises WorkFailed where that does not come to an end."""
    for _ in range(ROUNDS):
        said("Erasing.")
        own = {example.id for example in found.examples if example.own}
        erase(project, _plan(project, number), found.runs, own, value)
        found = traced(project, found.finding, value, said)
        if found.clean:
            return found
        with project.write() as db:
            db.executemany(_KEEP, [(*each, number) for each in planned(found).rows()])
    raise WorkFailed(
        f"Something still writes what the finding {found.finding.fingerprint[:12]} stands for.",
        "See where: espalier findings trace PROJECT FINGERPRINT",
    )


def _plan(project: Project, number: int) -> Plan:
    rows = project.rows("SELECT kind, name FROM quarantined WHERE quarantine = ? ORDER BY kind, name", (number,))
    by_kind = {kind: tuple(row["name"] for row in rows if row["kind"] == kind) for kind in _KINDS}
    return Plan(**{f"{kind}s": names for kind, names in by_kind.items()})


def _counted(plan: Plan) -> dict[str, object]:
    """As the audit tells it; examples are many, what came of them is named."""
    return {
        "examples": len(plan.examples),
        "snapshots": list(plan.snapshots),
        "runs": [int(one) for one in plan.runs],
        "adapters": list(plan.adapters),
    }


def _finish(project: Project, number: int, plan: Plan, after: Trace, who: Identity) -> None:
    left = {f"{one.table}.{one.column}": one.rows for one in after.texts}
    with project.write() as db:
        db.execute("UPDATE quarantines SET finished_at = ? WHERE id = ?", (utc_now(), number))
        detail: dict[str, object] = {"quarantine": number, **_counted(plan), "left": left}
        audit.record(db, who.name, "findings.quarantine-done", f"finding:{after.finding.fingerprint}", detail)
