"""Pages are loaded before they are opened, a module in a turn, by the window's own thread, until the window closes."""

import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.conftest import PATIENCE, Opener

from espalier.core.project.file import Project
from espalier.gui.ahead import Ahead
from espalier.gui.pages import PLACES

loaded: list[tuple[str, bool]] = []  # by whom a module was loaded: its name, and whether by the window's own thread


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Three modules, of which the second can't be loaded."""
    folder = tmp_path / "loaded_ahead"
    folder.mkdir()
    told = "from tests.gui import test_ahead\nimport threading\n"
    told += "test_ahead.loaded.append((__name__, threading.current_thread() is threading.main_thread()))\n"
    for name, text in (("__init__", ""), ("a", told), ("b", "raise KeyError('what it read')\n"), ("c", told)):
        (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    loaded.clear()
    yield folder.name
    for name in [name for name in sys.modules if name.startswith(folder.name)]:
        del sys.modules[name]


def test_that_every_page_is_loaded_once_the_first_has_been_seen(
    project: Project, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(project.path)
    qtbot.waitUntil(lambda: window.ahead.done, timeout=PATIENCE)
    assert {place.module for place in PLACES} <= set(sys.modules)
    window.leave()


def test_that_each_module_has_its_turn_and_one_that_breaks_leaves_the_others(
    package: str, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    reported: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.append(args.exc_type.__name__))
    ahead, seen = Ahead([package]), list[int]()
    ahead._timer.timeout.connect(lambda: seen.append(len(loaded)))
    ahead.start()
    qtbot.waitUntil(lambda: ahead.done, timeout=PATIENCE)
    assert loaded == [(f"{package}.a", True), (f"{package}.c", True)]
    assert reported == ["KeyError"]
    assert {0, 1} <= set(seen)
    qtbot.waitUntil(lambda: not ahead._timer.isActive(), timeout=PATIENCE)


def test_that_closing_the_window_ends_the_loading(package: str, qtbot: QtBot) -> None:
    ahead = Ahead([package])
    ahead.start()
    qtbot.waitUntil(lambda: len(loaded) == 1, timeout=PATIENCE)
    ahead.close()
    qtbot.wait(100)
    assert len(loaded) == 1
    ahead.start()
    assert not ahead._timer.isActive()
