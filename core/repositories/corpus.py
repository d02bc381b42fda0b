"""A corpus: the state of all repositories at one moment, named by a hash, that every later stage refers to."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.clock import Clock, now, stamp
from espalier.core.project.file import Connection, Project, Row
from espalier.core.repositories import activity, history, memory
from espalier.core.repositories.layout import locate
from espalier.core.repositories.licence_decisions import decide_by_policy
from espalier.core.repositories.licences import Found
from espalier.core.repositories.repository import USER, Repository, repositories
from espalier.core.repositories.survey import Plan, Progress, Survey, survey


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusRepository:
    """One repository as the corpus holds it: `tips` maps refs to object ids, `head` is the commit that is now."""

    name: str
    path: Path
    tips: dict[str, str]
    head: str | None
    include: tuple[str, ...]
    services: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    hash: str
    created_at: str
    repositories: tuple[CorpusRepository, ...]


def refresh(
    project: Project, *, actor: str = USER, said: Progress = lambda done, total, message: None, clock: Clock = now
) -> Corpus:
    """Look where the repositories stand and record it; what has not moved since an earlier corpus is not read again.

    Raises UnusableInput where there is no repository, or one is gone, empty or damaged; nothing is recorded then.
    """
    states = [_state(one) for one in repositories(project)]
    if not states:
        raise UnusableInput("This project has no repositories.", "Add one: espalier repo add PROJECT PATH")
    name = corpus_hash(states)
    if project.value("SELECT 1 FROM corpora WHERE hash = ?", (name,)):
        with project.write() as db:
            db.execute("UPDATE corpora SET refreshed_at = ? WHERE hash = ?", (stamp(clock()), name))
    else:
        surveys = [(state, None if _known(project, state) else _survey(project, state, said)) for state in states]
        with project.write() as db:
            _record(db, name, surveys, actor, stamp(clock()))
    for state in states:
        activity.record(project, name, state.name, state.path, state.tips)
    decide_by_policy(project, name)
    return corpus(project, name)


def corpus_hash(states: Iterable[CorpusRepository]) -> str:
    """Over what is read and what it is called: names, tips, head, globs and services. Neither the order of repositories nor
    the names of refs nor where a repository lies on this machine count.
    """
    identities = [
        {
            "name": one.name,
            "tips": sorted(set(one.tips.values())),
            "head": one.head,
            "include": sorted(one.include),
            "services": one.services,
        }
        for one in sorted(states, key=lambda one: one.name)
    ]
    return digest({"repositories": identities})


def corpus(project: Project, name: str) -> Corpus:
    """The corpus of that hash, or of the one hash that begins so."""
    found = project.rows("SELECT * FROM corpora WHERE substr(hash, 1, ?) = ? LIMIT 2", (len(name), name))
    if len(found) != 1 or not name:
        raise UnusableInput(f"No one corpus has the hash {name!r}.", "Make one: espalier repo refresh PROJECT")
    return _corpus(project, found[0])


def latest(project: Project) -> Corpus:
    """The corpus that the last refresh found."""
    row = project.row("SELECT * FROM corpora ORDER BY refreshed_at DESC, rowid DESC LIMIT 1")
    if row is None:
        raise UnusableInput("This project has no corpus yet.", "Make one: espalier repo refresh PROJECT")
    return _corpus(project, row)


def listing(project: Project) -> list[dict[str, object]]:
    """What `repo list` prints. The numbers are those of the last corpus that holds the repository, None before the first."""
    return [{"name": one.name, "path": str(one.path), **_numbers(project, one)} for one in repositories(project)]


def _state(repository: Repository) -> CorpusRepository:
    if locate(repository.path) is None:
        sentence = f"The repository {repository.name!r} is no longer at {repository.path}."
        raise UnusableInput(sentence, f"Put it back, or: espalier repo drop PROJECT {repository.name}")
    tips = history.tips(repository.path)
    head = history.head(repository.path, tips)
    if head is None:
        raise UnusableInput(f"The repository {repository.name!r} has no commits any more.", "Drop it, or restore it.")
    return CorpusRepository(
        name=repository.name,
        path=repository.path,
        tips=tips,
        head=head,
        include=repository.include,
        services=repository.services,
    )


def _survey(project: Project, state: CorpusRepository, said: Progress) -> Survey:
    """What was read before is not read again."""
    earlier = memory.recall(project, state.name)
    found, walk = survey(_plan(state), earlier, said)
    memory.keep(project, state.name, earlier, walk)
    return found


def _plan(state: CorpusRepository) -> Plan:
    return Plan(
        name=state.name,
        path=state.path,
        tips=tuple(state.tips.values()),
        head=state.head,
        include=state.include,
        services=state.services,
    )


_SAME = (
    "SELECT corpus FROM corpus_repositories WHERE repository = ? AND tips = ? AND head IS ? AND include = ? AND services = ?"
    " LIMIT 1"
)


def _known(project: Project, state: CorpusRepository) -> bool:
    return project.value(_SAME, _key(state)) is not None


def _key(state: CorpusRepository) -> tuple[object, ...]:
    told = (canonical_text(state.tips), state.head, canonical_text(state.include), canonical_text(state.services))
    return (state.name, *told)


def _record(
    db: Connection, name: str, surveys: list[tuple[CorpusRepository, Survey | None]], actor: str, at: str
) -> None:
    if db.execute("SELECT 1 FROM corpora WHERE hash = ?", (name,)).fetchone():
        return  # another process was faster
    db.execute("INSERT INTO corpora (hash, created_at, refreshed_at) VALUES (?, ?, ?)", (name, at, at))
    for state, found in surveys:
        if found:
            _insert(db, name, state, found)
        else:
            _copy(db, name, state)
    tips = {state.name: len(state.tips) for state, _ in surveys}
    audit.record(db, actor, "corpus.recorded", f"corpus:{name}", {"tips": tips})


def _insert(db: Connection, name: str, state: CorpusRepository, found: Survey) -> None:
    numbers = (canonical_text(table) for table in (found.languages, found.services, found.licences, found.excluded))
    key, tips, head, include, services = _key(state)
    db.execute(
        "INSERT INTO corpus_repositories VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (name, key, str(state.path), tips, head, include, services, found.commits, found.blobs, found.bytes, *numbers),
    )
    rows = [(name, state.name, *_source(source)) for source in found.sources]
    db.executemany("INSERT INTO sources VALUES (?, ?, ?, ?, ?, ?)", rows)


def _copy(db: Connection, name: str, state: CorpusRepository) -> None:
    """The same repository in the same state, in another corpus."""
    earlier = db.execute(_SAME, _key(state)).fetchone()["corpus"]
    columns = "tips, head, include, services, commits, blobs, bytes, languages, service_files, licences, excluded"
    db.execute(
        f"INSERT INTO corpus_repositories SELECT ?, repository, ?, {columns} FROM corpus_repositories"
        " WHERE corpus = ? AND repository = ?",
        (name, str(state.path), earlier, state.name),
    )
    db.execute(
        "INSERT INTO sources SELECT ?, repository, prefix, expression, category, found_in FROM sources"
        " WHERE corpus = ? AND repository = ?",
        (name, earlier, state.name),
    )


def _source(source: Found) -> tuple[str, str, str, str]:
    return source.prefix, source.expression, source.category, source.found_in


def _corpus(project: Project, row: Row) -> Corpus:
    held = project.rows("SELECT * FROM corpus_repositories WHERE corpus = ? ORDER BY repository", (row["hash"],))
    return Corpus(hash=row["hash"], created_at=row["created_at"], repositories=tuple(map(_held, held)))


def _held(row: Row) -> CorpusRepository:
    return CorpusRepository(
        name=row["repository"],
        path=Path(row["path"]),
        tips=json.loads(row["tips"]),
        head=row["head"],
        include=tuple(json.loads(row["include"])),
        services=json.loads(row["services"]),
    )


_COUNTS = {"commits": "commits", "blobs": "blobs", "bytes": "bytes"}
_TABLES = {"languages": "languages", "services": "service_files", "licences": "licences", "excluded": "excluded"}


def _numbers(project: Project, repository: Repository) -> dict[str, object]:
    row = project.row(
        "SELECT held.*, corpora.refreshed_at FROM corpus_repositories AS held JOIN corpora ON corpora.hash = held.corpus"
        " WHERE held.repository = ? ORDER BY corpora.refreshed_at DESC LIMIT 1",
        (repository.name,),
    )
    counts = {key: row[column] if row else None for key, column in _COUNTS.items()}
    tables = {key: _ranked(row[column]) if row else None for key, column in _TABLES.items()}
    about = {"bare": repository.bare, "shallow": repository.shallow, "notes": list(repository.notes)}
    held = activity.activities(project, row["corpus"]).get(repository.name) if row else None
    worked = {key: getattr(held, key, None) for key in ("authors", "first_commit", "last_commit")}
    return {**counts, **tables, **about, **worked, "corpus": row["corpus"] if row else None}


def _ranked(table: str) -> dict[str, int]:
    return dict(sorted(json.loads(table).items(), key=lambda item: (-item[1], item[0])))
