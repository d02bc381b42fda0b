"""What the page says before there is an evaluation: what one is for, what to do first, and where to read more."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.gui.evaluation.reading import Read
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text
from espalier.gui.session import Session

WIDEST = 640


class Teaching(QWidget):
    """Without an adapter it leads to the training page, with one to the button above."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.what = Text("", "section")
        self.sentence = Text("", "body", "second", wrap=True)
        self.sentence.setMaximumWidth(WIDEST)
        self.train = Button(self.tr("Go to Training"))
        self.train.clicked.connect(lambda: session.go("training"))
        self.help = Button(self.tr("What an evaluation tells"), "link")
        self.help.clicked.connect(lambda: session.help_asked.emit("evaluation"))
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self.train)
        row.addWidget(self.help)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.what)
        column.addWidget(self.sentence)
        column.addLayout(row)
        column.addStretch(1)
        column.setAlignment(Qt.AlignmentFlag.AlignTop)

    def show_read(self, read: Read) -> None:
        self.train.setVisible(not read.runs)
        if read.runs:
            self.what.setText(self.tr("Nothing has been evaluated yet."))
            self.sentence.setText(
                self.tr(
                    "An evaluation asks a run's adapter and its base model to write functions that were held out, and judges"
                    " both answers by the repository's own tests and tools. Choose “Evaluate run…” above."
                )
            )
        else:
            self.what.setText(self.tr("There is no adapter to evaluate yet."))
            self.sentence.setText(
                self.tr(
                    "An evaluation compares a run's adapter with its base model. Train a run first, or wait for one."
                )
            )
