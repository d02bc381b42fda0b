"""Which sources of a corpus may be learnt from, who said so, and how far what is learnt may travel."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project, Row
from espalier.core.project.identities import STAND_IN
from espalier.core.project.policy import project_policy
from espalier.core.repositories.licence_text import named as named_licence
from espalier.core.repositories.licences import Found, Licences
from espalier.core.repositories.repository import named

Verdict = Literal["allow", "deny"]
ExportClass = Literal["internal", "contractors", "cloud"]
POLICY = "policy (automatic)"
_AT_ONCE = 200  # decisions in one transaction, to keep it short
ADVICE: dict[str, Literal["allow", "review", "deny"]] = {
    "Public Domain": "allow", "Permissive": "allow",
    "own": "review", "Unstated License": "review", "CLA": "review", "Patent License": "review",
    "Copyleft Limited": "review", "Free Restricted": "review", "Source-available": "review", "Unknown": "review",
    "Copyleft": "deny", "Proprietary Free": "deny", "Commercial": "deny",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What a corpus holds under one prefix by one licence; `decision` is None until somebody has decided."""

    repository: str
    prefix: str
    expression: str
    category: str
    found_in: str
    decision: Verdict | None
    export_class: ExportClass
    decided_by: str
    automatic: bool
    reason: str

    @property
    def advice(self) -> Literal["allow", "review", "deny"]:
        """What the category asks for: 'review' and 'deny' both wait for a person."""
        return ADVICE[self.category]


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Whether a path may be learnt from, by which licence, and the narrowest export class that holds for it."""

    allowed: bool
    expression: str
    export_class: ExportClass
    why: str


_QUERY = """
SELECT s.repository, s.prefix, s.expression, s.category, s.found_in, d.decision, d.export_class, d.decided_by, d.automatic,
       d.reason, d.withdrawn
FROM sources AS s LEFT JOIN source_decisions AS d ON d.id = (
  SELECT max(id) FROM source_decisions AS one
  WHERE one.repository = s.repository AND one.prefix = s.prefix AND one.expression = s.expression)
