"""What a person can do on the dataset page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("freeze draft", str(QT_TRANSLATE_NOOP("actions", "Freeze draft")), "", "", str(QT_TRANSLATE_NOOP("actions", "Store this division under its hash, for good")), writes=True),
    Entry("compare snapshots", str(QT_TRANSLATE_NOOP("actions", "Compare…")), "", "", str(QT_TRANSLATE_NOOP("actions", "Two snapshots, or one and the draft, beside each other"))),
    Entry("cut earlier", str(QT_TRANSLATE_NOOP("actions", "Cut a week earlier")), "[", "", str(QT_TRANSLATE_NOOP("actions", "Move the cut that was moved last"))),
    Entry("cut later", str(QT_TRANSLATE_NOOP("actions", "Cut a week later")), "]", "", str(QT_TRANSLATE_NOOP("actions", "Move the cut that was moved last"))),
    Entry("other cut", str(QT_TRANSLATE_NOOP("actions", "Other cut")), "\\", "", str(QT_TRANSLATE_NOOP("actions", "Let the keys move the other of the two cuts"))),
    Entry("begin draft anew", str(QT_TRANSLATE_NOOP("actions", "Begin the draft anew")), "", "undo", str(QT_TRANSLATE_NOOP("actions", "Let Espalier choose the cuts, and all weights be 1"))),
    Entry("export snapshot", str(QT_TRANSLATE_NOOP("actions", "Export as JSON lines…")), "", "folder", str(QT_TRANSLATE_NOOP("actions", "The chosen snapshot as one file, for other tools")), writes=True),
    Entry("export parquet", str(QT_TRANSLATE_NOOP("actions", "Export as Parquet…")), "", "folder", str(QT_TRANSLATE_NOOP("actions", "The chosen snapshot as a folder with a file for each part")), writes=True),
)
# fmt: on
