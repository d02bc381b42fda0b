"""Decisions: what people say about a finding, as rows that are only ever added; the newest one is its state."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from espalier.core.failures import UnusableInput
from espalier.core.findings import mutes
from espalier.core.findings.findings import finding, findings
from espalier.core.findings.index import states
from espalier.core.findings.typed import require_clean
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity, stand_in
from espalier.core.project.policy import project_policy

State = Literal["open", "scrub", "false-alarm", "block"]
STATES: tuple[State, ...] = get_args(State)
BATCH = 500  # rows in one short transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What stood for a finding, said in which role, and the number of the decision that replaced it."""

    fingerprint: str
    state: State
    reason: str
    decision: int
    role: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What was decided at once, with what it replaced."""

    state: State
    before: tuple[Before, ...]


def decide(
    project: Project, corpus: str, prefix: str, state: State, *, who: Identity, reason: str = "", role: str = "security"
) -> str:
    """Record what `who` says about the finding whose fingerprint begins with `prefix`; returns the whole fingerprint.

    `open` takes an earlier decision back. A secret that is called a false alarm goes into the training text: that takes a
    reason.
    """
    chosen = finding(project, corpus, prefix).fingerprint
    decide_all(project, [chosen], state, who=who, reason=reason, role=role)
    return chosen


def decide_all(
    project: Project,
    fingerprints: Iterable[str],
    state: State,
    *,
    who: Identity,
    reason: str = "",
    role: str = "security",
) -> int:
    """The same for many findings at once; returns how many."""
    _refuse(state, who, reason)
    chosen = list(fingerprints)
    for at in range(0, len(chosen), BATCH):
        with project.write() as db:
            append(db, [(name, state, reason) for name in chosen[at : at + BATCH]], who, role)
    return len(chosen)


def decide_many(
    project: Project,
    fingerprints: Iterable[str],
    state: State,
    *,
    who: Identity,
    reason: str = "",
    role: str = "security",
) -> Decided:
    """The same, remembering what stood before, for `take_back`."""
    _refuse(state, who, reason)
    chosen = list(fingerprints)
    before: list[Before] = []
    for at in range(0, len(chosen), BATCH):
        with project.write() as db:
            stood = newest(db, chosen[at : at + BATCH])
            added = append(db, [(one.fingerprint, state, reason) for one in stood], who, role)
            before += [replace(one, decision=number) for one, number in zip(stood, added, strict=True)]
    return Decided(state=state, before=tuple(before))


def take_back(project: Project, decided: Decided, *, who: Identity, role: str = "security") -> int:
    """Decide again as it stood before; what somebody has decided since stays. Returns how many were taken back."""
    taken = 0
    muted = mutes.covered(project, [one.fingerprint for one in decided.before if one.role == mutes.ROLE])
    for at in range(0, len(decided.before), BATCH):
        some = decided.before[at : at + BATCH]
        with project.write() as db:
            now = {one.fingerprint: one.decision for one in newest(db, [one.fingerprint for one in some])}
            mine = [one for one in some if now.get(one.fingerprint) == one.decision]
            _restore(db, mine, muted, who, role)
        taken += len(mine)
    return taken


def automatic_decisions(project: Project, corpus: str) -> int:
    """Under a policy that asks for it, let the stand-in scrub every open finding and clear none; returns how many."""
    if not project_policy(project).scrub.automatic:
        sentence = f"The policy {project_policy(project).name!r} lets nobody decide findings automatically."
        raise UnusableInput(sentence, "Decide them: espalier findings decide PROJECT FINGERPRINT scrub")
    waiting = [one.fingerprint for one in findings(project, corpus, state="open")]
    reason = "scrubbed without being looked at"
    return decide_all(project, waiting, "scrub", who=stand_in(project), reason=reason, role="automatic")


def decisions_hash(project: Project, corpus: str, ruleset: str) -> str:
    """Names what was decided about every finding of the corpus, and which rules are muted; who said so and when does not count."""
    muted = [["muted", rule] for rule in mutes.standing(project)]
    return digest([*(list(one) for one in states(project, corpus, ruleset)), *muted])


def newest(db: Connection, fingerprints: Sequence[str]) -> list[Before]:
    """How these stand, in the order given; 0 is the number of a decision that nobody made."""
    rows = db.execute(
        "SELECT fingerprint, state, reason, role, MAX(id) AS decision FROM decisions"
        " WHERE fingerprint IN (SELECT value FROM json_each(?)) GROUP BY fingerprint",
        (canonical_text(list(fingerprints)),),
    )
    known = {row["fingerprint"]: Before(**dict(row)) for row in rows}
    return [known.get(name) or Before(fingerprint=name, state="open", reason="", decision=0) for name in fingerprints]


def append(db: Connection, said: Sequence[tuple[str, State, str]], who: Identity, role: str) -> list[int]:
    """One row for each (fingerprint, state, reason), and what the audit tells of them; returns the rows' numbers."""
    sql = "INSERT INTO decisions (fingerprint, state, reason, identity, role, decided_at) VALUES (?, ?, ?, ?, ?, ?)"
    at = utc_now()
    numbers = [int(db.execute(sql, (*one, who.name, role, at)).lastrowid or 0) for one in said]
    alike: dict[tuple[State, str], list[str]] = {}
    for name, state, reason in said:
        alike.setdefault((state, reason), []).append(name)
    for (state, reason), names in alike.items():
        detail: dict[str, object] = {"state": state, "reason": reason, "fingerprints": names}
        audit.record(db, who.name, "findings.decided", f"findings:{state}", detail)
    return numbers


def _restore(
    db: Connection, before: Sequence[Before], muted: Mapping[str, mutes.Mute], who: Identity, role: str
) -> None:
    """What a mute had decided is the mute's again, or open where none covers it any more."""
    quiet = {one.fingerprint for one in before if one.role == mutes.ROLE and one.state == "false-alarm"}
    again: dict[str, list[str]] = {}
    for name in sorted(quiet & muted.keys()):
        again.setdefault(muted[name].rule, []).append(name)
    for names in again.values():
        mutes.decide(db, muted[names[0]], names, who.name)
    said = [
        Before(fingerprint=one.fingerprint, state="open", reason="", decision=0) if one.fingerprint in quiet else one
        for one in before
        if one.fingerprint not in quiet & muted.keys()
    ]
    append(db, [(one.fingerprint, one.state, one.reason) for one in said], who, role)


def _refuse(state: State, who: Identity, reason: str) -> None:
    if state not in STATES:
        raise UnusableInput(f"There is no decision {state!r}.", f"Known: {', '.join(STATES[1:])}.")
    if state == "false-alarm" and not reason.strip():
        raise UnusableInput("A false alarm needs a reason.", "Say why it is none: --reason TEXT")
    if who.automatic and state != "scrub":
        raise UnusableInput(f"{who.name} scrubs, and clears nothing.", "Decide it as a person: --as IDENTITY")
    require_clean(reason)
