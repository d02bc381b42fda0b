"""Quality from 1 to 5, side by side: one is chosen, or none yet."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.literal import set_tip
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, WIDEST, LEAST, GAP, RADIUS = 28, 40, 24, 8, 6
MOST = 5


class Quality(QWidget):
    """picked(quality): the person chose one, also the one that was chosen before."""

    picked = Signal(int)

    def __init__(self, name: str, words: tuple[str, ...], parent: QWidget | None = None) -> None:
        """`words` say of each step what it means."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._steps = [_Step(number, words[number - 1]) for number in range(1, MOST + 1)]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(GAP)
        for step in self._steps:
            step.clicked.connect(lambda _=False, number=step.number: self.picked.emit(number))
            row.addWidget(step)
        row.addStretch(1)

    def pick(self, quality: int | None) -> None:
        """Without saying so; None where nothing was said yet."""
        for step in self._steps:
            step.setChecked(step.number == quality)

    @property
    def quality(self) -> int | None:
        return next((step.number for step in self._steps if step.isChecked()), None)


class _Step(QAbstractButton):
    def __init__(self, number: int, words: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.number = number
        self.setText(str(number))
        self.setCheckable(True)
        self.setAutoExclusive(False)
        self.setFont(font("body"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(f"{number}: {words}")
        set_tip(self, words)

    @override
    def nextCheckState(self) -> None:
        """What was saved decides, not the click."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(WIDEST, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(LEAST, HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, chosen = colours_of(self.palette()), self.isChecked()
        ground = "accent_soft" if chosen else "control_hover" if self.underMouse() and self.isEnabled() else "raised"
        painter.setPen(QPen(colours.of("accent" if chosen else "line_strong")))
        painter.setBrush(colours.of(ground if self.isEnabled() or chosen else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.setFont(font("body", 600 if chosen else 400))
        painter.setPen(colours.of("text" if self.isEnabled() else "muted"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
