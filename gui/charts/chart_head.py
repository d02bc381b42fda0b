"""The row above a chart: its title, what is said of it beside that, and the button that takes it along."""

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QHBoxLayout, QWidget

from espalier.gui.charts.saving import Saving
from espalier.gui.parts.button import Button
from espalier.gui.parts.legend import ROW
from espalier.gui.parts.text import Text

NEAR = 8


class ChartHead(QWidget):
    """What comes into `row` stands between the title and the button."""

    def __init__(self, title: str, saving: Saving, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._saving = saving
        self.setFixedHeight(ROW)
        self.row = QHBoxLayout()
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(0)
        self.row.addWidget(Text(title, "section"))
        self.row.addSpacing(NEAR)
        self.take_along = Button("", "ghost", glyph="download")
        self.take_along.setAccessibleName(self.tr("Take along: {title}").format(title=title))
        self.take_along.setToolTip(self.tr("Copy or save the picture or its figures"))
        self.take_along.clicked.connect(self._open_menu)
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.setSpacing(0)
        outer.addLayout(self.row, 1)
        outer.addWidget(self.take_along)

    def _open_menu(self) -> None:
        self._saving.menu().popup(self.take_along.mapToGlobal(QPoint(0, self.take_along.height())))
