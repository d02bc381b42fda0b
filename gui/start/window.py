"""The window while no project is open: the same frame, the start page in it, and the dialogs that lead to a project."""

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.demo.driving import PROJECT
from espalier.gui import pages
from espalier.gui.actions import FRAME, make_actions
from espalier.gui.frame import Frame
from espalier.gui.help.page import HelpPage
from espalier.gui.literal import set_title
from espalier.gui.parts.focus_ring import FocusRing
from espalier.gui.settings import Settings
from espalier.gui.sidebar import Page as Entry
from espalier.gui.start.making import Making
from espalier.gui.start.new_project import NewProject
from espalier.gui.start.page import StartPage
from espalier.gui.start.sample import SampleFolder
from espalier.gui.states import TO_DO
from espalier.gui.theme import Theme

WIDTH, HEIGHT = 1440, 900
SMALLEST = (1024, 640)
OF_A_PROJECT = ("copy project", "undo", "pause job", "stop job", "jobs", "acting", "palette", "shortcuts")


class StartWindow(QWidget):
    """chosen(path): open this project."""

    chosen = Signal(str)

    def __init__(self, application: QApplication, settings: Settings, theme: Theme) -> None:
        super().__init__()
        self._settings, self.theme = settings, theme
        self.actions_by_id = make_actions(FRAME, self, everywhere=True)
        for name in OF_A_PROJECT:
            self.actions_by_id[name].setEnabled(False)
        self.page = StartPage(settings)
        self.making = Making(self)
        self.frame = self._made_frame()
        self.dialog: QWidget | None = None
        self.help: HelpPage | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.frame)
        FocusRing(self, application)
        set_title(self, "Espalier")
        self.setMinimumSize(*SMALLEST)
        self.resize(WIDTH, HEIGHT)
        self.restoreGeometry(settings.geometry)
        self._name_theme()
        self._connect()

    def say(self, sentence: str, remedy: str = "") -> None:
        self.page.say(sentence, remedy)

    def ask_for_new(self, dropped: list[Path] | None = None) -> None:
        """The dialog of a new project, with what was dropped already in it."""
        dialog = NewProject(self._settings, tuple(dropped or ()), self)
        dialog.decided.connect(self.making.make)
        self._open(dialog)

    def ask_for_sample(self) -> None:
        dialog = SampleFolder(self)
        dialog.decided.connect(lambda folder: self.making.sample(Path(folder)))
        self._open(dialog)

    def show_help(self, topic: str) -> None:
        """A page of the help, in this frame; made when it is first asked for."""
        if self.help is None:
            self.help = HelpPage()
            self.frame.add_page("help", self.help, pages.place("help").text)
        self.frame.show_page("help")
        self.help.show_detail(topic)

    def turn_theme(self) -> None:
        self._settings.theme = self.theme.turn()
        self._name_theme()

    def _open(self, dialog: NewProject | SampleFolder) -> None:
        self.page.say("")
        self.dialog = dialog
        dialog.open()

    def _connect(self) -> None:
        actions, page = self.actions_by_id, self.page
        actions["open"].triggered.connect(page.ask_for_file)
        actions["new"].triggered.connect(lambda: self.ask_for_new())
        actions["close"].triggered.connect(self.close)
        actions["theme"].triggered.connect(self.turn_theme)
        page.chosen.connect(self.chosen)
        page.new_asked.connect(lambda: self.ask_for_new())
        page.sample_asked.connect(self.ask_for_sample)
        page.dropped.connect(self._take_drop)
        page.help_asked.connect(self.show_help)
        self.making.made.connect(self.chosen)
        self.making.refused.connect(self.say)
        self.frame.gone_to.connect(self._go)

    def _take_drop(self, dropped: list[Path]) -> None:
        """A project file that is dropped is opened; folders lead to a project."""
        files = [path for path in dropped if path.is_file()]
        if files:
            self.chosen.emit(str(files[0]))
        elif len(dropped) == 1 and (dropped[0] / PROJECT).is_file():
            self.chosen.emit(str(dropped[0] / PROJECT))
        else:
            self.ask_for_new(dropped)

    def _go(self, page: str) -> None:
        if page == "help":
            self.show_help("")
        else:
            self.frame.show_page("start")

    def _made_frame(self) -> Frame:
        stages = [
            Entry(one.id, one.text, one.icon, TO_DO if one.stage else None, enabled=False)
            for one in pages.PLACES
            if one.stage
        ]
        low = [Entry(one.id, one.text, one.icon, enabled=one.id == "help") for one in pages.PLACES if one.low]
        start = Entry("start", self.tr("Start"), "overview")
        frame = Frame(self.tr("No project open"), [start, *stages], low, self.actions_by_id)
        frame.add_page("start", self.page, start.text)
        frame.show_page("start")
        return frame

    def _name_theme(self) -> None:
        names = {"system": self.tr("as the system"), "light": self.tr("light"), "dark": self.tr("dark")}
        self.frame.top_bar.name_theme(self.tr("Theme: {name}").format(name=names[self.theme.choice]))

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        self._settings.geometry = self.saveGeometry()
        self.page.leave()
        self.making.leave()
        event.accept()