WHERE s.corpus = ? ORDER BY s.repository, s.prefix, s.expression
"""


def sources(project: Project, corpus: str) -> list[Source]:
    """All sources of a corpus, each with the decision that holds for it."""
    return [_source(row) for row in project.rows(_QUERY, (corpus,))]


def decide_licence(
    project: Project,
    repository: str,
    prefix: str,
    expression: str | None,
    decision: Verdict,
    export_class: ExportClass = "internal",
    *,
    identity: str,
    reason: str,
) -> None:
    """Decide one source, in every corpus that has it. `expression` may be left out where the prefix has one only.

    A decision is never changed: a later one takes its place.
    """
    named(project, repository)
    source = _one(project, repository, prefix, named_licence(expression) if expression else None)
    if not reason.strip():
        raise UnusableInput("A licence decision needs a reason.", "Say why: --reason TEXT")
    with project.write() as db:
        _decide(db, (repository, *source), decision, export_class, identity, reason, automatic=False)


def decide_licences(
    project: Project,
    chosen: Iterable[Source],
    decision: Verdict,
    export_class: ExportClass,
    *,
    identity: str,
    reason: str,
) -> int:
    """The same decision on many sources, each in a row of its own; says how many that were."""
    if not reason.strip():
        raise UnusableInput("A licence decision needs a reason.", "Say why; it is kept beside the decision.")
    keys = [(one.repository, one.prefix, one.expression) for one in chosen]
    for start in range(0, len(keys), _AT_ONCE):
        with project.write() as db:
            for key in keys[start : start + _AT_ONCE]:
                _decide(db, key, decision, export_class, identity, reason, automatic=False)
    return len(keys)


def take_back(project: Project, before: Iterable[Source], *, identity: str) -> None:
    """Let what was decided about each source before hold again; where nothing was, it waits for a decision once more.

    Nothing is deleted: taking back is one more row, by whoever does it.
    """
    held = list(before)
    for start in range(0, len(held), _AT_ONCE):
        with project.write() as db:
            for one in held[start : start + _AT_ONCE]:
                _take_back(db, one, identity)


def decided_source(project: Project, repository: str, prefix: str, expression: str | None) -> Source:
    """The one source of the newest corpus that is meant, as it is decided now; raises UnusableInput where there is no one."""
    meant = _one(project, repository, prefix, named_licence(expression) if expression else None)
    corpus = project.value("SELECT hash FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1")
    for one in sources(project, corpus):
        if (one.repository, one.prefix, one.expression) == (repository, *meant):
            return one
    raise UnusableInput(
        f"The newest corpus has no such source of {repository!r}.", "See: espalier repo licence PROJECT"
    )


def decide_by_policy(project: Project, corpus: str) -> int:
    """Decides what needs no person and says how many that were: permissive licences under every policy; under the demo
    policy, by its stand-in, the company's own code too, and against all that is left.
    """
    demo = project_policy(project).demonstration
    decided = [(one, verdict) for one in undecided(project, corpus) if (verdict := _by_policy(one, demo))]
    for start in range(0, len(decided), _AT_ONCE):
        with project.write() as db:
            for one, verdict in decided[start : start + _AT_ONCE]:
                key = (one.repository, one.prefix, one.expression)
                _decide(db, key, verdict, "internal", STAND_IN if demo else POLICY, _reason(one), automatic=True)
    return len(decided)


def undecided(project: Project, corpus: str) -> list[Source]:
    """Raises UnusableInput for a corpus that is not there: nothing is waiting in it, and nothing is decided."""
    if not project.value("SELECT 1 FROM corpora WHERE hash = ?", (corpus,)):
        raise UnusableInput(f"There is no corpus {corpus[:12]!r}.", "Make one: espalier repo refresh PROJECT")
    return [one for one in sources(project, corpus) if one.decision is None]


def licence_gate(project: Project, corpus: str) -> None:
    """Raises GateShut, naming the sources, while any of them waits for a decision."""
    waiting = undecided(project, corpus)
    if not waiting or not project_policy(project).dataset.licences_must_be_decided:
        return
    first = waiting[0]
    raise GateShut(
        f"{len(waiting)} of the licence sources of corpus {corpus[:12]} wait for a decision.",
        f"Decide each: espalier repo licence PROJECT {first.repository} '{first.prefix}' allow|deny --reason TEXT",
        tuple(f"{one.repository}/{one.prefix}: {one.expression} ({one.category}, {one.advice})" for one in waiting),
    )


class Allowances:
    """Answers for the paths of one repository in one corpus."""

    def __init__(self, project: Project, corpus: str, repository: str) -> None:
        mine = [one for one in sources(project, corpus) if one.repository == repository]
        if not mine:
            raise UnusableInput(f"Corpus {corpus[:12]} has no repository named {repository!r}.")
        self._known = {(one.prefix, one.expression): one for one in mine}
        self._licences = Licences(map(_found, mine))

    def of(self, path: str) -> Allowance:
        """By the longest prefix that holds the path; where several licences stand there, all must be allowed."""
        held = [self._known[one.prefix, one.expression] for one in self._licences.of(path)]
        refusing = [one for one in held if one.decision != "allow"]
        return Allowance(
            allowed=bool(held) and not refusing,
            expression=" AND ".join(one.expression for one in held),
            export_class=_narrowest(held),
            why=_why(refusing) if refusing else "allowed" if held else "no licence source covers it",
        )


def _source(row: Row) -> Source:
    """A decision that was withdrawn is none."""
    stands = row["decision"] is not None and not row["withdrawn"]
    return Source(
        repository=row["repository"],
        prefix=row["prefix"],
        expression=row["expression"],
        category=row["category"],
        found_in=row["found_in"],
        decision=row["decision"] if stands else None,
        export_class=row["export_class"] if stands else "internal",
        decided_by=row["decided_by"] if stands else "",
        automatic=bool(row["automatic"]) if stands else False,
        reason=row["reason"] if stands else "",
    )


def _found(source: Source) -> Found:
    return Found(prefix=source.prefix, expression=source.expression, category=source.category, found_in=source.found_in)


def _one(project: Project, repository: str, prefix: str, expression: str | None) -> tuple[str, str]:
    """The prefix and expression meant, which some corpus must know; a folder may be named without its last slash."""
    query = "SELECT DISTINCT prefix, expression FROM sources WHERE repository = ? AND prefix IN (?, ?) ORDER BY 1, 2"
    rows = project.rows(query, (repository, prefix, f"{prefix.rstrip('/')}/"))
    meant = [(row["prefix"], row["expression"]) for row in rows if expression in (None, row["expression"])]
    if len(meant) == 1:
        return meant[0]
    wanted = f"the prefix {prefix!r}" + (f" and the licence {expression}" if expression else "")
    known = ", ".join(row["expression"] for row in rows) or "none; espalier repo licence PROJECT lists them"
    raise UnusableInput(f"No one licence source of {repository!r} has {wanted}.", f"Known there: {known}.")


def _decide(
    db: Connection,
    key: tuple[str, str, str],
    decision: Verdict,
    export_class: ExportClass,
    who: str,
    reason: str,
    *,
    automatic: bool,
    withdrawn: bool = False,
) -> None:
    db.execute(
        "INSERT INTO source_decisions (repository, prefix, expression, decision, export_class, decided_by, automatic,"
        " reason, decided_at, withdrawn) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (*key, decision, export_class, who, automatic, reason, utc_now(), withdrawn),
    )
    detail: dict[str, object] = {
        "licence": key[2], "decision": decision, "export_class": export_class, "automatic": automatic, "reason": reason
    }  # fmt: skip
    audit.record(db, who, "licence.withdrawn" if withdrawn else "licence.decided", f"source:{key[0]}/{key[1]}", detail)


def _take_back(db: Connection, before: Source, who: str) -> None:
    key = (before.repository, before.prefix, before.expression)
    if before.decision is None:
        _decide(db, key, "deny", "internal", who, "taken back", automatic=False, withdrawn=True)
    else:
        reason = before.reason or "as before"
        _decide(db, key, before.decision, before.export_class, who, reason, automatic=before.automatic)


def _by_policy(source: Source, demo: bool) -> Verdict | None:
    if source.advice == "allow" or (demo and source.category == "own"):
        return "allow"
    return "deny" if demo else None


def _reason(source: Source) -> str:
    return f"category {source.category}; nobody looked"


def _why(refusing: Iterable[Source]) -> str:
    one = next(iter(refusing))
    return (
        f"licence {one.expression} of {one.prefix or 'the repository'} is {'denied' if one.decision else 'not decided'}"
    )


def _narrowest(held: Iterable[Source]) -> ExportClass:
    reach: tuple[ExportClass, ...] = ("internal", "contractors", "cloud")
    return min((one.export_class for one in held), key=reach.index, default="internal")
