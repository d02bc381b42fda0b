"""Choosing repositories to add: folders are dropped, picked or searched, and what is found there can be checked and edited."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from espalier.core.repositories.stage import Wish
from espalier.gui.adding.found_row import FoundRow
from espalier.gui.adding.seeking import Seeking
from espalier.gui.adding.wishing import names
from espalier.gui.figures import count
from espalier.gui.parts.button import Button
from espalier.gui.parts.drop_zone import DropZone
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text

LIST_HEIGHT = 208


class Picking(QWidget):
    """changed(): what would be added is not what it was. `known` are the places of repositories that are there already."""

    changed = Signal()

    def __init__(self, known: Iterable[Path] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._known = frozenset(known)
        self.rows: list[FoundRow] = []
        self._waiting: list[Path] = []
        self._seeking: Seeking | None = None
        self.drop = DropZone(self.tr("Drop git folders here, or a folder that holds many."), height=56)
        self.drop.dropped.connect(self.seek)
        self.pick = Button(self.tr("Choose a folder…"))
        self.pick.clicked.connect(self.ask_for_folder)
        self.stop_button = Button(self.tr("Stop looking"), "link", height=24)
        self.stop_button.clicked.connect(self.stop)
        self.all = Button(self.tr("All"), "link", height=24)
        self.none = Button(self.tr("None"), "link", height=24)
        self.all.clicked.connect(lambda: self._check_all(True))
        self.none.clicked.connect(lambda: self._check_all(False))
        self._said = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self._trouble = Text("", "second", "bad", wrap=True)
        self._trouble.hide()
        self._lay_out()
        self._tell()

    @property
    def sentence(self) -> str:
        return self._said.text()

    @property
    def looking(self) -> bool:
        return self._seeking is not None

    @property
    def chosen(self) -> list[FoundRow]:
        return [row for row in self.rows if row.chosen]

    @property
    def trouble(self) -> str:
        """What is wrong with what was typed about a chosen repository; empty: nothing."""
        wrong = next((row.trouble for row in self.chosen if row.trouble), "")
        called = [row.name.text().strip() for row in self.chosen]
        twice = next((name for name in called if called.count(name) > 1), "")
        return wrong or (self.tr("Two are called {name}.").format(name=twice) if twice else "")

    def wishes(self) -> tuple[Wish, ...]:
        """Raises UnusableInput for what `trouble` tells of."""
        return tuple(row.wish() for row in self.chosen)

    def seek(self, folders: Sequence[Path]) -> None:
        """Look for repositories at and below these; what is found comes to the list as it is found."""
        self._trouble.hide()
        if self._seeking is not None:
            self._waiting += folders
            return
        self._seeking = Seeking(folders, self)
        self._seeking.found.connect(self._add)
        self._seeking.looked.connect(self._tell)
        self._seeking.refused.connect(self._refuse)
        self._seeking.finished.connect(self._end)
        self._seeking.start()
        self._tell()

    def stop(self) -> None:
        """Look no further; what was found stays."""
        self._waiting = []
        if self._seeking is not None:
            self._seeking.stop()

    def leave(self) -> None:
        """The dialog closes: end the search without hearing of it."""
        self._waiting = []
        if self._seeking is not None:
            self._seeking.blockSignals(True)
            self._seeking.stop()
            self._seeking = None

    def ask_for_folder(self) -> None:
        dialog = QFileDialog(self, self.tr("A git repository, or a folder that holds many"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly)
        dialog.fileSelected.connect(lambda path: self.seek([Path(path)]))
        dialog.open()

    def _add(self, found: str) -> None:
        path = Path(found)
        if any(row.path == path for row in self.rows):
            return
        row = FoundRow(path, path.name, known=path in self._known)
        row.changed.connect(self._tell)
        self.rows.append(row)
        self._list.insertWidget(self._list.count() - 1, row)
        for one, name in zip(self.rows, names([one.path for one in self.rows]), strict=True):
            one.rename(name)
        self._tell()

    def _end(self) -> None:
        if self._seeking is not None:
            self._seeking.deleteLater()
            self._seeking = None
        if self._waiting:
            waiting, self._waiting = self._waiting, []
            self.seek(waiting)
        self._tell()

    def _refuse(self, sentence: str, remedy: str) -> None:
        self._trouble.setText(f"{sentence} {remedy}".strip())
        self._trouble.show()

    def _check_all(self, on: bool) -> None:
        for row in self.rows:
            if not row.known:
                row.check.setChecked(on)

    def _tell(self, looked: int = 0) -> None:
        found, chosen = count(len(self.rows)), count(len(self.chosen))
        if self.looking:
            told = (
                self.tr("Looking, {n} folders so far: {found} found") if looked else self.tr("Looking: {found} found")
            )
        elif self.rows:
            told = self.tr("{chosen} of {found} chosen")
        else:
            told = self.tr("Nothing chosen yet. Nothing is copied and nothing leaves this machine.")
        self._said.setText(told.format(n=count(looked), found=found, chosen=chosen))
        self.stop_button.setVisible(self.looking)
        for button in (self.all, self.none):
            button.setVisible(len(self.rows) > 1)
        self._area.setVisible(bool(self.rows))
        self.changed.emit()

    def _lay_out(self) -> None:
        inner = QWidget()
        self._list = QVBoxLayout(inner)
        self._list.setContentsMargins(0, 4, 8, 4)
        self._list.setSpacing(0)
        self._list.addStretch(1)
        self._area = QScrollArea()
        self._area.setAccessibleName(self.tr("Repositories that were found"))
        self._area.setWidgetResizable(True)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._area.setMinimumHeight(LIST_HEIGHT)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setWidget(inner)
        for ground in (inner, self._area.viewport()):
            ground.setAutoFillBackground(False)
        top = QHBoxLayout()
        top.setSpacing(12)
        top.addWidget(self.drop, 1)
        top.addWidget(self.pick)
        foot = QHBoxLayout()
        foot.setSpacing(12)
        foot.addWidget(self._said, 1)
        for button in (self.stop_button, self.all, self.none):
            foot.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(top)
        column.addLayout(foot)
        column.addWidget(Rule())
        column.addWidget(self._area, 1)
        column.addWidget(self._trouble)
