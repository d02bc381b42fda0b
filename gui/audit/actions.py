"""What a person can do with the audit chain."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("verify chain", str(QT_TRANSLATE_NOOP("actions", "Verify")), "V", "", str(QT_TRANSLATE_NOOP("actions", "Walk the whole audit chain: does every entry follow from the one before?"))),
    Entry("verify against", str(QT_TRANSLATE_NOOP("actions", "Verify against a checkpoint…")), "Shift+V", "", str(QT_TRANSLATE_NOOP("actions", "Hold the chain against a checkpoint that was kept elsewhere"))),
    Entry("checkpoint", str(QT_TRANSLATE_NOOP("actions", "Checkpoint…")), "C", "", str(QT_TRANSLATE_NOOP("actions", "Sign the chain's length and head into a file, to be kept elsewhere"))),
    Entry("export audit", str(QT_TRANSLATE_NOOP("actions", "Export…")), "X", "", str(QT_TRANSLATE_NOOP("actions", "Write the entries that are shown into a file: JSON lines or CSV"))),
    Entry("filter audit", str(QT_TRANSLATE_NOOP("actions", "Search the audit chain")), "/", "", str(QT_TRANSLATE_NOOP("actions", "By words in who, what, the subject and the detail"))),
    Entry("clear audit", str(QT_TRANSLATE_NOOP("actions", "Show every entry")), "Esc", "", str(QT_TRANSLATE_NOOP("actions", "Take every filter off"))),
)
# fmt: on
