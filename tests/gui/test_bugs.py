"""A bug of ours is told to the person, never with the error's own text, and no thread of the window ends by it."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.conftest import Opener, settle

from espalier.core.cli.__main__ import main
from espalier.core.failures import Broken
from espalier.core.findings.detection.specimens import specimen
from espalier.core.project.file import Project
from espalier.gui.asking import Asking
from espalier.gui.background import Reader, Reading
from espalier.gui.bugs import Bugs, running_on
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.writing import Writing

SECRET = specimen("ghp_{alnum:36}", "bugs")
WAIT = 10_000


def breaks(_: Project) -> str:
    """As a bug does that quotes what it read."""
    raise KeyError(SECRET)


@pytest.fixture
def reported(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Kinds of what would have ended a thread."""
    kinds: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: kinds.append(args.exc_type.__name__))
    return kinds


def told(into: list[str]) -> Callable[[str, str], None]:
    return lambda sentence, remedy: into.append(f"{sentence} {remedy}")


def test_that_reading_goes_on_after_a_bug(project: Project, qtbot: QtBot, reported: list[str]) -> None:
    asking, failures, answers = Asking(project.path), list[str](), list[Any]()
    asking.ask("a", breaks, answers.append, told(failures))
    qtbot.waitUntil(lambda: len(failures) == 1, timeout=WAIT)
    asking.ask("b", lambda one: one.path, answers.append)
    qtbot.waitUntil(lambda: answers == [project.path], timeout=WAIT)
    asking.close()
    assert reported == ["KeyError"]
    assert "Espalier broke (KeyError at test_bugs.py:" in failures[0]
    assert SECRET not in failures[0]


def test_that_writing_goes_on_after_a_bug(project: Project, qtbot: QtBot, reported: list[str]) -> None:
    writing, failures, results = Writing(project.path), list[str](), list[Any]()
    writing.write(breaks, None, told(failures))
    writing.write(lambda one: one.path, results.append)
    qtbot.waitUntil(lambda: results == [project.path], timeout=WAIT)
    writing.close()
    assert reported == ["KeyError"]
    assert len(failures) == 1


def test_that_looking_for_changes_goes_on_after_a_bug(
    project: Project, qtbot: QtBot, reported: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("espalier.gui.background.RETRY_SECONDS", 0.05)
    seen: list[object] = []

    def breaks_once(one: Project) -> str:
        return breaks(one) if not reported else "read"

    reader = Reader(project.path, {"page": Reading(read=breaks_once, seconds=0)})
    reader.arrived.connect(lambda _, value: seen.append(value))
    reader.watch("page")
    reader.start()
    qtbot.waitUntil(lambda: seen == ["read"], timeout=WAIT)
    reader.close()
    assert reported == ["KeyError"]


def test_that_the_window_says_where_it_broke_and_keeps_saying_it(
    project: Project, open_window: Opener, qtbot: QtBot, capsys: pytest.CaptureFixture[str]
) -> None:
    window, bugs = open_window(project.path), Bugs()
    bugs.broke.connect(window.frame.show_broken)
    try:
        breaks(project)
    except KeyError as error:
        bugs._escaped(type(error), error, error.__traceback__)
    panel = window.frame.broken
    assert panel.isVisible()
    with qtbot.waitSignal(window.reader.arrived, timeout=WAIT):
        made.run(project)  # what is read again sweeps away what went wrong with reading, and not this
    assert panel.isVisible()
    assert "this is a bug of ours" in panel.words
    assert "test_bugs.py" in panel.text
    assert running_on() in panel.text
    printed = capsys.readouterr()
    assert "KeyError at test_bugs.py" in printed.err
    assert SECRET not in panel.text + printed.err + printed.out
    panel.close_button.click()
    assert not panel.isVisible()


def test_that_details_fold_out_and_are_copied(qtbot: QtBot, qapp: QApplication) -> None:
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    panel.resize(700, 60)
    assert not panel.isVisible()
    panel.say("Run 5 ran out of memory.", "Use shorter rows.", "loop.py:12 step\nloop.py:80 train")
    assert panel.isVisible()
    assert not panel.details.isVisible()
    folded = panel.sizeHint().height()
    panel.fold.click()
    settle(qapp)
    assert panel.details.isVisible()
    assert panel.sizeHint().height() > folded
    panel.copy.click()
    assert QGuiApplication.clipboard().text() == panel.text
    assert panel.text.endswith("loop.py:12 step\nloop.py:80 train")
    panel.say("The disk is full.")
    assert not panel.fold.isVisible()
    panel.say("")
    assert not panel.isVisible()


def test_that_the_command_line_tells_a_bug_by_its_places(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ValueError(SECRET)

    monkeypatch.setattr(Project, "create", broken)
    assert main(["init", str(tmp_path / "p")]) == 3
    said = capsys.readouterr()
    assert "Espalier broke (ValueError at test_bugs.py:" in said.err
    assert SECRET not in said.err + said.out
    assert "Traceback" not in said.err


def test_that_places_come_innermost_first(project: Project) -> None:
    with pytest.raises(KeyError) as raised:
        breaks(project)
    broken = Broken.of(raised.value)
    assert broken.kind == "KeyError"
    assert [place.split()[1] for place in broken.places] == ["breaks", "test_that_places_come_innermost_first"]
    assert SECRET not in f"{broken} {broken.places}"


def test_that_what_holds_stays_closed_until_it_is_something_else(qtbot: QtBot) -> None:
    panel = ErrorPanel()
    qtbot.addWidget(panel)
    panel.hold("Run 5 failed.", "Use shorter rows.", "job 9")
    panel.fold.click()
    panel.hold("Run 5 failed.", "Use shorter rows.", "job 9")
    assert panel.details.isVisible()
    panel.close_button.click()
    panel.hold("Run 5 failed.", "Use shorter rows.", "job 9")
    assert not panel.isVisible()
    panel.hold("Run 6 failed.", "Use shorter rows.", "job 10")
    assert panel.isVisible()
    assert not panel.details.isVisible()
    panel.hold("")
    panel.hold("Run 6 failed.", "Use shorter rows.", "job 10")
    assert panel.isVisible()
