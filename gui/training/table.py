"""The table of runs: how each stands, what was changed since the one before it, and what came of it."""

from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from espalier.core.training.runs import Run
from espalier.gui.figures import ABSENT, count, digest, duration, loss, share, short, size
from espalier.gui.states import SHOWN
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.training.marks import Marks
from espalier.gui.training.reading import RunRow, Training
from espalier.gui.training.settings import changes

LOOKED_AT = 0  # series
MOST_CHANGES = 3


def tr(text: str) -> str:
    return QCoreApplication.translate("training.table", text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row of the table; `series` is that in which the run is drawn, None where it is not; a `marked` run stays drawn."""

    row: RunRow
    changed: str
    tests: float | None
    series: int | None
    marked: bool = False


def lines_of(training: Training) -> list[Line]:
    selected = training.selected
    marks = Marks() if selected is None else selected.marks
    drawn = {run: marks.series[run] for run in marks.runs}
    if selected is not None:
        drawn[selected.row.run.id] = LOOKED_AT
    earlier = [*training.runs[1:], None][: len(training.runs)]
    return [
        Line(
            row=row,
            changed=changed(None if before is None else before.run, row.run),
            tests=training.tests.get(row.run.id),
            series=drawn.get(row.run.id),
            marked=row.run.id in marks.runs,
        )
        for row, before in zip(training.runs, earlier, strict=True)
    ]


def changed(before: Run | None, run: Run) -> str:
    """What differs from the run before, the inputs first; for the first run, its recipe."""
    if before is None:
        return run.recipe.name
    said = []
    for name, was, now in (
        (tr("model"), before.model, run.model),
        (tr("snapshot"), digest(before.snapshot), digest(run.snapshot)),
        (tr("seed"), str(before.seed), str(run.seed)),
    ):
        if was != now:
            said.append(_said(name, was, now))
    said += [_said(name.lower(), was, now) for name, was, now in changes(before.recipe, run.recipe)]
    if not said:
        return tr("nothing: the same inputs")
    more = len(said) - MOST_CHANGES
    shown = "; ".join(said[:MOST_CHANGES])
    return shown if more <= 0 else f"{shown}; " + tr("{n} more").format(n=more)


def runs_model() -> RowsModel[Line]:
    columns: tuple[Column[Line], ...] = (
        Column(
            title=tr("Run"),
            text=lambda line: str(line.row.run.id),
            width=64,
            kind="swatch",
            series=lambda line: line.series,
            marked=lambda line: line.marked,
            aloud=_aloud,
            tooltip=tr(
                "A ticked run stays drawn, whichever run is looked at: click its box, or press Space on its row"
            ),
            by=lambda line: line.row.run.id,
        ),
        Column(title=tr("State"), width=132, kind="state", state=lambda line: SHOWN[line.row.standing]),
        Column(title=tr("Snapshot"), text=lambda line: digest(line.row.run.snapshot), width=92, kind="muted"),
        Column(title=tr("What changed"), text=lambda line: line.changed, width=0, least=104),
        Column(title=tr("Step"), text=_step, width=100, kind="number", by=lambda line: line.row.run.step),
        Column(
            title=tr("Validation loss"),
            text=lambda line: loss(line.row.run.validation_loss),
            width=112,
            kind="number",
            by=lambda line: line.row.run.validation_loss or float("inf"),
        ),
        Column(title=tr("Tests pass"), text=_tests, width=88, kind="number", by=lambda line: line.tests or -1.0),
        Column(title=tr("Tokens/s"), text=lambda line: short(line.row.run.tokens_per_second), width=80, kind="number"),
        Column(title=tr("Peak"), text=lambda line: size(line.row.run.peak_memory), width=80, kind="number"),
        Column(title=tr("Time"), text=lambda line: duration(line.row.seconds), width=80, kind="number"),
    )
    return RowsModel(columns, lambda line: line.row.run.id)


def _said(name: str, was: str, now: str) -> str:
    return tr("{name} {now}, was {was}").format(name=name, now=now, was=was)


def _step(line: Line) -> str:
    run = line.row.run
    return count(run.step) if run.steps is None else f"{count(run.step)} / {count(run.steps)}"


def _aloud(line: Line) -> str:
    number = str(line.row.run.id)
    return tr("{run}, laid over").format(run=number) if line.marked else number


def _tests(line: Line) -> str:
    return ABSENT if line.tests is None else share(line.tests)
