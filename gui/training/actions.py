"""What can be done on the training page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("new run", str(QT_TRANSLATE_NOOP("actions", "New run…")), "N", "plus", str(QT_TRANSLATE_NOOP("actions", "Choose a model, a snapshot and a recipe, see what it takes, and start"))),
    Entry("copy run", str(QT_TRANSLATE_NOOP("actions", "Copy as new run…")), "C", "copy", str(QT_TRANSLATE_NOOP("actions", "Begin from this run's model, snapshot and settings"))),
    Entry("reproduce run", str(QT_TRANSLATE_NOOP("actions", "Reproduce")), "Y", "undo", str(QT_TRANSLATE_NOOP("actions", "Start the same again: on the same device its losses must be the same"))),
    Entry("settings diff", str(QT_TRANSLATE_NOOP("actions", "Settings as diff")), "D", "", str(QT_TRANSLATE_NOOP("actions", "This run's settings beside those of the run that was marked last"))),
    Entry("overlay run", str(QT_TRANSLATE_NOOP("actions", "Overlay this run")), "O", "", str(QT_TRANSLATE_NOOP("actions", "Keep its loss drawn over other runs, or no longer; Space on its row does it too"))),
    Entry("overlay none", str(QT_TRANSLATE_NOOP("actions", "Overlay none")), "Shift+O", "", str(QT_TRANSLATE_NOOP("actions", "Draw the loss of the run that is looked at alone"))),
    Entry("pause", str(QT_TRANSLATE_NOOP("actions", "Pause")), "P", "pause", str(QT_TRANSLATE_NOOP("actions", "Pause the run after a checkpoint"))),
    Entry("resume", str(QT_TRANSLATE_NOOP("actions", "Resume")), "R", "play", str(QT_TRANSLATE_NOOP("actions", "Go on from the last checkpoint"))),
    Entry("stop", str(QT_TRANSLATE_NOOP("actions", "Stop")), "S", "stop", str(QT_TRANSLATE_NOOP("actions", "End the run and keep its adapter so far"))),
    Entry("scale", str(QT_TRANSLATE_NOOP("actions", "Logarithmic loss")), "L", "training", str(QT_TRANSLATE_NOOP("actions", "Linear or log scale"))),
)
# fmt: on
