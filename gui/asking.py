"""Reading once, for what a person just asked to see: in a thread with its own connection, the newest question of a kind wins."""

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

Answer = TypeVar("Answer")
Failed = Callable[[str, str], None]
LEAVE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class _Question:
    kind: str
    number: int
    read: Callable[[Project], Any]
    then: Callable[[Any], None]
    failed: Failed | None


class Asking(QObject):
    """refused(sentence, remedy): a question that has no `failed` of its own could not be answered."""

    refused = Signal(str, str)
    _answered = Signal(object, object)
    _failed = Signal(object, str, str)

    def __init__(self, path: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._newest: dict[str, int] = {}
        self._unanswered: set[str] = set()
        self._waiting: queue.SimpleQueue[_Question | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self._answered.connect(self._deliver)
        self._failed.connect(self._tell)

    @property
    def waiting(self) -> bool:
        """Whether an answer that is still wanted has not come yet."""
        return bool(self._unanswered)

    def ask(
        self,
        kind: str,
        read: Callable[[Project], Answer],
        then: Callable[[Answer], None],
        failed: Failed | None = None,
    ) -> None:
        """Read off this thread and call `then` on it, unless a later question of the same kind has been asked meanwhile."""
        number = self._newest.get(kind, 0) + 1
        self._newest[kind] = number
        self._unanswered.add(kind)
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="asking", daemon=True)
            self._thread.start()
        self._waiting.put(_Question(kind, number, read, then, failed))

    def drop(self, kind: str) -> None:
        """Whatever was asked of this kind is no longer wanted."""
        self._newest[kind] = self._newest.get(kind, 0) + 1
        self._unanswered.discard(kind)

    def close(self) -> None:
        self._newest = {kind: number + 1 for kind, number in self._newest.items()}
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join(LEAVE_SECONDS)
            self._thread = None

    def _work(self) -> None:
        while (question := self._waiting.get()) is not None:
            if self._stale(question):
                continue
            with telling(partial(self._refuse, question)), Project.open(self._path, read_only=True) as project:
                self._answered.emit(question, question.read(project))

    def _refuse(self, question: _Question, failure: EspalierError) -> None:
        self._failed.emit(question, failure.sentence, failure.remedy)

    def _stale(self, question: _Question) -> bool:
        return self._newest.get(question.kind) != question.number

    def _deliver(self, question: _Question, answer: Any) -> None:
        if not self._stale(question):
            self._unanswered.discard(question.kind)
            question.then(answer)

    def _tell(self, question: _Question, sentence: str, remedy: str) -> None:
        if self._stale(question):
            return
        self._unanswered.discard(question.kind)
        if question.failed is None:
            self.refused.emit(sentence, remedy)
        else:
            question.failed(sentence, remedy)
