"""Bugs of ours, told to the person who meets them: whatever escapes in this process, by the places where it broke."""

import platform
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.metadata import version
from types import TracebackType

from PySide6.QtCore import QObject, Signal

from espalier.core.failures import Broken, EspalierError


@contextmanager
def telling(tell: Callable[[EspalierError], object]) -> Iterator[None]:
    """For a thread that goes on whatever happens: `tell` is called with what failed. What nobody foresaw is reported as well."""
    try:
        yield
    except EspalierError as error:
        tell(error)
    except Exception as error:  # noqa: BLE001  # the one place where a thread of the window is kept alive
        threading.excepthook(threading.ExceptHookArgs((type(error), error, error.__traceback__, None)))
        tell(Broken.of(error))


class Bugs(QObject):
    """broke(Broken): something escaped, in any thread; heard in the one of this object."""

    broke = Signal(object)

    def listen(self) -> None:
        """From now on and to the end of the process: nothing is printed with the error's own text any more."""
        sys.excepthook = self._escaped
        threading.excepthook = lambda args: self._tell(args.exc_value)

    def _escaped(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            sys.__excepthook__(kind, error, trace)
        else:
            self._tell(error)

    def _tell(self, error: BaseException | None) -> None:
        if error is None:
            return
        broken = Broken.of(error)
        sys.stderr.write(f"{broken.kind} at {' < '.join(broken.places)}\n")
        self.broke.emit(broken)


def running_on() -> str:
    """What a report must name: our version and those of what we stand on."""
    named = (
        f"espalier {version('espalier')}, Python {platform.python_version()}, PySide6 {version('PySide6_Essentials')}"
    )
    return f"{named}, {platform.system()} {platform.machine()}"
