"""Opening a project that another process has locked: the window goes on, says what it waits for, and can stop waiting."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from espalier.core.project.file import Project
from espalier.core.project.sqlite import sqlite
from espalier.gui.app import Desk
from espalier.gui.start.checking import Checking
from espalier.gui.start.window import StartWindow
from espalier.gui.window import Window

PATIENCE = 20_000


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """As by a process that writes the whole file anew."""
    other = sqlite.connect(path, isolation_level=None)
    try:
        other.execute("PRAGMA journal_mode = DELETE")
        other.execute("BEGIN EXCLUSIVE")
        yield
    finally:
        other.close()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "payments") as project:
        return project.path


@pytest.fixture
def desk(qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """At the start page; the machine is not looked at."""
    monkeypatch.setattr(Checking, "start", lambda self: None)
    made = Desk(qapp, pinned="light")
    start(made, made.open(None))
    yield made
    if isinstance(made.window, Window):
        made.window.leave()
    elif made.window is not None:
        made.window.close()
    qtbot.waitUntil(lambda: not opening(), timeout=PATIENCE)


def start(desk: Desk, window: object = None) -> StartWindow:
    found = window or desk.window
    assert isinstance(found, StartWindow)
    return found


def opening() -> bool:
    return any(one.name == "opening" for one in threading.enumerate())


def test_that_the_window_waits_for_a_locked_project_and_opens_it_when_it_is_free(
    desk: Desk, path: Path, qtbot: QtBot
) -> None:
    window = start(desk)
    with locked(path):
        window.chosen.emit(str(path))
        assert desk.window is window and not window.frame.waiting.isVisible()
        qtbot.waitUntil(window.frame.waiting.isVisible, timeout=PATIENCE)
        assert "Opening payments.espalier" in window.frame.waiting.words
        assert opening() and desk.window is window
    qtbot.waitUntil(lambda: isinstance(desk.window, Window), timeout=PATIENCE)


def test_that_a_person_can_stop_waiting_and_open_it_later(desk: Desk, path: Path, qtbot: QtBot) -> None:
    window = start(desk)
    with locked(path):
        window.chosen.emit(str(path))
        qtbot.waitUntil(window.frame.waiting.isVisible, timeout=PATIENCE)
        window.frame.waiting.button.click()
        assert not window.frame.waiting.isVisible()
    qtbot.waitUntil(lambda: not opening(), timeout=PATIENCE)
    qtbot.wait(50)
    assert desk.window is window and not window.page.trouble.isVisible()
    window.chosen.emit(str(path))
    qtbot.waitUntil(lambda: isinstance(desk.window, Window), timeout=PATIENCE)


def test_that_what_can_t_be_opened_is_said_in_the_window_that_stays(desk: Desk, tmp_path: Path, qtbot: QtBot) -> None:
    window = start(desk)
    (tmp_path / "notes.espalier").write_text("no project, but a file that is long enough to be looked into\n" * 20)
    window.chosen.emit(str(tmp_path / "notes.espalier"))
    qtbot.waitUntil(window.page.trouble.isVisible, timeout=PATIENCE)
    assert "is not an Espalier project" in window.page.trouble.words and not window.frame.waiting.isVisible()
