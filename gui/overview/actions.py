"""What can be done on the overview."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

ACTIONS = (
    Entry(
        "next step",
        str(QT_TRANSLATE_NOOP("actions", "Go to the next step")),
        "N",
        "arrow-right",
        "Where it can be done",
    ),
)
