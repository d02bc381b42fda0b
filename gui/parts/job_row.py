"""A row of the job drawer: state, name, progress in a bar and in words, and what can be asked of the job."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.standing import Standing

HEIGHT, STATE, NAME, BAR = 32, 104, 176, 96


class JobRow(QWidget):
    """asked(id of what is wanted): one of the buttons at the right was pressed."""

    asked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mark, self._name, self._bar = StateMark(), Text("", "body", weight=500), Progress(BAR)
        self._bar.setAccessibleName(self.tr("Progress of the job"))
        self._says = Text("", "second", "second", elide=Qt.TextElideMode.ElideRight)
        self._buttons: dict[str, Button] = {}
        state = QWidget()
        state.setFixedWidth(STATE)
        within = QHBoxLayout(state)
        within.setContentsMargins(0, 0, 0, 0)
        within.addWidget(self._mark)
        within.addStretch(1)
        self._name.setMinimumWidth(NAME)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        for part in (state, self._name, self._bar):
            self._row.addWidget(part)
        self._row.addWidget(self._says, 1)
        self.setFixedHeight(HEIGHT)

    def show_job(
        self, standing: Standing, name: str, says: str, share: float | None, wishes: Sequence[tuple[str, str]]
    ) -> None:
        """`share` of it is done, None where there is no bar to draw; `wishes` are what can be asked, with their words."""
        self._mark.show_standing(standing)
        self._name.setText(name)
        self._says.setText(says)
        set_tip(self._says, says)
        self._bar.setVisible(share is not None)
        self._bar.setMaximum(1000)
        self._bar.setValue(round(1000 * (share or 0.0)))
        wanted = dict(wishes)
        for wish, words in wanted.items():
            if wish not in self._buttons:
                self._add(wish, words)
        for wish, button in self._buttons.items():
            button.setVisible(wish in wanted)
            button.setAccessibleName(f"{button.text()}: {name}")

    def _add(self, wish: str, words: str) -> None:
        button = Button(words, "ghost")
        button.clicked.connect(lambda: self.asked.emit(wish))
        self._buttons[wish] = button
        self._row.addWidget(button)
