"""The list of a corpus' findings, kept ready: which there are, in which order, and how many of each kind, at once.

A list names its findings by small integers. It is filled when a scan ends; decisions keep it true by a trigger.
"""

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from espalier.core.findings.summary import OF_CORPUS
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project, Row

Order = Literal["urgency", "state", "rule", "place", "severity", "places"]
Facet = Literal["state", "rule", "repository", "severity", "kind"]
Filled = Callable[[int], None]  # findings looked at so far

OPEN = "open"
STATES = (OPEN, "scrub", "false-alarm", "block")
SEVERITIES = ("low", "medium", "high", "critical")
CONFIDENCES = ("low", "medium", "high")
FACETS: tuple[Facet, ...] = ("state", "rule", "repository", "severity", "kind")
CACHE = -64 << 10  # KiB of memory while a list is filled: its indices are written all over
BATCH = 1000  # findings in one short transaction

_ORDERS: Mapping[Order, str] = {
    "urgency": "state, severity DESC, places DESC, rule, repository, kind, file, id",
    "state": "state {way}, severity DESC, places DESC, rule, repository, kind, file, id",
    "rule": "rule {way}, severity DESC, places DESC, id",
    "place": "(SELECT at FROM by_name WHERE by_name.id = file) {way}, line, id",
    "severity": "severity {way}, places DESC, rule, id",
    "places": "places {way}, severity DESC, rule, id",
}
_BY_NAME = (
    "by_name (id, at) AS MATERIALIZED"
    " (SELECT id, row_number() OVER (ORDER BY repository, path) FROM finding_files ORDER BY id)"
)
_SINCE = (
    "id IN (SELECT l.id FROM decisions d CROSS JOIN listed_findings l ON l.fingerprint = d.fingerprint AND l.list = :list"
    " WHERE d.id > :since)"
)
_DECIDED = (
    "id IN (SELECT l.id FROM decisions d CROSS JOIN listed_findings l ON l.fingerprint = d.fingerprint AND l.list = :list"
    " WHERE d.id > :stood_decision)"
)
_UNLIKE = (
    "(NOT EXISTS (SELECT 1 FROM listed_findings o WHERE o.fingerprint = listed_findings.fingerprint AND o.list = :stood)"
    f" OR {_DECIDED})"
)
_FILES = """
INSERT INTO finding_files (repository, path)
SELECT DISTINCT repository, COALESCE(path, '') FROM places INDEXED BY places_of_a_finding
WHERE ruleset = :ruleset AND fingerprint > :after AND fingerprint <= :upto ON CONFLICT DO NOTHING
"""
_FILL = """
INSERT INTO listed_findings
  (list, fingerprint, rule, kind, severity, confidence, state, places, source, repository, file, line)
SELECT :list, f.fingerprint, f.rule, f.kind,
  CASE f.severity WHEN 'critical' THEN 3 WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END,
  CASE f.confidence WHEN 'high' THEN 2 WHEN 'medium' THEN 1 ELSE 0 END,
  CASE s.state WHEN 'open' THEN 0 WHEN 'scrub' THEN 1 WHEN 'false-alarm' THEN 2 ELSE 3 END,
  found.places, found.source, found.repository, files.id, found.line
FROM (
  SELECT p.fingerprint AS fingerprint, MIN(p.unreachable << 62 | p.id), COUNT(*) AS places,
    CASE p.unreachable WHEN 1 THEN 'unreachable' ELSE p.source END AS source, p.repository AS repository,
    COALESCE(p.path, '') AS path, p.line AS line
  FROM places p INDEXED BY places_of_a_finding
  CROSS JOIN noted n ON n.corpus = :corpus AND n.ruleset = p.ruleset AND n.repository = p.repository AND n.object = p.object
  WHERE p.ruleset = :ruleset AND p.fingerprint > :after AND p.fingerprint <= :upto
  GROUP BY p.fingerprint
) found
JOIN findings f ON f.fingerprint = found.fingerprint
JOIN finding_states s ON s.fingerprint = found.fingerprint
JOIN finding_files files ON files.repository = found.repository AND files.path = found.path
WHERE true
ON CONFLICT (fingerprint, list) DO UPDATE SET places = excluded.places, state = excluded.state, source = excluded.source,
  repository = excluded.repository, file = excluded.file, line = excluded.line
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """How findings stood once: the list that held them, and the last decision of then."""

    list: int
    decision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What is listed: every empty field lets everything through. `text` is looked for in the path and the rule, and at the
    beginning of the fingerprint. Beside `states`, what was decided after decision number `since` is let through. What was listed
    in `unlike` and has not been decided since is not.
    """

    states: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    severities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    text: str = ""
    since: int | None = None
    unlike: Stood | None = None
    order: Order = "urgency"
    descending: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A row of the list; what follows `places` is of the first place. `muted`: decided by a mute of its rule alone."""

    id: int
    fingerprint: str
    rule: str
    kind: str
    severity: str
    confidence: str
    state: str
    places: int
    source: str
    repository: str
    path: str | None
    line: int
    muted: bool = False


def list_of(project: Project, corpus: str, ruleset: str) -> int | None:
    """The number of the list; None until a scan under that ruleset has ended."""
    sql = "SELECT id FROM finding_lists WHERE corpus = ? AND ruleset = ? AND complete = 1"
    found = project.value(sql, (corpus, ruleset))
    return None if found is None else int(found)


def ids(project: Project, number: int, query: Query) -> "array[int]":
    """The findings that a query lets through, in its order: eight bytes each."""
    where, values = _where(number, query)
    way = "DESC" if query.descending else "ASC"
    ordered = f"SELECT id FROM listed_findings WHERE {where} ORDER BY {_ORDERS[query.order].format(way=way)}"
    return project.ids(f"WITH {_BY_NAME} {ordered}" if query.order == "place" else ordered, values)


def page(project: Project, wanted: Sequence[int]) -> list[Listed]:
    """These rows, in the order in which they are named; one that is no longer there is left out."""
    sql = (
        "SELECT l.*, f.path, EXISTS (SELECT 1 FROM muted_findings m WHERE m.fingerprint = l.fingerprint) AS muted"
        " FROM listed_findings l JOIN finding_files f ON f.id = l.file"
        " WHERE l.id IN (SELECT value FROM json_each(?))"
    )
    rows = {row["id"]: _listed(row) for row in project.rows(sql, (canonical_text(list(wanted)),))}
    return [rows[one] for one in wanted if one in rows]


def facets(project: Project, number: int, query: Query) -> dict[Facet, dict[str, int]]:
    """For each facet its values with how many findings each would list, all other filters of the query kept."""
    counted: dict[Facet, Counter[str]] = {facet: Counter() for facet in FACETS}
    chosen = _chosen(query)
    for row in _cube(project, number, Query(text=query.text, unlike=query.unlike)):
        values = {facet: _word(facet, row[facet]) for facet in FACETS}
        shut = [facet for facet in FACETS if chosen[facet] and values[facet] not in chosen[facet]]
        for facet in FACETS:
            if not shut or shut == [facet]:
                counted[facet][values[facet]] += row["n"]
    return {facet: dict(counts) for facet, counts in counted.items()}


def counts(project: Project, number: int) -> dict[str, int]:
    """State → findings of the list."""
    sql = "SELECT state, COUNT(*) AS n FROM listed_findings WHERE list = ? GROUP BY state"
    found = {STATES[row["state"]]: row["n"] for row in project.rows(sql, (number,))}
    return {state: found.get(state, 0) for state in STATES}


def listed(project: Project, ruleset: str) -> list[str]:
    """The corpora whose findings under that ruleset are listed."""
    sql = "SELECT corpus FROM finding_lists WHERE ruleset = ? AND complete = 1 ORDER BY id"
    return [row["corpus"] for row in project.rows(sql, (ruleset,))]


def states(project: Project, corpus: str, ruleset: str) -> list[tuple[str, str]]:
    """Every finding of the corpus with its state, in the order of fingerprints; read from the places where no list is."""
    number = list_of(project, corpus, ruleset)
    if number is not None:
        sql = "SELECT fingerprint, state FROM listed_findings WHERE list = ? ORDER BY fingerprint"
        return [(row["fingerprint"], STATES[row["state"]]) for row in project.rows(sql, (number,))]
    rows = project.rows(
        f"SELECT fingerprint, state FROM finding_states"
        f" WHERE fingerprint IN (SELECT fingerprint FROM ({OF_CORPUS})) ORDER BY fingerprint",
        {"corpus": corpus, "ruleset": ruleset},
    )
    return [(row["fingerprint"], row["state"]) for row in rows]


def state_counts(project: Project, corpus: str, ruleset: str) -> dict[str, int]:
    """State → findings of the corpus, by the list or, where none is, by the places."""
    number = list_of(project, corpus, ruleset)
    if number is not None:
        return counts(project, number)
    found = Counter(state for _, state in states(project, corpus, ruleset))
    return {state: found.get(state, 0) for state in STATES}


def muted_counts(project: Project, number: int) -> dict[str, int]:
    """Rule → findings of the list that a mute decided, and nobody since."""
    sql = (
        "SELECT l.rule, COUNT(*) AS n FROM muted_findings m JOIN listed_findings l USING (fingerprint)"
        " WHERE l.list = ? GROUP BY l.rule ORDER BY l.rule"
    )
    return {row["rule"]: row["n"] for row in project.rows(sql, (number,))}


def fingerprints(project: Project, wanted: Iterable[int]) -> list[str]:
    """The fingerprints behind rows of a list."""
    sql = "SELECT fingerprint FROM listed_findings WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id"
    return [row["fingerprint"] for row in project.rows(sql, (canonical_text(list(wanted)),))]


def fill(
    project: Project, corpus: str, ruleset: str, said: Filled = lambda done: None, *, only: str | None = None
) -> None:
    """List every finding of the corpus (or the one), what is listed already included; a batch in a transaction."""
    project.value(f"PRAGMA cache_size = {CACHE}")
    named: dict[str, object] = {"list": _opened(project, corpus, ruleset), "corpus": corpus, "ruleset": ruleset}
    for done, (after, upto) in enumerate(_batches(project) if only is None else [(only[:-1], only)], 1):
        with project.write() as db:
            db.execute(_FILES, {"ruleset": ruleset, "after": after, "upto": upto})
            db.execute(_FILL, {**named, "after": after, "upto": upto})
        said(done * BATCH)
    if only is None:
        with project.write() as db:
            db.execute("UPDATE finding_lists SET complete = 1 WHERE id = ?", (named["list"],))


def _opened(project: Project, corpus: str, ruleset: str) -> int:
    with project.write() as db:
        sql = "INSERT INTO finding_lists (corpus, ruleset, complete) VALUES (?, ?, 0) ON CONFLICT DO NOTHING"
        db.execute(sql, (corpus, ruleset))
    return int(project.value("SELECT id FROM finding_lists WHERE corpus = ? AND ruleset = ?", (corpus, ruleset)))


def _batches(project: Project) -> Iterator[tuple[str, str]]:
    """Stretches of fingerprints: after the first, up to the second."""
    sql = "SELECT MAX(fingerprint) FROM (SELECT fingerprint FROM findings WHERE fingerprint > ? ORDER BY fingerprint LIMIT ?)"
    after = ""
    while upto := project.value(sql, (after, BATCH)):
        yield after, str(upto)
        after = str(upto)


def _cube(project: Project, number: int, query: Query) -> list[Row]:
    where, values = _where(number, query)
    return project.rows(
        f"SELECT state, rule, repository, severity, kind, COUNT(*) AS n FROM listed_findings WHERE {where}"
        " GROUP BY state, rule, repository, severity, kind",
        values,
    )


def _chosen(query: Query) -> dict[Facet, tuple[str, ...]]:
    return {
        "state": query.states,
        "rule": query.rules,
        "repository": query.repositories,
        "severity": query.severities,
        "kind": query.kinds,
    }


def _where(number: int, query: Query) -> tuple[str, dict[str, object]]:
    terms: list[str] = ["list = :list"]
    bound: dict[str, object] = {"list": number}
    for facet, chosen in _chosen(query).items():
        if chosen:
            names = {f"{facet}{place}": _number(facet, word) for place, word in enumerate(chosen)}
            term = f"{facet} IN ({', '.join(f':{name}' for name in names)})"
            terms.append(f"({term} OR {_SINCE})" if facet == "state" and query.since is not None else term)
            bound |= names
    if query.since is not None:
        bound["since"] = query.since
    if query.unlike is not None:
        bound["stood_decision"] = query.unlike.decision
        if query.unlike.list == number:  # then all of it was listed: looking each up in a million takes seconds
            terms.append(_DECIDED)
        else:
            terms.append(_UNLIKE)
            bound["stood"] = query.unlike.list
    if text := query.text.strip().lower():
        terms.append(
            "(file IN (SELECT id FROM finding_files WHERE instr(lower(path), :text)) OR instr(rule, :text)"
            " OR id IN (SELECT id FROM listed_findings WHERE fingerprint BETWEEN :text AND :after))"
        )
        bound |= {"text": text, "after": text + "g"}  # "g" comes after every hexadecimal digit
    return " AND ".join(terms), bound


def _number(facet: Facet, word: str) -> object:
    known = {"state": STATES, "severity": SEVERITIES}.get(facet)
    return word if known is None else known.index(word)


def _word(facet: Facet, value: str | int) -> str:
    known = {"state": STATES, "severity": SEVERITIES}.get(facet)
    return str(value) if known is None else known[int(value)]


def _listed(row: Row) -> Listed:
    plain = ("id", "fingerprint", "rule", "kind", "places", "source", "repository", "line")
    return Listed(
        **{name: row[name] for name in plain},
        path=row["path"] or None,
        severity=SEVERITIES[row["severity"]],
        confidence=CONFIDENCES[row["confidence"]],
        state=STATES[row["state"]],
        muted=bool(row["muted"]),
    )
