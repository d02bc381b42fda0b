"""Muting a rule, and taking that back: signed by a person who may approve, with a reason."""

from dataclasses import dataclass

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.findings import index, mutes
from espalier.core.findings.approval import refused
from espalier.core.findings.mutes import Step, no_step
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.typed import require_clean
from espalier.core.project import audit
from espalier.core.project.canonical import canonical
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity, signing_key
from espalier.core.project.signoffs import insert
from espalier.core.project.sshsig import REVIEW, sign

ROLE = "security"
_FOUND = (
    "SELECT COUNT(*) AS found, SUM(kind = 'personal') AS personal, SUM(confidence < 2) AS unsure,"
    " SUM(confidence = 2 AND state = 0) AS sure FROM listed_findings WHERE list = ? AND rule = ?"
)
_SILENCED = "SELECT m.fingerprint FROM muted_findings m JOIN findings f USING (fingerprint) WHERE f.rule = ? ORDER BY fingerprint"
_NEWEST = "SELECT muted FROM rule_mutes WHERE rule = ? ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Signed:
    """What is said of a rule, with the signature over it."""

    rule: str
    muted: bool
    reason: str
    statement: dict[str, object]
    signature: str


def mute(project: Project, corpus: str, rule: str, reason: str, who: Identity, step: Step = no_step) -> int:
    """What is open of this rule, and later scans find, is a false alarm by `who` until it is unmuted; returns how many now.

    Asked again, it is signed anew, and covers what is open: so also where `step` ended it half way. Raises as `require_mutable`.
    """
    number = require_mutable(project, corpus, rule, reason, who)
    _keep(project, _signed(project, rule, reason.strip(), who, muted=True), who)
    return mutes.cover(project, number, mutes.standing(project)[rule], who.name, step)


def unmute(project: Project, rule: str, who: Identity, reason: str = "", step: Step = no_step) -> int:
    """Open again whatever the mute decided, and nobody else since; returns how many. A killed one is finished by asking again:
    the rule counts as muted until all of it is open. Raises as `require_muted`.
    """
    require_muted(project, rule, reason, who)
    signed = _signed(project, rule, reason.strip(), who, muted=False)
    names = [row["fingerprint"] for row in project.rows(_SILENCED, (rule,))]
    said = f"unmuted: {reason.strip()}" if reason.strip() else "unmuted"
    opened = mutes.reopen(project, names, who.name, said, step)
    _keep(project, signed, who)
    return opened


def require_mutable(project: Project, corpus: str, rule: str, reason: str, who: Identity) -> int:
    """The number of the list in which it would be muted. Raises GateShut for one who may not, and UnusableInput for a reason that
    is none, a rule that finds personal data or nothing that could be muted, and while findings of high confidence are open.
    """
    require_may(project, who)
    if not reason.strip():
        raise UnusableInput("A mute needs a reason.", "Say why what the rule finds is no secret: --reason TEXT")
    require_clean(reason)
    number = index.list_of(project, corpus, current_ruleset(project))
    if number is None:
        sentence = f"The corpus {corpus[:12]} is not scanned under the current rules."
        raise UnusableInput(sentence, "espalier findings scan PROJECT")
    _require_unsure(project, number, rule)
    return number


def require_muted(project: Project, rule: str, reason: str, who: Identity) -> None:
    """Raises GateShut for one who may not unmute it, and UnusableInput for a rule that is not muted."""
    require_may(project, who)
    require_clean(reason)
    if project.value(_NEWEST, (rule,)) != 1:
        raise UnusableInput(f"The rule {rule} is not muted.", "See: espalier findings rules PROJECT")


def require_may(project: Project, who: Identity) -> None:
    """Raises GateShut for the stand-in, and for anybody who may not approve."""
    items = list(refused(project, who))
    if who.automatic or ROLE not in who.roles:
        what = "stands for nobody" if who.automatic else f"does not have the role {ROLE} in this project"
        items.insert(0, f"{who.name} {what}.")
    if items:
        raise GateShut(items[0], "Mute and unmute as a person who may approve: --as IDENTITY", tuple(items[1:]))


def _require_unsure(project: Project, number: int, rule: str) -> None:
    row = project.row(_FOUND, (number, rule))
    if row is None or not row["found"]:
        sentence = f"The rule {rule} found nothing in the newest corpus."
        raise UnusableInput(sentence, "Mute one that did: espalier findings rules PROJECT")
    if row["personal"]:
        sentence = f"The rule {rule} finds personal data, which is decided one by one."
        raise UnusableInput(sentence, f"Decide many at once: espalier findings decide-all PROJECT WHAT --rule {rule}")
    if row["sure"]:
        sentence = f"{row['sure']:,} open findings of the rule {rule} are of high confidence, which no mute covers."
        raise UnusableInput(sentence, "Decide those first: espalier findings list PROJECT --state open")
    if not row["unsure"]:
        sentence = f"Whatever the rule {rule} found is of high confidence, which no mute covers."
        raise UnusableInput(sentence, "Decide its findings one by one.")


def _signed(project: Project, rule: str, reason: str, who: Identity, *, muted: bool) -> _Signed:
    said: dict[str, object] = {
        "statement": "espalier rule mute" if muted else "espalier rule unmute",
        "version": 1,
        "project": project.id,
        "rule": rule,
        "covers": {"kind": "secret", "confidence": list(mutes.COVERED)},
        "reason": reason,
        "identity": who.name,
        "at": utc_now(),
    }
    signature = sign(signing_key(project, who), canonical(said), REVIEW)
    return _Signed(rule=rule, muted=muted, reason=reason, statement=said, signature=signature)


def _keep(project: Project, one: _Signed, who: Identity) -> None:
    with project.write() as db:
        number = insert(db, who, mutes.subject(one.rule), one.statement, one.signature, REVIEW)
        sql = (
            "INSERT INTO rule_mutes (rule, muted, reason, identity, decision, sign_off, muted_at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)"
        )
        db.execute(sql, (one.rule, one.muted, one.reason, who.name, _last_decision(db), number, one.statement["at"]))
        detail: dict[str, object] = {"reason": one.reason, "sign_off": number}
        audit.record(db, who.name, "findings.muted" if one.muted else "findings.unmuted", f"rule:{one.rule}", detail)


def _last_decision(db: Connection) -> int:
    return int(db.execute("SELECT COALESCE(MAX(id), 0) AS id FROM decisions").fetchone()["id"])
