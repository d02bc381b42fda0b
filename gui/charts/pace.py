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
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._draw)

    @property
    def waiting(self) -> bool:
        """Whether something that was asked for is still to be drawn."""
        return self._timer.isActive()

    def ask(self) -> None:
        if self.waiting:
            return
        rest = self._last + APART - time.monotonic()
        if rest <= 0:
            self._draw()
        else:
            self._timer.start(int(1000 * rest) + 1)

    def finish(self) -> None:
        """Draw what waits now: it is about to be hidden, or taken along."""
        if self.waiting:
            self._timer.stop()
            self._draw()

    def _draw(self) -> None:
        self._last = time.monotonic()
        self.due.emit()
