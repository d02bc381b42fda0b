"""Whether a window shows all that it has asked for: what a picture, and a check of its looks, must wait for."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QObject, QThread, QTimer

from espalier.gui.charts.pace import Pace
from espalier.gui.charts.turns import Turns
from espalier.gui.code.colouring import Colouring
from espalier.gui.session import Session
from espalier.gui.tables.windowed import WindowedModel

SOON = 1000  # milliseconds: a timer that rings later has nothing to do with what was asked for
QUIET = 8  # turns of the event loop: a layout in a layout in a page: each learns of new sizes one turn later
TURN = 5  # milliseconds


def at_rest(shown: QObject, session: Session) -> bool:
    """Nothing is being read, coloured or held back for what is shown, and no timer of its own is about to ring."""
    return not (
        session.reading
        or any(model.reading or model.waiting for model in shown.findChildren(WindowedModel))
        or any(colouring.busy for colouring in shown.findChildren(Colouring))
        or any(pace.waiting and not pace.resting for pace in shown.findChildren(Pace))
        or any(turns.waiting for turns in shown.findChildren(Turns))
        or any(_soon(timer) for timer in shown.findChildren(QTimer))
    )


def settle(shown: QObject, session: Session, ready: Callable[[], bool], seconds: float) -> bool:
    """Run the event loop until it is `ready` and has been at rest for some turns; False where that takes longer."""
    deadline, quiet = QDeadlineTimer(int(1000 * seconds)), 0
    while quiet < QUIET:
        if deadline.hasExpired():
            return False
        QCoreApplication.processEvents()
        quiet = quiet + 1 if ready() and at_rest(shown, session) else 0
        QThread.msleep(TURN)
    return True


def _soon(timer: QTimer) -> bool:
    return timer.isActive() and timer.isSingleShot() and timer.remainingTime() < SOON
