"""The row above a chart: its title, what is said of it beside that, and the button that takes it along."""

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QHBoxLayout, QWidget

from espalier.gui.charts.saving import Saving
from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.legend import APART, ROW
from espalier.gui.parts.text import Text

LEAST_TITLE = 72
RIGHT = Qt.TextElideMode.ElideRight


class ChartHead(QWidget):
    """What comes into `row` stands between the title and the button. Notes give way where room is short; the title if told to."""

    def __init__(self, title: str, saving: Saving, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saving = saving
        self.setFixedHeight(ROW)
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)
        self.title = Text(title, "section", elide=RIGHT)
        self._wide = self.title.sizeHint().width()
        self.give_way(title=False)
        self.row.addWidget(self.title)
        self.row.addSpacing(APART)
        self.take_along = Button("", "ghost", glyph="download")
        self.take_along.setAccessibleName(self.tr("Take along: {title}").format(title=title))
        set_tip(self.take_along, self.tr("Copy or save the picture or its figures"))
        self.take_along.clicked.connect(self._open_menu)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(4)
        outer.addLayout(self.row, 1)
        outer.addWidget(self.take_along)

    def add_note(self) -> Text:
        """A muted one at the end of the row, which gives way."""
        note = Text("", "second", "muted", elide=RIGHT)
        self.row.addWidget(note)
        return note

    def give_way(self, *, title: bool) -> None:
        self.title.setMinimumWidth(min(LEAST_TITLE, self._wide) if title else self._wide)

    @property
    def whole(self) -> int:
        """The width at which its title is not cut."""
        return self._bare + self._wide

    @property
    def least(self) -> int:
        """The width at which its title can still be guessed."""
        return self._bare + min(LEAST_TITLE, self._wide)

    @property
    def _bare(self) -> int:
        return self.minimumSizeHint().width() - self.title.minimumWidth()

    def _open_menu(self) -> None:
        self._saving.menu().popup(self.take_along.mapToGlobal(QPoint(0, self.take_along.height())))
