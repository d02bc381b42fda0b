"""A long list for tests of tables: notes in a table of their own in a project file, and the source that reads them."""

import json
from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from espalier.core.project.file import Project
from espalier.gui.states import SHOWN
from espalier.gui.tables.column import Column
from espalier.gui.tables.windowed import WindowedModel


@dataclass(frozen=True, slots=True)
class Note:
    id: int
    path: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    most: int = 1 << 62
    order: str = "id"
    descending: bool = False


class Notes:
    """What was asked for is noted, for tests that count it."""

    def __init__(self) -> None:
        self.orders: list[Query] = []
        self.pages: list[int] = []

    def order(self, project: Project, query: Query) -> "array[int]":
        self.orders.append(query)
        way = "DESC" if query.descending else "ASC"
        sql = f"SELECT id FROM notes WHERE size <= :most ORDER BY {query.order} {way}, id"
        return project.ids(sql, {"most": query.most})

    def page(self, project: Project, ids: Sequence[int]) -> Sequence[Note]:
        self.pages.append(ids[0])
        sql = "SELECT id, path, size FROM notes WHERE id IN (SELECT value FROM json_each(?))"
        return [Note(*row) for row in project.rows(sql, (json.dumps(list(ids)),))]


def columns() -> tuple[Column[Note], ...]:
    return (
        Column(title="State", width=100, kind="state", state=lambda note: SHOWN["done" if note.size else "queued"]),
        Column(title="Path", text=lambda note: note.path, width=0, kind="path", sort="path"),
        Column(title="Size", text=lambda note: str(note.size), width=80, kind="number", sort="size"),
    )


def file_with(folder: Path, notes: int) -> Path:
    """Sizes run against the ids, so that the order by size is another one."""
    with Project.create(folder / "notes") as project:
        with project.write() as db:
            db.execute("CREATE TABLE notes (id INTEGER PRIMARY KEY, path TEXT NOT NULL, size INTEGER NOT NULL)")
            db.execute(
                "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :notes)"
                " INSERT INTO notes SELECT i, printf('folder/%07d.py', i), :notes - i FROM n WHERE :notes > 0",
                {"notes": notes},
            )
        return project.path


def change(path: Path, sql: str) -> None:
    with Project.open(path) as project, project.write() as db:
        db.execute(sql)


def model(path: Path, source: Notes | None = None) -> WindowedModel[Note]:
    return WindowedModel(path, columns(), source or Notes(), lambda note: note.id)
