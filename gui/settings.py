"""What the window remembers of itself: geometry and theme, nothing that changes a result."""

import json
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import QByteArray, QSettings

from espalier.core.project.folders import config_folder

RECENT = 12  # projects that are remembered
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

    def widths(self, table: str) -> tuple[int, ...]:
        """Of a table's columns as they were last dragged; empty where nobody did."""
        found = str(self._kept.value(f"widths/{table}", ""))
        return tuple(int(one) for one in found.split() if one.isdecimal())

    def keep_widths(self, table: str, widths: Sequence[int]) -> None:
        self._kept.setValue(f"widths/{table}", " ".join(str(one) for one in widths))

    @property
    def recent(self) -> tuple[str, ...]:
        """Paths of the projects that were opened, newest first; some may be gone."""
        try:
            found = json.loads(str(self._kept.value("recent", "[]")))
        except ValueError:
            return ()
        return tuple(one for one in found if isinstance(one, str)) if isinstance(found, list) else ()

    def remember(self, project: str) -> None:
        others = [one for one in self.recent if one != project]
        self._kept.setValue("recent", json.dumps([project, *others][:RECENT]))

    def forget(self, project: str) -> None:
        self._kept.setValue("recent", json.dumps([one for one in self.recent if one != project]))
