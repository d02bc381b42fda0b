"""What tells a person something: banners, errors, lines with a mark, an empty page, a place to drop, a dialog."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.gui.gallery.samples import tr
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.drop_zone import DropZone
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.field import Field
from espalier.gui.parts.mark_line import MarkLines
from espalier.gui.parts.section import SectionHead


class Told(QWidget):
    """The dialog opens by its button: it is a window of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.dialog: Dialog | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(SectionHead(tr("Banners"), tr("a shut gate, a wait, a limit, a word")))
        for banner in _banners():
            column.addWidget(banner)
        column.addWidget(SectionHead(tr("Errors"), tr("what happened to what, and what to do; folded and unfolded")))
        for panel in _errors():
            column.addWidget(panel)
        column.addWidget(SectionHead(tr("Lines with a mark, and facts")))
        column.addWidget(_lines())
        column.addWidget(_facts())
        opens = Button(tr("Open a dialog…"), "link")
        opens.clicked.connect(self.open_dialog)
        column.addWidget(SectionHead(tr("An empty page"), parts=(opens,)))
        column.addWidget(_empty())
        column.addWidget(DropZone(tr("Drop git folders here, or a folder that holds many."), height=56))

    def open_dialog(self) -> None:
        self.dialog = Dialog(
            tr("New identity"), tr("It stands beside every decision."), accept=tr("Make it"), parent=self
        )
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.dialog.body.addWidget(Field(tr("Name")))
        self.dialog.set_accept_handler(lambda: self.dialog.fail(tr("A name is needed.")) if self.dialog else None)
        self.dialog.open()


def _banners() -> list[Banner]:
    shut, wait, warn, word = Banner("shut"), Banner("wait"), Banner("warn"), Banner("info")
    shut.say(tr("The scrub gate is shut."), tr("12 findings are undecided."), action=tr("Go there"))
    wait.say(tr("The newest corpus is being scanned."), tr("412 of 1,200 versions of files."))
    warn.say(tr("Two reviewers disagree on 9 examples."), tr("Settle them first."), action=tr("Settle 9"))
    word.say(tr("Reading the bundle…"))
    return [shut, wait, warn, word]


def _errors() -> list[ErrorPanel]:
    refused, folded, unfolded = ErrorPanel(), ErrorPanel(), ErrorPanel()
    refused.say(tr("Job 12 has ended (done)."), tr("Nothing is left to pause."))
    folded.say(
        tr("Run 5: Memory ran out at step 3."),
        tr("It asked for 25.1 GB of 24. Nothing that was committed is lost: start it again with shorter rows."),
        "job 9, training.run, accelerator, attempt 1",
    )
    unfolded.say(
        tr("Espalier broke (KeyError at reading.py:88); this is a bug of ours."),
        tr("What was committed is kept."),
        "reading.py:88 _row\nreading.py:41 __call__\nbackground.py:102 _take_due",
    )
    unfolded.fold.click()
    return [refused, folded, unfolded]


def _lines() -> MarkLines:
    lines = MarkLines()
    lines.show_lines(
        [
            ("done", "ok", tr("The sandbox has proved itself: no network, no files of yours")),
            ("limited", "warn", tr("2 of 3 sign-offs are missing")),
            ("failed", "bad", tr("General ability fell 4.1 points; the policy allows 3.0")),
        ]
    )
    return lines


def _facts() -> Facts:
    facts = Facts(104)
    facts.show_facts(
        [(tr("Why flagged"), tr("20 characters, entropy 3.9 bits")), (tr("Same secret"), tr("14 places in 3 files"))]
    )
    return facts


def _empty() -> Empty:
    empty = Empty(
        tr("There is no run yet."),
        tr("A run teaches a base model what a frozen snapshot holds."),
        "espalier train start company.espalier",
        action=tr("New run"),
        help_words=tr("What a run is"),
    )
    empty.show()
    return empty
