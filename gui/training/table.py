"""The columns of the runs table."""

from PySide6.QtCore import QCoreApplication

from espalier.gui.figures import count, digest, duration, loss, short, size
from espalier.gui.states import SHOWN
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.training.reading import RunRow


def tr(text: str) -> str:
    return QCoreApplication.translate("training.table", text)


def runs_model() -> RowsModel[RunRow]:
    columns: tuple[Column[RunRow], ...] = (
        Column(title=tr("Run"), text=lambda row: str(row.run.id), width=64, kind="strong", by=lambda row: row.run.id),
        Column(title=tr("State"), width=148, kind="state", state=lambda row: SHOWN[row.standing]),
        Column(title=tr("Model"), text=lambda row: row.run.model, width=0),
        Column(title=tr("Snapshot"), text=lambda row: digest(row.run.snapshot), width=92, kind="muted"),
        Column(title=tr("Recipe"), text=lambda row: row.run.recipe.name, width=100),
        Column(title=tr("Step"), text=_step, width=112, kind="number"),
        Column(title=tr("Loss"), text=lambda row: loss(row.run.loss), width=72, kind="number"),
        Column(title=tr("Validation loss"), text=lambda row: loss(row.run.validation_loss), width=112, kind="number"),
        Column(title=tr("Tokens/s"), text=lambda row: short(row.run.tokens_per_second), width=84, kind="number"),
        Column(title=tr("Peak"), text=lambda row: size(row.run.peak_memory), width=84, kind="number"),
        Column(title=tr("Time"), text=lambda row: duration(row.seconds), width=88, kind="number"),
    )
    return RowsModel(columns, lambda row: row.run.id)


def _step(row: RunRow) -> str:
    return count(row.run.step) if row.run.steps is None else f"{count(row.run.step)} / {count(row.run.steps)}"
