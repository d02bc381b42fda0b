"""A slider for a weight: the middle is 1, one end a quarter, the other four times as much; the bar grows from the middle."""

import math

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QSlider, QStyle, QWidget
from typing_extensions import override

from espalier.core.dataset.wishes import LEAST_WEIGHT, MOST_WEIGHT
from espalier.gui.literal import set_tip
from espalier.gui.palette import colours_of

STEPS = 20  # to each doubling
THICK, KNOB, HEIGHT = 4, 12, 20


class Weight(QSlider):
    """weighed(weight): the person moved it. A double click, or Home, is back at 1."""

    weighed = Signal(float)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(_place(LEAST_WEIGHT), _place(MOST_WEIGHT))
        self.setSingleStep(1)
        self.setPageStep(STEPS // 4)
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setFixedHeight(HEIGHT)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._quiet = False
        self.valueChanged.connect(self._tell)

    @property
    def weight(self) -> float:
        return round(2 ** (self.value() / STEPS), 2)

    def show_weight(self, weight: float) -> None:
        """Without saying so; left alone where it stands there already."""
        if abs(weight - self.weight) > 0.005:
            self._quiet = True
            self.setValue(_place(weight))
            self._quiet = False
            self.update()

    def _tell(self) -> None:
        set_tip(self, f"×{self.weight:.2f}")
        self.update()
        if not self._quiet:
            self.weighed.emit(self.weight)

    def _at(self, x: float) -> int:
        return QStyle.sliderValueFromPosition(
            self.minimum(), self.maximum(), round(x - KNOB / 2), max(1, self.width() - KNOB)
        )

    def _x(self, value: int) -> float:
        span = self.maximum() - self.minimum()
        return KNOB / 2 + (value - self.minimum()) / span * (self.width() - KNOB)

    @override
    def sizeHint(self) -> QSize:
        return QSize(160, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(48, HEIGHT)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self.setValue(self._at(event.position().x()))

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.isSliderDown():
            self.setValue(self._at(event.position().x()))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.setSliderDown(False)
        self.update()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.setValue(0)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # the page scrolls

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Home:
            self.setValue(0)
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, middle = colours_of(self.palette()), self.height() / 2
        at, one = self._x(self.value()), self._x(0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.of("line"))
        painter.drawRoundedRect(QRectF(0, middle - THICK / 2, self.width(), THICK), 2, 2)
        painter.setBrush(colours.of("accent" if self.isEnabled() else "line_strong"))
        painter.drawRoundedRect(QRectF(min(at, one), middle - THICK / 2, abs(at - one), THICK), 2, 2)
        painter.fillRect(QRectF(one - 0.5, middle - 6, 1, 12), colours.of("line_strong"))
        painter.setPen(QPen(colours.of("accent" if self.isEnabled() else "line_strong"), 1.5))
        painter.setBrush(colours.of("raised"))
        painter.drawEllipse(QPointF(at, middle), KNOB / 2 - 0.75, KNOB / 2 - 0.75)


def _place(weight: float) -> int:
    return round(STEPS * math.log2(weight))
