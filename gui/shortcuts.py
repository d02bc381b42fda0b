"""The sheet of keys: every action that has one, page by page."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.text import Text

WIDE, HIGH, COLUMN = 880, 560, 260
Group = tuple[str, Mapping[str, QAction]]


class Shortcuts(Dialog):
    """Groups stand in two columns, the longer first."""

    def __init__(self, groups: Sequence[Group], parent: QWidget | None = None) -> None:
        super().__init__(self.tr("Keys"), accept=self.tr("Close"), width=WIDE, parent=parent)
        self.cancel.hide()
        self.shown = [(title, rows) for title, actions in groups if (rows := rows_of(actions))]
        inner = QWidget()
        columns = QHBoxLayout(inner)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(40)
        half = sum(len(rows) + 2 for _, rows in self.shown) / 2
        column, filled = _column(columns), 0
        for title, rows in self.shown:
            if filled and filled + len(rows) / 2 > half:
                column.addStretch(1)
                column, filled = _column(columns), -10_000
            column.addWidget(Text(title, "section"))
            column.addLayout(_grid(rows))
            column.addSpacing(12)
            filled += len(rows) + 2
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Keys"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setBackgroundRole(area.palette().ColorRole.Base)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setMinimumHeight(min(HIGH, inner.sizeHint().height() + 8))
        self.body.addWidget(area)


def rows_of(actions: Mapping[str, QAction]) -> list[tuple[str, str]]:
    """Keys as `[Ctrl] [K]` and what they do; an action without a key is in the palette only."""
    return [(_caps(action), action.text()) for action in actions.values() if not action.shortcut().isEmpty()]


def _caps(action: QAction) -> str:
    shown = [one.toString(QKeySequence.SequenceFormat.NativeText) for one in action.shortcuts()]
    return "  ".join(
        " ".join(f"[{part}]" for stroke in keys.split(", ") for part in stroke.split("+")) for keys in shown
    )


def _column(columns: QHBoxLayout) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(4)
    columns.addLayout(column, 1)
    return column


def _grid(rows: Sequence[tuple[str, str]]) -> QGridLayout:
    grid = QGridLayout()
    grid.setVerticalSpacing(4)
    grid.setHorizontalSpacing(12)
    grid.setColumnStretch(0, 1)
    for number, (keys, words) in enumerate(rows):
        grid.addWidget(Text(words, "body", "second", elide=Qt.TextElideMode.ElideRight), number, 0)
        grid.addWidget(Keys(keys), number, 1, Qt.AlignmentFlag.AlignRight)
    return grid
