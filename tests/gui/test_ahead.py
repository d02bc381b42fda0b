"""Pages are loaded before they are opened, in a thread that ends with its window."""

import sys
import threading
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.conftest import PATIENCE, Opener

from espalier.core.project.file import Project
from espalier.gui.ahead import Ahead
from espalier.gui.pages import PLACES


def running() -> bool:
    return any(one.name == "ahead" for one in threading.enumerate())


def test_that_every_page_is_loaded_once_the_first_has_been_seen(
    project: Project, open_window: Opener, qtbot: QtBot
) -> None:
    window = open_window(project.path)
    qtbot.waitUntil(lambda: not running(), timeout=PATIENCE)
    assert {place.module for place in PLACES} <= set(sys.modules)
    window.leave()


def test_that_closing_the_window_ends_the_loading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    going, go_on = threading.Event(), threading.Event()
    for number in range(3):
        (tmp_path / f"slow_page_{number}.py").write_text(
            "import sys\ngoing, go_on = sys.modules['slow_page_events']\ngoing.set()\ngo_on.wait(10)\n"
        )
    monkeypatch.setitem(sys.modules, "slow_page_events", (going, go_on))
    monkeypatch.syspath_prepend(tmp_path)
    ahead = Ahead(["slow_page_0", "slow_page_1", "slow_page_2"])
    ahead.start()
    assert going.wait(10)
    threading.Timer(0.05, go_on.set).start()
    ahead.close()
    assert not running()
    assert "slow_page_2" not in sys.modules


def test_that_a_page_that_cannot_be_loaded_leaves_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reported: list[str] = []
    monkeypatch.setattr(threading, "excepthook", lambda args: reported.append(args.exc_type.__name__))
    (tmp_path / "broken_page.py").write_text("raise KeyError('what it read')\n")
    (tmp_path / "whole_page.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    ahead = Ahead(["broken_page", "whole_page"])
    ahead.start()
    assert ahead._thread is not None
    ahead._thread.join(10)
    assert reported == ["KeyError"]
    assert sys.modules.pop("whole_page", None) is not None
