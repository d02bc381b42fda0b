"""What a person can do on the examples page."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("build examples", str(QT_TRANSLATE_NOOP("actions", "Build examples")), "", "play", str(QT_TRANSLATE_NOOP("actions", "Make examples of the newest corpus, from scrubbed text")), writes=True),
    Entry("accept example", str(QT_TRANSLATE_NOOP("actions", "Accept")), "A", "", str(QT_TRANSLATE_NOOP("actions", "The model should learn this")), writes=True),
    Entry("reject example", str(QT_TRANSLATE_NOOP("actions", "Reject")), "X", "", str(QT_TRANSLATE_NOOP("actions", "Keep it out of later snapshots")), writes=True),
    Entry("insecure example", str(QT_TRANSLATE_NOOP("actions", "Insecure")), "I", "", str(QT_TRANSLATE_NOOP("actions", "Keep it out of later snapshots, for its security")), writes=True),
    Entry("next example", str(QT_TRANSLATE_NOOP("actions", "Next")), "J", "", str(QT_TRANSLATE_NOOP("actions", "The example after"))),
    Entry("previous example", str(QT_TRANSLATE_NOOP("actions", "Previous")), "K", "", str(QT_TRANSLATE_NOOP("actions", "The example before"))),
    Entry("quality 1", str(QT_TRANSLATE_NOOP("actions", "Quality 1")), "1", "", str(QT_TRANSLATE_NOOP("actions", "Poor")), writes=True),
    Entry("quality 2", str(QT_TRANSLATE_NOOP("actions", "Quality 2")), "2", "", str(QT_TRANSLATE_NOOP("actions", "Below what we write")), writes=True),
    Entry("quality 3", str(QT_TRANSLATE_NOOP("actions", "Quality 3")), "3", "", str(QT_TRANSLATE_NOOP("actions", "As we usually write")), writes=True),
    Entry("quality 4", str(QT_TRANSLATE_NOOP("actions", "Quality 4")), "4", "", str(QT_TRANSLATE_NOOP("actions", "Good")), writes=True),
    Entry("quality 5", str(QT_TRANSLATE_NOOP("actions", "Quality 5")), "5", "", str(QT_TRANSLATE_NOOP("actions", "Exemplary")), writes=True),
    Entry("note example", str(QT_TRANSLATE_NOOP("actions", "Write a note")), "W", "", str(QT_TRANSLATE_NOOP("actions", "Why, for the next reader")), writes=True),
    Entry("example table", str(QT_TRANSLATE_NOOP("actions", "Examples as a table")), "T", "table", str(QT_TRANSLATE_NOOP("actions", "Many at once"))),
    Entry("example card", str(QT_TRANSLATE_NOOP("actions", "Examples one by one")), "C", "card", str(QT_TRANSLATE_NOOP("actions", "One whole"))),
    Entry("composition", str(QT_TRANSLATE_NOOP("actions", "Composition")), "Alt+C", "", str(QT_TRANSLATE_NOOP("actions", "By service, language and quarter, before and after balancing"))),
    Entry("search examples", str(QT_TRANSLATE_NOOP("actions", "Search examples")), "/", "search", str(QT_TRANSLATE_NOOP("actions", "In paths, names, tasks and code"))),
    Entry("export examples", str(QT_TRANSLATE_NOOP("actions", "Export examples…")), "", "folder", str(QT_TRANSLATE_NOOP("actions", "Every example as JSON lines, with its reviews")), writes=True),
)
# fmt: on
