"""The theme: as the system has it, or pinned by the person; the palettes are our own on every platform."""

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication

from espalier.gui.palette import DARK, LIGHT, Colours, qt_palette, style_sheet
from espalier.gui.settings import CHOICES, Choice


class Theme(QObject):
    """Dresses the application, and again when the system's scheme changes.

    Where Qt has no platform theme the system's scheme is unknown: that is light, until the person pins dark.
    """

    def __init__(self, application: QApplication, choice: Choice) -> None:
        super().__init__(application)
        self._application = application
        self.choice = choice
        application.styleHints().colorSchemeChanged.connect(self.dress)
        self.dress()

    def turn(self) -> Choice:
        """On to the next choice, which is returned."""
        self.pin(CHOICES[(CHOICES.index(self.choice) + 1) % len(CHOICES)])
        return self.choice

    def pin(self, choice: Choice) -> None:
        self.choice = choice
        self.dress()

    def colours(self) -> Colours:
        if self.choice != "system":
            return DARK if self.choice == "dark" else LIGHT
        return DARK if self._application.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT

    def dress(self) -> None:
        colours = self.colours()
        self._application.setPalette(qt_palette(colours))
        self._application.setStyleSheet(style_sheet(colours))
