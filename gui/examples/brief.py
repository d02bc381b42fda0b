"""The left pane of the card: what is asked, under which constraints, and the note for the next reader."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.examples.example import Example
from espalier.gui.examples.showing import task_source
from espalier.gui.literal import set_tip
from espalier.gui.parts.field import Field
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text

FIELD = 32


class Brief(QWidget):
    """noted(text): the person has written a note, by Enter or by leaving the field; released(): the field is done with."""

    noted = Signal(str)
    released = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._task, self._source = Text("", "body", wrap=True), Text("", "second", "muted", wrap=True)
        self._reason = Text("", "second", "second", wrap=True)
        self._constraints = _Bullets()
        self.note = Field(self.tr("Why, for the next reader"), name=self.tr("Note"), key="W", height=FIELD)
        self.note.editingFinished.connect(self._finish)
        self.note.left.connect(self._leave)
        self._kept = ""
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 20, 12)
        column.setSpacing(8)
        for part in (Text(self.tr("Task"), "section"), self._task, self._reason, self._source):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(Rule())
        column.addSpacing(4)
        column.addWidget(Text(self.tr("Constraints"), "section"))
        column.addWidget(self._constraints)
        column.addSpacing(8)
        column.addWidget(Rule())
        column.addSpacing(4)
        column.addWidget(Text(self.tr("Note"), "section"))
        column.addWidget(self.note)
        column.addStretch(1)

    def show_example(self, example: Example, note: str) -> None:
        self._task.setText(example.task)
        self._reason.setText(example.rationale)
        self._reason.setVisible(bool(example.rationale))
        self._source.setText(task_source(example))
        self._constraints.show_lines(example.constraints)
        self.show_note(note)

    def show_note(self, note: str) -> None:
        """What this person wrote before; nothing is said by it."""
        self._kept = note
        self.note.setText(note)
        set_tip(self.note, *note.splitlines())

    def let_write(self, may: bool) -> None:
        self.note.setReadOnly(not may)

    def write(self) -> None:
        self.note.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.note.selectAll()

    def _finish(self) -> None:
        text = " ".join(self.note.text().split())
        if text != self._kept and not self.note.isReadOnly():
            self._kept = text
            self.noted.emit(text)
        self._leave()

    def _leave(self) -> None:
        if self.note.hasFocus():
            self.released.emit()


class _Bullets(QWidget):
    """Lines with a dot before each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: list[tuple[QWidget, Text]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(4)

    def show_lines(self, lines: tuple[str, ...]) -> None:
        while len(self._rows) < len(lines):
            self._rows.append(self._row())
        for number, (row, words) in enumerate(self._rows):
            row.setVisible(number < len(lines))
            words.setText(lines[number] if number < len(lines) else "")

    def _row(self) -> tuple[QWidget, Text]:
        row, words = QWidget(), Text("", "body", wrap=True)
        line = QHBoxLayout(row)
        line.setContentsMargins(4, 0, 0, 0)
        line.setSpacing(10)
        line.addWidget(Text("•", "body", "second"), 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(words, 1)
        self._column.addWidget(row)
        return row, words
