"""Redrawing at human speed: the first change at once, what comes right after it together, a moment later."""

import time

from PySide6.QtCore import QObject, QTimer, Signal

APART = 0.1  # seconds


class Pace(QObject):
    """due(): draw now; at most ten times a second, however often it is asked for, unless somebody can't wait.

    Nothing that was asked for is lost: what has to wait is drawn a tenth of a second after the drawing before.
    """

    due = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._last = float("-inf")
        self._waiting, self._resting = False, False
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self.finish)

    @property
    def waiting(self) -> bool:
        """Whether something that was asked for is still to be drawn."""
        return self._waiting

    @property
    def resting(self) -> bool:
        return self._resting

    def ask(self) -> None:
        if not self._waiting:
            self._waiting = True
            self._start()

    def finish(self) -> None:
        """Draw what waits now."""
        if self._waiting:
            self._timer.stop()
            self._waiting = False
            self._last = time.monotonic()
            self.due.emit()

    def rest(self) -> None:
        """Draw nothing for the time being: nobody sees it."""
        self._resting = True
        self._timer.stop()

    def go_on(self) -> None:
        self._resting = False
        if self._waiting:
            self._start()

    def _start(self) -> None:
        if self._resting:
            return
        left = self._last + APART - time.monotonic()
        if left <= 0:
            self.finish()
        else:
            self._timer.start(int(1000 * left) + 1)
