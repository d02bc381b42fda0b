"""Writing what a person decides: one thread with one connection, so that decisions stand in the order in which they were made."""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject, Signal

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.gui.bugs import telling

Result = TypeVar("Result")
Failed = Callable[[str, str], None]
LEAVE_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class _Wish:
    write: Callable[[Project], Any]
    then: Callable[[Any], None] | None
    failed: Failed | None


class Writing(QObject):
    """written(): something stands in the file that did not before; refused(sentence, remedy): a wish could not be granted."""

    written = Signal()
    refused = Signal(str, str)
    _granted = Signal(object, object)
    _denied = Signal(object, str, str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._waiting: queue.SimpleQueue[_Wish | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._closed = False
        self._granted.connect(self._deliver)
        self._denied.connect(self._tell)

    def write(
        self,
        write: Callable[[Project], Result],
        then: Callable[[Result], None] | None = None,
        failed: Failed | None = None,
    ) -> None:
        """Call `write` off this thread with a project open for writing, then `then` on this one with what it returned."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="writing", daemon=True)
            self._thread.start()
        self._waiting.put(_Wish(write, then, failed))

    def close(self) -> None:
        """Wait for what is being written; whoever waited for its end is not called any more."""
        self._closed = True
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(LEAVE_SECONDS)
            self._thread = None

    def _work(self) -> None:
        project: Project | None = None
        while (wish := self._waiting.get()) is not None:
            with telling(partial(self._deny, wish)):
                project = project or Project.open(self._path)
                self._granted.emit(wish, wish.write(project))
        if project is not None:
            project.close()

    def _deny(self, wish: _Wish, failure: EspalierError) -> None:
        self._denied.emit(wish, failure.sentence, failure.remedy)

    def _deliver(self, wish: _Wish, result: Any) -> None:
        if self._closed:
            return
        self.written.emit()
        if wish.then is not None:
            wish.then(result)

    def _tell(self, wish: _Wish, sentence: str, remedy: str) -> None:
        if self._closed:
            return
        if wish.failed is None:
            self.refused.emit(sentence, remedy)
        else:
            wish.failed(sentence, remedy)
