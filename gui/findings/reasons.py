"""Why it was decided so: three reasons under the number keys, and words of one's own."""

from PySide6.QtCore import QPointF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.findings.words import reasons
from espalier.gui.findings.words import tr as word
from espalier.gui.palette import colours_of
from espalier.gui.parts.key_cap import cap_width, paint_cap
from espalier.gui.parts.text import Text
from espalier.gui.typeface import font

HEIGHT, PAD, GAP, RADIUS, CAP = 28, 6, 8, 6, 18


class Reason(QAbstractButton):
    """A key-cap with its words; pressed in, it goes with the next decision."""

    def __init__(self, key: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._key = key
        self.setCheckable(True)
        self.setFont(font("second"))
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def show_words(self, words: str) -> None:
        self.setText(words)
        self.setAccessibleName(words)
        self.updateGeometry()

    @override
    def sizeHint(self) -> QSize:
        return QSize(
            2 * PAD + cap_width(self._key) + GAP + self.fontMetrics().horizontalAdvance(self.text()) + 1, HEIGHT
        )

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        if self.isChecked() or self.underMouse():
            painter.setPen(colours.of("accent") if self.isChecked() else Qt.PenStyle.NoPen)
            painter.setBrush(colours.of("accent_soft" if self.isChecked() else "hover"))
            painter.drawRoundedRect(self.rect().adjusted(0, 0, -1, -1), RADIUS, RADIUS)
        ink = colours.of("text" if self.isChecked() else "second")
        paint_cap(painter, self._key, QPointF(PAD, (HEIGHT - CAP) / 2), ink, colours.of("line_strong"))
        painter.setFont(self.font())
        painter.setPen(ink)
        left = PAD + cap_width(self._key) + GAP
        painter.drawText(self.rect().adjusted(left, 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())


class Reasons(QWidget):
    """given(): a reason was given while one was asked for, and the decision that waits for it can be made."""

    given = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state, self._asking = "scrub", False
        self._title = Text("", "second", "muted")
        self.buttons = tuple(Reason(str(number)) for number in (1, 2, 3))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._title)
        row.addSpacing(4)
        for number, button in enumerate(self.buttons):
            row.addWidget(button)
            button.clicked.connect(lambda _checked=False, number=number: self._pressed(number))
        row.addStretch(1)
        self.clear()

    @property
    def reason(self) -> str:
        """As it is written down: in the words of the project's people, untranslated."""
        chosen = next((number for number, one in enumerate(self.buttons) if one.isChecked()), None)
        return "" if chosen is None else reasons(self._state)[chosen]

    @property
    def asking(self) -> bool:
        return self._asking

    def clear(self) -> None:
        self._asking = False
        self._show("scrub", self.tr("Reason"))

    def ask(self, state: str) -> None:
        """A decision waits for its reason."""
        self._asking = True
        self._show(state, self.tr("Why is it none?"))

    def press(self, number: int) -> None:
        """By its key: a second press takes it back."""
        self.buttons[number].setChecked(not self.buttons[number].isChecked())
        self._pressed(number)

    def _pressed(self, number: int) -> None:
        for other, button in enumerate(self.buttons):
            if other != number:
                button.setChecked(False)
        if self._asking and self.reason:
            self.given.emit()

    def _show(self, state: str, title: str) -> None:
        self._state = state
        self._title.setText(title)
        self._title.updateGeometry()
        self._title.set_role("warn" if self._asking else "muted")
        for button, words in zip(self.buttons, reasons(state), strict=True):
            button.setChecked(False)
            button.show_words(word(words))
        self.setAccessibleName(title)
