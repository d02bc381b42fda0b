"""The last walk through each repository's history, kept in the project file.

It holds for the code that wrote it, byte for byte: after a change of how files are classified or licences read, all is read anew.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import metadata
from itertools import islice
from pathlib import Path

from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Connection, Project, Row
from espalier.core.repositories import classify, history, licence_text, licences, walks
from espalier.core.repositories.classify import Content
from espalier.core.repositories.history import Outline, Place, Submodule
from espalier.core.repositories.walks import Blob, Named, Walk

AT_ONCE = 2000  # rows in one short transaction
_CODE = (classify, history, licence_text, licences, walks)
_SIGNS = ("lfs_pointer", "binary", "generated", "dense")
_BLOBS = (
    "SELECT walked_blobs.* FROM walked_blobs JOIN walks USING (repository)"
    " WHERE repository = ? AND writer = ? AND written = 1"
)
_FORGET = "DELETE FROM walked_blobs WHERE repository = ? AND object = ?"
_KEEP = "INSERT OR REPLACE INTO walked_blobs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_FINISH = (
    'UPDATE walks SET tips = ?, heads = ?, submodules = ?, licences = ?, commits = ?, "order" = ?, written = 1'
    " WHERE repository = ?"
)


@cache
def reading() -> str:
    """Names the code that walks and reads, and the list of licences that it knows them by."""
    code = b"".join(Path(str(module.__file__)).read_bytes() for module in _CODE)
    return hashlib.sha256(code + metadata.version("license-expression").encode()).hexdigest()


def recall(project: Project, repository: str) -> Walk:
    """The last walk; nothing where there is none that still holds."""
    row = project.row("SELECT * FROM walks WHERE repository = ?", (repository,))
    if row is None or not row["written"] or row["reading"] != reading():
        return Walk(kept=row["writer"] if row else "")
    return Walk(
        tips=tuple(json.loads(row["tips"])),
        heads=tuple(json.loads(row["heads"])),
        commits=row["commits"],
        order=row["order"],
        blobs=_blobs(project.rows(_BLOBS, (repository, row["writer"]))),
        submodules=_submodules(row),
        licences={path: Named(*last) for path, last in json.loads(row["licences"]).items()},
        kept=row["writer"],
    )


def outline(project: Project, repository: str, path: Path, tips: Iterable[str]) -> Outline:
    """Of the history that these tips lead to; it is walked only where the last walk went elsewhere."""
    named = tuple(sorted(set(tips)))
    row = project.row("SELECT * FROM walks WHERE repository = ?", (repository,))
    if row is not None and row["written"] and row["reading"] == reading() and tuple(json.loads(row["tips"])) == named:
        found = project.rows(_BLOBS, (repository, row["writer"]))
        if found:
            return Outline(places={one["object"]: _place(one) for one in found}, submodules=_submodules(row))
    return history.outline(path, named)


def keep(project: Project, repository: str, earlier: Walk, walk: Walk) -> None:
    """Write down what the walk has that the one recalled before it had not; one that is not whole is forgotten.

    Where another process wrote one meanwhile, that one stays.
    """
    writer = secrets.token_hex(8)
    if not _begins(project, repository, earlier.kept, writer) or not walk.whole:
        return
    new = (_row(repository, oid, blob) for oid, blob in walk.blobs.items() if earlier.blobs.get(oid) is not blob)
    gone = ((repository, oid) for oid in (earlier.blobs or _objects(project, repository)) if oid not in walk.blobs)
    for sql, rows in ((_FORGET, gone), (_KEEP, new)):
        for some in _some(rows):
            with project.write() as db:
                if not _still_writes(db, repository, writer):
                    return
                db.executemany(sql, some)
    with project.write() as db:
        if _still_writes(db, repository, writer):
            db.execute(_FINISH, (*_about(walk), repository))


def _begins(project: Project, repository: str, before: str, writer: str) -> bool:
    """Takes the place of the walk that was recalled, if it is still that one."""
    with project.write() as db:
        row = db.execute("SELECT writer FROM walks WHERE repository = ?", (repository,)).fetchone()
        if (row["writer"] if row else "") != before:
            return False
        db.execute(
            "INSERT OR REPLACE INTO walks (repository, reading, writer) VALUES (?, ?, ?)",
            (repository, reading(), writer),
        )
        return True


def _still_writes(db: Connection, repository: str, writer: str) -> bool:
    sql = "SELECT 1 FROM walks WHERE repository = ? AND writer = ?"
    return db.execute(sql, (repository, writer)).fetchone() is not None


def _objects(project: Project, repository: str) -> list[str]:
    return [
        row["object"] for row in project.rows("SELECT object FROM walked_blobs WHERE repository = ?", (repository,))
    ]


def _some(rows: Iterable[tuple[object, ...]]) -> Iterator[list[tuple[object, ...]]]:
    waiting = iter(rows)
    while some := list(islice(waiting, AT_ONCE)):
        yield some


def _about(walk: Walk) -> tuple[object, ...]:
    submodules = sorted([one.path, one.commit] for one in walk.submodules)
    last = {path: [named.commit, named.blob] for path, named in walk.licences.items()}
    lists = (list(walk.tips), list(walk.heads), submodules, last)
    return (*map(canonical_text, lists), walk.commits, walk.order)


def _submodules(row: Row) -> frozenset[Submodule]:
    return frozenset(Submodule(path=path, commit=commit) for path, commit in json.loads(row["submodules"]))


def _row(repository: str, oid: str, blob: Blob) -> tuple[object, ...]:
    assert blob.place
    place, content = blob.place, blob.content
    signs = None if content is None else " ".join(sign for sign in _SIGNS if getattr(content, sign))
    told = (signs, content.interpreter if content else None, *(blob.top or (None, None)))
    return (repository, oid, blob.size, place.path, place.mode, place.commit, place.committed_at, *told)


def _blobs(rows: Iterable[Row]) -> dict[str, Blob]:
    contents = cache(_content)
    return {
        row["object"]: Blob(
            row["size"],
            _place(row),
            contents(row["signs"], row["interpreter"]),
            None if row["licence"] is None else (row["licence"], row["holder"]),
        )
        for row in rows
    }


def _place(row: Row) -> Place:
    return Place(path=row["path"], mode=row["mode"], commit=row["commit"], committed_at=row["committed_at"])


def _content(signs: str | None, interpreter: str | None) -> Content | None:
    if signs is None:
        return None
    told = {sign: sign in signs.split() for sign in _SIGNS}
    return Content(**told, interpreter=interpreter)
