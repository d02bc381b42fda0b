"""A drop-down: one of several, with what it is called."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QActionGroup, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import menu_words, one_line, set_tip, set_words
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, PAD, SIDE, RADIUS = 28, 10, 14, 6
Options = Sequence[tuple[str, str]]


class Choice(QAbstractButton):
    """picked(key): the person chose another. `options` are keys and their words."""

    picked = Signal(str)

    def __init__(self, name: str, options: Options, key: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._name, self._options, self._key = name, tuple(options), ""
        self.setFont(font("body"))
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setMinimumWidth(120)
        self.pick(key if key is not None else self._first())
        self.clicked.connect(self.open_menu)

    @property
    def key(self) -> str:
        """What is chosen; empty where there is nothing to choose from."""
        return self._key

    def set_options(self, options: Options) -> None:
        """Keep what was chosen where it is still among them."""
        self._options = tuple(options)
        self.pick(self._key if self._key in dict(self._options) else self._first())

    def pick(self, key: str) -> None:
        """Without saying so."""
        self._key = key
        set_words(self, dict(self._options).get(key, ""))
        self.setAccessibleName(one_line(f"{self._name}: {self.text()}" if self.text() else self._name))
        set_tip(self, self.text())
        self.updateGeometry()
        self.update()

    def open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.setMinimumWidth(self.width())
        group = QActionGroup(menu)
        for key, text in self._options:
            action = QAction(menu_words(text), menu, checkable=True)
            action.setChecked(key == self._key)
            action.triggered.connect(lambda _=False, key=key: self._choose(key))
            group.addAction(action)
            menu.addAction(action)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 2)))

    def _first(self) -> str:
        return self._options[0][0] if self._options else ""

    def _choose(self, key: str) -> None:
        if key != self._key:
            self.pick(key)
            self.picked.emit(key)

    @override
    def sizeHint(self) -> QSize:
        words = [self.fontMetrics().horizontalAdvance(text) for _, text in self._options]
        return QSize(min(360, max(words, default=0)) + 2 * PAD + SIDE + 8, HEIGHT)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = [key for key, _ in self._options]
        way = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()))
        if way is not None and self._key in keys:
            self._choose(keys[max(0, min(len(keys) - 1, keys.index(self._key) + way))])
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.open_menu()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(QPen(colours.of("line_strong")))
        ground = "sunken" if not self.isEnabled() else "control_hover" if self.underMouse() else "raised"
        painter.setBrush(colours.of(ground))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        ink = colours.of("text" if self.isEnabled() else "muted")
        room = self.rect().adjusted(PAD, 0, -PAD - SIDE - 4, 0)
        painter.setPen(ink)
        painter.setFont(self.font())
        words = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideMiddle, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)
        box = QRectF(self.width() - PAD - SIDE + 2, (HEIGHT - SIDE) / 2, SIDE, SIDE)
        paint_icon(painter, "caret-down", box, colours.of("muted"))
