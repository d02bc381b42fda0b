"""The entries of the chain as a table: where they come from, in which order, and how a row reads."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QObject

from espalier.core.project import audit_search
from espalier.core.project.audit import Entry
from espalier.core.project.audit_search import Wanted
from espalier.core.project.file import Project
from espalier.gui.audit.words import did, when
from espalier.gui.figures import count
from espalier.gui.tables.column import Column
from espalier.gui.tables.windowed import WindowedModel


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Newest first, unless it is asked for the other way."""

    wanted: Wanted = field(default_factory=Wanted)
    oldest_first: bool = False


class EntrySource:
    """Entries by number; the chain has no other order."""

    def order(self, project: Project, query: Query) -> "array[int]":
        found = array("q", audit_search.numbers(project, query.wanted))
        if not query.oldest_first:
            found.reverse()
        return found

    def page(self, project: Project, ids: Sequence[int]) -> Sequence[Entry]:
        return audit_search.at(project, ids)


def tr(text: str) -> str:
    return QCoreApplication.translate("audit.table", text)


def entries_model(path: Path, parent: QObject | None = None) -> WindowedModel[Entry]:
    columns: tuple[Column[Entry], ...] = (
        Column(title=tr("Entry"), text=lambda one: count(one.seq), width=76, kind="number", sort="seq"),
        Column(title=tr("When"), text=lambda one: when(one.at), width=152, kind="date"),
        Column(title=tr("Who"), text=lambda one: one.actor, width=156, kind="strong"),
        Column(title=tr("Did"), text=lambda one: did(one.action), width=184),
        Column(title=tr("To"), text=lambda one: one.subject, width=0, kind="muted"),
    )
    return WindowedModel(path, columns, EntrySource(), lambda one: one.seq, parent)
