"""A scale from 1 to 5 that is rated by its digit: five cells, the rated one filled."""

from collections.abc import Iterable

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

LOW, HIGH = 1, 5
NAME, CELL, TALL, RADIUS = 96, 36, 28, 6
DIGITS = {Qt.Key(Qt.Key.Key_0.value + value): value for value in range(LOW, HIGH + 1)}
STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


def name_width(names: Iterable[str]) -> int:
    """What the longest of these names takes, for scales that stand below each other."""
    measure = QFontMetrics(font("second", 600)).horizontalAdvance
    return max([NAME, *(measure(name) + 12 for name in names)])


class Scale(QWidget):
    """rated(value): a digit was pressed, a cell clicked, or the rating moved by an arrow."""

    rated = Signal(int)

    def __init__(self, name: str, of: str, *, name_width: int = NAME, parent: QWidget | None = None) -> None:
        """`of` says whose scale it is, for those who hear it."""
        super().__init__(parent)
        self._name, self._of = name, of
        self._cells = name_width  # where they begin
        self._value: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty("own_focus", True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFixedSize(self.sizeHint())
        self.show_value(None)

    @property
    def value(self) -> int | None:
        return self._value

    def show_value(self, value: int | None) -> None:
        self._value = value
        said = self.tr("{value} of 5").format(value=value) if value else self.tr("not rated")
        self.setAccessibleName(f"{self._of}, {self._name}: {said}")
        self.update()

    def _rate(self, value: int) -> None:
        if self.isEnabled():
            self.show_value(value)
            self.rated.emit(value)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self._cells + HIGH * CELL + 2, TALL + 2)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in DIGITS and event.modifiers() in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier):
            self._rate(DIGITS[key])
        elif key in STEPS:
            self._rate(max(LOW, min(HIGH, (self._value or LOW - STEPS[key]) + STEPS[key])))
        else:
            super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = int((event.position().x() - self._cells) // CELL) + LOW
        if LOW <= place <= HIGH:
            self._rate(place)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, focused = colours_of(self.palette()), self.hasFocus()
        painter.setFont(font("second", 600 if focused else 400))
        painter.setPen(colours.of("accent" if focused else "second"))
        painter.drawText(QRectF(0, 0, self._cells - 8, TALL + 2), Qt.AlignmentFlag.AlignVCenter, self._name)
        for value in range(LOW, HIGH + 1):
            box = QRectF(self._cells + (value - LOW) * CELL + 1.5, 1.5, CELL - 5, TALL - 1)
            chosen = value == self._value
            painter.setPen(QPen(colours.of("accent" if focused else "line_strong"), 1.5 if focused else 1))
            painter.setBrush(colours.of("fill" if chosen else "raised"))
            painter.drawRoundedRect(box, RADIUS, RADIUS)
            painter.setPen(colours.of("on_fill" if chosen else "text"))
            painter.setFont(font("body", 600 if chosen else 400))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(value))
