"""Opening a project off the event loop: a file that another process has locked is waited for, and the person can stop waiting."""

import threading
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from espalier.gui.bugs import telling

SLOW_MILLISECONDS = 300  # after which a person is told that it takes its time


class Opening(QObject):
    """The newest one counts. A thread that nobody waits for any more ends by itself, when the file is free or its patience is over.

    slow()                    it takes longer than an eye blinks
    found(path)               the project is there, and of this format
    refused(sentence, remedy) it can't be opened
    """

    slow = Signal()
    found = Signal(str)
    refused = Signal(str, str)
    _ended = Signal(int, str)
    _failed = Signal(int, str, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._blink = QTimer(self, singleShot=True, interval=SLOW_MILLISECONDS)
        self._blink.timeout.connect(self.slow)
        self._ended.connect(self._tell)
        self._failed.connect(self._refuse)

    def begin(self, find: Callable[[], Path]) -> None:
        """`find` is called in a thread: it says where the project is, or raises why it can't be opened."""
        self._number += 1
        self._blink.start()
        work = threading.Thread(target=self._work, args=(self._number, find), name="opening", daemon=True)
        work.start()

    def give_up(self) -> None:
        """Nothing is told any more of what was begun."""
        self._number += 1
        self._blink.stop()

    def _work(self, number: int, find: Callable[[], Path]) -> None:
        with telling(lambda failure: self._failed.emit(number, failure.sentence, failure.remedy)):
            self._ended.emit(number, str(find()))

    def _tell(self, number: int, path: str) -> None:
        if number == self._number:
            self._blink.stop()
            self.found.emit(path)

    def _refuse(self, number: int, sentence: str, remedy: str) -> None:
        if number == self._number:
            self._blink.stop()
            self.refused.emit(sentence, remedy)
