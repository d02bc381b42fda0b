"""The confirmation of a quarantine: what would be erased for good, why, and by whom; nothing is, without the box ticked."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from espalier.core.release.tracing.quarantine import planned
from espalier.core.release.tracing.trace import Trace
from espalier.core.worker.quarantine import queue_quarantine
from espalier.gui.figures import count
from espalier.gui.findings.words import for_the_window
from espalier.gui.parts.check import Check
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.field import Field
from espalier.gui.session import Session

NAMES = 120


class ConfirmQuarantine(Dialog):
    """queued(job): the quarantine is about to begin; broken off, asking again goes on with it."""

    queued = Signal(int)

    def __init__(self, session: Session, found: Trace, parent: QWidget) -> None:
        super().__init__(
            self.tr("Quarantine what it reached?"),
            self.tr(
                "Their text is erased for good, here and in the work folder, and the file is written anew. Hashes, decisions and"
                " the audit stay; what learnt it is not trained on, evaluated, exported or released any more. It is a job, and can be"
                " cancelled until the erasing begins."
            ),
            accept=self.tr("Erase and sign"),
            parent=parent,
        )
        self._session, self._found = session, found
        self.facts = Facts(NAMES)
        self.facts.show_facts(self._plan())
        self.reason = Field(self.tr("Why; it is signed and stays on record"), name=self.tr("Reason"))
        self.sure = Check(self.tr("This can't be taken back: erase it"))
        for part in (self.facts, self.reason, self.sure):
            self.body.addWidget(part)
        self.body.addStretch(1)
        self.ok.setEnabled(False)
        self.sure.toggled.connect(self.ok.setEnabled)
        self.set_accept_handler(self._quarantine)
        self.reason.setFocus()

    def _plan(self) -> list[tuple[str, str]]:
        plan = planned(self._found)
        texts = sum(one.rows for one in self._found.texts if one.erasable)
        return [
            (self.tr("Examples"), count(len(plan.examples))),
            (self.tr("Snapshots"), count(len(plan.snapshots))),
            (self.tr("Runs"), count(len(plan.runs))),
            (self.tr("Adapters"), count(len(plan.adapters))),
            (self.tr("Other texts"), self.tr("{n} rows, {files} work files").format(
                n=count(texts), files=count(len(self._found.work))
            )),
        ]  # fmt: skip

    def _quarantine(self) -> None:
        reason, name, session = self.reason.text().strip(), self._found.finding.fingerprint, self._session
        if not reason:
            self.fail(self.tr("A quarantine needs a reason."))
            return
        self.ok.setEnabled(False)
        self.sure.setEnabled(False)
        session.start(
            lambda project: queue_quarantine(project, name, reason, session.who(project)),
            self.while_there(self._queued),
            self.while_there(self._failed, session.refused.emit),
        )

    def _queued(self, job: int) -> None:
        self.queued.emit(job)
        self.accept()

    def _failed(self, sentence: str, remedy: str) -> None:
        self.sure.setEnabled(True)
        self.fail(sentence, for_the_window(remedy))
