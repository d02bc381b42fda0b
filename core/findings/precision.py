"""How rules did so far: of what each found and a person decided, how much was worth scrubbing.

What a policy's stand-in decided says nothing of a rule, nor does what follows from a mute; a decision that was taken back is none.
"""

from dataclasses import dataclass, replace
from typing import Any

from espalier.core.findings import mutes
from espalier.core.findings.detection.rules import described
from espalier.core.findings.mutes import Mute
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.summary import OF_CORPUS
from espalier.core.project.file import Project, Row

_BY_RULE = (
    "SELECT f.rule, COUNT(*) AS findings, SUM(d.role NOT IN ('automatic', 'muted') AND d.state IN ('scrub', 'block')) AS kept,"
    " SUM(d.role NOT IN ('automatic', 'muted') AND d.state = 'false-alarm') AS false_alarms,"
    " SUM(d.role = 'muted' AND d.state = 'false-alarm') AS muted"
    " FROM findings f LEFT JOIN decisions d ON d.id = (SELECT MAX(id) FROM decisions WHERE fingerprint = f.fingerprint)"
    f" WHERE f.fingerprint IN (SELECT fingerprint FROM ({OF_CORPUS})) GROUP BY f.rule"
    " ORDER BY false_alarms DESC, findings DESC, f.rule"
)

_OF_RULE = (
    "SELECT COUNT(*) AS findings, SUM(d.role NOT IN ('automatic', 'muted') AND d.state IN ('scrub', 'block')) AS kept,"
    " SUM(d.role NOT IN ('automatic', 'muted') AND d.state = 'false-alarm') AS false_alarms,"
    " SUM(d.role = 'muted' AND d.state = 'false-alarm') AS muted"
    " FROM listed_findings l JOIN decisions d ON d.id = (SELECT MAX(id) FROM decisions WHERE fingerprint = l.fingerprint)"
    " WHERE l.list = ? AND l.state IN (1, 2, 3) AND l.rule = ?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One rule on one corpus: its findings, and how many people kept (scrubbed or blocked) and called false alarms; so many more
    are `muted`, by the `mute` that stands.
    """

    rule: str
    description: str
    findings: int
    kept: int
    false_alarms: int
    muted: int = 0
    mute: Mute | None = None

    @property
    def precision(self) -> float | None:
        """Of what people decided; None where they decided nothing."""
        decided = self.kept + self.false_alarms
        return self.kept / decided if decided else None


def records(project: Project, corpus: str) -> list[Record]:
    """Of the rules that found something, those with the most false alarms first; then the muted ones that found nothing."""
    rows = project.rows(_BY_RULE, {"corpus": corpus, "ruleset": current_ruleset(project)})
    found, muted = [_record(row) for row in rows], mutes.standing(project)
    silent = sorted(muted.keys() - {one.rule for one in found})
    nothing = [Record(rule=rule, description=described(rule), findings=0, kept=0, false_alarms=0) for rule in silent]
    return [replace(one, mute=muted.get(one.rule)) for one in (*found, *nothing)]


def so_far(project: Project, number: int, rule: str) -> Record:
    """One rule on a list of findings, of which only the decided ones are read and counted."""
    row = project.row(_OF_RULE, (number, rule))
    assert row is not None
    return replace(_record({**dict(row), "rule": rule}), mute=mutes.standing(project).get(rule))


def as_json(one: Record) -> dict[str, object]:
    """The keys of `findings rules`."""
    told: dict[str, object] = {name: getattr(one, name) for name in Record.__slots__}
    return told | {"precision": one.precision, "mute": None if one.mute is None else _mute_json(one.mute)}


def _record(row: Row | dict[str, Any]) -> Record:
    return Record(
        rule=row["rule"],
        description=described(row["rule"]),
        findings=row["findings"],
        kept=row["kept"] or 0,
        false_alarms=row["false_alarms"] or 0,
        muted=row["muted"] or 0,
    )


def _mute_json(one: Mute) -> dict[str, object]:
    return {"reason": one.reason, "identity": one.identity, "at": one.muted_at}
