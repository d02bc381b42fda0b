"""The top bar: mark, project, and at the right what holds for all pages: read-only, demonstration, the theme."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.rule import Ground
from espalier.gui.parts.text import Text

HEIGHT, MARK = 48, 20


class Mark(QWidget):
    """The espalier, in the accent colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedSize(QSize(MARK, MARK))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        paint_icon(QPainter(self), "espalier", QRectF(0, 0, MARK, MARK), colours_of(self.palette()).of("accent"))


class TopBar(Ground):
    """Says in words what limits this window."""

    def __init__(self, project: str, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__("window", parent)
        self.setFixedHeight(HEIGHT)
        self._project = Text(project, "section", elide=Qt.TextElideMode.ElideMiddle)
        self._project.setToolTip(project)
        self._limits = Text("", "second", "warn")
        self.theme = Button.of(actions["theme"], "ghost", key=False)
        self.theme.setText("")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(Mark())
        row.addWidget(self._project, 1)
        row.addWidget(self._limits)
        row.addSpacing(8)
        row.addWidget(self.theme)

    def show_limits(self, limits: list[str]) -> None:
        self._limits.setText(" · ".join(limits))

    def name_theme(self, name: str) -> None:
        self.theme.setAccessibleName(name)
        self.theme.setToolTip(name)

    @property
    def limits(self) -> str:
        return self._limits.text()
