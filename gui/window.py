"""The window of one project: the frame, its pages, and what keeps them in step with the file."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QCloseEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.project.file import SUFFIX, Project
from espalier.gui import pages
from espalier.gui.acting.menu import Acting
from espalier.gui.actions import FRAME, make_actions
from espalier.gui.ahead import Ahead
from espalier.gui.background import Reader, Reading
from espalier.gui.flow import Flow, FlowReading
from espalier.gui.frame import Frame
from espalier.gui.job_drawer import JobDrawer, Jobs, read_jobs
from espalier.gui.leaving import Leaving
from espalier.gui.literal import set_title
from espalier.gui.live import Live, read_live
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.parts.toast import Toast
from espalier.gui.search.palette import Palette
from espalier.gui.session import Session
from espalier.gui.settings import Settings
from espalier.gui.shortcuts import Shortcuts
from espalier.gui.sidebar import Page as SidebarPage
from espalier.gui.standing import Known
from espalier.gui.states import TO_DO
from espalier.gui.steering import may
from espalier.gui.theme import Theme
from espalier.gui.work import work

if TYPE_CHECKING:
    from espalier.gui.page import Page

WIDTH, HEIGHT = 1440, 900
# Seconds after which a reading thread gives way. Painting calls Python hundreds of times, and might wait for it each time.
GIVING_WAY = 0.0005
SMALLEST = (1024, 640)


class Window(QWidget):
    """Reads through a reader of its own and asks through its session; a job goes on when the window is gone.

    open_asked(), new_asked()  the person wants another project; whoever holds the windows opens it
    With `looks_only` it changes nothing by itself, not even what a dead worker has left.
    """

    open_asked = Signal()
    new_asked = Signal()

    def __init__(
        self, path: Path, application: QApplication, settings: Settings, theme: Theme, *, looks_only: bool = False
    ) -> None:
        super().__init__()
        sys.setswitchinterval(GIVING_WAY)
        self._path, self._settings, self.theme = path, settings, theme
        self._live: Live | None = None
        self.leaving: Leaving | None = None
        self.keys: Shortcuts | None = None
        self._may_close = False
        self.shown: set[str] = set()  # the readings that have been shown
        self.actions_by_id = make_actions((*FRAME, *pages.ACTIONS), self, everywhere=True)
        self.session = Session(path, settings, looks_only=looks_only, parent=self)
        self.frame = self._made_frame()
        self.toast = Toast(self.frame.page_area)
        self.drawer = JobDrawer(self.session)
        self.frame.drawer_place.addWidget(self.drawer)
        self.palette_of_commands = Palette(self.session, self._usable_actions, self)
        self.acting = Acting(self.session, self.frame.top_bar.acting, self)
        self.pages: dict[str, Page] = {}
        self.reader = Reader(path, self._own_readings(), self)
        self.ahead = Ahead([one.package for one in pages.PLACES], self)
        self._dress(application)
        self._connect()
        self.go_to("overview")
        self.frame.sidebar.setFocus()
        self.reader.start()

    def page(self, name: str) -> Page:
        """Made when it is first asked for: some pages take long to load."""
        if name not in self.pages:
            widget = pages.place(name).made(self.session)
            page = cast("Page", widget)
            self.frame.add_page(name, widget, pages.place(name).text)
            self.pages[name] = page
            self.reader.add(page.readings)
            asked_again = getattr(widget, "asked_again", None)
            if asked_again is not None:
                asked_again.connect(self.reader.look)
            gc.freeze()  # a page stays: looking through all pages for garbage again and again held the window up for 100 ms
        return self.pages[name]

    @property
    def current(self) -> str:
        return self.frame.sidebar.current

    def go_to(self, name: str, detail: str = "") -> None:
        """Show a page; only what it needs is read from then on."""
        page = self.page(name)
        if name != self.current:
            self.frame.trouble.say("")
        self.palette_of_commands.box.close_box()
        self.frame.show_page(name)
        self._watch()
        page.show_detail(detail)

    def _watch(self) -> None:
        """Read what is in front, and the jobs while their drawer is open."""
        drawer = ("jobs",) if self.drawer.isVisibleTo(self) else ()
        self.reader.watch(*self.page(self.current).readings, *drawer)

    def turn_drawer(self) -> None:
        self.drawer.setVisible(not self.drawer.isVisibleTo(self))
        self._watch()

    def show_keys(self) -> None:
        """Every key on one sheet: the page's own, then those that work everywhere."""
        place = pages.place(self.current)
        groups = [(place.text, self.page(self.current).actions_by_id), (self.tr("Everywhere"), self.actions_by_id)]
        self.keys = Shortcuts(groups, self)
        self.keys.open()

    def _usable_actions(self) -> list[Mapping[str, QAction]]:
        return [self.page(self.current).actions_by_id, self.actions_by_id]

    def say(self, sentence: str, remedy: str = "") -> None:
        """What went wrong, above this page until it is closed."""
        self.frame.trouble.say(sentence, remedy)

    def turn_theme(self) -> None:
        self._settings.theme = self.theme.turn()
        self._name_theme()

    def leave(self) -> None:
        """Close without asking; what runs goes on."""
        self._may_close = True
        self.close()

    def take(self, name: str, value: object) -> None:
        """What the reader has read, to whom it belongs."""
        self.frame.lost.say("")
        match value:
            case Live():
                self._show_live(value)
            case Flow():
                self._show_flow(value)
            case Jobs():
                self.drawer.show_jobs(value)
            case _:
                for page in self.pages.values():
                    if name in page.readings:
                        page.take(name, value)
        self.shown.add(name)
        if name == "overview":
            self.ahead.start()  # the first page is seen

    def _show_live(self, live: Live) -> None:
        self._live = live
        self.frame.job_bar.show_live(live)
        self.session.set_may_write(live.writable)
        limits = [self.tr("Demonstration, not approved")] if live.demonstration else []
        self.frame.top_bar.show_limits([*limits, *([] if live.writable else [self.tr("This file is read-only")])])
        self.acting.show_people(live.project, live.people)
        if self.session.may_write:
            self.session.commands.attend(live.jobs)
        self._allow()

    def _show_flow(self, flow: Flow) -> None:
        for stage, state in flow.stages.items():
            self.frame.sidebar.show_state(stage, state)

    def _allow(self) -> None:
        at_work = None if self._at_work is None else self._at_work.standing
        writable = self.session.may_write
        self.actions_by_id["pause job"].setEnabled(writable and may("pause", at_work))
        self.actions_by_id["stop job"].setEnabled(writable and may("stop", at_work))
        self.actions_by_id["undo"].setEnabled(writable)

    @property
    def _at_work(self) -> Known | None:
        return None if self._live is None else self._live.at_work

    def _connect(self) -> None:
        actions, session = self.actions_by_id, self.session
        self.reader.arrived.connect(self.take)
        self.reader.lost.connect(self.frame.lost.say)
        session.refused.connect(self.say)
        session.written.connect(self.reader.look)
        session.went.connect(self.go_to)
        session.help_asked.connect(lambda topic: self.go_to("help", topic))
        self.frame.gone_to.connect(self.go_to)
        for place in pages.PLACES:
            actions[f"go {place.id}"].triggered.connect(lambda _=False, name=place.id: self.go_to(name))
        actions["pause job"].triggered.connect(lambda: self._ask(session.commands.pause))
        actions["stop job"].triggered.connect(lambda: self._ask(session.commands.stop))
        session.did.connect(self.toast.say)
        self.toast.undone.connect(session.undo)
        actions["palette"].triggered.connect(self.palette_of_commands.turn)
        actions["jobs"].triggered.connect(self.turn_drawer)
        actions["shortcuts"].triggered.connect(self.show_keys)
        actions["undo"].triggered.connect(session.undo)
        actions["theme"].triggered.connect(self.turn_theme)
        actions["acting"].triggered.connect(self.acting.open_menu)
        actions["open"].triggered.connect(self.open_asked)
        actions["new"].triggered.connect(self.new_asked)
        actions["copy project"].triggered.connect(self._ask_for_copy)
        actions["close"].triggered.connect(self.close)

    def _ask(self, command: Callable[[Known], None]) -> None:
        if self._at_work is not None:
            command(self._at_work)

    def _ask_for_copy(self) -> None:
        dialog = QFileDialog(self, self.tr("Save a copy"), str(self._path.with_name(f"{self._path.stem}-copy{SUFFIX}")))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.fileSelected.connect(self._copy)
        dialog.open()

    def _copy(self, target: str) -> None:
        def copy(project: Project) -> Path:
            return project.copy_to(Path(target))

        said = self.tr("Saved a copy as {name}.")
        self.session.read("copy", copy, lambda made: self.session.did.emit(said.format(name=made.name), False))

    def _own_readings(self) -> dict[str, Reading]:
        return {
            "live": Reading(read=read_live, seconds=0.2, always=True),
            "flow": Reading(read=FlowReading(), seconds=0.5, always=True),
            "jobs": Reading(read=read_jobs, seconds=0.3),
        }

    def _made_frame(self) -> Frame:
        entries = [
            SidebarPage(place.id, place.text, place.icon, TO_DO if place.stage else None) for place in pages.PLACES
        ]
        low = [place.low for place in pages.PLACES]
        upper = [entry for entry, below in zip(entries, low, strict=True) if not below]
        return Frame(
            self._path.name,
            upper,
            [entry for entry, below in zip(entries, low, strict=True) if below],
            self.actions_by_id,
        )

    def _dress(self, application: QApplication) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        FocusRing(self, application)
        self._name_theme()
        set_title(self, f"{self._path.name} · Espalier")
        self.setMinimumSize(*SMALLEST)
        self.resize(WIDTH, HEIGHT)
        self.restoreGeometry(self._settings.geometry)

    def _name_theme(self) -> None:
        names = {"system": self.tr("as the system"), "light": self.tr("light"), "dark": self.tr("dark")}
        self.frame.top_bar.name_theme(self.tr("Theme: {name}").format(name=names[self.theme.choice]))

    def _ask_about(self, one: Known) -> None:
        if self.leaving is None:
            self.leaving = Leaving(work(one.job), self)
            self.leaving.answered.connect(self._answered)
            self.leaving.open()

    def _answered(self, answer: str) -> None:
        self.leaving = None
        if answer == "stay":
            return
        if answer == "stop" and self._live is not None:
            self.session.commands.stop_at_checkpoint(self._live.running)
        self.leave()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        running = self._live.running if self._live is not None else ()
        if running and not self._may_close:
            event.ignore()
            self._ask_about(running[0])
            return
        self._settings.geometry = self.saveGeometry()
        for page in self.pages.values():
            page.leave()
        self.reader.close()
        self.session.close()
        self.ahead.close()
        gc.unfreeze()
        event.accept()
