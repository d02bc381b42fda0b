"""The repositories page: what the project learns from, what is new in it, and whose code it is."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.core.repositories import repository, stage
from espalier.core.repositories.licence_decisions import Source, decide_licences, take_back
from espalier.core.repositories.repository import Repository
from espalier.core.repositories.stage import Wish, adding
from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.figures import count, digest
from espalier.gui.literal import set_title
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.drop_zone import DropZone, local_paths
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.header import Header
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.tabs import Tab, Tabs
from espalier.gui.repositories.actions import ACTIONS
from espalier.gui.repositories.adding_dialog import AddRepositories
from espalier.gui.repositories.licences import Licences
from espalier.gui.repositories.pane import RepositoryPane
from espalier.gui.repositories.reading import Repositories, RepositoryRow, read_repositories
from espalier.gui.repositories.strip import Strip, together
from espalier.gui.repositories.table import repositories_model
from espalier.gui.repositories.words import notice, sentence
from espalier.gui.rights import class_word
from espalier.gui.session import Session, Undo
from espalier.gui.tables.table import Table

LIST, LICENCES, ADDING = "repositories", "licences", "+"
HELP = "repositories"


class RepositoriesPage(QWidget):
    """Adding and refreshing are jobs; everything else is written at once and can be taken back."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._read: Repositories | None = None
        self._chosen = ""
        self.dialog: Dialog | None = None
        self.readings: Mapping[str, Reading] = {"repositories": Reading(read=read_repositories, seconds=0.5)}
        self.actions_by_id: dict[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self.model = repositories_model()
        self.table = Table(self.model, self.tr("Repositories"), settings=session.settings, key="repositories")
        self.pane, self.licences = RepositoryPane(self.actions_by_id), Licences(session.settings)
        self.banner = Banner("warn")
        self.setAcceptDrops(True)
        self._lay_out()
        self._connect()
        self.actions_by_id |= self.licences.actions_by_id
        self._allow()

    def take(self, name: str, value: object) -> None:
        if not isinstance(value, Repositories):
            return
        first, self._read = self._read is None, value
        self.header.say(sentence(value))
        self.banner.say(*notice(value))
        self.tabs.set_count(LIST, count(len(value.rows)))
        self.tabs.set_count(LICENCES, self._waiting(value))
        self.model.show_rows(value.rows)
        self.licences.show_reading(value)
        self._show_activity(value)
        self._body.setCurrentWidget(self._full if value.rows else self._nothing)
        self.tabs.setVisible(bool(value.rows))
        if first or self._row() is None:
            self.table.go_first()
        self._show()

    def show_detail(self, detail: str) -> None:
        """`licences`, `+` to add some (no name has that letter), or the name of a repository."""
        if detail == ADDING:
            self.actions_by_id["add repositories"].trigger()  # nothing where it is off
        elif detail == LICENCES:
            self.go_to_tab(LICENCES)
            self.licences.show_waiting()
        elif detail:
            self._chosen = detail
            self.go_to_tab(LIST)
            self._show()

    def leave(self) -> None:
        if self.dialog is not None:
            self.dialog.reject()

    def go_to_tab(self, tab: str) -> None:
        self.tabs.pick(tab)
        self._tab_pages.setCurrentIndex((LIST, LICENCES).index(tab))

    def ask_to_add(self, dropped: list[Path] | None = None) -> None:
        if not self.actions_by_id["add repositories"].isEnabled():
            return
        known = [row.repository.path for row in self._read.rows] if self._read else []
        dialog = AddRepositories(known, dropped or [], self)
        dialog.decided.connect(self.add)
        self._open(dialog)

    def add(self, wishes: tuple[Wish, ...]) -> None:
        """As a job: whole histories are read."""
        actor = self._session.acting or repository.USER
        self._session.start(lambda project: enqueue(project, stage.ADD, adding(wishes, actor), "cpu"))

    def refresh(self) -> None:
        actor = self._session.acting or repository.USER
        self._session.start(lambda project: enqueue(project, stage.REFRESH, {"actor": actor}, "cpu"))

    def ask_to_drop(self) -> None:
        row = self._row()
        if row is None:
            return
        name = row.repository.name
        dialog = Dialog(
            self.tr("Drop {name}?").format(name=name),
            self.tr(
                "It leaves the corpora to come. Corpora, snapshots and runs that have it keep what they say about it, and"
                " the repository itself is not touched. It can be put back."
            ),
            accept=self.tr("Drop it"),
            parent=self,
        )
        dialog.accepted.connect(lambda: self.drop(row.repository))
        self._open(dialog)

    def drop(self, one: Repository) -> None:
        actor = self._session.acting or repository.USER

        def undo(_: object) -> Undo:
            return lambda project: repository.put_back(project, one, actor)

        self._session.write(
            lambda project: repository.drop(project, one.name, actor),
            words=self.tr("Dropped {name}").format(name=one.name),
            undo=undo,
        )

    def ask_where_it_is(self) -> None:
        row = self._row()
        if row is None:
            return
        title = self.tr("Where is {name} now?").format(name=row.repository.name)
        dialog = QFileDialog(self, "", str(row.repository.path.parent))
        set_title(dialog, title)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self.locate(row.repository.name, Path(path)))
        dialog.open()

    def locate(self, name: str, path: Path) -> None:
        actor = self._session.acting or repository.USER
        self._session.write(
            lambda project: repository.move(project, name, path, actor),
            words=self.tr("{name} is found at {path}").format(name=name, path=path),
        )

    def decide(self, sources: list[Source], verdict: str, export_class: str, reason: str) -> None:
        """One row a source, append-only; taking back is one more."""
        session = self._session

        def write(project: Project) -> int:
            who = session.who(project).name
            allowed = verdict == "allow"
            reach = next(known for known in ("internal", "contractors", "cloud") if known == export_class)
            return decide_licences(project, sources, "allow" if allowed else "deny", reach, identity=who, reason=reason)

        def undo(_: int) -> Undo:
            return lambda project: take_back(project, sources, identity=session.who(project).name)

        told = self.tr("Allowed {n} for {reach}") if verdict == "allow" else self.tr("Denied {n}")
        words = told.format(n=self._many(sources), reach=class_word(export_class))
        session.write(write, words=words, undo=undo)

    def _many(self, sources: list[Source]) -> str:
        if len(sources) == 1:
            return f"{sources[0].repository}/{sources[0].prefix}"
        return self.tr("{n} sources").format(n=count(len(sources)))

    def _waiting(self, read: Repositories) -> str:
        return self.tr("{n} to decide").format(n=count(read.waiting)) if read.waiting else count(len(read.sources))

    def _row(self) -> RepositoryRow | None:
        rows = self._read.rows if self._read else ()
        return next((row for row in rows if row.repository.name == self._chosen), None)

    def _show_activity(self, read: Repositories) -> None:
        """All of it on one strip, where there is more than one to see."""
        all_of_it = together(row.activity for row in read.rows if row.activity is not None)
        self.activity.show_activity(all_of_it if len(read.rows) > 1 else None, read.cut.at if read.cut else "")
        cut = self.tr("snapshot {name} holds out what is right of the line")
        self._activity_head.say(cut.format(name=digest(read.cut.snapshot)) if read.cut else "")
        self._activity_head.setVisible(not self.activity.isHidden())

    def _choose(self, number: int) -> None:
        row = next((row for row in (self._read.rows if self._read else ()) if row.repository.id == number), None)
        self._chosen = row.repository.name if row else ""
        self._show()

    def _show(self) -> None:
        row = self._row()
        self.pane.show_row(row, self._read.cut if self._read else None)
        if row is not None:
            self.table.choose(row.repository.id)
        self._allow()

    def _allow(self) -> None:
        may, row = self._session.may_write, self._row()
        busy = self._read is not None and self._read.busy
        actions = self.actions_by_id
        actions["add repositories"].setEnabled(may and not busy)
        actions["refresh repositories"].setEnabled(
            may and not busy and self._read is not None and bool(self._read.rows)
        )
        actions["drop repository"].setEnabled(may and not busy and row is not None)
        actions["locate repository"].setEnabled(may and row is not None and row.place == "gone")
        self.licences.set_may_write(may)

    def _act(self) -> None:
        """What the banner offers."""
        if self._read is None:
            return
        if any(row.place == "gone" for row in self._read.rows):
            gone = next(row for row in self._read.rows if row.place == "gone")
            self._chosen = gone.repository.name
            self._show()
            self.ask_where_it_is()
        elif self._read.void is not None:
            self._session.go("findings")

    def _open(self, dialog: Dialog) -> None:
        self.dialog = dialog
        dialog.finished.connect(self._close)
        dialog.open()

    def _close(self) -> None:
        if self.dialog is not None:
            self.dialog.deleteLater()
            self.dialog = None

    def _connect(self) -> None:
        actions, session = self.actions_by_id, self._session
        actions["add repositories"].triggered.connect(lambda: self.ask_to_add())
        actions["refresh repositories"].triggered.connect(self.refresh)
        actions["drop repository"].triggered.connect(self.ask_to_drop)
        actions["locate repository"].triggered.connect(self.ask_where_it_is)
        actions["licences"].triggered.connect(lambda: self.tabs.turn(1))
        self.tabs.picked.connect(self.go_to_tab)
        self.table.chosen.connect(self._choose)
        self.table.sort_asked.connect(lambda order, down: self.model.sort_by(order, descending=down))
        self.table.copied.connect(lambda said: session.did.emit(said, False))
        self.licences.decided.connect(self.decide)
        self.licences.table.copied.connect(lambda said: session.did.emit(said, False))
        self.banner.acted.connect(self._act)
        self.empty.acted.connect(lambda: self.ask_to_add())
        self.empty.help_asked.connect(lambda: session.help_asked.emit(HELP))
        self.zone.dropped.connect(self.ask_to_add)
        session.may_write_changed.connect(lambda _: self._allow())

    def _lay_out(self) -> None:
        actions = self.actions_by_id
        buttons = (
            Button.of(actions["refresh repositories"], height=32),
            Button.of(actions["add repositories"], "primary", height=32),
        )
        self.header = Header(self.tr("Repositories"), buttons)
        self.header.say(self.tr("Reading…"))
        self.tabs = Tabs(
            self.tr("Repositories and licences"),
            (Tab(LIST, self.tr("Repositories")), Tab(LICENCES, self.tr("Licences"))),
        )
        self.tabs.hide()
        self._tab_pages = QStackedWidget()
        self._tab_pages.addWidget(self._listed())
        self._tab_pages.addWidget(self.licences)
        self._full, self._nothing = self._tab_pages, self._made_empty()
        self._body = QStackedWidget()
        self._body.addWidget(self._full)
        self._body.addWidget(self._nothing)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for part in (self.header, self.banner, self.tabs):
            column.addWidget(part)
        column.addWidget(self._body, 1)

    def _listed(self) -> QWidget:
        listed = QWidget()
        row = QHBoxLayout(listed)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(24)
        self.activity = Strip(56)
        self._activity_head = SectionHead(self.tr("Commits by week, of all repositories"))
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.table, 1)
        left.addWidget(self._activity_head)
        left.addWidget(self.activity)
        row.addLayout(left, 3)
        row.addWidget(self.pane, 2)
        return listed

    def _made_empty(self) -> QWidget:
        self.empty = Empty(
            self.tr("This project has no repository yet."),
            self.tr("Espalier reads the whole git history where it is: nothing is copied, and nothing of it is run."),
            f"espalier repo add {self._session.path.name} PATH",
            action=self.tr("Add repositories…"),
            help_words=self.tr("How repositories are read"),
        )
        self.empty.show()
        self.zone = DropZone(self.tr("Drop git folders here, or a folder that holds many."))
        self.zone.setMaximumWidth(640)
        nothing = QWidget()
        column = QVBoxLayout(nothing)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(20)
        column.addWidget(self.empty)
        column.addWidget(self.zone)
        column.addStretch(1)
        return nothing

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event) and self.actions_by_id["add repositories"].isEnabled():
            event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        if paths := local_paths(event):
            event.acceptProposedAction()
            self.ask_to_add(paths)
