"""The report for an auditor: one page of HTML that needs nothing beside it, every word of it escaped and every secret masked."""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import Final, Literal, get_args

from jinja2 import Environment, StrictUndefined, Template

from espalier.core.failures import UnusableInput
from espalier.core.findings import index
from espalier.core.findings.approval import scrub_gate, standing_approval
from espalier.core.findings.detection.detect import Detector
from espalier.core.findings.detection.rules import described
from espalier.core.findings.excerpts import Known, Shown, excerpts, visible, words_shown
from espalier.core.findings.export import whole
from espalier.core.findings.findings import Finding, finding, source_word
from espalier.core.findings.index import Facet, Query
from espalier.core.findings.mutes import standing
from espalier.core.findings.paper import printed
from espalier.core.findings.precision import Record, records
from espalier.core.findings.ruleset import current_ruleset, ruleset_of
from espalier.core.findings.sampling.review import SampledReview, review_of
from espalier.core.findings.sampling.second_reads import Agreement, agreement
from espalier.core.findings.summary import not_scanned, scan_of
from espalier.core.project import audit
from espalier.core.project.clock import Clock, now, stamp
from espalier.core.project.file import Project, Row
from espalier.core.project.identities import identities
from espalier.core.project.policy import project_policy

Form = Literal["html", "pdf"]
FORMS: Final[tuple[Form, ...]] = get_args(Form)
# Findings of one report. Qt lays out some thousand pages in seconds, and with several thousand it ends.
MOST: Final[dict[Form, int]] = {"html": 20_000, "pdf": 5_000}
_NEWEST = (
    "SELECT d.* FROM decisions d WHERE d.id IN (SELECT MAX(id) FROM decisions GROUP BY fingerprint)"
    " AND d.fingerprint IN (SELECT fingerprint FROM listed_findings WHERE list = ?)"
)
_FACETS: dict[Facet, str] = {
    "state": "decision",
    "rule": "rule",
    "repository": "repository",
    "severity": "severity",
    "kind": "kind",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """A finding as the page tells of it: sentences, and numbered lines."""

    fingerprint: str
    description: str
    state: str
    facts: str
    place: str
    lines: tuple[tuple[str, str], ...]
    decided: str


def write(project: Project, corpus: str, target: Path, form: Form, known: Known) -> None:
    """Write the report into a new file, which is whole or not there."""
    with whole(target) as out:
        made = page(project, corpus, known, MOST[form])
        out.write(printed(made) if form == "pdf" else made.encode())


def page(project: Project, corpus: str, known: Known, most: int, clock: Clock = now) -> str:
    """The whole page; `known` says where else a known value stands in a text.

    Raises UnusableInput where the corpus is not scanned under the current rules, or has more than `most` findings.
    """
    listed = index.list_of(project, corpus, current_ruleset(project))
    if listed is None:
        sentence = f"The corpus {corpus[:12]} is not scanned under the current rules."
        raise UnusableInput(sentence, "espalier findings scan PROJECT")
    policy, gate = project_policy(project), scrub_gate(project, corpus)
    style = _resource("findings.css")
    return _template().render(
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        project=visible(project.path.stem),
        demonstration=policy.demonstration,
        policy_sentence=policy.sentence,
        about=_about(project, corpus, stamp(clock())),
        approval=_approval(project, corpus),
        shut=gate.items,
        review=_review(project, corpus),
        counted=_counted(project, listed),
        not_scanned=list(not_scanned(project, corpus, current_ruleset(project)).items()),
        rules=list(map(_rule, records(project, corpus))),
        muted=_muted(project, known),
        findings=_reported(project, corpus, listed, known, most),
        audit=_audit(project),
    )


def _template() -> Template:
    environment = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    return environment.from_string(_resource("findings.html"))


def _resource(name: str) -> str:
    return resources.files("espalier.resources").joinpath("reports", name).read_text(encoding="utf-8")


def _about(project: Project, corpus: str, at: str) -> list[tuple[str, str]]:
    scan, policy = scan_of(project, corpus, current_ruleset(project)), project_policy(project)
    assert scan
    objects = f"{scan['blobs']:,} files, {scan['messages']:,} commits and tags, {scan['bytes']:,} bytes"
    return [
        ("project", project.id),
        ("corpus", corpus),
        ("rules", current_ruleset(project)),
        ("scanned", f"{objects}, finished {scan['finished_at']}"),
        ("archives", "opened" if scan["archives"] else "not opened"),
        ("objects that no ref leads to", "read" if scan["unreachable"] else "not read"),
        ("policy", f"{visible(policy.name)}: {visible(policy.sentence)}"),
        ("written", f"{at} by Espalier {version('espalier')}"),
    ]


def _approval(project: Project, corpus: str) -> dict[str, str] | None:
    approval = standing_approval(project, corpus)
    if approval is None:
        return None
    keys = {one.name: one.fingerprint for one in identities(project)}
    by = _people(project)[approval.identity]
    return {"at": approval.approved_at, "by": by, "key": keys[approval.identity]}


def _review(project: Project, corpus: str) -> str:
    found, asked = review_of(project, corpus, current_ruleset(project)), project_policy(project).scrub.missed_bound
    wanted = "The policy asks for no bound." if asked is None else f"The policy allows {asked:.2%}."
    if not found.population:
        return f"There is nothing to read: no file that was scanned is without a finding. {wanted}"
    if found.state == "not done":
        return f"Not done. {found.population:,} files hold no finding, and nobody has read any of them. {wanted}"
    return (
        f"People read {found.reviewed:,} of {found.population:,} files without a finding and saw a missed secret in"
        f" {found.missed:,}. So at most {found.bound:.2%} of them hold one, at {100 * found.confidence:.4g} % confidence."
        f" {wanted}{_carried(found)}{_strata(found)}{_told_by_two(agreement(project, corpus, current_ruleset(project)))}"
    )


def _carried(found: SampledReview) -> str:
    """What of the reading was done elsewhere, and what of it waits for files before it to be read."""
    said = f" Read for an earlier corpus or under other rules: {found.carried:,}." if found.carried else ""
    if found.counted < found.reviewed:
        said += f" So far {found.counted:,} count: what stands after the first file that nobody has read does not yet."
    return said


def _told_by_two(found: Agreement) -> str:
    """How far two people who read the same files agreed; nothing where no file was read twice."""
    if not found.files:
        return ""
    kappa = "is not defined, since all answers are one" if found.kappa is None else f"is {found.kappa:.2f}"
    return f" Files read by two people, blind: {found.files:,}; they agreed on {found.agreed:,}; Cohen's kappa {kappa}."


def _strata(found: SampledReview) -> str:
    """How the reading was spread, and what its restarts set aside."""
    if not found.strata:
        return ""
    read = sum(one.read > 0 for one in found.strata)
    said = f" Of the strata of service and language, {read:,} of {len(found.strata):,} have been read from."
    if found.restarts:
        said += f" Times that a miss began the order of one anew: {found.restarts:,}, in whatever corpus."
    return said


def _counted(project: Project, listed: int) -> list[tuple[str, str, int]]:
    """Each facet's values, the most frequent first; the facet is named once."""
    rows: list[tuple[str, str, int]] = []
    for facet, counts in index.facets(project, listed, Query()).items():
        ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
        rows += [
            ("" if place else _FACETS[facet], visible(word), number) for place, (word, number) in enumerate(ranked)
        ]
    return rows


def _rule(one: Record) -> dict[str, object]:
    names = ("rule", "findings", "kept", "false_alarms", "muted", "description")
    precision = "–" if one.precision is None else f"{one.precision:.0%}"
    return {name: getattr(one, name) for name in names} | {"precision": precision}


def _muted(project: Project, known: Known) -> list[str]:
    """A sentence for each rule that is muted."""
    people, detector = _people(project), Detector(ruleset_of(project))
    return [
        f"{one.rule} is muted since {one.muted_at} by {people[one.identity]}:"
        f" {visible(words_shown(one.reason, known, detector))}"
        for one in standing(project).values()
    ]


def _reported(project: Project, corpus: str, listed: int, known: Known, most: int) -> list[Reported]:
    """The most urgent first."""
    chosen = index.ids(project, listed, Query())
    if len(chosen) > most:
        sentence = f"The corpus has {len(chosen):,} findings, and a report of this form holds {most:,}."
        raise UnusableInput(sentence, f"Write .html, for up to {MOST['html']:,}, or a table: .csv")
    found = [finding(project, corpus, one.fingerprint) for one in index.page(project, chosen)]
    detector = Detector(ruleset_of(project))
    shown = excerpts(project, corpus, found, known, detector)
    decided = {row["fingerprint"]: row for row in project.rows(_NEWEST, (listed,))}
    people = _people(project)
    return [
        Reported(
            fingerprint=one.fingerprint,
            description=described(one.rule),
            state=one.state,
            facts=_facts(one),
            place=_place(one, known, detector),
            lines=_numbered(shown[one.fingerprint]),
            decided=_decided(decided.get(one.fingerprint), people, known, detector),
        )
        for one in found
    ]


def _facts(one: Finding) -> str:
    places = "one place" if len(one.places) == 1 else f"{len(one.places):,} places, the first of them here"
    return f"{one.rule} · {one.kind} · severity {one.severity} · confidence {one.confidence} · {places}"


def _place(one: Finding, known: Known, detector: Detector) -> str:
    place = one.places[0]
    name = words_shown(place.path, known, detector) if place.path is not None else place.object[:12]
    where = (place.repository, source_word(place), name, f"commit {place.commit[:12]}" if place.commit else "")
    return " · ".join((*(visible(part) for part in where if part), f"line {place.line:,}"))


def _numbered(shown: Shown) -> tuple[tuple[str, str], ...]:
    width = len(str(shown.first_line + len(shown.lines)))
    return tuple((f"{number:>{width}}", line) for number, line in enumerate(shown.lines, shown.first_line))


def _decided(row: Row | None, people: Mapping[str, str], known: Known, detector: Detector) -> str:
    if row is None:
        return "Not decided."
    verb = "Taken back" if row["state"] == "open" else f"Decided: {row['state']}"
    reason = visible(words_shown(row["reason"], known, detector))
    by = people.get(row["identity"], visible(row["identity"]))
    return f"{verb}, by {by} on {row['decided_at']}{f': {reason}' if reason else '.'}"


def _people(project: Project) -> dict[str, str]:
    """By identity, its name and the person behind it."""
    return {
        one.name: visible(one.name if one.person == one.name else f"{one.name} ({one.person})")
        for one in identities(project)
    }


def _audit(project: Project) -> str:
    verdict = audit.verify(project)
    said = "Every entry follows from the one before." if verdict.passed else f"The chain does not hold: {verdict.why}"
    return f"{verdict.entries:,} entries, the last with the hash {verdict.head}. {said}"
