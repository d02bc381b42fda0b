"""What a person can do with repositories and their licences."""

from PySide6.QtCore import QT_TRANSLATE_NOOP

from espalier.gui.actions import Entry

# fmt: off
ACTIONS = (
    Entry("add repositories", str(QT_TRANSLATE_NOOP("actions", "Add…")), "N", "plus", str(QT_TRANSLATE_NOOP("actions", "Add git repositories of this machine: choose, drop, or search a parent folder")), writes=True),
    Entry("refresh repositories", str(QT_TRANSLATE_NOOP("actions", "Refresh")), "R F5", "", str(QT_TRANSLATE_NOOP("actions", "Record where the repositories stand now, as a corpus")), writes=True),
    Entry("locate repository", str(QT_TRANSLATE_NOOP("actions", "Locate…")), "L", "", str(QT_TRANSLATE_NOOP("actions", "Say where the chosen repository lies now; it is known again by its commits")), writes=True),
    Entry("drop repository", str(QT_TRANSLATE_NOOP("actions", "Drop…")), "Del", "", str(QT_TRANSLATE_NOOP("actions", "Leave the chosen repository out of corpora to come")), writes=True),
    Entry("licences", str(QT_TRANSLATE_NOOP("actions", "Repositories or their licences")), "Ctrl+Tab", "", str(QT_TRANSLATE_NOOP("actions", "From the repositories to the sources of licences, and back"))),
)
LICENCE_ACTIONS = (
    Entry("allow licence", str(QT_TRANSLATE_NOOP("actions", "Allow")), "A", "", str(QT_TRANSLATE_NOOP("actions", "The chosen sources may be learnt from")), writes=True),
    Entry("deny licence", str(QT_TRANSLATE_NOOP("actions", "Deny")), "D", "", str(QT_TRANSLATE_NOOP("actions", "The chosen sources are not learnt from")), writes=True),
    Entry("filter licences", str(QT_TRANSLATE_NOOP("actions", "Search the sources")), "/", "", str(QT_TRANSLATE_NOOP("actions", "By words in repository, place and licence"))),
)
# fmt: on
