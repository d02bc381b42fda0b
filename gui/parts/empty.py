"""An empty page teaches: one sentence, and the command that changes it."""

from PySide6.QtCore import Qt
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
    """Hidden until there is nothing to show."""

    def __init__(self, what: str, sentence: str, command: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.command = Command(command)
        self._what, self._sentence = Text(what, "section"), Text(sentence, "body", "second", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._what)
        column.addWidget(self._sentence)
        column.addWidget(self.command)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.setMaximumWidth(640)
        self.hide()

    @property
    def words(self) -> str:
        return f"{self._what.text()} {self._sentence.text()} {self.command.command}"
