"""The one table of actions, which feeds buttons, shortcuts and what comes later: menus, palette, shortcut sheet."""

from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person can do: its id, the words on it, the key that does it, its icon, and what it does in a sentence."""

    id: str
    source: str
    shortcut: str
    icon: str
    about: str


ACTIONS = (
    Entry("open", str(QT_TRANSLATE_NOOP("actions", "Open…")), "Ctrl+O", "folder", "Open a project file"),
    Entry("overview", str(QT_TRANSLATE_NOOP("actions", "Overview")), "Ctrl+1", "overview", "What the project holds"),
    Entry("training", str(QT_TRANSLATE_NOOP("actions", "Training")), "Ctrl+2", "training", "Runs and their curves"),
    Entry("pause", str(QT_TRANSLATE_NOOP("actions", "Pause")), "P", "pause", "Pause the run after a checkpoint"),
    Entry("resume", str(QT_TRANSLATE_NOOP("actions", "Resume")), "R", "play", "Go on from the last checkpoint"),
    Entry("stop", str(QT_TRANSLATE_NOOP("actions", "Stop")), "S", "stop", "End the run and keep its adapter so far"),
    Entry(
        "pause job", str(QT_TRANSLATE_NOOP("actions", "Pause")), "", "pause", "Pause this job at its next safe point"
    ),
    Entry("stop job", str(QT_TRANSLATE_NOOP("actions", "Stop")), "", "stop", "End this job and keep what it has"),
    Entry("scale", str(QT_TRANSLATE_NOOP("actions", "Logarithmic loss")), "L", "training", "Linear or log scale"),
    Entry("theme", str(QT_TRANSLATE_NOOP("actions", "Theme")), "Ctrl+T", "theme", "Light, dark, or as the system"),
    Entry("close", str(QT_TRANSLATE_NOOP("actions", "Close")), "Ctrl+W", "stop", "Close the window; runs go on"),
)


def make_actions(parent: QObject) -> dict[str, QAction]:
    """The table as Qt's actions, by id; the icon's name travels as the property `glyph`."""
    return {entry.id: _made(entry, parent) for entry in ACTIONS}


def _made(entry: Entry, parent: QObject) -> QAction:
    action = QAction(QCoreApplication.translate("actions", entry.source), parent)
    action.setObjectName(entry.id)
    action.setShortcut(QKeySequence(entry.shortcut))
    action.setToolTip(QCoreApplication.translate("actions", entry.about))
    action.setProperty("glyph", entry.icon)
    return action
