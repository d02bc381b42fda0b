"""Actions: what a person can do, as tables that feed buttons, shortcuts, menus, the command palette and the shortcut sheet.

The frame's table is here; each page has its own in its folder, in a module `actions` as `ACTIONS`.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


@dataclass(frozen=True, slots=True)
class Entry:
    """What a person can do: its id, the words on it, the keys that do it, its icon, and what it does in a sentence.

    Several keys are separated by spaces; the first is the one that is shown. No action is without words: they are what
    the palette lists. `writes`: it changes the project or what works on it, and is off where that may not be changed.
    """

    id: str
    source: str
    keys: str
    icon: str
    about: str
    writes: bool = False


FRAME = (
    Entry("palette", str(QT_TRANSLATE_NOOP("actions", "Search or run a command")), "Ctrl+K", "search", ""),
    Entry("open", str(QT_TRANSLATE_NOOP("actions", "Open a project…")), "Ctrl+O", "folder", "Open a project file"),
    Entry("new", str(QT_TRANSLATE_NOOP("actions", "New project…")), "Ctrl+N", "plus", "Make an empty project file"),
    Entry("copy project", str(QT_TRANSLATE_NOOP("actions", "Save a copy…")), "", "copy", "A whole copy of the project"),
    Entry(
        "undo",
        str(QT_TRANSLATE_NOOP("actions", "Undo")),
        "Z Ctrl+Z",
        "undo",
        "Take back the newest decision",
        writes=True,
    ),
    Entry(
        "pause job",
        str(QT_TRANSLATE_NOOP("actions", "Pause job")),
        "",
        "pause",
        "Pause it at its next safe point",
        writes=True,
    ),
    Entry(
        "stop job",
        str(QT_TRANSLATE_NOOP("actions", "Stop job")),
        "",
        "stop",
        "End this job and keep what it has",
        writes=True,
    ),
    Entry("jobs", str(QT_TRANSLATE_NOOP("actions", "Jobs")), "Ctrl+J", "caret-up", "Every job, with its log"),
    Entry("acting", str(QT_TRANSLATE_NOOP("actions", "Identity…")), "Ctrl+I", "person", "Who decides in this window"),
    Entry("theme", str(QT_TRANSLATE_NOOP("actions", "Theme")), "Ctrl+T", "theme", "Light, dark, or as the system"),
    Entry("shortcuts", str(QT_TRANSLATE_NOOP("actions", "Keys")), "?", "info", "Every key, on one sheet"),
    Entry("close", str(QT_TRANSLATE_NOOP("actions", "Close")), "Ctrl+W", "close", "Close the window; jobs go on"),
)


def make_actions(
    entries: Iterable[Entry], owner: QWidget, *, context: str = "actions", everywhere: bool = False
) -> dict[str, QAction]:
    """The entries as Qt's actions by id, added to their owner; the icon's name travels as the property `glyph`, and
    whether it `writes`.

    Their keys work while the focus is in the owner or what is in it, or with `everywhere` in its whole window.
    """
    scope = Qt.ShortcutContext.WindowShortcut if everywhere else Qt.ShortcutContext.WidgetWithChildrenShortcut
    actions = {entry.id: _made(entry, owner, context) for entry in entries}
    for action in actions.values():
        action.setShortcutContext(scope)
    owner.addActions(list(actions.values()))
    return actions


def _made(entry: Entry, owner: QWidget, context: str) -> QAction:
    action = QAction(QCoreApplication.translate(context, entry.source), owner)
    action.setObjectName(entry.id)
    action.setShortcuts([QKeySequence(keys) for keys in entry.keys.split()])
    about = QCoreApplication.translate(context, entry.about)
    action.setToolTip(about or action.text())
    action.setProperty("glyph", entry.icon)
    action.setProperty("writes", entry.writes)
    return action
