"""Importing a report of another scanner: which file, what it is about, what is taken over; and what came of it."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QGridLayout, QWidget

from espalier.core.failures import UnusableInput
from espalier.core.findings.reports.report import FORMATS
from espalier.core.project.file import Project
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.worker.findings import queue_import
from espalier.gui.figures import count
from espalier.gui.findings.words import for_the_window
from espalier.gui.parts.button import Button
from espalier.gui.parts.check import Check
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.field import Field
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

WIDE, NAMES, ROWS = 760, 148, 6
READING = "repositories of the corpus"


class ImportReport(Dialog):
    """queued(job): the report waits for its turn."""

    queued = Signal(int)

    def __init__(self, session: Session, corpus: str, parent: QWidget) -> None:
        super().__init__(
            self.tr("Import a report"),
            self.tr(
                "Each entry is looked up in git first; what is seen there and no rule found becomes an open finding."
                " Delete the report when you are done: it may hold secrets in clear."
            ),
            accept=self.tr("Import"),
            width=600,
            parent=parent,
        )
        self._session, self._corpus = session, corpus
        self.file = Field(self.tr("A report of another scanner, or our own SARIF"), name=self.tr("Report"))
        self.format = Choice(
            self.tr("Format"), [("", self.tr("As seen in the file")), *((one, one) for one in FORMATS)]
        )
        self.repository = Choice(self.tr("About"), [("", self.tr("As the report says"))])
        self.verdicts = Check(self.tr("Take over what it calls no secret, as my decisions"))
        self.reason = Field(self.tr("Why you take it over"), name=self.tr("Reason"))
        self.reason.setEnabled(False)
        self._lay_out()
        self.verdicts.toggled.connect(self.reason.setEnabled)
        for field in (self.file, self.reason):
            field.returnPressed.connect(self.ok.click)
        self.set_accept_handler(self._start)
        self.finished.connect(lambda _: session.forget(READING))
        session.read(READING, lambda project: _names(project, corpus), self._show_repositories, self.fail)
        self.file.setFocus()

    def _show_repositories(self, names: tuple[str, ...]) -> None:
        self.repository.set_options([("", self.tr("As the report says")), *((name, name) for name in names)])

    def _start(self) -> None:
        file, reason = self.file.text().strip(), self.reason.text().strip()
        accept = reason if self.verdicts.isChecked() else None
        if not file or accept == "":
            self.fail(self.tr("Verdicts are taken over for a reason.") if file else self.tr("Choose a report first."))
            return
        session, corpus = self._session, self._corpus
        format, repository = self.format.key or None, self.repository.key or None

        def queue(project: Project) -> int:
            if not Path(file).is_file():
                raise UnusableInput(f"{Path(file).name} is not there.", "Choose another file.")
            who = session.who(project).name
            return queue_import(project, corpus, Path(file), who, format=format, repository=repository, accept=accept)

        self.ok.setEnabled(False)
        session.start(
            queue,
            self.while_there(self._queued),
            self.while_there(
                lambda sentence, remedy: self.fail(sentence, for_the_window(remedy)), session.refused.emit
            ),
        )

    def _queued(self, job: int) -> None:
        self.queued.emit(job)
        self.accept()

    def _choose(self) -> None:
        chooser = QFileDialog(self, self.file.accessibleName(), str(self._session.path.parent))
        chooser.setFileMode(QFileDialog.FileMode.ExistingFile)
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(self.file.setText)
        chooser.open()

    def _lay_out(self) -> None:
        choose = Button(self.tr("Choose…"))
        choose.setAccessibleName(self.tr("Choose: {name}").format(name=self.file.accessibleName()))
        choose.clicked.connect(self._choose)
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        rows: tuple[tuple[str, QWidget], ...] = (
            (self.tr("Report"), self.file),
            (self.tr("Format"), self.format),
            (self.tr("About"), self.repository),
            (self.tr("Verdicts"), self.verdicts),
            (self.tr("Reason"), self.reason),
        )
        for number, (words, control) in enumerate(rows):
            grid.addWidget(Text(words, "body", "second"), number, 0)
            grid.addWidget(control, number, 1, 1, 1 if number == 0 else 2)
        grid.addWidget(choose, 0, 2)
        self.body.addLayout(grid)


class Brought(Dialog):
    """What came of a report: every entry is known, placed, left alone or not placed."""

    def __init__(self, file: str, told: Mapping[str, Any], parent: QWidget) -> None:
        super().__init__(
            self.tr("What came of {name}").format(name=Path(file).name),
            accept=self.tr("Close"),
            width=WIDE,
            parent=parent,
        )
        self.cancel.hide()
        self.facts = Facts(NAMES)
        self.facts.show_facts(self._told(told))
        self.model = RowsModel[tuple[int, Mapping[str, Any]]](_columns(), lambda row: row[0])
        self.table = Table(self.model, self.tr("Not placed"))
        rows = list(enumerate(told["not_placed"]))
        self.model.show_rows(rows)
        self.table.be_as_high_as(min(ROWS, max(1, len(rows))))
        self.table.setVisible(bool(rows))
        self.body.addWidget(self.facts)
        self.body.addWidget(self.table)

    def _told(self, told: Mapping[str, Any]) -> list[tuple[str, str]]:
        guessed = self.tr("{format}, as seen in the file").format(format=told["format"])
        new = self.tr("{n}, new findings: {new}").format(n=count(told["placed"]), new=count(len(told["findings"])))
        proposed = self.tr("{n}, decided so now: {accepted}")
        return [
            (self.tr("Format"), guessed if told["guessed"] else str(told["format"])),
            (self.tr("Entries"), count(told["reported"])),
            (self.tr("Known already"), count(told["known"])),
            (self.tr("Placed"), new),
            (self.tr("Left alone"), count(told["left_alone"])),
            (self.tr("Called no secret"), proposed.format(n=count(len(told["proposed"])), accepted=count(told["accepted"]))),
            (self.tr("Not placed"), count(len(told["not_placed"]))),
        ]  # fmt: skip


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.importing", text)


def _columns() -> tuple[Column[tuple[int, Mapping[str, Any]]], ...]:
    return (
        Column(title=tr("Entry"), text=lambda row: str(row[1]["where"]), width=150, kind="strong"),
        Column(title=tr("File"), text=_file, width=240, kind="path"),
        Column(title=tr("Not placed because"), text=lambda row: str(row[1]["reason"]), width=0, least=160),
    )


def _file(row: tuple[int, Mapping[str, Any]]) -> str:
    path, line = row[1]["path"], row[1]["line"]
    return "" if path is None else f"{path}:{line}" if line else str(path)


def _names(project: Project, corpus: str) -> tuple[str, ...]:
    return tuple(one.name for one in corpus_named(project, corpus).repositories)
