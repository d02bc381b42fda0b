"""Reading in the background: a thread with its own read-only connection, which looks for changes and reads what is new."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, QThread, Signal
from typing_extensions import override

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.gui.bugs import telling

LOOK_SECONDS = 0.1
AGAIN_SECONDS = 1.0  # a heartbeat that stops changes nothing in the file, so that every reading is taken now and then
RETRY_SECONDS = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a page wants to know: a function of the project, taken at most once in so many seconds.

    `read` runs in the reader's thread, returns a frozen value and leaves no transaction open.
    """

    read: Callable[[Project], object]
    seconds: float
    always: bool = False


class Reader(QThread):
    """Takes readings whenever another process has committed something.

    arrived(name, value)      a reading differs from the one before
    lost(sentence, remedy)    the file can't be read now; the reader goes on trying
    """

    arrived = Signal(str, object)
    lost = Signal(str, str)

    def __init__(self, path: Path, readings: Mapping[str, Reading], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("reader")
        self._path, self._readings = path, dict(readings)
        self._watched: frozenset[str] = frozenset()
        self._ending, self._wake, self._again = threading.Event(), threading.Event(), threading.Event()
        self._last: dict[str, object] = {}
        self._taken: dict[str, float] = {}
        self._fresh: set[str] = set()

    def add(self, readings: Mapping[str, Reading]) -> None:
        """Know these readings too."""
        self._readings = {**self._readings, **readings}  # a new dictionary: the thread may be walking over the old one

    def watch(self, *names: str) -> None:
        """Take these readings from now on, at once for the first time; the others rest."""
        self._watched = frozenset(names)
        self.look()

    def look(self) -> None:
        """Take every reading again now: what is asked for has changed."""
        self._again.set()
        self._wake.set()

    def close(self) -> None:
        """End the thread and wait for it; safe to call twice."""
        self._ending.set()
        self._wake.set()
        self.wait()

    @override
    def run(self) -> None:
        while not self._ending.is_set():
            with telling(self._lose), Project.open(self._path, read_only=True) as project:
                self._follow(project)

    def _lose(self, failure: EspalierError) -> None:
        self._last.clear()
        self.lost.emit(failure.sentence, failure.remedy)
        self._ending.wait(RETRY_SECONDS)

    def _follow(self, project: Project) -> None:
        version: int | None = None
        while not self._ending.is_set():
            current = project.data_version()
            if current != version or self._again.is_set():
                self._again.clear()
                self._fresh |= set(self._readings)
                version = current
            self._take_due(project)
            self._wake.wait(LOOK_SECONDS)
            self._wake.clear()

    def _take_due(self, project: Project) -> None:
        now = time.monotonic()
        for name, reading in self._readings.items():
            since = now - self._taken.get(name, float("-inf"))
            due = name in self._fresh and since >= reading.seconds
            if (reading.always or name in self._watched) and (due or since >= AGAIN_SECONDS):
                self._fresh.discard(name)
                self._taken[name] = now
                self._take(name, reading.read(project))

    def _take(self, name: str, value: object) -> None:
        if name not in self._last or value != self._last[name]:
            self._last[name] = value
            self.arrived.emit(name, value)
