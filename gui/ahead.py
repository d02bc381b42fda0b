"""Loading ahead: the modules of pages nobody has opened yet, in a thread, so that a page opens in half the time.

Loading takes turns with the window's own thread every few milliseconds; making a page, which can't be done elsewhere, is left.
"""

import threading
from collections.abc import Sequence
from importlib import import_module

from espalier.gui.bugs import telling

LEAVE_SECONDS = 5.0


class Ahead:
    """The modules in their order, once."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = tuple(names)
        self._enough = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        if self._thread is None and not self._enough:
            self._thread = threading.Thread(target=self._load, name="ahead", daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Load nothing more, and wait for what is being loaded."""
        self._enough = True
        if self._thread is not None:
            self._thread.join(LEAVE_SECONDS)

    def _load(self) -> None:
        for name in self._names:
            if self._enough:
                return
            with telling(lambda _: None):
                import_module(name)
