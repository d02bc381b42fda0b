"""The right column of the card: what people say, quality, where the example comes from, its length, and why it was kept."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.examples.whole import Whole
from espalier.gui.examples.quality import Quality
from espalier.gui.examples.showing import facts, people, quality_words, why
from espalier.gui.figures import count
from espalier.gui.parts.button import Button
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.mark_line import MarkLines
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text

WIDEST = 1000


class Margin(QWidget):
    """rated(quality): the person gave 1 to 5; compared(id): they want to see an example that this one nearly repeats."""

    rated = Signal(int)
    compared = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._people, self._why, self._facts = MarkLines(), MarkLines(), Facts(88)
        self.quality = Quality(self.tr("Quality"), tuple(map(quality_words, range(1, 6))))
        self.quality.picked.connect(self.rated)
        self._near: tuple[str, ...] = ()
        self._seen = 0
        self.compare = Button(self.tr("Compare with it"), "link")
        self.compare.clicked.connect(self._compare)
        self._length = Progress(100)
        self._length.setMinimumWidth(40)
        self._length.setMaximumWidth(WIDEST)
        self._length.setAccessibleName(self.tr("Length"))
        self._tokens = Text("", "second", "second", elide=Qt.TextElideMode.ElideRight)
        length = QHBoxLayout()
        length.addWidget(Text(self.tr("Length"), "section"))
        length.addStretch(1)
        length.addWidget(self._tokens, 100)
        self._tokens.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 12, 0, 12)
        column.setSpacing(4)
        self._add(column, Text(self.tr("Label"), "section"), self._people)
        column.addSpacing(8)
        self._add(column, Text(self.tr("Quality"), "section"), self.quality)
        self._rule(column)
        self._add(column, Text(self.tr("Provenance"), "section"), self._facts)
        self._rule(column)
        column.addLayout(length)
        column.addWidget(self._length)
        self._rule(column)
        self._title = Text("", "section", elide=Qt.TextElideMode.ElideRight)
        self._add(column, self._title, self._why, self.compare)
        column.addStretch(1)

    def show_whole(self, whole: Whole, acting: str) -> None:
        mine = next((one for one in whole.reviews if one.identity == acting), None)
        self._people.show_lines(people(whole, acting))
        self.quality.pick(mine.quality if mine is not None else None)
        self._facts.show_facts(facts(whole))
        self._tokens.setText(
            self.tr("{tokens} of {cap} tokens").format(tokens=count(whole.example.tokens), cap=count(whole.cap))
        )
        self._tokens.updateGeometry()
        self._length.setMaximum(max(whole.cap, 1))
        self._length.setValue(min(whole.example.tokens, whole.cap))
        kept = whole.example.state == "kept"
        self._title.setText(self.tr("Why it was kept") if kept else self.tr("Why it is left out"))
        self._title.updateGeometry()
        self._why.show_lines(why(whole))
        self._near = whole.near or ((whole.stands_for_it,) if whole.stands_for_it else ())
        self._seen = 0
        self.compare.setVisible(bool(self._near))
        words = self.tr("Compare with it") if len(self._near) == 1 else self.tr("Compare with them")
        self.compare.show_text(words)

    def let_write(self, may: bool) -> None:
        self.quality.setEnabled(may)

    def _compare(self) -> None:
        """One after the other, where there are several."""
        if self._near:
            self.compared.emit(self._near[self._seen % len(self._near)])
            self._seen += 1

    def _add(self, column: QVBoxLayout, *parts: QWidget) -> None:
        for part in parts:
            column.addWidget(part, 0, Qt.AlignmentFlag.AlignLeft if isinstance(part, Button) else Qt.AlignmentFlag(0))

    def _rule(self, column: QVBoxLayout) -> None:
        column.addSpacing(12)
        column.addWidget(Rule())
        column.addSpacing(8)
