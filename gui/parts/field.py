"""Fields: one line of text with an icon before and a key-cap after it, and a number with its bounds and unit."""

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QLineEdit, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import set_tip
from espalier.gui.palette import colours_of
from espalier.gui.parts.key_cap import cap_width, paint_cap
from espalier.gui.typeface import font

HEIGHT, LOW, PAD, SIDE, GAP, RADIUS = 28, 24, 10, 14, 8, 6


class Field(QLineEdit):
    """left(): Escape was pressed where there was nothing to clear. `trouble` paints the border in the colour of failure.

    A bare one has neither border nor ground: it lies in something that has them.
    """

    left = Signal()

    def __init__(
        self,
        placeholder: str = "",
        *,
        name: str = "",
        glyph: str = "",
        key: str = "",
        height: int = HEIGHT,
        bare: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._glyph, self._key, self._trouble, self._bare = glyph, key, "", bare
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name or placeholder)
        self.setFont(font("body"))
        self.setFrame(False)
        self.setProperty("own_focus", True)
        self.setFixedHeight(height)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        before = PAD + (SIDE + GAP if glyph else 0)
        after = PAD + (cap_width(key) if key else 0)
        self.setTextMargins(before, 0, after, 0)
        self.setStyleSheet("background: transparent")  # a clear Base is filled with the application's all the same

    def set_trouble(self, sentence: str) -> None:
        """What is wrong with what stands here; empty: nothing."""
        self._trouble = sentence
        set_tip(self, sentence)
        self.setAccessibleDescription(sentence)
        self.update()

    @property
    def trouble(self) -> str:
        return self._trouble

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            if self.text():
                self.clear()
            else:
                self.left.emit()
            return
        super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of((self.parentWidget() or self).palette())  # its own has no ground to tell the theme by
        if not self._bare:
            edge = "accent" if self.hasFocus() else "bad" if self._trouble else "line_strong"
            painter.setPen(QPen(colours.of(edge)))
            painter.setBrush(colours.of("raised" if self.isEnabled() and not self.isReadOnly() else "sunken"))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
            if self._trouble and self.hasFocus():
                painter.setPen(QPen(colours.of("bad")))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(1.5, 1.5, -1.5, -1.5), RADIUS - 1, RADIUS - 1)
        if self._glyph:
            box = QRectF(PAD, (self.height() - SIDE) / 2, SIDE, SIDE)
            paint_icon(painter, self._glyph, box, colours.of("muted"))
        if self._key and not self.hasFocus():
            corner = QPointF(self.width() - cap_width(self._key) - 4, (self.height() - 18) / 2)
            paint_cap(painter, self._key, corner, colours.of("second"), colours.of("line_strong"))
        painter.end()
        super().paintEvent(event)


class NumberField(Field):
    """committed(value): Enter, leaving the field, or Up and Down; what is no number within the bounds is told and not committed."""

    committed = Signal(float)

    def __init__(
        self,
        name: str,
        value: float,
        low: float,
        high: float,
        *,
        step: float = 1.0,
        whole: bool = True,
        unit: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(name=name, parent=parent)
        self._low, self._high, self._step, self._whole, self._unit = low, high, step, whole, unit
        self._value = value
        self.set_value(value)
        self.editingFinished.connect(self._commit)
        self.textEdited.connect(lambda _: self.set_trouble(self._wrong()))

    @property
    def value(self) -> float:
        """What was committed last."""
        return self._value

    def set_value(self, value: float) -> None:
        self._value = value
        self.setText(self._shown(value))
        self.set_trouble("")

    def _shown(self, value: float) -> str:
        text = f"{round(value):,}" if self._whole else f"{value:g}"
        return f"{text} {self._unit}".strip()

    def _read(self) -> float | None:
        text = self.text().strip().removesuffix(self._unit).replace(",", "").strip()
        try:
            value = float(text)
        except ValueError:
            return None
        whole = not self._whole or value == round(value)
        return value if whole and self._low <= value <= self._high else None

    def _wrong(self) -> str:
        if self._read() is not None:
            return ""
        kind = self.tr("A whole number") if self._whole else self.tr("A number")
        return self.tr("{kind} from {low} to {high}.").format(
            kind=kind, low=self._shown(self._low), high=self._shown(self._high)
        )

    def _commit(self) -> None:
        value = self._read()
        self.set_trouble(self._wrong())
        if value is None:
            return
        changed = value != self._value
        self.set_value(value)
        if changed:
            self.committed.emit(value)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        way = {Qt.Key.Key_Up: 1, Qt.Key.Key_Down: -1}.get(Qt.Key(event.key()))
        if way is None:
            super().keyPressEvent(event)
            return
        value = min(self._high, max(self._low, self._value + way * self._step))
        if value != self._value:
            self.set_value(value)
            self.committed.emit(value)
