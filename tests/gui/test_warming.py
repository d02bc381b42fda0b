"""The plots are loaded while nobody waits for them: after the first page, in a thread, and with nothing of Qt's left in that thread."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui import made
from tests.gui.conftest import PATIENCE

from espalier.gui.charts.plot import Picture, Plot, Series
from espalier.gui.charts.turns import Turns

PROGRAM = """
import gc, sys, time
from pathlib import Path
from PySide6.QtCore import QCoreApplication, QObject, QThread
from PySide6.QtWidgets import QApplication
from espalier.gui.app import Desk

application = QApplication([])
window = Desk(application, pinned="light", looks_only=True).open(Path(sys.argv[1]))
until = time.monotonic() + 60
while not {"live", "flow", "overview"} <= window.shown and time.monotonic() < until:
    application.processEvents()
print("pyqtgraph" in sys.modules)
while "espalier.gui.training.page" not in sys.modules and time.monotonic() < until:
    application.processEvents()
window._warming.wait()
here = QThread.currentThread()
elsewhere = [one for one in gc.get_objects() if isinstance(one, QObject) and one.thread() is not here]
print("pyqtgraph" in sys.modules, [type(one).__name__ for one in elsewhere])
window.go_to("training")
while "training" not in window.shown and time.monotonic() < until:
    application.processEvents()
print("training" in window.shown)
window.leave()
"""


def test_that_the_plots_are_loaded_once_the_first_page_is_shown(tmp_path: Path) -> None:
    with made.project(tmp_path) as project:
        number, job = made.run(project)
        made.at_work(project, number, job, step=20)
    command = [sys.executable, "-c", PROGRAM, str(project.path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.splitlines() == ["False", "True []", "True"]


def test_that_a_window_that_closes_at_once_begins_nothing(tmp_path: Path) -> None:
    program = PROGRAM.split("while not", maxsplit=1)[0] + (
        "window.leave()\nuntil = time.monotonic() + 1\n"
        "while time.monotonic() < until: application.processEvents()\nprint('pyqtgraph' in sys.modules)\n"
    )
    with made.project(tmp_path) as project:
        pass
    command = [sys.executable, "-c", program, str(project.path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    assert told.stdout.splitlines() == ["False"]


@pytest.mark.usefixtures("qtbot")
def test_that_each_has_a_turn_of_its_own(qtbot: QtBot) -> None:
    turns, done = Turns(), list[int]()
    beats: list[int] = []

    def act(number: int) -> Callable[[], None]:
        return lambda: done.append(number)

    for number in range(3):
        turns.take(act(number))
    assert done == []
    turns._timer.timeout.connect(lambda: beats.append(len(done)))
    qtbot.waitUntil(lambda: len(done) == 3, timeout=PATIENCE)
    assert (done, beats) == ([0, 1, 2], [1, 2, 3])
    turns.take(act(9))
    qtbot.waitUntil(lambda: done[-1] == 9, timeout=PATIENCE)


def test_that_a_plot_waits_for_its_turn_and_its_figures_for_nothing(qtbot: QtBot) -> None:
    turns = Turns()
    plots = [Plot(f"Loss {number}", turns=turns) for number in range(2)]
    curve = Series(name="train", points=((1, 2.0), (2, 1.0)))
    for plot in plots:
        qtbot.addWidget(plot)
        plot.resize(400, 200)
        plot.show()
        plot.show_picture(Picture(series=(curve,), steps=2))
        assert plot.picture.steps == 2
        assert not plot.is_drawn
    assert plots[1].figures()[1] == ("train", "line", 1, 2.0)
    assert plots[1].is_drawn
    qtbot.waitUntil(lambda: plots[0].is_drawn, timeout=PATIENCE)
    plots[0].read_at_step(2)
    assert plots[0].read_out.words == "step 2 train 1.00"
