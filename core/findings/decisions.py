"""Decisions: what people say about a finding, as rows that are only ever added; the newest one is its state."""

from collections.abc import Iterable
from typing import Literal, get_args

from espalier.core.failures import UnusableInput
from espalier.core.findings.findings import finding, findings
from espalier.core.project import audit
from espalier.core.project.canonical import digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity, stand_in
from espalier.core.project.policy import project_policy

State = Literal["open", "scrub", "false-alarm", "block"]
STATES: tuple[State, ...] = get_args(State)
BATCH = 500  # rows in one short transaction


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
            rows = [(name, state, reason, who.name, role, utc_now()) for name in chosen[at : at + BATCH]]
            db.executemany(
                "INSERT INTO decisions (fingerprint, state, reason, identity, role, decided_at) VALUES (?, ?, ?, ?, ?, ?)",
                rows,
            )
            detail: dict[str, object] = {"state": state, "reason": reason, "fingerprints": [row[0] for row in rows]}
            audit.record(db, who.name, "findings.decided", f"findings:{state}", detail)
    return len(chosen)


def automatic_decisions(project: Project, corpus: str) -> int:
    """Under a policy that asks for it, let the stand-in scrub every open finding and clear none; returns how many."""
    if not project_policy(project).scrub.automatic:
        sentence = f"The policy {project_policy(project).name!r} lets nobody decide findings automatically."
        raise UnusableInput(sentence, "Decide them: espalier findings decide PROJECT FINGERPRINT scrub")
    waiting = [one.fingerprint for one in findings(project, corpus, state="open")]
    reason = "scrubbed without being looked at"
    return decide_all(project, waiting, "scrub", who=stand_in(project), reason=reason, role="automatic")


def decisions_hash(project: Project, corpus: str, ruleset: str) -> str:
    """Names what was decided about every finding of the corpus; who said so and when does not count."""
    return digest([[one.fingerprint, one.state] for one in findings(project, corpus, ruleset)])


def _refuse(state: State, who: Identity, reason: str) -> None:
    if state not in STATES:
        raise UnusableInput(f"There is no decision {state!r}.", f"Known: {', '.join(STATES[1:])}.")
    if state == "false-alarm" and not reason.strip():
        raise UnusableInput("A false alarm needs a reason.", "Say why it is none: --reason TEXT")
    if who.automatic and state != "scrub":
        raise UnusableInput(f"{who.name} scrubs, and clears nothing.", "Decide it as a person: --as IDENTITY")
