"""What of the project itself matches words that a person types: repositories, findings, snapshots, runs, evaluations."""

from dataclasses import dataclass

from espalier.core.project.file import Project

MOST = 5  # of a kind


@dataclass(frozen=True, slots=True)
class Thing:
    """Where it is shown (page and the page's detail), its kind as a word of the flow, and what it is called."""

    page: str
    detail: str
    kind: str
    name: str
    about: str


QUERIES = (
    ("repositories", "repository", "SELECT name, name, path FROM repositories WHERE name LIKE :words ORDER BY name"),
    (
        "dataset",
        "snapshot",
        "SELECT hash, substr(hash, 1, 12), substr(frozen_at, 1, 10) FROM snapshots WHERE hash LIKE :start"
        " ORDER BY frozen_at DESC",
    ),
    (
        "training",
        "run",
        "SELECT id, id, model || ', ' || state FROM runs WHERE :said IN ('run', 'runs') OR CAST(id AS TEXT) = :last"
        " ORDER BY id DESC",
    ),
    (
        "evaluation",
        "evaluation",
        "SELECT id, id, 'run ' || run || ', ' || state FROM evaluations"
        " WHERE :said IN ('evaluation', 'evaluations') OR CAST(id AS TEXT) = :last ORDER BY id DESC",
    ),
    (
        "findings",
        "finding",
        "SELECT fingerprint, rule, substr(fingerprint, 1, 12) FROM findings WHERE fingerprint >= :said"
        " AND fingerprint < :said || 'g' AND length(:said) >= 4 ORDER BY fingerprint",
    ),
)


def things(project: Project, words: str) -> tuple[Thing, ...]:
    """At most a few of each kind. `words` are one line as typed; a hash or number may be cut off after its beginning."""
    said = " ".join(words.split()).casefold()
    if not said:
        return ()
    escaped = said.replace("%", "").replace("_", "")
    parameters = {
        "words": f"%{escaped}%",
        "start": f"{escaped}%" if len(escaped) >= 4 else "-",
        "said": said,
        "last": said.rpartition(" ")[2],
    }
    return tuple(
        Thing(page, str(row[0]), kind, str(row[1]), str(row[2]))
        for page, kind, query in QUERIES
        for row in project.rows(f"{query} LIMIT {MOST}", parameters)
    )
