"""What another thread says of its work, told on this one."""

import threading

from PySide6.QtCore import QObject, Signal

from espalier.core.failures import WorkFailed


class Told(QObject):
    """sentence(text): how far the reading thread is. It outlives a dialog that was closed, and `stop` ends the reading."""

    sentence = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._stopped = threading.Event()

    def stop(self) -> None:
        self._stopped.set()

    def say(self, sentence: str) -> None:
        """For the reading thread; raises WorkFailed where nobody waits for it any more."""
        if self._stopped.is_set():
            raise WorkFailed("The trace was given up.", "Ask for it again.")
        self.sentence.emit(sentence)
