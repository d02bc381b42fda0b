"""The four gates of a run, each with the evidence behind it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.release.verify import Check
from espalier.gui.flow import plain
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.release.reading import Release
from espalier.gui.release.words import checks_of, gate_name
from espalier.gui.states import FAILS, HOLDS, OPEN, SHUT

NAME = 112


class Gates(QWidget):
    """Four rows; a row grows with its checks and their sentences."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._shown: object = None
        self.setAccessibleName(self.tr("Gates"))

    def show_gates(self, read: Release) -> None:
        if read.checks == self._shown:
            return
        self._shown = read.checks
        while (item := self._column.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        self._column.addWidget(Rule())
        for gate, checks, _ in checks_of(read):
            if checks:
                self._column.addWidget(_row(gate_name(gate), checks))
                self._column.addWidget(Rule())


def _row(name: str, checks: list[Check]) -> QWidget:
    row = QWidget()
    shut = any(not one.passed for one in checks)
    head = QVBoxLayout()
    head.setSpacing(0)
    head.addWidget(Text(name, "body", weight=600))
    head.addWidget(StateMark(SHUT if shut else OPEN))
    head.addStretch(1)
    lines = QGridLayout()
    lines.setVerticalSpacing(2)
    lines.setHorizontalSpacing(8)
    lines.setColumnStretch(1, 1)
    for number, one in enumerate(checks):
        words = plain(one.why).removesuffix(".")
        about = "" if one.name.casefold() == name.casefold() else f"{one.name}: "  # the gate is named beside it
        said = Text(f"{about}{words}", "second", "second" if one.passed else "text", wrap=True)
        lines.addWidget(StateMark(HOLDS if one.passed else FAILS), number, 0, Qt.AlignmentFlag.AlignTop)
        lines.addWidget(said, number, 1)
    left = QWidget()
    left.setFixedWidth(NAME)
    left.setLayout(head)
    head.setContentsMargins(0, 0, 0, 0)
    across = QHBoxLayout(row)
    across.setContentsMargins(0, 10, 0, 10)
    across.setSpacing(8)
    across.addWidget(left)
    across.addLayout(lines, 1)
    return row
