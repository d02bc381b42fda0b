"""The application: style, type and theme, and the window that a project opens in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from espalier.core.failures import Broken, UnusableInput
from espalier.core.project.file import SUFFIX, Project
from espalier.gui.bugs import Bugs
from espalier.gui.icons import icon
from espalier.gui.opening import Opening
from espalier.gui.settings import Choice, Settings
from espalier.gui.theme import Theme
from espalier.gui.typeface import font
from espalier.gui.window import Window

if TYPE_CHECKING:
    from espalier.gui.start.window import StartWindow


def open_window(path: Path | None) -> int:
    """Show the project, or the start page without one, until the window is closed; raises what the project can't be opened for."""
    application = QApplication(sys.argv[:1])
    desk, bugs = Desk(application), Bugs()
    bugs.broke.connect(desk.tell_of)
    bugs.listen()
    desk.open(path)
    return application.exec()


def open_gallery() -> int:
    """Show every part of the window in its states, for those who build it."""
    from espalier.gui.gallery.page import HEIGHT, WIDTH, GalleryPage

    application = QApplication(sys.argv[:1])
    desk = Desk(application)
    page = GalleryPage(application, desk.theme)
    page.resize(WIDTH, min(HEIGHT, application.primaryScreen().availableGeometry().height()))
    page.show()
    page.pose()
    return application.exec()


class Desk:
    """Holds the one window that is open: the start page gives way to a project."""

    def __init__(self, application: QApplication, *, pinned: Choice | None = None, looks_only: bool = False) -> None:
        self._looks_only = looks_only
        self._application, self._settings = application, Settings()
        application.setApplicationName("Espalier")
        application.setStyle("Fusion")
        application.setFont(font("body"))
        self.theme = Theme(application, pinned or self._settings.theme)
        application.setWindowIcon(icon("espalier", self.theme.colours().of("accent")))
        self._window: StartWindow | Window | None = None
        self._opening = Opening()
        self._opening.slow.connect(self._say_slow)
        self._opening.found.connect(self._found)
        self._opening.refused.connect(self._refused)
        self._picked = Path()

    @property
    def window(self) -> QWidget | None:
        """The one that is open."""
        return self._window

    def open(self, path: Path | None) -> QWidget:
        """Show this project instead of what is shown; raises UnusableInput where it is none. Waits for a file that is locked."""
        self._opening.give_up()
        return self._show(None if path is None else self._known(path))

    def _show(self, path: Path | None) -> QWidget:
        """Of a project that is known to be there."""
        before, self._window = self._window, self._start() if path is None else self._project(path)
        self._window.frame.waiting.acted.connect(self._stop_waiting)
        self._window.show()
        if isinstance(before, Window):
            before.leave()  # what runs there goes on, and its window finds it again
        elif before is not None:
            before.close()
        return self._window

    def tell_of(self, broken: Broken) -> None:
        """A bug of ours, in the window that is open."""
        if self._window is not None:
            self._window.frame.show_broken(broken)

    def _project(self, path: Path) -> Window:
        window = Window(path, self._application, self._settings, self.theme, looks_only=self._looks_only)
        window.open_asked.connect(lambda: self._ask_for_project(window))
        window.new_asked.connect(self._begin)
        if not self._looks_only:
            self._settings.remember(str(path.absolute()))
        return window

    def _begin(self) -> None:
        """To the start page, with the question what the new project is to be."""
        from espalier.gui.start.window import StartWindow

        start = self.open(None)
        assert isinstance(start, StartWindow)
        start.ask_for_new()

    def _known(self, path: Path) -> Path:
        """Where the project is; one of an earlier format is migrated now, since the window's readers only look."""
        try:
            with Project.open(path, read_only=True) as project:
                return project.path
        except UnusableInput:
            if self._looks_only:
                raise
            with Project.open(path) as project:
                return project.path

    def _ask_for_project(self, window: Window) -> None:
        dialog = QFileDialog(window, window.tr("Open a project"), "", f"{window.tr('Espalier projects')} (*{SUFFIX})")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda chosen: self._try(window, Path(chosen)))
        dialog.open()

    def _start(self) -> StartWindow:
        from espalier.gui.start.window import StartWindow  # an opened project waits for nothing of it

        start = StartWindow(self._application, self._settings, self.theme)
        start.chosen.connect(lambda chosen: self._try(start, Path(chosen)))
        return start

    def _try(self, window: StartWindow | Window, path: Path) -> None:
        """Open what a person picked, without holding the window up; what stands in the way is said in the window that stays."""
        self._picked = path
        window.say("")
        self._opening.begin(lambda: self._known(path))

    def _say_slow(self) -> None:
        if self._window is not None:
            what = self._window.tr("Opening {name}").format(name=self._picked.name)
            why = self._window.tr(
                "It is locked by another process, slow to read, or of an earlier format. A lock is waited for, some 20 seconds."
            )
            self._window.frame.waiting.say(what, why, action=self._window.tr("Cancel"))

    def _stop_waiting(self) -> None:
        self._opening.give_up()
        self._say_no_more()

    def _say_no_more(self) -> None:
        if self._window is not None:
            self._window.frame.waiting.say("")

    def _found(self, path: str) -> None:
        self._say_no_more()
        self._show(Path(path))

    def _refused(self, sentence: str, remedy: str) -> None:
        self._say_no_more()
        if self._window is not None:
            self._window.say(sentence, remedy)
