"""Loading what a page will need before anybody goes there: the plots take longer to load than a person wants to wait."""

import sys
from importlib import import_module

from PySide6.QtCore import QObject, QThread, QTimer
from typing_extensions import override

SLOW = ("espalier.gui.training.page",)
IDLE = 300  # milliseconds that the window has to itself first


class Warming(QThread):
    """Begins a moment after `begin`, once. Modules make classes and no objects of Qt, so that any thread may load them."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("warming")
        self._begun = False
        self._timer = QTimer(self, singleShot=True, interval=IDLE)
        self._timer.timeout.connect(self.start)

    def begin(self) -> None:
        if not self._begun and not all(name in sys.modules for name in SLOW):
            self._timer.start()
        self._begun = True

    def close(self) -> None:
        """Begin no more, or wait until all is loaded."""
        self._begun = True
        self._timer.stop()
        self.wait()

    @override
    def run(self) -> None:
        for name in SLOW:
            import_module(name)
