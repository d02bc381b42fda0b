"""The application: style, type and theme, and the window that a project opens in."""

import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication, QWidget

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.gui.icons import icon
from espalier.gui.settings import Choice, Settings
from espalier.gui.start import Start
from espalier.gui.theme import Theme
from espalier.gui.typeface import font
from espalier.gui.window import Window


def open_window(path: Path | None) -> int:
    """Show the project, or the start page without one, until the window is closed; raises what the project can't be opened for."""
    application = QApplication(sys.argv[:1])
    desk = Desk(application)
    desk.open(path)
    return application.exec()


class Desk:
    """Holds the one window that is open: the start page gives way to a project."""

    def __init__(self, application: QApplication, *, pinned: Choice | None = None, looks_only: bool = False) -> None:
        self._looks_only = looks_only
        self._application, self._settings = application, Settings()
        application.setApplicationName("Espalier")
        application.setStyle("Fusion")
        application.setFont(font("body"))
        self._theme = Theme(application, pinned or self._settings.theme)
        application.setWindowIcon(icon("espalier", self._theme.colours().of("accent")))
        self._window: QWidget | None = None

    def open(self, path: Path | None) -> QWidget:
        """Show this project instead of what is shown; raises UnusableInput where it is none."""
        before, self._window = self._window, self._start() if path is None else self._project(path)
        self._window.show()
        if before is not None:
            before.close()
        return self._window

    def _project(self, path: Path) -> Window:
        with Project.open(path, read_only=True) as project:
            found = project.path
        return Window(found, self._application, self._settings, self._theme, looks_only=self._looks_only)

    def _start(self) -> Start:
        start = Start()
        start.chosen.connect(lambda chosen: self._try(start, Path(chosen)))
        return start

    def _try(self, start: Start, path: Path) -> None:
        try:
            self.open(path)
        except EspalierError as error:
            start.trouble.say(error.sentence, error.remedy)
