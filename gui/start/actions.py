"""What a person can do where no project is open."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("sample", str(QT_TRANSLATE_NOOP("actions", "Try it on a sample")), "", "", str(QT_TRANSLATE_NOOP("actions", "Walk the whole path on a small repository that Espalier makes"))),
    Entry("new project", str(QT_TRANSLATE_NOOP("actions", "New project…")), "N", "", str(QT_TRANSLATE_NOOP("actions", "Name it, choose a policy, add repositories"))),
    Entry("open project", str(QT_TRANSLATE_NOOP("actions", "Open…")), "O", "", str(QT_TRANSLATE_NOOP("actions", "Open a project file"))),
)
# fmt: on
