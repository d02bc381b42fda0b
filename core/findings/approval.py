"""The scrub gate and the approval that opens it: a signed statement over a corpus, its decisions and the ruleset."""

import json
from dataclasses import dataclass

from espalier.core.failures import EspalierError, GateShut
from espalier.core.findings.decisions import decisions_hash
from espalier.core.findings.difference import Approved, approved, as_statement, difference
from espalier.core.findings.index import list_of, muted_counts, state_counts
from espalier.core.findings.mutes import standing
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.sampling.review import review_of
from espalier.core.findings.sampling.second_reads import read_once
from espalier.core.findings.sampling.statement import as_statement as sampled
from espalier.core.findings.summary import not_scanned, scan_of
from espalier.core.project.canonical import canonical, canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row
from espalier.core.project.identities import Identity, identity, signing_key, stand_in
from espalier.core.project.policy import project_policy
from espalier.core.project.signoffs import insert
from espalier.core.project.sshsig import REVIEW, sign, verify


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Whether the gate is open, and otherwise a sentence for each thing that shuts it."""

    name: str
    open: bool
    items: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A stored approval whose signature was verified when it was read."""

    id: int
    corpus: str
    ruleset: str
    decisions_hash: str
    identity: str
    approved_at: str


def scrub_gate(project: Project, corpus: str) -> Gate:
    """Open when the corpus is scanned, decided, reviewed as the policy asks, and approved as it now stands."""
    items = (*shut_before_approval(project, corpus), *_unapproved(project, corpus))
    return Gate(name="scrub", open=not items, items=items)


def approve(project: Project, corpus: str, who: Identity | None = None) -> Approval:
    """Sign the statement for this corpus with the key of `who` (the stand-in where the policy decides automatically).

    Raises GateShut where something must come first, or where the policy wants somebody else.
    """
    policy = project_policy(project)
    who = who or (stand_in(project) if policy.scrub.automatic else identity(project))
    items = (*shut_before_approval(project, corpus), *refused(project, who))
    if items:
        raise GateShut(f"The corpus {corpus[:12]} can't be approved yet.", items[0], items)
    said = statement(project, corpus, who)
    signature = sign(signing_key(project, who), canonical(said), REVIEW)
    row = (corpus, said["ruleset"], said["decisions"], canonical_text(said), signature, who.name)
    with project.write() as db:
        number = insert(db, who, f"approval:{corpus}", said, signature, REVIEW)
        db.execute(
            "INSERT INTO approvals (corpus, ruleset, decisions_hash, statement, signature, identity, sign_off, approved_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (*row, number, utc_now()),
        )
    approval = standing_approval(project, corpus)
    if approval is None:
        raise GateShut("Something was decided while the approval was signed.", "Approve it again.")
    return approval


def statement(project: Project, corpus: str, who: Identity) -> dict[str, object]:
    """What is signed. It names no secret and no place."""
    ruleset, policy = current_ruleset(project), project_policy(project)
    states = state_counts(project, corpus, ruleset)
    scan = scan_of(project, corpus, ruleset)
    return {
        "statement": "espalier scrub approval",
        "version": 1,
        "project": project.id,
        "corpus": corpus,
        "ruleset": ruleset,
        "decisions": decisions_hash(project, corpus, ruleset),
        "findings": {state: states[state] for state in ("scrub", "false-alarm", "block")},
        "muted": _muted(project, corpus, ruleset),
        "not_scanned": not_scanned(project, corpus, ruleset),
        "archives": bool(scan and scan["archives"]),
        "unreachable": bool(scan and scan["unreachable"]),
        "sampled_review": sampled(project, corpus, ruleset),
        "last_decision": int(project.value("SELECT COALESCE(MAX(id), 0) FROM decisions")),
        "since": as_statement(difference(project, corpus, ruleset, last_approved(project))),
        "policy": policy.name,
        "demonstration": policy.demonstration,
        "identity": who.name,
        "automatic": who.automatic,
    }


def _muted(project: Project, corpus: str, ruleset: str) -> dict[str, int]:
    """Muted rule → how many of the false alarms are its, which nobody has looked at one by one."""
    number = list_of(project, corpus, ruleset)
    counts = {} if number is None else muted_counts(project, number)
    return {rule: counts.get(rule, 0) for rule in sorted({*standing(project), *counts})}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """What would be signed, and why it can't be: what must come first, and what bars this identity."""

    statement: dict[str, object]
    before: tuple[str, ...]
    refused: tuple[str, ...]
    standing: Approval | None


