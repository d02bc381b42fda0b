"""Who acts in a window: the identity behind every decision, chosen at the top right."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPoint
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QWidget

from espalier.core.project.identities import Identity
from espalier.gui.literal import menu_words
from espalier.gui.parts.button import Button
from espalier.gui.session import Session
from espalier.gui.top_bar import said_of

if TYPE_CHECKING:
    from espalier.gui.acting.dialog import NewIdentity


class Acting(QObject):
    """Remembers per project who acted last; where one identity alone is this person's, that one acts."""

    def __init__(self, session: Session, button: Button, window: QWidget) -> None:
        super().__init__(window)
        self._session, self._button, self._window = session, button, window
        self._people: tuple[Identity, ...] = ()
        self._project = ""
        self.menu = QMenu(button)
        self.dialog: NewIdentity | None = None
        self._group = QActionGroup(self)
        session.acting_changed.connect(lambda _: self._show())

    def show_people(self, project: str, people: tuple[Identity, ...]) -> None:
        """These identities can sign on this machine."""
        if (project, people) == (self._project, self._people):
            return
        self._project, self._people = project, people
        by_name: Mapping[str, Identity] = {one.name: one for one in people}
        kept = self._session.settings.acting(project)
        chosen = self._session.acting or kept or (people[0].name if len(people) == 1 else "")
        self._session.act_as(chosen if chosen in by_name else "")
        self._show()

    @property
    def names(self) -> tuple[str, ...]:
        """Who could act here."""
        return tuple(one.name for one in self._people)

    def open_menu(self) -> None:
        self._fill()
        self.menu.popup(self._button.mapToGlobal(QPoint(0, self._button.height() + 4)))

    def ask_for_new(self) -> None:
        """Ask for a name and roles; the identity is made with a new key and acts from then on."""
        from espalier.gui.acting.dialog import NewIdentity  # with its fields, it is not needed for the first paint

        self.dialog = NewIdentity(self._session, self._window)
        self.dialog.made.connect(self._choose)
        self.dialog.open()

    def _fill(self) -> None:
        self.menu.clear()
        for one in self._people:
            action = QAction(menu_words(said_of(one.name, one.roles)), self.menu, checkable=True)
            action.setChecked(one.name == self._session.acting)
            action.triggered.connect(lambda _=False, name=one.name: self._choose(name))
            self._group.addAction(action)
            self.menu.addAction(action)
        if self._people:
            self.menu.addSeparator()
        new = self.menu.addAction(self.tr("New identity…"))
        new.setEnabled(self._session.may_write)
        new.triggered.connect(self.ask_for_new)

    def _choose(self, name: str) -> None:
        self._session.settings.set_acting(self._project, name)
        self._session.act_as(name)

    def _show(self) -> None:
        roles = next((one.roles for one in self._people if one.name == self._session.acting), ())
        text = said_of(self._session.acting, roles) if self._session.acting else self.tr("Nobody acts yet")
        self._button.show_text(text)
        self._button.setAccessibleName(self.tr("Identity: {who}").format(who=text))
