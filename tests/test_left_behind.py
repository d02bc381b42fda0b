"""The watch over what tests leave behind does see it: a check that can't fail is none."""

import subprocess
import sys
import threading
import time

import pytest
from pytestqt.qtbot import QtBot

from tests import left_behind

SLEEPER = "import time; time.sleep(60)"
DETACHING = f"""
import subprocess, sys
child = subprocess.Popen([sys.executable, '-c', {SLEEPER!r}], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(child.pid)
"""


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(left_behind, "GRACE", 0.1)


def test_that_nothing_is_found_where_nothing_remains() -> None:
    with left_behind.remains(window=False) as found:
        subprocess.run([sys.executable, "-c", ""], check=True)
    assert found == []


def test_that_a_running_thread_is_found() -> None:
    end = threading.Event()
    thread = threading.Thread(target=end.wait, name="forgotten")
    with left_behind.remains(window=False) as found:
        thread.start()
    end.set()
    thread.join()
    assert found == ["thread forgotten"]


def test_that_a_child_process_is_found() -> None:
    with left_behind.remains(window=False) as found:
        child = subprocess.Popen([sys.executable, "-c", SLEEPER])
    child.kill()
    child.wait()
    assert [text.split()[:2] for text in found] == [["process", str(child.pid)]]


def test_that_a_process_that_outlived_its_parent_is_found() -> None:
    import psutil

    with left_behind.remains(window=False) as found:
        parent = subprocess.run([sys.executable, "-c", DETACHING], capture_output=True, text=True, check=True)
        orphan = psutil.Process(int(parent.stdout))
    orphan.kill()
    while orphan.is_running() and orphan.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    assert [text.split()[1] for text in found] == [str(orphan.pid)]


def test_that_an_active_timer_and_a_running_qthread_are_found(qtbot: QtBot) -> None:
    from PySide6.QtCore import QThread, QTimer

    timer, thread = QTimer(), QThread()
    timer.setObjectName("poll")
    with left_behind.remains(window=True) as found:
        timer.start(60_000)
        thread.start()
    timer.stop()
    thread.quit()
    thread.wait()
    assert found == ["QTimer poll", "QThread"]
