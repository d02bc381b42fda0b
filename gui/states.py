"""States as shown: an icon and a word, always both, and the role of their colour."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from espalier.gui.standing import Standing


@dataclass(frozen=True, slots=True)
class Shown:
    """The icon's name, the colour's role, and the word to translate."""

    icon: str
    role: str
    source: str
    number: int | None = None  # stands for %n in the word

    @property
    def word(self) -> str:
        word = QCoreApplication.translate("states", self.source)
        return word if self.number is None else word.replace("%n", f"{self.number:,}")

    def counting(self, number: int) -> "Shown":
        """The same with a number in its word."""
        return replace(self, number=number)


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
NEEDS_YOU = Shown("person", "warn", str(QT_TRANSLATE_NOOP("states", "needs you")))
NEED_YOU = Shown("person", "warn", str(QT_TRANSLATE_NOOP("states", "%n need you")))
SHUT = Shown("shut", "bad", str(QT_TRANSLATE_NOOP("states", "shut")))
OPEN = Shown("open", "ok", str(QT_TRANSLATE_NOOP("states", "open")))
HOLDS = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "holds")))
FAILS = Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "fails")))
NOT_RUN = Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "not run")))
LIMITED = Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "limited")))
MISSING = Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "missing")))
READY = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "ready")))
FROZEN = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "frozen")))
SIGNED = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "signed")))
ASKED = Shown("person", "warn", str(QT_TRANSLATE_NOOP("states", "asked")))
NOT_ASKED = Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "not asked yet")))

# By the word that core uses.
FINDING: dict[str, Shown] = {
    "open": Shown("person", "warn", str(QT_TRANSLATE_NOOP("states", "to decide"))),
    "scrub": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "scrubbed"))),
    "false-alarm": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "false alarm"))),
    "block": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "file blocked"))),
}
EXAMPLE: dict[str, Shown] = {
    "kept": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "kept"))),
    "dropped": Shown("limited", "muted", str(QT_TRANSLATE_NOOP("states", "dropped"))),
    "removed-in-review": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "removed"))),
}
VERDICT: dict[str, Shown] = {
    "undecided": Shown("queued", "muted", str(QT_TRANSLATE_NOOP("states", "undecided"))),
    "accept": Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "accepted"))),
    "reject": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "rejected"))),
    "insecure": Shown("failed", "bad", str(QT_TRANSLATE_NOOP("states", "insecure"))),
}
