"""A way to begin: what it is, a sentence about it, and its button."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.rule import Rule, stacked
from espalier.gui.parts.text import Text

BUTTON, SIDE, GAP = 172, 16, 16


class Glyph(QWidget):
    """An icon in the accent colour, beside a title of 24 pixels."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self.setFixedSize(QSize(SIDE, 24))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, self._name, QRectF(0, 4, SIDE, SIDE), colours_of(self.palette()).of("accent"))


class Way(QWidget):
    """The sentence may be said anew."""

    def __init__(
        self, icon: str, title: str, sentence: str, button: Button, *, last: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._sentence = Text(sentence, "body", "second", wrap=True)
        button.setFixedWidth(max(BUTTON, button.sizeHint().width()))
        column = stacked(Text(title, "panel"), self._sentence, spacing=0)
        row = QHBoxLayout()
        row.setContentsMargins(0, 14, 0, 16)
        row.setSpacing(GAP)
        row.addWidget(Glyph(icon), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(column, 1)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignVCenter)
        whole = stacked()
        whole.addLayout(row)
        if not last:
            whole.addWidget(Rule())
        self.setLayout(whole)

    def say(self, sentence: str) -> None:
        self._sentence.setText(sentence)
