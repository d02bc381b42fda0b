"""Beside a sampled review: how many files wait for a second, blind reading, how far two people agree, and the way there and back."""

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from espalier.gui.figures import count
from espalier.gui.findings.agreement import facts
from espalier.gui.findings.sample_reading import Second
from espalier.gui.findings.sentence import some
from espalier.gui.parts.button import Button
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.rule import Rule, stacked
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.text import Text

NAMES = 140


class SecondBlock(QWidget):
    """Hidden while nobody has read anything. left(): back to the first reading."""

    left = Signal()

    def __init__(self, action: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._action = action
        self._said = Text("", "second", "second", wrap=True)
        self.facts = Facts(NAMES)
        self.go, self.back = Button.of(action, key=False), Button(self.tr("Back to the first reading"))
        column = stacked(Rule(), SectionHead(action.text()), self._said, self.facts, spacing=4)
        column.addSpacing(4)
        for button in (self.go, self.back):
            column.addWidget(button)
        self.setLayout(column)
        self.back.clicked.connect(self.left)
        self.hide()

    def show_second(self, second: Second, *, inside: bool, may: bool) -> None:
        """`inside`: the second reading is what is in front; `may`: something can be written."""
        told = second.agreement
        self.setVisible(bool(second.once or second.mine or second.waiting or (told is not None and told.files)))
        self._said.setText(_said(second))
        self.facts.show_facts(facts(told) if told is not None and told.files else [])
        self.facts.setVisible(told is not None and told.files > 0 and not inside)
        reads = bool(second.waiting) and may
        self.go.show_text(
            tr("Read {n} blind").format(n=count(second.waiting)) if reads else tr("See where they differ")
        )
        self._action.setEnabled(reads or (told is not None and told.files > 0))
        self.go.setVisible(not inside and self._action.isEnabled())
        self.back.setVisible(inside)


def tr(text: str) -> str:
    return QCoreApplication.translate("findings.second", text)


def _said(second: Second) -> str:
    if second.waiting:
        of = tr("{mine} of {all} files read again by {who}.").format(
            mine=count(second.mine), all=count(second.mine + second.waiting), who=second.who
        )
        return f"{of} {tr('What others said of them is told when none is left.')}"
    if not second.once:
        return tr("Every file that was read was read by two people.")
    words = some(
        second.once,
        tr("1 file was read by one person only."),
        tr("{n} files were read by one person only."),
    )
    return f"{words} {tr('Somebody else reads it blind: choose who acts at the top right.')}"
