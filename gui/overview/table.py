"""The columns of the jobs table."""

from PySide6.QtCore import QCoreApplication

from espalier.gui.figures import count, duration
from espalier.gui.standing import Known
from espalier.gui.states import SHOWN
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.work import work

LARGE = 9_999


def tr(text: str) -> str:
    return QCoreApplication.translate("overview.table", text)


def jobs_model() -> RowsModel[Known]:
    columns: tuple[Column[Known], ...] = (
        Column(title=tr("Job"), text=lambda one: str(one.job.id), width=56),
        Column(title=tr("State"), width=148, kind="state", state=lambda one: SHOWN[one.standing]),
        Column(title=tr("Work"), text=lambda one: work(one.job), width=152),
        Column(title=tr("Done"), text=_done, width=108, kind="number"),
        Column(title=tr("Left"), text=_left, width=72, kind="number"),
        Column(title=tr("Says"), text=says, width=0, kind="muted"),
    )
    return RowsModel(columns, lambda one: one.job.id)


def says(one: Known) -> str:
    """Its failure where it has one, else its last word."""
    return one.job.message if one.job.failure is None else one.job.failure.sentence


def _left(one: Known) -> str:
    return "" if one.job.seconds_left is None else duration(one.job.seconds_left)


def _done(one: Known) -> str:
    """In what the job counts by; bytes and other large numbers as a share."""
    if one.job.total > LARGE:
        return f"{100 * one.job.done // one.job.total} %"
    return f"{count(one.job.done)} / {count(one.job.total)}" if one.job.total else ""
