"""Where no project is open: three ways to begin, what was open last, a place to drop folders on, and this machine."""

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.project.file import SUFFIX
from espalier.gui.actions import make_actions
from espalier.gui.parts.button import Button
from espalier.gui.parts.drop_zone import DropZone
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.parts.rule import Ground
from espalier.gui.parts.text import Text
from espalier.gui.settings import Settings
from espalier.gui.start.actions import ACTIONS
from espalier.gui.start.checking import Checking
from espalier.gui.start.choices import Way
from espalier.gui.start.machine import Machine
from espalier.gui.start.recent import Recent

WIDE, TOP, GAP, HIGH, ZONE = 760, 32, 18, 34, 64
GUIDE = "path"


class StartPage(Ground):
    """The dialogs that follow are whoever shows the page's to open.

    chosen(path)      open this project file
    sample_asked()    the demonstration is wanted
    new_asked()       a project is to be made
    dropped(paths)    a list of paths was dropped
    help_asked(topic) a page of the help
    """

    chosen = Signal(str)
    sample_asked = Signal()
    new_asked = Signal()
    dropped = Signal(list)
    help_asked = Signal(str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._settings, self._checked = settings, False
        self.actions_by_id = make_actions(ACTIONS, self, everywhere=True)
        self.trouble = ErrorPanel()
        self.recent, self.machine, self.checking = Recent(), Machine(), Checking(self)
        self.drop = DropZone(
            self.tr(
                "Drop git folders here, or a folder that holds many. Nothing is copied and nothing leaves this machine."
            ),
            height=ZONE,
        )
        self.guide = Button(self.tr("Read the ten-minute guide"), "link", height=20)
        self._lay_out()
        self._connect()
        self.show_recent()

    def show_recent(self) -> None:
        self.recent.show_paths(self._settings.recent)

    def ask_for_file(self) -> None:
        dialog = QFileDialog(self, self.tr("Open a project"), "", self.tr("Espalier projects") + f" (*{SUFFIX})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.chosen)
        dialog.open()

    def say(self, sentence: str, remedy: str = "") -> None:
        """Why something did not work; it stays until it is closed."""
        self.trouble.say(sentence, remedy)

    def leave(self) -> None:
        """The window closes: end the look at this machine."""
        self.checking.leave()

    def check(self) -> None:
        """Look at this machine anew."""
        self.machine.begin()
        self.checking.start()

    def _connect(self) -> None:
        actions = self.actions_by_id
        actions["sample"].triggered.connect(self.sample_asked)
        actions["new project"].triggered.connect(self.new_asked)
        actions["open project"].triggered.connect(self.ask_for_file)
        self.recent.chosen.connect(self._choose)
        self.recent.forgotten.connect(self._forget)
        self.drop.dropped.connect(self.dropped)
        self.checking.found.connect(self.machine.add)
        self.checking.ended.connect(self.machine.end)
        self.machine.again.clicked.connect(self.check)
        self.guide.clicked.connect(lambda: self.help_asked.emit(GUIDE))

    def _choose(self, path: str) -> None:
        if Path(path).is_file():
            self.chosen.emit(path)
            return
        self.show_recent()
        self.say(
            self.tr("There is no file at {path} any more.").format(path=path),
            self.tr("Put it back, open it where it is now, or take it off the list."),
        )

    def _forget(self, path: str) -> None:
        self._settings.forget(path)
        self.show_recent()

    def _lay_out(self) -> None:
        inner = QWidget()
        inner.setMaximumWidth(WIDE)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, TOP, 0, 12)
        column.setSpacing(0)
        column.addWidget(Text(self.tr("Teach a model your own code"), "start"))
        column.addSpacing(4)
        what = self.tr(
            "Espalier reads your git history, has people clear every secret, then trains an adapter that anyone can audit."
        )
        column.addWidget(Text(what, "body", "second", wrap=True))
        column.addSpacing(12)
        column.addWidget(self.trouble)
        for way in self._ways():
            column.addWidget(way)
        column.addSpacing(4)
        column.addWidget(self.drop)
        column.addSpacing(GAP)
        column.addWidget(self.recent)
        column.addSpacing(GAP)
        column.addWidget(self.machine)
        self.machine.foot.addWidget(self.guide)
        column.addStretch(1)
        row = QHBoxLayout(self)
        row.setContentsMargins(24, 0, 24, 0)
        row.addStretch(1)
        row.addWidget(inner, 100)
        row.addStretch(1)

    def _ways(self) -> tuple[Way, ...]:
        actions = self.actions_by_id
        self.sample = Button.of(actions["sample"], "primary", height=HIGH)
        self.sample.set_key("↵")
        new, opened = (Button.of(actions[name], height=HIGH) for name in ("new project", "open project"))
        return (
            Way(
                "flask",
                self.tr("Try it on a sample"),
                self.tr("The whole path on a small repository. About 13 minutes on two cores."),
                self.sample,
            ),
            Way(
                "repositories",
                self.tr("Start with your repositories"),
                self.tr("Pick folders, or scan a parent folder. You first choose what is left out."),
                new,
            ),
            Way(
                "release",
                self.tr("Open a project"),
                self.tr("One .espalier file holds the findings, decisions, runs, sign-offs and adapters."),
                opened,
                last=True,
            ),
        )

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter does what has the focus, and the first way where nothing has."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            focused = self.focusWidget()
            (focused if isinstance(focused, Button) and focused.hasFocus() else self.sample).click()
            return
        super().keyPressEvent(event)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.show_recent()
        if not self._checked:
            self._checked = True
            self.check()
            self.sample.setFocus(Qt.FocusReason.TabFocusReason)
