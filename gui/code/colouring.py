"""Colours for long texts, found in a thread of their own while the text is read already."""

import queue
import threading
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QTimer, Signal

from espalier.gui.code.highlight import Pieces, highlighted

LOOK = 15  # milliseconds between looks for what is done


@dataclass(frozen=True, slots=True)
class Wanted:
    """Lines that are to be coloured. `key` names them to who asked; the first `lead` only tell where a text or comment is open."""

    key: int
    lines: Sequence[str]
    language: str
    lead: int = 0


class Colouring(QObject):
    """One thing at a time, in a thread that ends when it is done; what was asked for last is next and the rest is forgotten.

    done(key, pieces of each line)
    """

    done = Signal(int, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._next: Wanted | None = None
        self._at_work: int | None = None
        self._results: queue.SimpleQueue[tuple[int, list[Pieces]]] = queue.SimpleQueue()
        # Looked at from here: a signal from the thread could meet an object that is gone.
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK)
        self._timer.timeout.connect(self._look)

    @property
    def busy(self) -> bool:
        return self._at_work is not None

    def ask(self, wanted: Wanted) -> None:
        if wanted.key != self._at_work:
            self._next = wanted
            self._begin()

    def forget(self) -> None:
        """What is at work is of no use any more."""
        self._next = self._at_work = None
        self._results = queue.SimpleQueue()
        self._timer.stop()

    def _begin(self) -> None:
        if self._at_work is not None or self._next is None:
            return
        wanted, self._next = self._next, None
        self._at_work = wanted.key
        threading.Thread(target=_colour, args=(wanted, self._results), name="colouring", daemon=True).start()
        self._timer.start()

    def _look(self) -> None:
        if self._results.empty():
            return
        key, pieces = self._results.get()
        self._at_work = None
        self._timer.stop()
        self.done.emit(key, pieces)
        self._begin()


def _colour(wanted: Wanted, results: "queue.SimpleQueue[tuple[int, list[Pieces]]]") -> None:
    results.put((wanted.key, highlighted(wanted.lines, wanted.language)[wanted.lead :]))
