"""What examples are made of: how many by service, language and quarter of the year."""

from dataclasses import dataclass

from espalier.core.project.file import Project


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """`quarter` as 2026 Q3, in UTC. `kept` are distinct examples; `drawn` how often an epoch of the newest snapshot shows
    those of its training part.
    """

    service: str
    language: str
    quarter: str
    kept: int
    drawn: int


def composition(project: Project, build: str) -> list[Group]:
    """Of what the build keeps, and of the newest snapshot of it; by service, language, quarter."""
    rows = project.rows(
        "SELECT service, language, substr(committed_at, 1, 4) || ' Q' || ((substr(committed_at, 6, 2) + 2) / 3) AS quarter,"
        " sum(state = 'kept') AS kept, sum(ifnull(repeats, 0)) AS drawn FROM examples INDEXED BY examples_listed"
        " LEFT JOIN snapshot_examples ON example = id AND split = 'train' AND snapshot ="
        " (SELECT hash FROM snapshots WHERE build = ? ORDER BY frozen_at DESC, rowid DESC LIMIT 1)"
        " WHERE examples.build = ? GROUP BY 1, 2, 3 HAVING kept OR drawn ORDER BY 1, 2, 3",
        (build, build),
    )
    return [Group(**dict(row)) for row in rows]
