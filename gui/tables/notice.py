"""The line in a table that has no rows to show: it is being read, nothing matches, or it can't be read."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QAbstractScrollArea, QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text

HEIGHT, APART = 44, 12


class Notice(QWidget):
    """pressed(): the button beside the sentence was used."""

    pressed = Signal()

    def __init__(self, area: QAbstractScrollArea, inset: int) -> None:
        super().__init__(area.viewport())
        self._around = area.viewport()
        self._sentence = Text("", "body", "second", elide=Qt.TextElideMode.ElideRight)
        self._button = Button("", "link")
        self._button.clicked.connect(self.pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(inset, 0, inset, 0)
        row.setSpacing(APART)
        row.addWidget(self._sentence)
        row.addWidget(self._button)
        row.addStretch(1)
        area.viewport().installEventFilter(self)
        self.hide()

    @property
    def sentence(self) -> str:
        return self._sentence.text()

    @property
    def button(self) -> Button:
        return self._button

    def say(self, sentence: str, button: str = "", *, bad: bool = False) -> None:
        """Nothing is shown where there is nothing to say."""
        self._sentence.setText(sentence)
        self._sentence.set_role("bad" if bad else "second")
        self._button.setText(button)
        self._button.setVisible(bool(button))
        self.setVisible(bool(sentence))
        self._place()

    def _place(self) -> None:
        self.setGeometry(0, 0, self._around.width(), HEIGHT)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place()
        return super().eventFilter(watched, event)
