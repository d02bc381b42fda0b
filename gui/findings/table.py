"""The list of findings: its columns, and where its rows come from."""

from array import array
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from espalier.core.findings import index
from espalier.core.findings.index import Listed, Query
from espalier.core.project.file import Project
from espalier.gui.figures import count
from espalier.gui.findings.words import STATES, place_words, rule_title, severity_word
from espalier.gui.tables.column import Column


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.table", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A list by its number, None while there is none; what of it, in which order."""

    listed: int | None
    query: Query


class FindingsSource:
    """Rows of the list, for the table's own thread."""

    def order(self, project: Project, query: Wanted) -> "array[int]":
        return array("q") if query.listed is None else index.ids(project, query.listed, query.query)

    def page(self, project: Project, ids: Sequence[int]) -> Sequence[Listed]:
        return index.page(project, ids)


def columns() -> tuple[Column[Listed], ...]:
    return (
        Column(title=tr("State"), kind="state", state=lambda row: STATES[row.state], width=116, sort="state"),
        Column(title=tr("Rule"), text=lambda row: rule_title(row.rule), width=164, kind="text", sort="rule"),
        Column(
            title=tr("First place"),
            text=lambda row: place_words(row.source, row.repository, row.path),
            width=0,
            kind="path",
            sort="place",
        ),
        Column(
            title=tr("Severity"),
            text=lambda row: severity_word(row.severity, row.kind),
            width=76,
            kind="muted",
            sort="severity",
        ),
        Column(title=tr("Places"), text=lambda row: count(row.places), width=72, kind="number", sort="places"),
    )
