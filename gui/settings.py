"""What the window remembers of itself: geometry and theme, nothing that changes a result."""

from typing import Literal

from PySide6.QtCore import QByteArray, QSettings

from espalier.core.project.folders import config_folder

Choice = Literal["system", "light", "dark"]
CHOICES: tuple[Choice, ...] = ("system", "light", "dark")


class Settings:
    """An INI file among this person's configuration."""

    def __init__(self) -> None:
        self._kept = QSettings(str(config_folder() / "window.ini"), QSettings.Format.IniFormat)

    @property
    def theme(self) -> Choice:
        found = self._kept.value("theme", "system")
        return next((choice for choice in CHOICES if choice == found), "system")

    @theme.setter
    def theme(self, choice: Choice) -> None:
        self._kept.setValue("theme", choice)

    @property
    def geometry(self) -> QByteArray:
        found = self._kept.value("geometry")
        return found if isinstance(found, QByteArray) else QByteArray()

    @geometry.setter
    def geometry(self, geometry: QByteArray) -> None:
        self._kept.setValue("geometry", geometry)

    def acting(self, project: str) -> str:
        """Who acted last in the project of this id; empty: nobody that is known."""
        return str(self._kept.value(f"acting/{project}", "") or "")

    def set_acting(self, project: str, name: str) -> None:
        self._kept.setValue(f"acting/{project}", name)
