"""The projects that were opened last: Enter or a double click opens one, Delete forgets it; one that is gone says so."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QT_TRANSLATE_NOOP, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.figures import moment
from espalier.gui.parts.button import Button
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text
from espalier.gui.states import Shown
from espalier.gui.tables.column import Column
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import Table

ROW, HEAD, SHOWN_FIRST = 28, 28, 3
GONE = Shown("limited", "warn", str(QT_TRANSLATE_NOOP("states", "not there")))
THERE = Shown("done", "ok", str(QT_TRANSLATE_NOOP("states", "there")))


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A project file as it is now; `changed_at` is empty where it is gone."""

    number: int
    path: Path
    there: bool
    changed_at: str


def known(number: int, path: str) -> Known:
    file = Path(path)
    try:
        changed = datetime.fromtimestamp(file.stat().st_mtime)
    except OSError:
        return Known(number=number, path=file, there=False, changed_at="")
    return Known(number=number, path=file, there=file.is_file(), changed_at=moment(changed.isoformat()))


class Recent(QWidget):
    """Hidden while there is nothing to show.

    chosen(path)     open this one
    forgotten(path)  it is to be taken off the list; the file itself is left alone
    """

    chosen = Signal(str)
    forgotten = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._projects: tuple[Known, ...] = ()
        self._all = False
        self.model = RowsModel[Known](self._columns(), lambda one: one.number)
        self.table = _Rows(self.model, self.tr("Recent projects"))
        self.table.activated_row.connect(self._open)
        self.table.asked_to_forget.connect(self._forget)
        self.more = Button("", "link", height=20)
        self.more.clicked.connect(self._show_all)
        self.remove = Button(self.tr("Take off the list"), "link", height=20)
        self.remove.setAccessibleDescription(self.tr("The file itself is left alone"))
        self.remove.clicked.connect(lambda: self._forget(self.table.currentIndex().row()))
        self.table.chosen.connect(lambda _key: self.remove.show())
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(Text(self.tr("Recent projects"), "section"))
        head.addStretch(1)
        head.addWidget(self.remove)
        head.addWidget(self.more)
        column = stacked(spacing=4)
        column.addLayout(head)
        column.addWidget(self.table)
        self.setLayout(column)
        self.hide()

    def show_paths(self, paths: Sequence[str]) -> None:
        self._projects = tuple(known(number, path) for number, path in enumerate(paths))
        self._show()

    def _columns(self) -> tuple[Column[Known], ...]:
        return (
            Column(title=self.tr("Project"), text=lambda one: one.path.stem, width=168, kind="strong"),
            Column(title=self.tr("Folder"), text=lambda one: str(one.path.parent), width=0, kind="path"),
            Column(title=self.tr("Changed"), text=lambda one: one.changed_at, width=132, kind="date"),
            Column(title=self.tr("File"), width=96, kind="state", state=lambda one: THERE if one.there else GONE),
        )

    def _show(self) -> None:
        shown = self._projects if self._all else self._projects[:SHOWN_FIRST]
        self.model.show_rows(shown)
        self.table.setFixedHeight(HEAD + ROW * len(shown) + 1)
        self.more.show_text(self.tr("All {count}").format(count=len(self._projects)))
        self.more.setVisible(len(shown) < len(self._projects))
        self.remove.setVisible(self.table.currentIndex().isValid())
        self.setVisible(bool(self._projects))

    def _show_all(self) -> None:
        self._all = True
        self._show()

    def _open(self, number: int) -> None:
        one = next((one for one in self._projects if one.number == number), None)
        if one is not None:
            self.chosen.emit(str(one.path))

    def _forget(self, row: int) -> None:
        one = self.model.row_at(row)
        if one is not None:
            self.forgotten.emit(str(one.path))


class _Rows(Table):
    """asked_to_forget(row): Delete was pressed on it."""

    asked_to_forget = Signal(int)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace) and self.currentIndex().isValid():
            self.asked_to_forget.emit(self.currentIndex().row())
            return
        super().keyPressEvent(event)
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()  # it opened a row; the page's own answer to Enter is another
