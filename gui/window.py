"""The window of one project: the frame, its pages, and what keeps them in step with the file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.actions import make_actions
from espalier.gui.background import Reader, Reading
from espalier.gui.commands import Commands
from espalier.gui.job_bar import JobBar
from espalier.gui.leaving import Leaving
from espalier.gui.live import Live, read_live
from espalier.gui.overview.page import OverviewPage
from espalier.gui.overview.reading import Overview, read_overview
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.parts.rule import Rule
from espalier.gui.settings import Choice, Settings
from espalier.gui.sidebar import Page, Sidebar
from espalier.gui.standing import Known
from espalier.gui.states import SHOWN, TO_DO
from espalier.gui.steering import WISHES, may
from espalier.gui.theme import Theme
from espalier.gui.top_bar import TopBar
from espalier.gui.training.reading import Training, TrainingReading
from espalier.gui.work import work

if TYPE_CHECKING:
    from espalier.gui.training.page import TrainingPage

WIDTH, HEIGHT = 1440, 900


class Window(QWidget):
    """Reads through a reader of its own and asks through commands; a job goes on when the window is gone.

    With `looks_only` it changes nothing by itself, not even what a dead worker has left.
    """

    def __init__(
        self, path: Path, application: QApplication, settings: Settings, theme: Theme, *, looks_only: bool = False
    ) -> None:
        super().__init__()
        self._looks_only = looks_only
        self._path, self._settings, self.theme = path, settings, theme
        self._live: Live | None = None
        self._run: Known | None = None
        self._training: TrainingPage | None = None
        self.leaving: Leaving | None = None
        self._may_close = False
        self.shown: set[str] = set()  # the readings that have been shown
        self.actions_by_id = make_actions(self)
        self.commands = Commands(path, self)
        self._training_reading = TrainingReading()
        self.reader = self._made_reader()
        self._lay_out()
        FocusRing(self, application)
        self._connect()
        self._name_theme(theme.choice)
        self.setWindowTitle(f"{path.name} · Espalier")
        self.resize(WIDTH, HEIGHT)
        self.restoreGeometry(settings.geometry)
        self.go_to("overview")
        self.sidebar.setFocus()
        self.reader.start()

    @property
    def training(self) -> TrainingPage:
        """Made when it is first asked for: the plots take long to load."""
        if self._training is None:
            from espalier.gui.training.page import TrainingPage

            self._training = TrainingPage(self._path.name, self.actions_by_id)
            self._training.selected.connect(self.select_run)
            self._areas["training"].setWidget(self._training)
        return self._training

    @property
    def has_training(self) -> bool:
        return self._training is not None

    def go_to(self, page: str) -> None:
        """Show a page; only what it needs is read from then on."""
        if self.sidebar.current != page or not self.sidebar.currentIndex().isValid():
            self.sidebar.go_to(page)  # which comes back here
            return
        if page == "training":
            self.training.show()
        self._pages.setCurrentWidget(self._areas[page])
        self.reader.watch(page)
        self._allow()

    def scrolls(self, page: str) -> int:
        """By how many pixels a page is higher than its place."""
        return self._areas[page].verticalScrollBar().maximum()

    def select_run(self, run: int) -> None:
        self._training_reading.wanted = run
        self.reader.look()

    def turn_theme(self) -> None:
        self._settings.theme = self.theme.turn()
        self._name_theme(self.theme.choice)

    def leave(self) -> None:
        """Close without asking; what runs goes on."""
        self._may_close = True
        self.close()

    def take(self, name: str, value: object) -> None:
        """What the reader has read, to whom it belongs."""
        self.trouble.say("")
        match name, value:
            case "live", Live():
                self._show_live(value)
            case "training", Training():
                self._run = None if value.selected is None else value.selected.row.known
                self.training.show_reading(value)
            case "overview", Overview():
                self.overview.show_reading(value)
        self._allow()
        self.shown.add(name)

    def _show_live(self, live: Live) -> None:
        self._live = live
        self.job_bar.show_live(live)
        self.sidebar.show_state("training", TO_DO if live.training is None else SHOWN[live.training])
        limits = [self.tr("Demonstration, not approved")] if live.demonstration else []
        self.top_bar.show_limits([*limits, *([] if live.writable else [self.tr("This file is read-only")])])
        if live.writable and not self._looks_only:
            self.commands.attend(live.jobs)

    def _allow(self) -> None:
        """Enable what can be asked of the selected run and of the job at work."""
        writable = self._live is not None and self._live.writable
        looked_at = self._run.standing if self._run is not None and self.sidebar.current == "training" else None
        at_work = None if self._live is None or self._live.at_work is None else self._live.at_work.standing
        for wish in WISHES:
            self.actions_by_id[wish].setEnabled(writable and may(wish, looked_at))
        self.actions_by_id["pause job"].setEnabled(writable and may("pause", at_work))
        self.actions_by_id["stop job"].setEnabled(writable and may("stop", at_work))
        self.actions_by_id["scale"].setEnabled(self.sidebar.current == "training")

    def _connect(self) -> None:
        actions = self.actions_by_id
        self.addActions(list(actions.values()))
        self.reader.arrived.connect(self.take)
        self.reader.lost.connect(self.trouble.say)
        self.commands.refused.connect(self._refuse)
        self.commands.asked.connect(self.reader.look)
        self.sidebar.gone_to.connect(self.go_to)
        actions["overview"].triggered.connect(lambda: self.go_to("overview"))
        actions["training"].triggered.connect(lambda: self.go_to("training"))
        actions["pause"].triggered.connect(lambda: self._ask(self.commands.pause, self._run))
        actions["resume"].triggered.connect(lambda: self._ask(self.commands.resume, self._run))
        actions["stop"].triggered.connect(lambda: self._ask(self.commands.stop, self._run))
        actions["pause job"].triggered.connect(lambda: self._ask(self.commands.pause, self._at_work))
        actions["stop job"].triggered.connect(lambda: self._ask(self.commands.stop, self._at_work))
        actions["theme"].triggered.connect(self.turn_theme)
        actions["close"].triggered.connect(self.close)

    def _ask(self, command: Callable[[Known], None], one: Known | None) -> None:
        if one is not None:
            command(one)

    @property
    def _at_work(self) -> Known | None:
        return None if self._live is None else self._live.at_work

    def _refuse(self, sentence: str, remedy: str) -> None:
        self.trouble.say(sentence, remedy)

    def _made_reader(self) -> Reader:
        readings = {
            "live": Reading(read=read_live, seconds=0.2, always=True),
            "overview": Reading(read=read_overview, seconds=1.0),
            "training": Reading(read=self._training_reading, seconds=0.2),
        }
        return Reader(self._path, readings, self)

    def _lay_out(self) -> None:
        overview, training = self.actions_by_id["overview"].text(), self.actions_by_id["training"].text()
        self.top_bar = TopBar(self._path.name, self.actions_by_id)
        self.sidebar = Sidebar((Page("overview", overview, "overview"), Page("training", training, "training")))
        self.job_bar = JobBar(self.actions_by_id)
        self.trouble = Banner("bad")
        self.overview = OverviewPage(self._path.name)
        self._pages = QStackedWidget()
        self._areas = {name: _scrolling(name) for name in ("overview", "training")}
        self._areas["overview"].setWidget(self.overview)
        for area in self._areas.values():
            self._pages.addWidget(area)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        for part in (self._side(), Rule(Qt.Orientation.Vertical)):
            middle.addWidget(part)
        middle.addWidget(self._pages, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top_bar)
        column.addWidget(Rule())
        column.addWidget(self.trouble)
        column.addLayout(middle, 1)
        column.addWidget(Rule())
        column.addWidget(self.job_bar)

    def _side(self) -> QWidget:
        side = QWidget()
        column = QVBoxLayout(side)
        column.setContentsMargins(0, 10, 0, 10)
        column.addWidget(self.sidebar)
        return side

    def _name_theme(self, choice: Choice) -> None:
        names = {"system": self.tr("as the system"), "light": self.tr("light"), "dark": self.tr("dark")}
        self.top_bar.name_theme(self.tr("Theme: {name}").format(name=names[choice]))

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
            self.commands.stop_at_checkpoint(self._live.running)
        self.leave()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        running = self._live.running if self._live is not None else ()
        if running and not self._may_close:
            event.ignore()
            self._ask_about(running[0])
            return
        self._settings.geometry = self.saveGeometry()
        self.reader.close()
        self.commands.close()
        event.accept()


def _scrolling(name: str) -> QScrollArea:
    area = QScrollArea()
    area.setAccessibleName(name)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setBackgroundRole(area.palette().ColorRole.Base)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    return area
