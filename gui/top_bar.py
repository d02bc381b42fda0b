"""The top bar: the mark, the project's name and menu, the search field, what limits this window, who acts, and the theme."""

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import one_line, set_tip
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.rule import Ground
from espalier.gui.parts.text import Text
from espalier.gui.roles import role_words
from espalier.gui.search.button import SearchButton
from espalier.gui.sidebar import WIDTH as SIDEBAR

HEIGHT, MARK = 48, 20
MENU = ("open", "new", "copy project", "close")


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
        self.project = Button(project, "ghost")
        set_tip(self.project, project)
        self.project.setAccessibleName(self.tr("Project {name}").format(name=one_line(project)))
        self.menu = QMenu(self)
        self.menu.addActions([actions[name] for name in MENU])
        self.project.set_menu(self.menu)
        self.search = SearchButton(actions["palette"])
        self._limits = Text("", "second", "warn", elide=Qt.TextElideMode.ElideRight)
        self.acting = Button.of(actions["acting"], "ghost", key=False)
        self.theme = Button.of(actions["theme"], "ghost", key=False)
        self.theme.setText("")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 0, 12, 0)
        row.setSpacing(8)
        row.addWidget(self._left())
        row.addStretch(1)
        row.addWidget(self.search, 3)
        row.addStretch(1)
        row.addWidget(self._limits, 0)
        row.addWidget(self.acting)
        row.addWidget(self.theme)

    def show_limits(self, limits: list[str]) -> None:
        self._limits.setText(" · ".join(limits))
        set_tip(self._limits, self._limits.text())

    def name_theme(self, name: str) -> None:
        self.theme.setAccessibleName(name)
        set_tip(self.theme, name)

    @property
    def limits(self) -> str:
        return self._limits.text()

    def _left(self) -> QWidget:
        """At least as wide as the sidebar, so that the search field stands over the page."""
        left = QWidget()
        left.setMinimumWidth(SIDEBAR - 24)
        row = QHBoxLayout(left)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(Mark())
        row.addWidget(self.project)
        row.addStretch(1)
        return left


def said_of(name: str, roles: tuple[str, ...]) -> str:
    """A person as the top bar names one: with the roles, where there are any."""
    return f"{name} · {role_words(roles)}" if roles else name
