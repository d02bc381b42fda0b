"""What a test leaves behind when it ends: threads, processes, running QThreads, active QTimers."""

import functools
import os
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest import mock

import psutil

GRACE = 5.0  # seconds that what is already ending may take to be gone
MARK = "ESPALIER_TEST_SESSION"  # inherited by every process that a test starts, also those that outlive their parent
LIBRARIES = ("multiprocessing.resource_tracker", "tqdm")  # they keep one process or thread for all, to the end


@contextmanager
def remains(*, window: bool) -> Iterator[list[str]]:
    """A list that is filled at the end; with `window`, what Qt was told to start is watched as well."""
    os.environ.setdefault(MARK, uuid.uuid4().hex)
    threads, processes = set(threading.enumerate()), set(psutil.pids())
    found: list[str] = []
    with ExitStack() as watch:
        busy = watch.enter_context(watched_qt()) if window else list
        yield found
        deadline = time.monotonic() + GRACE
        while left := [*new_threads(threads), *new_processes(processes), *busy()]:
            if time.monotonic() > deadline:
                break
            time.sleep(0.02)
    found.extend(left)


def new_threads(before: set[threading.Thread]) -> list[str]:
    new = set(threading.enumerate()) - before
    return [f"thread {thread.name}" for thread in new if not type(thread).__module__.startswith(LIBRARIES)]


def new_processes(before: set[int]) -> list[str]:
    return [text for pid in set(psutil.pids()) - before if (text := described(pid))]


def described(pid: int) -> str:
    """The process when it is of this session and alive, else nothing."""
    try:
        process = psutil.Process(pid)
        command = " ".join(process.cmdline())
        if process.status() == psutil.STATUS_ZOMBIE or any(name in command for name in LIBRARIES):
            return ""
        return f"process {pid} ({command[:120]})" if belongs(process) else ""
    except psutil.Error:
        return ""


def belongs(process: psutil.Process) -> bool:
    if any(parent.pid == os.getpid() for parent in process.parents()):
        return True
    try:
        return process.environ().get(MARK) == os.environ[MARK]
    except psutil.Error:
        return False


@contextmanager
def watched_qt() -> Iterator[Callable[[], list[str]]]:
    """What was started from Python since and still runs. Asking Qt itself is not possible: it keeps no list."""
    from PySide6.QtCore import QThread, QTimer
    from shiboken6 import isValid

    started: list[Any] = []

    def recording(start: Callable[..., None]) -> Callable[..., None]:
        @functools.wraps(start)
        def recorded(thing: Any, *arguments: Any) -> None:
            started.append(thing)
            start(thing, *arguments)

        return recorded

    def busy() -> list[str]:
        alive = [thing for thing in started if isValid(thing)]
        running = [thing for thing in alive if (thing.isRunning() if isinstance(thing, QThread) else thing.isActive())]
        return [f"{type(thing).__name__} {thing.objectName()}".strip() for thing in running]

    with (
        mock.patch.object(QThread, "start", recording(QThread.start)),
        mock.patch.object(QTimer, "start", recording(QTimer.start)),
    ):
        yield busy
