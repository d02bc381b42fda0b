"""What the window asks of a page, whatever it shows."""

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtGui import QAction

from espalier.gui.background import Reading


class Page(Protocol):
    """A widget that is made when it is first shown, with the session as its only collaborator.

    `readings` are taken while the page is in front, and given to `take` when they differ from what was given before.
    `actions_by_id` are those of the page, made from its table; their keys work while the page is in front.
    """

    readings: Mapping[str, Reading]
    actions_by_id: Mapping[str, QAction]

    def take(self, name: str, value: object) -> None:
        """A reading has arrived."""

    def show_detail(self, detail: str) -> None:
        """Show one thing of the page's own: a run, a finding, a tab; the page says how it is written. Empty: nothing."""

    def leave(self) -> None:
        """The window closes: end what lives here besides Qt's own children."""
