"""The audit page: the chain by who, what, when and words; one entry whole; and whether it all still hangs together."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.project import audit_export, checkpoints
from espalier.core.project.audit_search import Wanted
from espalier.core.project.file import Project
from espalier.gui.actions import make_actions
from espalier.gui.audit.actions import ACTIONS
from espalier.gui.audit.entry_pane import EntryPane
from espalier.gui.audit.reading import Chain, ChainReading, Counts
from espalier.gui.audit.table import Query, entries_model
from espalier.gui.audit.verdict import Tone, VerdictBar
from espalier.gui.audit.verifying import Judged, Verifying
from espalier.gui.audit.words import TIMES, did, sentence, since, time_word, verdict
from espalier.gui.background import Reading
from espalier.gui.figures import count
from espalier.gui.parts.button import Button
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.filter_bar import FilterBar
from espalier.gui.parts.header import Header
from espalier.gui.session import Session
from espalier.gui.tables.table import Table


class AuditPage(QWidget):
    """Changes nothing but the chain itself, which a checkpoint leaves as it is."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.readings: Mapping[str, Reading] = {"audit": Reading(read=ChainReading(), seconds=1.0)}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self.model = entries_model(session.path, self)
        self.table = Table(self.model, self.tr("Entries of the audit chain"), settings=session.settings, key="audit")
        self.pane, self.verdict = EntryPane(), VerdictBar()
        self._chain: Chain | None = None
        self._walk: Verifying | None = None
        self._oldest_first = False
        self._wanted_entry = 0
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()

    def take(self, name: str, value: object) -> None:
        if not isinstance(value, Chain):
            return
        first, self._chain = self._chain is None, value
        self.header.say(sentence(value))
        self._offer("who", value.actors, str)
        self._offer("what", value.actions, did)
        self._ask() if first else self.model.refresh()

    def show_detail(self, detail: str) -> None:
        """The number of an entry, or words to look for."""
        if detail.isdecimal():
            self.filters.clear()
            self._wanted_entry = int(detail)
            self._settle()
        elif detail:
            self.filters.search.setText(detail)

    def leave(self) -> None:
        self._stop_walk()
        self.model.close()

    def verify(self, checkpoint: Path | None = None) -> None:
        """Walk the whole chain, in its own time."""
        self._stop_walk()
        self._walk = Verifying(self._session.path, checkpoint, self)
        self._walk.walked.connect(self.verdict.show_walk)
        self._walk.judged.connect(self._judge)
        self._walk.refused.connect(lambda what, why: self.verdict.show_verdict("bad", what, why))
        self.verdict.show_walk(0, self._chain.entries if self._chain else 0)
        self._walk.start()

    def ask_for_checkpoint_file(self) -> None:
        dialog = self._dialog(self.tr("A checkpoint that was kept elsewhere"), self.tr("Checkpoints") + " (*.json)")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.verify(Path(path)))
        dialog.open()

    def ask_where_to_sign(self) -> None:
        dialog = self._dialog(self.tr("Save a checkpoint"), self.tr("Checkpoints") + " (*.json)")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"{self._session.path.stem}-checkpoint.json")
        dialog.fileSelected.connect(lambda path: self.sign_checkpoint(Path(path)))
        dialog.open()

    def sign_checkpoint(self, target: Path) -> None:
        """With the key of who acts in this window; the file is to be kept where the project's owner can't change it."""

        def sign(project: Project) -> None:
            checkpoints.write(project, self._session.who(project), target)

        said = self.tr("Signed a checkpoint into {name}. Keep it where the project's owner can't change it.")
        self._session.read("checkpoint", sign, lambda _: self._session.did.emit(said.format(name=target.name), False))

    def ask_where_to_export(self) -> None:
        dialog = self._dialog(
            self.tr("Export entries"), self.tr("JSON lines") + " (*.jsonl);;" + self.tr("Table") + " (*.csv)"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.selectFile(f"{self._session.path.stem}-audit.jsonl")
        dialog.fileSelected.connect(lambda path: self.export(Path(path)))
        dialog.open()

    def export(self, target: Path) -> None:
        """The entries that are wanted now, oldest first."""
        wanted = self._wanted()
        kind: audit_export.Format = "csv" if target.suffix == ".csv" else "jsonl"

        def write(project: Project) -> int:
            return audit_export.export(project, target, wanted, kind)

        said = self.tr("Exported {n} entries to {name}")
        self._session.read(
            "audit export",
            write,
            lambda n: self._session.did.emit(said.format(n=count(n), name=target.name), False),
        )

    def _dialog(self, title: str, kinds: str) -> QFileDialog:
        dialog = QFileDialog(self, title, str(self._session.path.parent), kinds)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _judge(self, judged: Judged) -> None:
        known = judged.checkpoint is None or bool(judged.checkpoint.signer)
        tone: Tone = "bad" if not judged.verdict.passed else "ok" if known else "warn"
        self.verdict.show_verdict(tone, *verdict(judged))

    def _stop_walk(self) -> None:
        if self._walk is not None:
            self._walk.stop()
            self._walk.deleteLater()
            self._walk = None

    def _wanted(self) -> Wanted:
        who, what, time = (self.filters.values(name) for name in ("who", "what", "when"))
        days = next((back for name, _, back in TIMES if time and name == time[0]), None)
        return Wanted(
            actor=who[0] if who else "",
            action=what[0] if what else "",
            since="" if days is None else since(days),
            text=self.filters.words,
        )

    def _ask(self) -> None:
        self.model.set_query(Query(wanted=self._wanted(), oldest_first=self._oldest_first))
        set_ = self.filters.set
        self.actions_by_id["clear audit"].setEnabled(set_)
        self.table.when_empty(
            self.tr("No entry is like that.") if set_ else self.tr("Nothing has been done in this project yet."),
            self.tr("Show every entry") if set_ else "",
        )

    def _sort(self, order: str, descending: bool) -> None:
        self._oldest_first = not descending
        self._ask()

    def _loaded(self, rows: int, _milliseconds: float) -> None:
        of = self._chain.entries if self._chain else rows
        told = self.tr("{shown} of {all}") if rows != of else self.tr("{all} entries")
        self.filters.count.setText(told.format(shown=count(rows), all=count(of)))
        if self.table.current_id is None and rows:
            self.table.go_first()
        self._settle()

    def _settle(self) -> None:
        """Go to the entry that was asked for from elsewhere, once its row is there."""
        if self._wanted_entry and self.model.row_of(self._wanted_entry) is not None:
            self.table.choose(self._wanted_entry)
            self._show(self._wanted_entry)
            self._wanted_entry = 0

    def _show(self, number: int) -> None:
        place = self.model.row_of(number)
        row = None if place is None else self.model.row_at(place)
        if row is not None:
            self.pane.show_entry(row)

    def _shown_again(self) -> None:
        """A row that has been read only now may be the chosen one."""
        if self.table.current_id is not None:
            self._show(self.table.current_id)

    def _offer(self, name: str, counts: Counts, words: Callable[[str], str]) -> None:
        self.filters.chips[name].set_options([Option(key, words(key), number) for key, number in counts])

    def _connect(self) -> None:
        actions = self.actions_by_id
        actions["verify chain"].triggered.connect(lambda: self.verify())
        actions["verify against"].triggered.connect(self.ask_for_checkpoint_file)
        actions["checkpoint"].triggered.connect(self.ask_where_to_sign)
        actions["export audit"].triggered.connect(self.ask_where_to_export)
        actions["filter audit"].triggered.connect(self.filters.search.setFocus)
        actions["clear audit"].triggered.connect(self.filters.clear)
        self.filters.changed.connect(self._ask)
        self.table.chosen.connect(self._show)
        self.table.sort_asked.connect(self._sort)
        self.table.remedy_asked.connect(self.filters.clear)
        self.table.copied.connect(lambda said: self._session.did.emit(said, False))
        self.model.loaded.connect(self._loaded)
        self.model.dataChanged.connect(lambda *_: self._shown_again())
        self.model.lost.connect(self._session.refused)
        self.verdict.stopped.connect(self._stop_walk)
        self.table.show_sort("seq", descending=True)

    def _lay_out(self) -> None:
        actions = self.actions_by_id
        buttons = (
            Button.of(actions["checkpoint"], height=32),
            Button.of(actions["verify chain"], "primary", height=32),
        )
        self.header = Header(self.tr("Audit"), buttons)
        self.header.say(self.tr("Reading the chain…"))
        times = [Option(name, time_word(word)) for name, word, _ in TIMES]
        chips = {
            "who": FilterChip(self.tr("Who")),
            "what": FilterChip(self.tr("Did")),
            "when": FilterChip(self.tr("When"), times),
        }
        against = Button.of(actions["verify against"], "ghost", height=24, key=False)
        export = Button.of(actions["export audit"], "ghost", height=24)
        self.filters = FilterBar(chips, search=self.tr("Search"), at_right=(against, export))
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.table, 3)
        row.addWidget(self.pane, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for part in (self.header, self.verdict, self.filters):
            column.addWidget(part)
        column.addLayout(row, 1)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """A checkpoint, dropped anywhere on the page."""
        files = [url.toLocalFile() for url in event.mimeData().urls() if url.isLocalFile()]
        if files:
            event.acceptProposedAction()
            self.verify(Path(files[0]))
