"""Closing with a job at work asks once: leave it running, stop it after the next checkpoint, or stay."""

from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from espalier.gui.literal import set_title
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text

Answer = Literal["leave", "stop", "stay"]


class Leaving(QDialog):
    """answered(Answer): shown without blocking; Escape stays."""

    answered = Signal(str)

    def __init__(self, work: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        set_title(self, self.tr("Close the window"))
        self.setModal(True)
        about = self.tr("It is a process of its own: it goes on without this window, and the window finds it again.")
        self.leave = Button(self.tr("Leave it running"), "primary")
        self.stop = Button(self.tr("Stop after the next checkpoint"))
        self.stay = Button(self.tr("Cancel"), "ghost")
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        for button, answer in ((self.leave, "leave"), (self.stop, "stop"), (self.stay, "stay")):
            button.clicked.connect(lambda _checked=False, answer=answer: self._answer(answer))
            buttons.addWidget(button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 20, 24, 20)
        column.setSpacing(8)
        column.addWidget(Text(self.tr("{work} is still going on.").format(work=work), "panel"))
        column.addWidget(Text(about, "body", "second"))
        column.addSpacing(8)
        column.addLayout(buttons)
        self.leave.setFocus()
        self.rejected.connect(lambda: self.answered.emit("stay"))

    def _answer(self, answer: Answer) -> None:
        if answer == "stay":
            self.reject()
            return
        self.answered.emit(answer)
        self.accept()
