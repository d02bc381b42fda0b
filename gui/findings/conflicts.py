"""What a reviewer decided elsewhere and somebody decided otherwise here meanwhile: it stays as it is here, and is told."""

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QWidget

from espalier.core.findings.packs.accept import Conflict
from espalier.gui.figures import count
from espalier.gui.findings.sentence import some
from espalier.gui.findings.words import STATES
from espalier.gui.parts.dialog import Dialog
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

WIDE, ROWS = 640, 8


class Conflicts(Dialog):
    """One row a finding; of very many, `number` says how many there are."""

    def __init__(self, conflicts: Sequence[Conflict], number: int, parent: QWidget) -> None:
        words = some(
            number,
            tr("1 finding was decided otherwise here since the pack was made, and stays as it is."),
            tr("{n} findings were decided otherwise here since the pack was made, and stay as they are."),
        )
        if number > len(conflicts):
            words += " " + tr("The first {n} are listed.").format(n=count(len(conflicts)))
        super().__init__(
            tr("Decided otherwise here"),
            words,
            accept=tr("Close"),
            width=WIDE,
            parent=parent,
        )
        self.cancel.hide()
        self.model = RowsModel[tuple[int, Conflict]](_columns(), lambda row: row[0])
        self.model.show_rows(list(enumerate(conflicts)))
        self.table = Table(self.model, tr("Decided otherwise here"))
        self.table.be_as_high_as(min(ROWS, len(conflicts)))
        self.body.addWidget(self.table)
        self.body.addStretch(1)


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.conflicts", text)


def _columns() -> tuple[Column[tuple[int, Conflict]], ...]:
    return (
        Column(title=tr("Finding"), text=lambda row: row[1].fingerprint[:12], width=128, kind="code"),
        Column(title=tr("Here"), text=lambda row: _word(row[1].here), width=120),
        Column(title=tr("By"), text=lambda row: row[1].by, width=0, least=110),
        Column(title=tr("The reviewer"), text=lambda row: _word(row[1].there), width=120),
    )


def _word(state: str) -> str:
    return STATES[state].word if state in STATES else state
