"""The error panel: what happened, to what, and what to do; details fold out and can be copied, and it stays until it is closed."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication, QPainter, QPaintEvent, QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import literal
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.text import Text
from espalier.gui.typeface import font

LEFT, RIGHT, TOP, SIDE, RADIUS = 36, 12, 8, 16, 6
MOST_LINES = 10  # of details that are seen at once


class ErrorPanel(QWidget):
    """closed(): the person has read it. Hidden until it has something to say."""

    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = ("", "", "")
        self._what = Text("", "section", wrap=True)
        self._remedy = Text("", "body", "second", wrap=True)
        self.fold, self.copy, self.close_button = Button(self.tr("Details")), Button(""), Button(self.tr("Close"))
        self.details = QPlainTextEdit()
        self.details.setReadOnly(True)
        self.details.setFrameShape(QFrame.Shape.NoFrame)
        self.details.setFont(font("code"))
        self.details.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(self.tr("Details of what went wrong"))
        self._lay_out()
        self.fold.clicked.connect(self._turn)
        self.copy.clicked.connect(self._copy)
        self.close_button.clicked.connect(self._close)
        self.hide()

    def hold(self, what: str, remedy: str = "", details: str = "") -> None:
        """What is so for as long as it is told again and again: once closed or unfolded, it stays so until it is something else."""
        if (what, remedy, details) != self._held:
            self.say(what, remedy, details)
            self._held = (what, remedy, details)

    def say(self, what: str, remedy: str = "", details: str = "") -> None:
        """What has happened now. The details are folded away at first; no sentence hides the panel."""
        self._held = ("", "", "")
        self._what.setText(what)
        self._remedy.setText(remedy)
        self._remedy.setVisible(bool(remedy))
        self.details.setPlainText(literal(details))
        lines = min(MOST_LINES, details.count("\n") + 1)
        self.details.setFixedHeight(lines * QFontMetrics(font("code")).lineSpacing() + 16)
        self._show_details(False)
        self.fold.setVisible(bool(details))
        self.copy.show_text(self.tr("Copy"))
        self.setAccessibleName(what)
        self.setAccessibleDescription(remedy)
        self.setVisible(bool(what))
        self.update()

    @property
    def words(self) -> str:
        return f"{self._what.text()} {self._remedy.text()}".strip()

    @property
    def text(self) -> str:
        """All of it, for whoever is told of it."""
        parts = (self._what.text(), self._remedy.text(), self.details.toPlainText())
        return "\n".join(part for part in parts if part)

    def _turn(self) -> None:
        self._show_details(not self.details.isVisibleTo(self))

    def _show_details(self, shown: bool) -> None:
        self.details.setVisible(shown)
        self.fold.show_text(self.tr("Fold") if shown else self.tr("Details"))

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.text)
        self.copy.show_text(self.tr("Copied"))

    def _close(self) -> None:
        held = self._held
        self.say("")
        self._held = held
        self.closed.emit()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._what)
        words.addWidget(self._remedy)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addLayout(words, 1)
        for button in (self.fold, self.copy, self.close_button):
            head.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(LEFT, TOP, RIGHT, TOP)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.details)
        self.details.hide()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.of("bad_soft"))
        painter.drawRoundedRect(self.rect(), RADIUS, RADIUS)
        paint_icon(painter, "failed", QRectF(12, self._what.y() + 2, SIDE, SIDE), colours.of("bad"))
