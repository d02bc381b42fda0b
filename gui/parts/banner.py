"""The banner: one a page, for a shut gate, a wait, or a failure; what in bold, why in plain, and what to do."""

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text

Tone = Literal["warn", "bad", "shut", "wait", "info"]
ICONS: dict[Tone, str] = {"warn": "limited", "bad": "failed", "shut": "shut", "wait": "person", "info": "info"}
ROLES: dict[Tone, str] = {"warn": "warn", "bad": "bad", "shut": "bad", "wait": "warn", "info": "accent"}
LEFT, RIGHT, TOP, SIDE, RADIUS = 36, 12, 12, 16, 6


class Banner(QWidget):
    """Hidden until it has something to say. acted(): its button was pressed."""

    acted = Signal()

    def __init__(self, tone: Tone = "warn", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self._what = Text("", "section", wrap=True)
        self._why = Text("", "body", "second", wrap=True)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addWidget(self._what)
        column.addWidget(self._why)
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, TOP, RIGHT, TOP)
        row.addLayout(column, 1)
        self.button = Button("", height=28)
        self.button.clicked.connect(self.acted)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.button.hide()
        self.hide()

    def say(self, what: str, why: str = "", tone: Tone | None = None, action: str = "") -> None:
        """Show these sentences, and a button where there is something to do; no sentence hides the banner."""
        self.button.show_text(action)
        self.button.setVisible(bool(action))
        self._tone = tone or self._tone
        self._what.setText(what)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.setAccessibleName(what)
        self.setAccessibleDescription(why)
        self.setVisible(bool(what))
        self.update()

    @property
    def words(self) -> str:
        return f"{self._what.text()} {self._why.text()}".strip()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.of("accent_soft" if ROLES[self._tone] == "accent" else f"{ROLES[self._tone]}_soft"))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        paint_icon(painter, ICONS[self._tone], QRectF(12, TOP + 2, SIDE, SIDE), colours.of(ROLES[self._tone]))
