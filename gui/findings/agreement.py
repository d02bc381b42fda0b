"""How far two people agree who read the same files: on how many both said the same, Cohen's kappa, and where they differ."""

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.core.findings.sampling.second_reads import Agreement, Disagreement
from espalier.gui.figures import count
from espalier.gui.findings.sample_reading import Second
from espalier.gui.findings.sentence import some
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.text import Text
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

NAMES, MOST = 128, 12  # rows
Row = tuple[int, str, Disagreement]


class AgreementView(QWidget):
    """Shows nothing before `show_second` was told an agreement."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._means = Text("", "section"), Text("", "body", "second", wrap=True)
        self.facts = Facts(NAMES)
        self._differ = Text(self.tr("Where one saw a secret and the other none"), "second", "second", weight=600)
        self.model = RowsModel[Row](_columns(), lambda row: row[0])
        self.table = Table(self.model, self._differ.text())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for part in (self._title, self._means, self.facts, self._differ, self.table):
            column.addWidget(part)
        column.insertSpacing(3, 4)
        column.addStretch(1)

    def show_second(self, second: Second) -> None:
        told = second.agreement
        if told is None:
            return
        self._title.setText(_title(second, told))
        self._means.setText(_means(second, told))
        self.facts.show_facts(facts(told) if told.files else [])
        self.facts.setVisible(told.files > 0)
        rows = [(at, path, one) for at, (path, one) in enumerate(zip(second.paths, told.disagreements, strict=True))]
        if rows != [self.model.row_at(row) for row in range(self.model.rowCount())]:
            self.model.show_rows(rows)
            self.table.be_as_high_as(min(MOST, max(1, len(rows))))
        for part in (self._differ, self.table):
            part.setVisible(bool(rows))


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.agreement", text)


def facts(told: Agreement) -> list[tuple[str, str]]:
    agreed = tr("{n} of {files}").format(n=count(told.agreed), files=count(told.files))
    return [(tr("Both said the same"), agreed), (tr("Cohen's kappa"), kappa(told))]


def kappa(told: Agreement) -> str:
    return tr("not defined") if told.kappa is None else f"{told.kappa:.2f}"


def _title(second: Second, told: Agreement) -> str:
    if not told.files:
        return tr("Nothing was read by two people")
    if not second.once:
        return tr("Every file that was read was read by two people")
    return some(told.files, tr("1 file was read by two people"), tr("{n} files were read by two people"))


def _means(second: Second, told: Agreement) -> str:
    """What the figures say, and what is to be done."""
    said = []
    if told.files and told.kappa is None:
        said.append(
            tr("Both said the same one thing of every file: chance alone would agree as far, so kappa says nothing.")
        )
    elif told.files:
        said.append(
            tr(
                "Kappa is what they agree beyond chance: 1 always, 0 no more than chance. Where misses are rare it may be low though nearly all agree."
            )
        )
    if second.once:
        left = some(second.once, tr("1 file was read by one person only"), tr("{n} files were read by one person only"))
        how = tr("somebody else chooses an identity at the top right and reads blind.")
        said.append(f"{left}: {how}")
    return " ".join(said)  # fmt: skip


def _columns() -> tuple[Column[Row], ...]:
    return (
        Column(title=tr("File"), text=lambda row: row[1], width=0, least=200, kind="path"),
        Column(title=tr("First reader"), text=lambda row: _saw(row[2].first, row[2].first_missed), width=170),
        Column(title=tr("Second reader"), text=lambda row: _saw(row[2].second, row[2].second_missed), width=170),
    )


def _saw(who: str, missed: int) -> str:
    seen = some(missed, tr("1 secret"), tr("{n} secrets")) if missed else tr("clean")
    return tr("{who}: {seen}").format(who=who, seen=seen)