def proposal(project: Project, corpus: str, who: Identity) -> Proposal:
    return Proposal(
        statement=statement(project, corpus, who),
        before=shut_before_approval(project, corpus),
        refused=refused(project, who),
        standing=standing_approval(project, corpus),
    )


def standing_approval(project: Project, corpus: str) -> Approval | None:
    """The newest approval of this corpus that still fits its ruleset and decisions and whose signature holds."""
    rows = project.rows("SELECT * FROM approvals WHERE corpus = ? ORDER BY id DESC", (corpus,))
    if not rows:
        return None
    ruleset = current_ruleset(project)
    if state_counts(project, corpus, ruleset)["open"]:
        return None  # nothing is approved while anything is open, and hashing the decisions of a large corpus takes seconds
    decided = decisions_hash(project, corpus, ruleset)
    for row in rows:
        if (row["ruleset"], row["decisions_hash"]) == (ruleset, decided) and _holds(project, row):
            names = ("id", "corpus", "ruleset", "decisions_hash", "identity", "approved_at")
            return Approval(**{name: row[name] for name in names})
    return None


def last_approved(project: Project) -> Approved | None:
    """What was last approved, whatever corpus it was; an approval whose signature does not hold is none."""
    rows = project.rows("SELECT * FROM approvals ORDER BY id DESC")
    return next((approved(row) for row in rows if _holds(project, row)), None)


def required_approval(project: Project, corpus: str) -> Approval:
    """The standing approval; raises GateShut, with every item that shuts the gate, where there is none."""
    approval = standing_approval(project, corpus)
    if approval is None:
        items = scrub_gate(project, corpus).items
        raise GateShut(f"The scrub gate is shut for the corpus {corpus[:12]}.", items[0], items)
    return approval


def shut_before_approval(project: Project, corpus: str) -> tuple[str, ...]:
    """What must be done before anyone can approve, a sentence each."""
    ruleset = current_ruleset(project)
    if scan_of(project, corpus, ruleset) is None:
        return (f"The corpus {corpus[:12]} is not scanned under the current rules: espalier findings scan PROJECT",)
    undecided = state_counts(project, corpus, ruleset)["open"]
    items = []
    if undecided:
        items.append(
            f"{undecided} findings of corpus {corpus[:12]} are open: espalier findings decide PROJECT FINGERPRINT …"
        )
    asked = project_policy(project).scrub.missed_bound
    if asked is not None and (bound := review_of(project, corpus, ruleset).bound) > asked:
        items.append(
            f"The sampled review leaves a missed rate of up to {bound:.2%}, and the policy allows {asked:.2%}:"
            " espalier findings sample PROJECT"
        )
    if project_policy(project).scrub.readers == 2 and (once := read_once(project, corpus, ruleset)):
        items.append(
            f"{once} files of the sampled review were read by one person, and the policy wants two:"
            " espalier findings second PROJECT"
        )
    return tuple(items)


def _unapproved(project: Project, corpus: str) -> tuple[str, ...]:
    if standing_approval(project, corpus):
        return ()
    return (f"No approval covers the corpus {corpus[:12]} as it is decided now: espalier findings approve PROJECT",)


def refused(project: Project, who: Identity) -> tuple[str, ...]:
    """Why this identity may not approve under the project's policy, a sentence each; empty where it may."""
    policy = project_policy(project)
    items = []
    if policy.approval.role not in who.roles:
        items.append(
            f"{who.name} lacks the role {policy.approval.role}, which approves under the policy {policy.name}."
        )
    if "builder" in who.roles and not policy.approval.builder_may_approve and not who.automatic:
        items.append(f"{who.name} builds, and under the policy {policy.name} who builds does not approve.")
    if who.automatic and not policy.scrub.automatic:
        items.append(f"{who.name} stands for nobody, and the policy {policy.name} wants a person.")
    return tuple(items)


def _holds(project: Project, row: Row) -> bool:
    """The stored bytes are signed by the identity's key, and say what the row says."""
    try:
        signer = verify(row["signature"], row["statement"].encode(), REVIEW)
        who = identity(project, row["identity"])
    except EspalierError:
        return False
    said = json.loads(row["statement"])
    named = (said.get("corpus"), said.get("ruleset"), said.get("decisions"))
    return signer.fingerprint == who.fingerprint and named == (row["corpus"], row["ruleset"], row["decisions_hash"])
