"""Ending a job that does not obey: ask, terminate, kill the group; the row says which it took."""

import os
import signal
import time
from collections.abc import Callable

from espalier.core.jobs.job import Job, job
from espalier.core.jobs.life import pulse
from espalier.core.jobs.requests import REQUESTS, Wish, ask
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project

ASK_SECONDS = 30.0
TERMINATE_SECONDS = 10.0
KILL_SECONDS = 5.0


def end(
    project: Project,
    number: int,
    wish: Wish,
    ask_seconds: float = ASK_SECONDS,
    terminate_seconds: float = TERMINATE_SECONDS,
) -> Job:
    """End a job for certain and return how it stands; takes at most the two pauses and a little."""
    ask(project, number, wish)
    if _wait(lambda: _over(project, number), ask_seconds):
        return job(project, number)
    for way, which, pause in (("terminate", signal.SIGTERM, terminate_seconds), ("kill", signal.SIGKILL, KILL_SECONDS)):
        _signal_group(job(project, number), which)
        if _wait(lambda: _over(project, number), pause):
            _mark(project, number, wish, way)
            break
    return job(project, number)


def _over(project: Project, number: int) -> bool:
    current = job(project, number)
    return current.state != "running" or (current.life is not None and pulse(current.life) == "dead")


def _signal_group(current: Job, which: signal.Signals) -> None:
    """Only ever a worker of ours that is certainly the one that was recorded: pids are used again."""
    if current.life is None or current.life.pid < 2 or pulse(current.life) != "alive":
        return
    try:
        os.killpg(current.life.pid, which)
    except (ProcessLookupError, PermissionError):
        return


def _mark(project: Project, number: int, wish: Wish, way: str) -> None:
    """Write down the end of a worker that could not write it itself; one that could has already."""
    row = (REQUESTS[wish].state, way, utc_now(), number)
    with project.write() as db:
        db.execute("UPDATE jobs SET state = ?, ended_by = ?, finished_at = ? WHERE id = ? AND state = 'running'", row)


def _wait(holds: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return True
        time.sleep(0.1)
    return holds()
