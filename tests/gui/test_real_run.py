"""The training page steers a real worker that trains a tiny model: resume, pause, kill, close, find again, stop."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.core.training.made import project_with_run, recipe, snapshot
from tests.gui.conftest import Opener, training

from espalier.core.jobs.job import Job, job
from espalier.core.jobs.life import pulse
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.gui.window import Window

PATIENCE = 180_000  # a worker loads torch first, on a machine that may be busy
ENDLESS = 100_000


@pytest.fixture
def waiting(tmp_path: Path) -> Iterator[tuple[Project, int]]:
    """A project with a run that would not end by itself for an hour, and its waiting job; no worker outlives the test."""
    chosen = recipe(max_steps=ENDLESS, validate_every=50, checkpoint_every=10)
    project, run = project_with_run(tmp_path, chosen, snapshot())
    number = int(project.value("SELECT max(id) FROM jobs"))
    runs.update(project, run, job=number)
    yield project, number
    life = job(project, number).life
    if life is not None and pulse(life) == "alive":
        os.kill(life.pid, signal.SIGKILL)
    project.close()


def steps(project: Project) -> int:
    return runs.runs(project)[0].step


def press(window: Window, action: str, qtbot: QtBot) -> None:
    qtbot.waitUntil(training(window).actions_by_id[action].isEnabled, timeout=PATIENCE)
    training(window).actions_by_id[action].trigger()


def until(qtbot: QtBot, project: Project, number: int, state: str) -> Job:
    qtbot.waitUntil(lambda: job(project, number).state == state, timeout=PATIENCE)
    return job(project, number)


@pytest.mark.slow
def test_that_a_real_run_is_steered_from_the_window(
    waiting: tuple[Project, int], open_training: Opener, qtbot: QtBot
) -> None:
    project, number = waiting
    window = open_training(project.path)
    assert "waits for a worker" in training(window).header.sentence

    press(window, "resume", qtbot)
    until(qtbot, project, number, "running")
    qtbot.waitUntil(lambda: len(_drawn(window)) > 5, timeout=PATIENCE)

    press(window, "pause", qtbot)
    until(qtbot, project, number, "paused")
    qtbot.waitUntil(lambda: "is paused" in training(window).header.sentence, timeout=PATIENCE)
    paused_at = steps(project)

    press(window, "resume", qtbot)
    running = until(qtbot, project, number, "running")
    qtbot.waitUntil(lambda: steps(project) > paused_at, timeout=PATIENCE)

    # A worker that dies under the window's eyes is replaced, and the run goes on from its checkpoint.
    qtbot.waitUntil(lambda: training(window).actions_by_id["pause"].isEnabled(), timeout=PATIENCE)
    assert running.life is not None
    os.kill(running.life.pid, signal.SIGKILL)
    qtbot.waitUntil(lambda: _replaced(project, number, running), timeout=PATIENCE)

    # The run goes on without the window, and another window finds it.
    qtbot.waitUntil(lambda: training(window).actions_by_id["pause"].isEnabled(), timeout=PATIENCE)
    window.leave()
    closed_at = steps(project)
    qtbot.waitUntil(lambda: steps(project) > closed_at, timeout=PATIENCE)
    again = open_training(project.path)
    qtbot.waitUntil(lambda: len(_drawn(again)) >= closed_at, timeout=PATIENCE)

    press(again, "stop", qtbot)
    assert until(qtbot, project, number, "stopped").ended_by == "request"
    qtbot.waitUntil(lambda: "was stopped" in training(again).header.sentence, timeout=PATIENCE)
    assert runs.runs(project)[0].adapter is not None


def _drawn(window: Window) -> list[tuple[int, float]]:
    return [point for one in training(window).plots.loss.plot.picture.series[:1] for point in one.points]


def _replaced(project: Project, number: int, before: Job) -> bool:
    now = job(project, number)
    return now.state == "running" and now.life != before.life
