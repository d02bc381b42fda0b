"""Tracing a secret that was found late: how far it came, and the way to its quarantine."""

from collections.abc import Callable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from espalier.core.findings.findings import Finding
from espalier.core.project.file import Project
from espalier.core.release.tracing.trace import Trace, trace
from espalier.gui.findings.quarantining import ConfirmQuarantine
from espalier.gui.findings.sentence import some
from espalier.gui.findings.told import Told
from espalier.gui.findings.traced import model, rows_of, words_of
from espalier.gui.findings.words import for_the_window, rule_title
from espalier.gui.parts.button import Button
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.tables.table import Table

WIDE, ROWS, READING = 860, 11, "findings trace"


class TraceSecret(Dialog):
    """Read off this thread; nothing that is told has the secret in it.

    queued(job): what it reached is about to be quarantined
    """

    queued = Signal(int)

    def __init__(self, session: Session, one: Finding, parent: QWidget) -> None:
        super().__init__(
            self.tr("Where did this secret get to?"),
            self.tr(
                "Examples, and whatever was made of them. The value is read from git into memory, and is not shown or kept."
            ),
            accept=self.tr("Close"),
            width=WIDE,
            parent=parent,
        )
        self._session, self._one = session, one
        self.found: Trace | None = None
        self.confirm: ConfirmQuarantine | None = None
        self._told: Told | None = None
        self.cancel.hide()
        self.head = SectionHead(rule_title(one.rule), one.fingerprint[:16])
        self.said = Text("", "body", "second", wrap=True)
        self.model = model()
        self.table = Table(self.model, self.tr("What it could have reached"))
        self.table.be_as_high_as(ROWS)
        self.quarantine = Button(self.tr("Quarantine…"), height=32)
        self.quarantine.setEnabled(False)
        self.quarantine.clicked.connect(self.ask_to_quarantine)
        self.left.addWidget(self.quarantine)
        for part in (self.head, self.said, self.table):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.finished.connect(lambda _: self._give_up())
        self.read()

    def read(self) -> None:
        """Anew."""
        self._give_up()
        self.found = None
        self.quarantine.setEnabled(False)
        self._told = told = Told()
        told.sentence.connect(self.said.setText)
        self.said.setText(self.tr("Reading the value from its repository."))
        self._session.read(READING, _traced(self._one.fingerprint, told), self._show, self._untold)

    def ask_to_quarantine(self) -> None:
        if self.found is not None:
            self.confirm = ConfirmQuarantine(self._session, self.found, self)
            self.confirm.queued.connect(self._queued)
            self.confirm.open()

    def _show(self, found: Trace) -> None:
        self.found = found
        rows = rows_of(found)
        self.said.setText(words_of(found))
        self.model.show_rows(list(enumerate(rows)))
        self.table.when_empty(self.tr("Nothing was made of it."))
        places = some(len(found.places), self.tr("1 place"), self.tr("{n} places"))
        self.head.say(f"{self._one.fingerprint[:16]} · {places}")
        self.quarantine.setEnabled(self._session.may_write and not found.clean)
        self.table.setFocus()

    def _untold(self, sentence: str, remedy: str) -> None:
        self.said.setText("")
        self.fail(sentence, for_the_window(remedy))

    def _queued(self, job: int) -> None:
        """What is told here is not true for long."""
        self.queued.emit(job)
        self.accept()

    def _give_up(self) -> None:
        if self._told is not None:
            self._told.stop()
        self._session.forget(READING)


def _traced(fingerprint: str, told: Told) -> Callable[[Project], Trace]:
    return lambda project: trace(project, fingerprint, told.say)
