"""The head of a page: title, one sentence of state, and at most two buttons at the right."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from espalier.gui.literal import set_tip
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text


class Header(QWidget):
    """The page's sentence is replaced as the state moves."""

    def __init__(self, title: str, buttons: tuple[QWidget, ...] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sentence = Text("", "body", "second", elide=Qt.TextElideMode.ElideRight)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addLayout(stacked(Text(title, "title"), self._sentence), 1)
        for button in buttons:
            row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)

    def say(self, sentence: str) -> None:
        self._sentence.setText(sentence)
        set_tip(self._sentence, sentence)

    @property
    def sentence(self) -> str:
        return self._sentence.text()
