"""An empty page teaches: one sentence, and the command that changes it."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text
from espalier.gui.typeface import font


class Command(QWidget):
    """A command line to copy, on the ground of code."""

    def __init__(self, command: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._field = QLineEdit(command)
        self._field.setReadOnly(True)
        self._field.setFrame(False)
        self._field.setFont(font("code"))
        self._field.setAccessibleName(self.tr("Command"))
        self._field.setStyleSheet("background: transparent")
        copy = Button(self.tr("Copy"), "ghost", glyph="copy")
        copy.clicked.connect(self._copy)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 6, 6, 6)
        row.addWidget(self._field, 1)
        row.addWidget(copy)
        self.setFixedHeight(40)

    def set_command(self, command: str) -> None:
        self._field.setText(command)

    @property
    def command(self) -> str:
        return self._field.text()

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.command)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), colours_of(self.palette()).of("sunken"))


class Empty(QWidget):
    """Hidden until there is nothing to show. acted(): its one action is wanted; help_asked(): its page of the help is."""

    acted = Signal()
    help_asked = Signal()

    def __init__(
        self,
        what: str,
        sentence: str,
        command: str = "",
        *,
        action: str = "",
        help_words: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.command = Command(command)
        self.action, self.help = Button(action, "primary", height=32), Button(help_words, "link")
        self.action.clicked.connect(self.acted)
        self.help.clicked.connect(self.help_asked)
        self._what, self._sentence = Text(what, "section"), Text(sentence, "body", "second", wrap=True)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.action)
        row.addWidget(self.help)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._what)
        column.addWidget(self._sentence)
        column.addWidget(self.command)
        column.addLayout(row)
        for part, words in ((self.command, command), (self.action, action), (self.help, help_words)):
            part.setVisible(bool(words))
        self.setMaximumWidth(640)
        self.hide()

    def say(self, what: str, sentence: str, action: str = "") -> None:
        """Other words, for another reason why there is nothing; no word for the action hides it."""
        self._what.setText(what)
        self._sentence.setText(sentence)
        self.action.show_text(action)
        self.action.setVisible(bool(action))

    @property
    def words(self) -> str:
        parts = (self._what.text(), self._sentence.text(), self.command.command, self.action.text())
        return " ".join(part for part in parts if part)
