"""What can be done on the training page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

ACTIONS = (
    Entry("pause", str(QT_TRANSLATE_NOOP("actions", "Pause")), "P", "pause", "Pause the run after a checkpoint"),
    Entry("resume", str(QT_TRANSLATE_NOOP("actions", "Resume")), "R", "play", "Go on from the last checkpoint"),
    Entry("stop", str(QT_TRANSLATE_NOOP("actions", "Stop")), "S", "stop", "End the run and keep its adapter so far"),
    Entry("scale", str(QT_TRANSLATE_NOOP("actions", "Logarithmic loss")), "L", "training", "Linear or log scale"),
)
