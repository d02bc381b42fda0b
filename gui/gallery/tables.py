"""Tables: rows chosen and not, every kind of cell, sorted and marked; one without rows, and one that can't be read."""

from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.gui.gallery import samples
from espalier.gui.gallery.samples import tr
from espalier.gui.parts.checklist import Checklist
from espalier.gui.parts.section import SectionHead
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import HEIGHT, ROW, TWO_LINES, Table


@dataclass(frozen=True, slots=True, kw_only=True)
class _Run:
    id: int
    series: int | None
    snapshot: str
    changed: str
    tags: str
    delta: float
    day: str
    marked: bool = False


class Tables(QWidget):
    """The tables of pages, with invented rows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(SectionHead(tr("Rows"), tr("the chosen one has an edge; paths lose whole folders")))
        column.addWidget(_findings())
        column.addWidget(SectionHead(tr("Rows of two lines"), tr("ticked, sorted, with tags, changes and days")))
        column.addWidget(_runs())
        column.addWidget(SectionHead(tr("No rows"), tr("why, and what brings some back")))
        for table in (_without(tr("No finding is as these filters ask."), tr("Clear them")), _lost()):
            column.addWidget(table)
        column.addWidget(SectionHead(tr("Checklist")))
        checklist = Checklist(tr("Checklist"))
        checklist.show_items(samples.items())
        column.addWidget(checklist)


def _findings() -> Table:
    table = Table(samples.rows_model(), tr("Rows"))
    table.setFixedHeight(HEIGHT + 4 * ROW + 2)
    table.selectRow(0)
    return table


def _runs() -> Table:
    columns: tuple[Column[_Run], ...] = (
        Column(
            title=tr("Run"),
            text=lambda run: str(run.id),
            width=64,
            kind="swatch",
            series=lambda run: run.series,
            marked=lambda run: run.marked,
            by=lambda run: run.id,
        ),
        Column(title=tr("Snapshot"), text=lambda run: run.snapshot, width=96, kind="code"),
        Column(title=tr("What changed"), text=lambda run: run.changed, second=_why, width=0, least=96, kind="strong"),
        Column(title=tr("Idioms"), text=lambda run: run.tags, width=132, kind="tags"),
        Column(
            title=tr("Tests"),
            text=lambda run: f"{run.delta:+.1f}".replace("-", "−"),
            width=64,
            kind="delta",
            role=lambda run: "bad" if run.delta < 0 else "ok",
            by=lambda run: run.delta,
        ),
        Column(title=tr("Ended"), text=lambda run: run.day, width=88, kind="date"),
    )
    model = RowsModel(columns, lambda run: run.id)
    model.show_rows(_RUNS)
    table = Table(model, tr("Runs"), row=TWO_LINES)
    model.sort_by(tr("Run"), descending=True)
    table.show_sort(tr("Run"), descending=True)
    table.setFixedHeight(HEIGHT + len(_RUNS) * TWO_LINES + 2)
    return table


def _why(run: _Run) -> str:
    return tr("of run {before}").format(before=run.id - 1)


def _without(sentence: str, button: str) -> Table:
    model = samples.rows_model()
    model.show_rows([])
    table = Table(model, tr("No rows"))
    table.when_empty(sentence, button)
    table.setFixedHeight(HEIGHT + TWO_LINES)
    return table


def _lost() -> Table:
    table = _without("", "")
    table.setAccessibleName(tr("Rows that can't be read"))
    table.notice.say(tr("The project can't be read now: the disk is not there. Attach it again."), bad=True)
    return table


_RUNS = (
    _Run(
        id=7,
        series=0,
        snapshot="9f31c4e2",
        changed="rank 32, was 16",
        tags="errors, money",
        delta=4.3,
        day="2026-09-30",
        marked=True,
    ),
    _Run(
        id=6,
        series=1,
        snapshot="9f31c4e2",
        changed="seed 2, was 1",
        tags="errors, money, paging",
        delta=1.2,
        day="2026-09-28",
        marked=True,
    ),
    _Run(
        id=5,
        series=None,
        snapshot="04ab77d1",
        changed="snapshot 04ab77d1, was 77e0",
        tags="",
        delta=-0.6,
        day="2026-09-12",
    ),
)
