"""What walking the chain has found: how far it is while it walks, then what holds or is broken, and why."""

from typing import Literal

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.figures import count
from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.rule import stacked
from espalier.gui.parts.text import Text

Tone = Literal["ok", "warn", "bad", "walking"]
ICONS = {"ok": "done", "warn": "limited", "bad": "failed", "walking": "running"}
LEFT, EDGE, SIDE, RADIUS, BAR = 36, 12, 16, 6, 160


class VerdictBar(QWidget):
    """Hidden until the chain is walked. stopped(): the person wants no verdict."""

    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tone: Tone = "ok"
        self._what, self._why = Text("", "section", wrap=True), Text("", "body", "second", wrap=True)
        self._bar = Progress(BAR)
        self._bar.setAccessibleName(self.tr("How far the chain has been walked"))
        self.button = Button(self.tr("Stop"), "ghost")
        self.button.clicked.connect(self._end)
        row = QHBoxLayout(self)
        row.setContentsMargins(LEFT, EDGE, EDGE, EDGE)
        row.setSpacing(12)
        row.addLayout(stacked(self._what, self._why), 1)
        row.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)
        self.hide()

    @property
    def words(self) -> str:
        return f"{self._what.text()} {self._why.text()}".strip()

    @property
    def tone(self) -> Tone:
        return self._tone

    def show_walk(self, done: int, total: int) -> None:
        self._bar.setMaximum(max(total, 1))
        self._bar.setValue(done)
        what = self.tr("Walking the chain, entry {done} of {total}").format(done=count(done), total=count(total))
        self._show("walking", what, "")
        self._bar.show()
        self.button.show_text(self.tr("Stop"))

    def show_verdict(self, tone: Tone, what: str, why: str) -> None:
        self._show(tone, what, why)
        self._bar.hide()
        self.button.show_text(self.tr("Close"))

    def _show(self, tone: Tone, what: str, why: str) -> None:
        self._tone = tone
        self._what.setText(what)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        self.setAccessibleName(what)
        self.setAccessibleDescription(why)
        self.show()
        self.update()

    def _end(self) -> None:
        if self._tone == "walking":
            self.stopped.emit()
        self.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        walking = self._tone == "walking"
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.of("sunken" if walking else f"{self._tone}_soft"))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        box = QRectF(12, EDGE + 2, SIDE, SIDE)
        paint_icon(painter, ICONS[self._tone], box, colours.of("accent" if walking else self._tone))
