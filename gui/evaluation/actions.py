"""What can be done on the evaluation page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("evaluate", str(QT_TRANSLATE_NOOP("actions", "Evaluate run…")), "E", "", str(QT_TRANSLATE_NOOP("actions", "Compare a run's adapter with its base model on held-out tasks")), writes=True),
    Entry("export evaluation", str(QT_TRANSLATE_NOOP("actions", "Export report")), "X", "", str(QT_TRANSLATE_NOOP("actions", "A page with the numbers, or a CSV of the tasks")), writes=True),
    Entry("blind rubric", str(QT_TRANSLATE_NOOP("actions", "Blind rubric")), "B", "", str(QT_TRANSLATE_NOOP("actions", "Rate answers without knowing which arm they are from")), writes=True),
    Entry("evaluation tasks", str(QT_TRANSLATE_NOOP("actions", "All tasks")), "T", "", str(QT_TRANSLATE_NOOP("actions", "Every task with its outcome"))),
    Entry("resume evaluation", str(QT_TRANSLATE_NOOP("actions", "Resume")), "R", "play", str(QT_TRANSLATE_NOOP("actions", "Go on at the next task")), writes=True),
)
# fmt: on
