"""Tabs: words over an accent line, each with a muted count."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, APART, GAP, LINE = 36, 24, 8, 2


@dataclass(frozen=True, slots=True)
class Tab:
    """What it stands for, and its word."""

    id: str
    text: str


class _Button(QAbstractButton):
    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = ""
        self.setText(text)
        self.setAccessibleName(text)
        self.setCheckable(True)
        self.setFont(font("body", 600))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(HEIGHT)

    @override
    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self.text()) + 1
        if self.count:
            width += GAP + self.fontMetrics().horizontalAdvance(self.count)
        return QSize(width, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self.palette())
        face = font("body", 600 if self.isChecked() else colours.medium_weight)
        painter.setFont(face)
        painter.setPen(colours.of("text" if self.isChecked() or self.underMouse() else "second"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text())
        if self.count:
            x = painter.fontMetrics().horizontalAdvance(self.text()) + GAP
            painter.setFont(font("body"))
            painter.setPen(colours.of("muted"))
            painter.drawText(QRectF(x, 0, self.width() - x, HEIGHT), Qt.AlignmentFlag.AlignVCenter, self.count)
        if self.isChecked():
            painter.fillRect(0, HEIGHT - LINE, self.width(), LINE, colours.of("accent"))


class Tabs(QWidget):
    """picked(id): the person went to another tab, by mouse, by Left and Right, or by Ctrl+Tab."""

    picked = Signal(str)

    def __init__(self, name: str, tabs: Sequence[Tab], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self._tabs = tuple(tabs)
        self._group = QButtonGroup(self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(APART)
        for number, tab in enumerate(tabs):
            button = _Button(tab.text)
            self._group.addButton(button, number)
            row.addWidget(button)
        row.addStretch(1)
        self.setFixedHeight(HEIGHT)
        self.pick(tabs[0].id)
        self._group.idClicked.connect(lambda number: self.picked.emit(self._tabs[number].id))

    @property
    def current(self) -> str:
        return self._tabs[self._group.checkedId()].id

    def pick(self, name: str) -> None:
        """Go there without saying so; Tab leads to this one from now on, and the arrows from it to the others."""
        self._button(self._place(name)).setChecked(True)
        for one in self._group.buttons():
            one.setFocusPolicy(Qt.FocusPolicy.TabFocus if one.isChecked() else Qt.FocusPolicy.NoFocus)
        self.update()

    def set_count(self, name: str, count: str) -> None:
        button = self._button(self._place(name))
        if button.count != count:
            button.count = count
            button.setAccessibleDescription(count)
            button.updateGeometry()
            button.update()

    def turn(self, by: int) -> None:
        """On by so many tabs, around the end; says so."""
        number = (self._group.checkedId() + by) % len(self._tabs)
        self._button(number).setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._button(number).click()

    def _place(self, name: str) -> int:
        return next(number for number, tab in enumerate(self._tabs) if tab.id == name)

    def _button(self, number: int) -> _Button:
        button = self._group.button(number)
        assert isinstance(button, _Button)
        return button

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(0, HEIGHT - 1, self.width(), 1, colours_of(self.palette()).of("line"))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self.turn(step)
