"""What can be done on the help page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

ACTIONS = (
    Entry(
        "help back", str(QT_TRANSLATE_NOOP("actions", "Back")), "Alt+Left", "arrow-left", "The topic before this one"
    ),
)
