"""The table of examples: its columns, and where its rows come from."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from espalier.core.examples import index
from espalier.core.examples.index import Filter, Line, Order
from espalier.core.project.file import Project
from espalier.gui.examples.words import kind_word, reason_word
from espalier.gui.figures import count, date_of
from espalier.gui.states import EXAMPLE, VERDICT
from espalier.gui.tables.column import Column


def tr(text: str) -> str:
    return QCoreApplication.translate("examples.table", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """Which build, None while there is none; what of it, in which order."""

    build: str | None
    filter: Filter
    order: Order = "time"
    descending: bool = True


class ExamplesSource:
    """Rows of the list, for the table's own thread."""

    def order(self, project: Project, query: Wanted) -> "array[int]":
        if query.build is None:
            return array("q")
        return index.numbers(project, query.build, query.filter, query.order, descending=query.descending)

    def page(self, project: Project, ids: Sequence[int]) -> Sequence[Line]:
        return index.page(project, ids)


def columns() -> tuple[Column[Line], ...]:
    return (
        Column(title=tr("State"), kind="state", state=lambda row: EXAMPLE[row.state], width=104, sort="state"),
        Column(title=tr("Review"), kind="state", state=lambda row: VERDICT[row.review], width=104, sort="review"),
        Column(title=tr("Kind"), text=lambda row: kind_word(row.kind, row.label), width=128, sort="kind"),
        Column(title=tr("Function"), text=lambda row: row.qualified_name or row.id[:12], width=196, kind="code"),
        Column(title=tr("Path"), text=lambda row: row.path, width=0, kind="path", least=160),
        Column(title=tr("Service"), text=lambda row: row.service, width=112, sort="service"),
        Column(title=tr("Tokens"), text=lambda row: count(row.tokens), width=72, kind="number", sort="tokens"),
        Column(title=tr("Committed"), text=lambda row: date_of(row.committed_at), width=96, kind="date", sort="time"),
        Column(title=tr("Why"), text=lambda row: reason_word(row.reason), width=152, kind="muted"),
    )
