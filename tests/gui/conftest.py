"""The window in a test: opened on a project of its own, with this test's settings, and gone at the end."""

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.filled import HOME, filled
from tests.gui.watching import watch_models

from espalier.core.project.file import Project
from espalier.gui.app import Desk
from espalier.gui.overview.page import OverviewPage
from espalier.gui.training.page import TrainingPage
from espalier.gui.window import Window

Opener = Callable[[Path], Window]
PATIENCE = 20_000  # milliseconds that a page may take on a busy machine


@pytest.fixture(autouse=True)
def every_model_watched(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.node.get_closest_marker("many_rows") is None:
        watch_models(monkeypatch)


@pytest.fixture(autouse=True)
def no_button_stays_down(request: pytest.FixtureRequest) -> Iterator[None]:
    """What has the focus shows no ring while one is: the tests that follow would meet another window."""
    yield
    if "qtbot" in request.fixturenames or "qapp" in request.fixturenames:
        assert QApplication.mouseButtons() == Qt.MouseButton.NoButton


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A project with something on every page, to be copied: making it takes seconds. Its keys are beside it, in `home`."""
    return filled(tmp_path_factory.mktemp("company"))


@pytest.fixture
def idle(company: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of it of this test's own, whose keys are at hand; nothing on it changes by itself."""
    monkeypatch.setenv("ESPALIER_HOME", str(company.parent / HOME))
    return Path(shutil.copy(company, tmp_path))


@pytest.fixture
def busy(idle: Path) -> Path:
    """The same with a run at work."""
    with Project.open(idle) as project:
        number, job = made.run(project, seed=2)
        made.at_work(project, number, job)
    return idle


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with made.project(tmp_path) as one:
        yield one


@pytest.fixture
def open_window(qtbot: QtBot, qapp: QApplication) -> Iterator[Opener]:
    """Open a project and wait until its first page has been read; closed windows are closed again without harm."""
    opened: list[Window] = []

    def opener(path: Path) -> Window:
        window = Desk(qapp, pinned="light").open(path)
        assert isinstance(window, Window)
        opened.append(window)
        qtbot.addWidget(window)
        qtbot.waitUntil(lambda: {"live", "flow", "overview"} <= window.shown, timeout=PATIENCE)
        return window

    yield opener
    for window in opened:
        window.leave()
    settle(qapp)


@pytest.fixture
def open_training(open_window: Opener, qtbot: QtBot) -> Opener:
    """The same, with the training page in front."""

    def opener(path: Path) -> Window:
        window = open_window(path)
        window.go_to("training")
        qtbot.waitUntil(lambda: "training" in window.shown, timeout=PATIENCE)
        return window

    return opener


def overview(window: Window) -> OverviewPage:
    page = window.page("overview")
    assert isinstance(page, OverviewPage)
    return page


def training(window: Window) -> TrainingPage:
    page = window.page("training")
    assert isinstance(page, TrainingPage)
    return page


def settle(qapp: QApplication) -> None:
    """Let layouts and deletions that wait for the event loop have their turn."""
    for _ in range(5):
        qapp.processEvents()
        time.sleep(0.001)
