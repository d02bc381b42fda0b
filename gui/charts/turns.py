"""Doing things one by one: the event loop has a turn between them, so that nobody notices how long they take together."""

from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


class Turns(QObject):
    """In the order in which they were given."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._waiting: deque[Callable[[], None]] = deque()
        self._timer = QTimer(self, interval=0)
        self._timer.timeout.connect(self._do_one)

    @property
    def waiting(self) -> bool:
        return bool(self._waiting)

    def take(self, act: Callable[[], None]) -> None:
        self._waiting.append(act)
        self._timer.start()

    def give_back(self, act: Callable[[], None]) -> None:
        """It is not wanted any more."""
        self._waiting = deque(one for one in self._waiting if one != act)
        if not self._waiting:
            self._timer.stop()

    def _do_one(self) -> None:
        act = self._waiting.popleft()
        if not self._waiting:
            self._timer.stop()
        act()
