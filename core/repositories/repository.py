"""The repositories of a project: adding, listing and dropping them. Nothing is ever written to a repository or run from it."""

import json
import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row
from espalier.core.repositories import globs
from espalier.core.repositories.git import MissingObject, ObjectReader
from espalier.core.repositories.history import head, tips
from espalier.core.repositories.layout import Layout, enclosing, is_partial, locate, small_file
from espalier.core.repositories.survey import Progress, verify

USER = "local user"
_INSERT = (
    "INSERT INTO repositories (name, path, include, services, added_at, bare, shallow, notes)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
)
_NAME = re.compile(r"[\w.][\w.+ -]{0,99}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repository:
    """`include` are globs of the paths wanted (none: all), `services` path prefixes; `notes` say what limits it."""

    id: int
    name: str
    path: Path
    include: tuple[str, ...]
    services: dict[str, str]
    added_at: str
    bare: bool
    shallow: bool
    notes: tuple[str, ...]


def add(
    project: Project,
    path: Path,
    *,
    name: str | None = None,
    include: Iterable[str] = (),
    services: Mapping[str, str] | None = None,
    actor: str = USER,
    said: Progress = lambda done, total, message: None,
) -> Repository:
    """Add the repository at `path` after reading all of its history once. Raises UnusableInput where it can't serve."""
    layout = _found(path)
    called = _name(project, name or layout.root.name.removesuffix(".git"))
    _refuse_known(project, layout)
    patterns, folders = _globs(include), _services(services or {})
    _refuse_unreadable(layout.root, said)
    row = (
        called, str(layout.root), canonical_text(patterns), canonical_text(folders), utc_now(),
        layout.bare, _is_shallow(layout), canonical_text(_notes(path, layout)),
    )  # fmt: skip
    with project.write() as db:
        db.execute(_INSERT, row)
        audit.record(db, actor, "repository.added", f"repository:{called}", {"include": patterns, "services": folders})
    return named(project, called)


def drop(project: Project, name: str, actor: str = USER) -> None:
    """The repository leaves the corpora to come; those that there are keep what they say about it."""
    named(project, name)
    with project.write() as db:
        db.execute("DELETE FROM repositories WHERE name = ?", (name,))
        audit.record(db, actor, "repository.dropped", f"repository:{name}")


def put_back(project: Project, dropped: Repository, actor: str = USER) -> None:
    """Take back that a repository was dropped: it is in the corpora to come as it was before. Nothing is read."""
    _name(project, dropped.name)
    row = (
        dropped.name, str(dropped.path), canonical_text(list(dropped.include)), canonical_text(dropped.services),
        dropped.added_at, dropped.bare, dropped.shallow, canonical_text(list(dropped.notes)),
    )  # fmt: skip
    with project.write() as db:
        db.execute(_INSERT, row)
        audit.record(db, actor, "repository.put-back", f"repository:{dropped.name}")


def move(project: Project, name: str, path: Path, actor: str = USER) -> Repository:
    """Say where the repository lies now. Raises UnusableInput where another one lies, one that lacks what this one had."""
    known = named(project, name)
    layout = _found(path)
    if layout.root == known.path:
        return known
    _refuse_known(project, layout)
    _refuse_another(project, name, layout)
    with project.write() as db:
        new = (str(layout.root), layout.bare, _is_shallow(layout), canonical_text(_notes(path, layout)), name)
        db.execute("UPDATE repositories SET path = ?, bare = ?, shallow = ?, notes = ? WHERE name = ?", new)
        # A corpus is named by what is read, not by where it lies.
        db.execute("UPDATE corpus_repositories SET path = ? WHERE repository = ?", (str(layout.root), name))
        audit.record(db, actor, "repository.moved", f"repository:{name}")
    return named(project, name)


def named(project: Project, name: str) -> Repository:
    row = project.row("SELECT * FROM repositories WHERE name = ?", (name,))
    if row is None:
        known = ", ".join(one.name for one in repositories(project)) or "none yet"
        raise UnusableInput(f"This project has no repository named {name!r}.", f"Known: {known}.")
    return _repository(row)


def repositories(project: Project) -> list[Repository]:
    """In the order of their names."""
    return [_repository(row) for row in project.rows("SELECT * FROM repositories ORDER BY name")]


def _repository(row: Row) -> Repository:
    return Repository(
        id=row["id"],
        name=row["name"],
        path=Path(row["path"]),
        include=tuple(json.loads(row["include"])),
        services=json.loads(row["services"]),
        added_at=row["added_at"],
        bare=bool(row["bare"]),
        shallow=bool(row["shallow"]),
        notes=tuple(json.loads(row["notes"])),
    )


def _found(path: Path) -> Layout:
    try:
        return _layout(path.expanduser())
    except PermissionError as error:
        raise UnusableInput(f"{error.filename} may not be read.", "Ask its owner for read access.") from None
    except (OSError, RuntimeError) as error:
        raise UnusableInput(f"{path} can't be opened ({error}).", "Name a folder on this machine.") from None


def _layout(path: Path) -> Layout:
    remedy = "Name the folder of a git repository on this machine; a remote one is cloned first."
    if not path.exists():
        raise UnusableInput(f"There is no folder at {path}.", remedy)
    if not path.is_dir():
        raise UnusableInput(f"{path} is a file, not a repository.", remedy)
    layout = enclosing(path.resolve())
    if layout is None:
        raise UnusableInput(f"There is no git repository at {path} or in a folder above it.", remedy)
    if not f"{path}{layout.root}".isprintable():
        raise UnusableInput("The path of the repository holds characters that can't be shown.", "Move or link it.")
    above = locate(layout.root.parent) if layout.bare else None
    return above if above and above.git_dir == layout.root else layout


def _name(project: Project, name: str) -> str:
    if not _NAME.fullmatch(name):
        raise UnusableInput(
            f"{name!r} can't be a repository's name.", "Use letters, digits, dots and dashes: --name NAME"
        )
    if project.value("SELECT 1 FROM repositories WHERE name = ?", (name,)):
        raise UnusableInput(f"This project already has a repository named {name!r}.", "Choose another: --name NAME")
    return name


def _refuse_known(project: Project, layout: Layout) -> None:
    """A work tree of a repository that is here counts as that repository: its objects and refs are the same."""
    for known in repositories(project):
        other = locate(known.path)
        if known.path == layout.root or (other and other.common_dir.resolve() == layout.common_dir.resolve()):
            raise UnusableInput(f"{layout.root} is already in this project, as {known.name!r}.", "It needs no adding.")


def _refuse_unreadable(root: Path, said: Progress) -> None:
    try:
        refs = tips(root)
        if not refs or head(root, refs) is None:
            raise UnusableInput(f"The repository at {root} has no commits.", "Commit something, then add it.")
        verify(root, tuple(refs.values()), said)
    except PermissionError as error:
        raise UnusableInput(f"{error.filename} may not be read.", "Ask its owner for read access.") from None


def _refuse_another(project: Project, name: str, layout: Layout) -> None:
    """The newest corpus that holds the repository knows commits of it: one of them must be there."""
    query = (
        "SELECT tips FROM corpus_repositories JOIN corpora ON corpora.hash = corpus WHERE repository = ?"
        " ORDER BY refreshed_at DESC LIMIT 1"
    )
    told = project.value(query, (name,))
    ids = sorted(set(json.loads(told).values())) if told else []
    if ids and not any(_holds(layout.root, oid) for oid in ids):
        raise UnusableInput(
            f"The repository at {layout.root} is not {name!r}: it has none of the commits that this project knows.",
            "Choose the folder that the repository was moved to, or add this one under a name of its own.",
        )


def _holds(root: Path, oid: str) -> bool:
    try:
        with ObjectReader(root) as reader:
            reader.read(oid)
    except MissingObject:
        return False
    return True


def _globs(include: Iterable[str]) -> list[str]:
    patterns = list(include)
    for pattern in patterns:
        if not globs.usable(pattern):
            raise UnusableInput(f"{pattern[:80]!r} is not a path pattern.", "Use one like src/ or *.py or lib/**/*.py")
    return patterns


def _services(services: Mapping[str, str]) -> dict[str, str]:
    for prefix, name in services.items():
        if not name.strip() or not name.isprintable() or prefix.startswith("/") or ".." in prefix.split("/"):
            sentence = f"{prefix}={name} does not give a folder of the repository a service."
            raise UnusableInput(sentence, "Write it like services/billing=billing")
    return {prefix.strip("/"): name.strip() for prefix, name in services.items()}


def _is_shallow(layout: Layout) -> bool:
    return bool(small_file(layout.common_dir / "shallow").strip())


def _notes(asked: Path, layout: Layout) -> list[str]:
    """What a reader of the results should know about where they come from."""
    inside = asked.expanduser().resolve() not in (layout.root, layout.git_dir)
    foreign = layout.common_dir.stat().st_uid != os.geteuid()
    borrowing = small_file(layout.common_dir / "objects" / "info" / "alternates").strip()
    notes = {
        f"{asked} lies inside this repository; the whole of it is used.": inside,
        "It is a bare repository: all is read from its objects, as it is from any other.": layout.bare,
        "It is a shallow clone: what lies before its cut is neither scanned nor learnt from.": _is_shallow(layout),
        "It belongs to another user: it is read, and nothing in it is run or obeyed.": foreign,
        "It is a partial clone: files that it lacks are neither scanned nor learnt from.": is_partial(layout),
        "It borrows objects from another repository (objects/info/alternates): both must stay.": bool(borrowing),
    }
    return [note for note, true in notes.items() if true]
