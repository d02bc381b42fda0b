"""The difference that an approver has to look at: what stands otherwise than when somebody last approved.

Decisions hold for a finding wherever it stands, so that a new commit or a new rule leaves all that was approved as it was, but for
what it adds. An approval names the one before it, and how much it differs from that.
"""

import json
from dataclasses import dataclass

from espalier.core.findings.index import Query, Stood, facets, list_of
from espalier.core.findings.summary import not_scanned
from espalier.core.project.file import Project, Row

NOWHERE = 0  # the number of no list: nothing was approved

_GONE = (
    "SELECT COUNT(*) FROM listed_findings o WHERE o.list = :before AND NOT EXISTS"
    " (SELECT 1 FROM listed_findings l WHERE l.fingerprint = o.fingerprint AND l.list = :now)"
)
_KEPT = (
    "SELECT COUNT(*) FROM listed_findings l JOIN listed_findings o ON o.fingerprint = l.fingerprint AND o.list = :before"
    " WHERE l.list = :now"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """What an approval was given over: a corpus and a ruleset, with the last decision and the files not scanned then."""

    id: int
    corpus: str
    ruleset: str
    decision: int
    identity: str
    approved_at: str
    not_scanned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """How many findings are new since, and how many that stood there were decided since; how many are gone; and how many files
    more, or fewer, could not be scanned. Without an earlier approval all is new. `stood` lists the first two.
    """

    since: Approved | None
    stood: Stood
    new: int
    decided: int
    gone: int
    not_scanned: int
    new_rules: bool


def anything_approved(project: Project) -> bool:
    """Whether any corpus ever was, and whether the signature holds or not."""
    return project.value("SELECT 1 FROM approvals LIMIT 1") is not None


def approved(row: Row) -> Approved:
    """Of a row of the table of approvals whose signature holds. One that numbers no decision covers none."""
    said = json.loads(row["statement"])
    named = ("id", "corpus", "ruleset", "identity", "approved_at")
    return Approved(
        **{name: row[name] for name in named},
        decision=int(said.get("last_decision", 0)),
        not_scanned=sum(said["not_scanned"].values()),
    )


def stood(project: Project, since: Approved | None) -> Stood:
    """What lists what differs; where the findings of that time are no longer listed, all of them do."""
    before = list_of(project, since.corpus, since.ruleset) if since else None
    return Stood(list=NOWHERE if before is None else before, decision=since.decision if since else 0)


def difference(project: Project, corpus: str, ruleset: str, since: Approved | None) -> Difference:
    """Of a corpus that was scanned under this ruleset; nothing is new in one that was not."""
    now, then = list_of(project, corpus, ruleset), stood(project, since)
    lists = {"now": now, "before": then.list}
    kept, gone = int(project.value(_KEPT, lists)), int(project.value(_GONE, lists))
    listed = 0 if now is None else sum(facets(project, now, Query())["state"].values())
    differing = 0 if now is None else sum(facets(project, now, Query(unlike=then))["state"].values())
    missing = sum(not_scanned(project, corpus, ruleset).values())
    return Difference(
        since=since,
        stood=then,
        new=listed - kept,
        decided=differing - (listed - kept),
        gone=gone,
        not_scanned=missing - (since.not_scanned if since else 0),
        new_rules=since is not None and since.ruleset != ruleset,
    )


def as_statement(found: Difference) -> dict[str, object]:
    """What an approver signs of it: what was approved before, and how much differs from that."""
    since = found.since
    return {
        "corpus": since.corpus if since else None,
        "ruleset": since.ruleset if since else None,
        "identity": since.identity if since else None,
        "new": found.new,
        "decided": found.decided,
        "gone": found.gone,
        "not_scanned": found.not_scanned,
    }
