"""States as shown: an icon and a word, always both, and the role of their colour."""

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.gui.standing import Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """The icon's name, the colour's role, and the word to translate."""

    icon: str
    role: str
    source: str

    @property
    def word(self) -> str:
        return QCoreApplication.translate("states", self.source)


SHOWN: dict[Standing, Shown] = {
    "queued": Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "queued"))),
    "running": Shown("running", "accent", str(QT_TRANSLATE_NOOP("states", "running"))),
    "pausing": Shown("paused", "accent", str(QT_TRANSLATE_NOOP("states", "pausing"))),
    "stopping": Shown("stopped", "accent", str(QT_TRANSLATE_NOOP("states", "stopping"))),
    "cancelling": Shown("stopped", "accent", str(QT_TRANSLATE_NOOP("states", "cancelling"))),
    "silent": Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "not responding"))),
    "elsewhere": Shown("running", "accent", str(QT_TRANSLATE_NOOP("states", "elsewhere"))),
    "dead": Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "interrupted"))),
    "interrupted": Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "interrupted"))),
    "paused": Shown("paused", "second", str(QT_TRANSLATE_NOOP("states", "paused"))),
    "stopped": Shown("stopped", "second", str(QT_TRANSLATE_NOOP("states", "stopped"))),
    "cancelled": Shown("stopped", "muted", str(QT_TRANSLATE_NOOP("states", "cancelled"))),
    "failed": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "failed"))),
    "done": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "done"))),
}

TO_DO = Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "to do")))
