"""The banner: one a page, for a shut gate, a wait, or a failure; what in bold, why in plain, and what to do."""

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text

Tone = Literal["warn", "bad", "shut", "wait", "info"]
ICONS: dict[Tone, str] = {"warn": "limited", "bad": "failed", "shut": "shut", "wait": "person", "info": "info"}
ROLES: dict[Tone, str] = {"warn": "warn", "bad": "bad", "shut": "bad", "wait": "warn", "info": "accent"}
LEFT, RIGHT, TOP, SIDE, RADIUS, GAP = 36, 12, 8, 16, 6, 8
LEAST, ANY = 44, (1 << 24) - 1  # Qt's own largest width


class Banner(QWidget):
    """Hidden until it has something to say. acted(): its button was pressed."""

    acted = Signal()

    def __init__(self, tone: Tone = "warn", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone = tone
        self.setMinimumHeight(LEAST)
        self._what = Text("", "section", wrap=True)
        self._why = Text("", "body", "second", wrap=True)
        self._words = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._words.addWidget(self._what, 0, Qt.AlignmentFlag.AlignVCenter)
        self._words.addWidget(self._why, 1)
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, TOP, RIGHT, TOP)
        row.setSpacing(12)
        row.addLayout(self._words, 1)
        row.setAlignment(self._words, Qt.AlignmentFlag.AlignVCenter)
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
        self._fit()
        self.update()

    @property
    def words(self) -> str:
        return f"{self._what.text()} {self._why.text()}".strip()

    def _fit(self) -> None:
        """On one line where both sentences have room beside each other, else one below the other."""
        what, why = (text.fontMetrics().horizontalAdvance(text.text()) + 2 for text in (self._what, self._why))
        button = self.button.sizeHint().width() + 12 if self.button.isVisibleTo(self) else 0
        beside = bool(self._why.text()) and LEFT + what + GAP + why + button + RIGHT <= self.width()
        self._words.setDirection(QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom)
        self._words.setSpacing(GAP if beside else 0)
        self._what.setMinimumWidth(what if beside else 0)
        self._what.setMaximumWidth(what if beside else ANY)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.of("accent_soft" if ROLES[self._tone] == "accent" else f"{ROLES[self._tone]}_soft"))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        top = self._what.geometry().center().y() - SIDE / 2 + 0.5 if self._why.text() else (self.height() - SIDE) / 2
        paint_icon(painter, ICONS[self._tone], QRectF(12, top, SIDE, SIDE), colours.of(ROLES[self._tone]))
