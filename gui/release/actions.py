"""What can be done on the release page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

ACTIONS = (
    Entry(
        "sign",
        str(QT_TRANSLATE_NOOP("actions", "Sign…")),
        "S",
        "key",
        "Sign this run's release in a role of yours",
        writes=True,
    ),
    Entry(
        "bundle",
        str(QT_TRANSLATE_NOOP("actions", "Create bundle…")),
        "B",
        "cube",
        "Write the signed bundle to a folder",
        writes=True,
    ),
    Entry(
        "verify bundle",
        str(QT_TRANSLATE_NOOP("actions", "Verify a bundle…")),
        "V",
        "shield",
        "Check a bundle from itself alone",
    ),
    Entry("copy manifest", str(QT_TRANSLATE_NOOP("actions", "Copy manifest preview")), "", "copy", "As JSON"),
)
