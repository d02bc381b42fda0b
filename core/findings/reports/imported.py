"""Reports of other scanners become findings: what they saw and no rule of ours did, seen again in the git object.

A report decides nothing. What it calls no secret is a proposal, recorded only for a person who takes it over by name; the
values that it holds in clear are never stored.
"""

from collections import Counter
from dataclasses import dataclass, replace

from espalier.core.failures import UnusableInput
from espalier.core.findings import decisions, index, mutes
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import bundled
from espalier.core.findings.marked import carry_in, keep
from espalier.core.findings.reports import foreign
from espalier.core.findings.reports.placing import Desk, New, Outcome, home, named, outcomes
from espalier.core.findings.reports.report import Report
from espalier.core.findings.reports.reported import Reported
from espalier.core.findings.ruleset import current_ruleset, ruleset_of
from espalier.core.findings.typed import require_clean
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.project.key import project_key
from espalier.core.repositories.corpus import corpus as corpus_named

BATCH = 500  # places in one short transaction
_LISTED = "SELECT fingerprint FROM listed_findings WHERE list = ? AND fingerprint IN (SELECT value FROM json_each(?))"
_UNLISTED = (
    "SELECT DISTINCT fingerprint FROM marked_places WHERE fingerprint NOT IN (SELECT fingerprint FROM listed_findings"
    " WHERE list = (SELECT id FROM finding_lists WHERE corpus = ? AND ruleset = ?))"
)
_OPEN = (
    "SELECT fingerprint FROM finding_states WHERE state = 'open' AND fingerprint IN (SELECT value FROM json_each(?))"
    " ORDER BY fingerprint"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class NotPlaced:
    """An entry that nothing came of, and why; what looks like a secret in its path is masked."""

    where: str
    path: str | None
    line: int | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What came of a report: every entry is known, placed, left alone or not placed.

    `findings` are new here; `proposed` are findings that the report calls no secret; so many of them were `accepted` now.
    """

    format: str
    guessed: bool
    tools: tuple[str, ...]
    sha256: str
    reported: int
    known: int
    placed: int
    findings: tuple[str, ...]
    left_alone: int
    not_placed: tuple[NotPlaced, ...]
    proposed: tuple[str, ...]
    accepted: int = 0


def bring_in(
    project: Project,
    corpus: str,
    report: Report,
    who: Identity,
    *,
    repository: str | None = None,
    accept: str | None = None,
) -> Imported:
    """Look every entry up in the corpus, and keep what no rule found there, open.

    `repository` is the one that an entry is about which doesn't say it. `accept` is the reason for which `who` takes over what
    the report calls no secret; only findings that are open are decided so. Where it raises UnusableInput, nothing is written.
    """
    ruleset = current_ruleset(project)
    number = _scanned(project, corpus, ruleset)
    if who.automatic:
        raise UnusableInput(f"{who.name} stands for nobody and can't import.", "Import as a person: --as IDENTITY")
    words = Detector(bundled())
    tools = tuple(sorted({foreign.tool(name, words) for name in {one.tool for one in report.entries}})) or (
        report.format,
    )
    reason = None if accept is None else _reason(accept, report, tools)
    repositories = corpus_named(project, corpus).repositories
    homes = [home(one, repositories, repository) for one in report.entries]
    key = project_key(project)
    names = {name for one in report.entries if (name := named(one, key)) is not None}
    desk = Desk(project=project, ruleset=ruleset, key=key, listed=_listed(project, number, names), words=words)
    found = outcomes(desk, zip(report.entries, homes, strict=True))
    placed = {one.new.fingerprint for one in found if one.new}
    told = _told(project, report, tools, found, placed - _listed(project, number, placed))
    _keep(project, corpus, ruleset, [one.new for one in found if one.new], told, who)
    return told if reason is None else _accepted(project, told, who, reason)


def as_json(told: Imported) -> dict[str, object]:
    """The keys of `findings import`."""
    plain: dict[str, object] = {name: getattr(told, name) for name in Imported.__slots__}
    not_placed = [{name: getattr(one, name) for name in NotPlaced.__slots__} for one in told.not_placed]
    lists = {name: list(getattr(told, name)) for name in ("tools", "findings", "proposed")}
    return plain | lists | {"not_placed": not_placed}


def _scanned(project: Project, corpus: str, ruleset: str) -> int:
    number = index.list_of(project, corpus, ruleset)
    if number is None:
        sentence = f"The corpus {corpus[:12]} is not scanned under the current rules."
        raise UnusableInput(sentence, "espalier findings scan PROJECT")
    return number


def _reason(accept: str, report: Report, tools: tuple[str, ...]) -> str:
    """What stands beside each decision that is taken over."""
    if not accept.strip():
        raise UnusableInput("A false alarm needs a reason.", "Say why these are none: --reason TEXT")
    whole = f"{accept.strip()} (taken over from {', '.join(tools)}, report sha256 {report.sha256})"
    require_clean(whole)
    return whole


def _listed(project: Project, number: int, names: set[str]) -> frozenset[str]:
    """Those that are findings of the corpus."""
    rows = project.rows(_LISTED, (number, canonical_text(sorted(names))))
    return frozenset(row["fingerprint"] for row in rows)


def _told(project: Project, report: Report, tools: tuple[str, ...], found: list[Outcome], new: set[str]) -> Imported:
    states = Counter(one.state for one in found)
    detector = Detector(ruleset_of(project))
    why = [_why(one, outcome, detector) for one, outcome in zip(report.entries, found, strict=True) if outcome.reason]
    return Imported(
        format=report.format,
        guessed=report.guessed,
        tools=tools,
        sha256=report.sha256,
        reported=len(found),
        known=states["known"],
        placed=states["placed"],
        findings=tuple(sorted(new)),
        left_alone=states["left alone"],
        not_placed=tuple(why),
        proposed=tuple(sorted({name for one in found for name in one.cleared})),
    )


def _why(one: Reported, outcome: Outcome, detector: Detector) -> NotPlaced:
    return NotPlaced(where=one.where, path=foreign.path(one, detector), line=one.line, reason=str(outcome.reason))


def _keep(project: Project, corpus: str, ruleset: str, new: list[New], told: Imported, who: Identity) -> None:
    """The last batch brings the places into the corpus and says so in the audit. What was killed before that, or before all
    were listed, is made whole by the next import.
    """
    for at in range(0, max(len(new), 1), BATCH):
        with project.write() as db:
            for one in new[at : at + BATCH]:
                keep(db, one.fingerprint, one.told, one.place, who)
            if at + BATCH >= len(new):
                carry_in(db, corpus, ruleset)
                audit.record(db, who.name, "findings.imported", f"report:{told.sha256}", _detail(told))
    unlisted = {row["fingerprint"] for row in project.rows(_UNLISTED, (corpus, ruleset))}
    for name in sorted(unlisted | {one.fingerprint for one in new}):
        index.fill(project, corpus, ruleset, only=name)
    mutes.settle(project, corpus, ruleset)


def _detail(told: Imported) -> dict[str, object]:
    counts = ("reported", "known", "placed", "left_alone")
    return {
        "format": told.format,
        "tools": list(told.tools),
        **{name: getattr(told, name) for name in counts},
        "not_placed": len(told.not_placed),
        "findings": list(told.findings),
        "proposed": list(told.proposed),
    }


def _accepted(project: Project, told: Imported, who: Identity, reason: str) -> Imported:
    names = [row["fingerprint"] for row in project.rows(_OPEN, (canonical_text(list(told.proposed)),))]
    return replace(told, accepted=decisions.decide_all(project, names, "false-alarm", who=who, reason=reason))
