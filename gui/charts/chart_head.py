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
    """What comes into `row` stands between the title and the button. Title and notes give way where room is short."""

    def __init__(self, title: str, saving: Saving, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saving = saving
        self.setFixedHeight(ROW)
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)
        named = Text(title, "section", elide=RIGHT)
        named.setMinimumWidth(min(LEAST_TITLE, named.sizeHint().width()))
        self.row.addWidget(named)
        self.row.addSpacing(APART)
        self._giving_way = [named]
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
        self._giving_way.append(note)
        return note

    @property
    def whole(self) -> int:
        """The width at which nothing of it gives way."""
        cut = sum(text.sizeHint().width() - text.minimumSizeHint().width() for text in self._giving_way)
        return self.minimumSizeHint().width() + cut

    def _open_menu(self) -> None:
        self._saving.menu().popup(self.take_along.mapToGlobal(QPoint(0, self.take_along.height())))
