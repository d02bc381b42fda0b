"""Loading ahead: the modules of pages nobody has opened yet, one in a turn of the event loop, so that a page opens at once.

In the window's own thread: PySide makes its classes when they are first named, and two threads that name some at the same time
crash the process (6.11, seen once in a hundred starts when these modules were loaded by another thread).
"""

import sys
from collections import deque
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules

from PySide6.QtCore import QObject, QTimer

from espalier.gui.bugs import telling

LARGE = {  # what a package needs that takes a turn of its own
    "espalier.gui.findings": (
        "espalier.core.findings.reports.imported",
        "espalier.core.worker.findings",
        "espalier.core.release.tracing.quarantine",
    ),
    "espalier.gui.training": ("numpy", "pyqtgraph"),
}
PAUSE = 20  # milliseconds between two modules: whoever clicks or types comes first


class Ahead(QObject):
    """The modules of these packages in their order, once; a module that is there already takes no turn."""

    def __init__(self, packages: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._packages, self._names = deque(packages), deque[str]()
        self._timer = QTimer(self, interval=PAUSE)
        self._timer.timeout.connect(self._load_one)

    @property
    def done(self) -> bool:
        return not self._packages and not self._names

    def start(self) -> None:
        if not self.done:
            self._timer.start()

    def close(self) -> None:
        """Load nothing more."""
        self._packages.clear()
        self._names.clear()
        self._timer.stop()

    def _load_one(self) -> None:
        while self._names:
            name = self._names.popleft()
            if name not in sys.modules:
                with telling(lambda _: None):
                    import_module(name)
                return
        if self._packages:
            self._names.extend(_modules(self._packages.popleft()))
        else:
            self._timer.stop()


def _modules(package: str) -> Sequence[str]:
    """All of a package, what is large first."""
    within = [f"{package}.{one.name}" for one in iter_modules(import_module(package).__path__)]
    return (*LARGE.get(package, ()), *within)
