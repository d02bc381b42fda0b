"""Findings that come from elsewhere and go elsewhere: what is asked for, as jobs; and what came of these and of every other job
that the page asked for.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QWidget

from espalier.core.findings.index import Query
from espalier.core.findings.packs.accept import Conflict
from espalier.core.jobs.job import Job, enqueue
from espalier.core.worker.decisions import ACCEPT, queue_accept
from espalier.core.worker.findings import EXPORT, IMPORT, PACK, queue_pack
from espalier.gui.findings.conflicts import Conflicts
from espalier.gui.findings.importing import Brought, ImportReport
from espalier.gui.findings.outcome import DECIDES, outcome
from espalier.gui.findings.reading import Findings
from espalier.gui.findings.words import for_the_window
from espalier.gui.parts.dialog import Dialog
from espalier.gui.session import Session

ENDINGS = ("sarif", "csv", "html", "pdf")


class Traffic(QObject):
    """A job that was asked for here is followed to its end, and its end is told.

    decided(): findings are decided otherwise than they were, or there are more of them
    """

    decided = Signal()

    def __init__(
        self,
        session: Session,
        actions: Mapping[str, QAction],
        show: Callable[[Dialog], None],
        filtered: Callable[[], Query],
        page: QWidget,
    ) -> None:
        """`show` opens a dialog; `filtered` is what the list is filtered by."""
        super().__init__(page)
        self._session, self._show, self._filtered, self._page = session, show, filtered, page
        self._corpus: str | None = None
        self._jobs: tuple[Job, ...] = ()
        self._waiting: set[int] = set()
        for name, ask in (
            ("import report", self.ask_for_report),
            ("export findings", self.ask_where_to_export),
            ("pack findings", self.ask_where_to_pack),
            ("accept decisions", self.ask_for_decisions),
        ):
            actions[name].triggered.connect(lambda _=False, ask=ask: ask())

    def show_standing(self, standing: Findings) -> None:
        self._corpus, self._jobs = standing.corpus, standing.jobs
        self._look()

    def ask_for_report(self) -> None:
        if self._corpus is not None:
            dialog = ImportReport(self._session, self._corpus, self._page)
            dialog.queued.connect(self.follow)
            self._show(dialog)

    def ask_where_to_export(self) -> None:
        kinds = {
            "sarif": self.tr("SARIF, for code scanning"),
            "csv": self.tr("CSV, a table"),
            "html": self.tr("HTML, a report for an auditor"),
            "pdf": self.tr("PDF, the same on paper"),
        }
        filters = {f"{kinds[one]} (*.{one})": one for one in ENDINGS}
        dialog = self._chooser(self.tr("Export findings"), f"{self._session.path.stem}-findings")
        dialog.setNameFilters(list(filters))
        dialog.setDefaultSuffix(ENDINGS[0])
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix(filters[chosen]))
        dialog.fileSelected.connect(lambda chosen: self.export(Path(chosen)))
        dialog.open()

    def export(self, target: Path) -> None:
        """In the format that the file ends in."""
        args: dict[str, object] = {"corpus": self._corpus, "file": str(target)}
        self._session.start(lambda project: enqueue(project, EXPORT, args, "cpu"), self.follow)

    def ask_where_to_pack(self) -> None:
        dialog = self._chooser(self.tr("Make a review pack"), f"{self._session.path.stem}-review")
        dialog.setNameFilter(self.tr("Review packs") + " (*.zip)")
        dialog.setDefaultSuffix("zip")
        dialog.fileSelected.connect(lambda chosen: self.pack(Path(chosen)))
        dialog.open()

    def pack(self, target: Path) -> None:
        """Of what is open and the filters let through, signed by who acts."""
        corpus, session, query = self._corpus, self._session, self._filtered()
        if corpus is not None:
            session.start(
                lambda project: queue_pack(project, corpus, target, session.who(project).name, query), self.follow
            )

    def ask_for_decisions(self) -> None:
        dialog = QFileDialog(self._page, self.tr("Accept decisions"), str(self._session.path.parent))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(self.tr("Signed decisions") + " (*.json)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self.accept(Path(chosen)))
        dialog.open()

    def accept(self, path: Path) -> None:
        """All of them or none; what was decided here meanwhile stays, and is listed."""
        self._session.start(lambda project: queue_accept(project, path), self.follow)

    def follow(self, job: int) -> None:
        """It may have ended before this window was told its number."""
        self._waiting.add(job)
        self._look()

    def _look(self) -> None:
        for job in self._jobs:
            if job.id in self._waiting and job.ended:
                self._waiting.discard(job.id)
                self._tell(job)

    def _tell(self, job: Job) -> None:
        if job.kind in DECIDES:
            self.decided.emit()
        if job.failure is not None:
            narrower = self.tr("A pack holds what is open and the filters let through: filter the list first.")
            remedy = narrower if job.kind == PACK and "--" in job.failure.remedy else job.failure.remedy
            self._session.refused.emit(job.failure.sentence, for_the_window(remedy))
        elif job.state == "done" and job.result is not None:  # who stopped it knows
            words = outcome(job)
            if words:
                self._session.did.emit(words, False)
            self._show_more(job, job.result)

    def _show_more(self, job: Job, result: Mapping[str, Any]) -> None:
        """What has more to it than a sentence."""
        if job.kind == IMPORT:
            self._show(Brought(Path(str(job.args["file"])).name, result, self._page))
        elif job.kind == ACCEPT and result["differing"]:
            conflicts = [Conflict(**one) for one in result["conflicts"]]
            self._show(Conflicts(conflicts, result["differing"], self._page))

    def _chooser(self, title: str, name: str) -> QFileDialog:
        """Of a new file: core overwrites none, so that nobody is asked whether it may."""
        dialog = QFileDialog(self._page, title, str(self._session.path.with_name(name)))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setOption(QFileDialog.Option.DontConfirmOverwrite)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog
