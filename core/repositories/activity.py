"""When a repository was worked on: its commits by week, the first and the last, and how many people wrote them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import stamp
from espalier.core.project.file import Connection, Project
from espalier.core.repositories.signatures import authored

DAY = 86400  # seconds
Weeks = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """`weeks` are Mondays (YYYY-MM-DD, UTC) with their commits, weeks without any left out; authors are counted, never named."""

    weeks: Weeks
    authors: int
    first_commit: str
    last_commit: str


def activities(project: Project, corpus: str) -> dict[str, Activity]:
    """By repository; one that was last refreshed by an older Espalier is missing until it is refreshed again."""
    weeks: dict[str, list[tuple[str, int]]] = {}
    for row in project.rows("SELECT * FROM weekly_commits WHERE corpus = ? ORDER BY repository, week", (corpus,)):
        weeks.setdefault(row["repository"], []).append((row["week"], row["commits"]))
    return {
        row["repository"]: Activity(
            weeks=tuple(weeks.get(row["repository"], ())),
            authors=row["authors"],
            first_commit=row["first_commit"],
            last_commit=row["last_commit"],
        )
        for row in project.rows("SELECT * FROM activity WHERE corpus = ?", (corpus,))
    }


def record(project: Project, corpus: str, name: str, path: Path, tips: dict[str, str]) -> None:
    """Keep the activity of one repository of a corpus; nothing is read where it is known, here or from an earlier corpus."""
    if project.value("SELECT 1 FROM activity WHERE corpus = ? AND repository = ?", (corpus, name)):
        return
    earlier = project.value(
        "SELECT held.corpus FROM activity JOIN corpus_repositories AS held USING (corpus, repository)"
        " WHERE repository = ? AND tips = ? LIMIT 1",
        (name, canonical_text(tips)),
    )
    found = None if earlier else counted(authored(path, tips.values()))
    with project.write() as db:
        if found is None:
            _copy(db, corpus, name, earlier)
        else:
            _insert(db, corpus, name, found)


def counted(commits: Iterable[tuple[int, str]]) -> Activity:
    """Of when each commit of one repository says it was committed, and whose it is; at least one of them."""
    days: Counter[int] = Counter()
    authors: set[str] = set()
    times: set[int] = set()
    for committed_at, author in commits:
        days[committed_at // DAY] += 1
        authors.add(author.casefold())
        times.add(committed_at)
    weeks: Counter[str] = Counter()
    for day, found in days.items():
        weeks[_monday(day)] += found
    return Activity(
        weeks=tuple(sorted(weeks.items())),
        authors=len(authors),
        first_commit=stamp(_moment(min(times))),
        last_commit=stamp(_moment(max(times))),
    )


def _monday(number: int) -> str:
    """Of the week that holds a day, counted from 1970."""
    day = _moment(number * DAY).date()
    return (day - timedelta(days=day.weekday())).isoformat()


def _moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _insert(db: Connection, corpus: str, name: str, found: Activity) -> None:
    row = (corpus, name, found.authors, found.first_commit, found.last_commit)
    db.execute("INSERT OR IGNORE INTO activity VALUES (?, ?, ?, ?, ?)", row)
    weeks = [(corpus, name, week, commits) for week, commits in found.weeks]
    db.executemany("INSERT OR IGNORE INTO weekly_commits VALUES (?, ?, ?, ?)", weeks)


def _copy(db: Connection, corpus: str, name: str, earlier: str) -> None:
    for table, columns in (("activity", "authors, first_commit, last_commit"), ("weekly_commits", "week, commits")):
        db.execute(
            f"INSERT OR IGNORE INTO {table} SELECT ?, repository, {columns} FROM {table}"
            " WHERE corpus = ? AND repository = ?",
            (corpus, earlier, name),
        )
