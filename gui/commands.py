"""What the window asks of jobs: each in a thread of its own with a short-lived writing connection, never on the GUI thread."""

import subprocess
import threading
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from espalier.core.jobs import requests
from espalier.core.jobs.claim import reclaim
from espalier.core.jobs.end import end
from espalier.core.jobs.job import Lane
from espalier.core.jobs.launch import launch
from espalier.core.project.file import Project
from espalier.gui.bugs import telling
from espalier.gui.standing import Known

LAUNCH_SECONDS = 5.0  # a worker that finds its lane taken ends at once; the next is not started before
LEAVE_SECONDS = 15.0
LOOK_MILLISECONDS = 1000


class Commands(QObject):
    """Asks, and keeps a worker going for what was asked for in this window.

    asked(job)                 a wish is written into the file, or has been granted
    refused(sentence, remedy)  it could not be asked
    """

    asked = Signal(int)
    refused = Signal(str, str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._threads: list[threading.Thread] = []
        self._workers: dict[Lane, subprocess.Popen[bytes]] = {}
        self._launched: dict[Lane, float] = {}
        self._jobs: tuple[Known, ...] = ()
        self._wanted: set[int] = set()
        self._lived: set[int] = set()
        self._buried: set[tuple[int, int]] = set()
        self._closed = False
        self._timer = QTimer(self, interval=LOOK_MILLISECONDS)
        self._timer.timeout.connect(self._look_after)
        self.asked.connect(self._look_after)

    def pause(self, one: Known) -> None:
        self._do(one.job.id, lambda project: requests.ask(project, one.job.id, "pause"))

    def stop(self, one: Known) -> None:
        """End for certain: ask, and where nothing happens terminate, then kill. Takes up to three quarters of a minute."""
        self._wanted.discard(one.job.id)
        self._do(one.job.id, lambda project: end(project, one.job.id, "stop"))

    def stop_at_checkpoint(self, jobs: Iterable[Known]) -> None:
        """Only ask: for a window that closes and can't wait."""
        for one in jobs:
            self._wanted.discard(one.job.id)
            self._do(one.job.id, partial(requests.ask, job=one.job.id, wish="stop"))

    def resume(self, one: Known) -> None:
        """Put the job back into the queue if it left it, and start a worker unless one lives."""
        self._wanted.add(one.job.id)
        self._timer.start()
        waits = one.job.state in ("queued", "running")
        self._do(one.job.id, lambda project: None if waits else requests.resume(project, one.job.id))

    def want(self, job: int) -> None:
        """A job that was just queued: see to it that a worker takes it, and that it goes on if the worker dies."""
        self._wanted.add(job)
        self._timer.start()
        self.asked.emit(job)

    def attend(self, jobs: tuple[Known, ...]) -> None:
        """Look after these active jobs: bring back those of dead workers, and keep a worker for what is wanted here."""
        self._jobs = jobs
        self._look_after()

    def close(self) -> None:
        """Wait for what is being written; a stop that is still waiting for its worker has been written already."""
        self._closed = True
        self._timer.stop()
        until = time.monotonic() + LEAVE_SECONDS
        for thread in self._threads:
            thread.join(max(0.0, until - time.monotonic()))

    def _look_after(self) -> None:
        """Also without news: a worker that found its lane taken has ended, and nothing in the file says so."""
        if self._closed:  # what was asked last may be answered after the window is gone
            return
        jobs = self._jobs
        for one in jobs:
            if one.living:
                self._lived.add(one.job.id)
            elif one.standing == "dead":
                self._bring_back(one)
        for lane in {one.job.lane for one in jobs if one.job.state == "queued" and one.job.id in self._wanted}:
            if not any(one.living and one.job.lane == lane for one in jobs):
                self._start_worker(lane)

    def _bring_back(self, one: Known) -> None:
        """A job whose worker was seen alive in this window goes on by itself; one found dead waits for the person."""
        death = (one.job.id, one.job.attempts)
        if death in self._buried:
            return
        self._buried.add(death)
        if one.job.id in self._lived and one.job.request is None:
            self._wanted.add(one.job.id)
            self._timer.start()
        self._do(one.job.id, reclaim)

    def _start_worker(self, lane: Lane) -> None:
        child = self._workers.get(lane)
        lately = time.monotonic() - self._launched.get(lane, float("-inf")) < LAUNCH_SECONDS
        if lately or (child is not None and child.poll() is None):
            return
        self._launched[lane] = time.monotonic()
        self._do(0, lambda project: self._workers.update({lane: launch(project, lane)}))

    def _do(self, job: int, function: Callable[[Project], object]) -> None:
        self._threads = [thread for thread in self._threads if thread.is_alive()]
        thread = threading.Thread(target=self._perform, args=(job, function), name=f"ask job {job}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def _perform(self, job: int, function: Callable[[Project], object]) -> None:
        with telling(lambda failure: self.refused.emit(failure.sentence, failure.remedy)):
            with Project.open(self._path) as project:
                function(project)
            self.asked.emit(job)
