"""Filter chips: a name and a caret; when set, the name, the value in bold and a cross that clears it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu, QSizePolicy, QWidget
from typing_extensions import override

from espalier.gui.figures import count
from espalier.gui.icons import paint_icon
from espalier.gui.literal import menu_words, one_line, set_tip, set_words
from espalier.gui.palette import colours_of
from espalier.gui.typeface import font

HEIGHT, PAD, GAP, SIDE, WIDEST = 24, 10, 4, 14, 160


@dataclass(frozen=True, slots=True)
class Option:
    """A value to filter by, its words, and how many rows it would leave; None: not counted."""

    key: str
    text: str
    count: int | None = None


class FilterChip(QAbstractButton):
    """changed(keys): other values are chosen; none lets everything through. With `many`, several may be."""

    changed = Signal(tuple)

    def __init__(
        self, name: str, options: Sequence[Option] = (), *, many: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._name, self._options, self._many = name, tuple(options), many
        self._values: tuple[str, ...] = ()
        self.setFont(font("second"))
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setProperty("radius", HEIGHT / 2)  # of the ring around what has the keyboard
        self._told()
        self.clicked.connect(self.open_menu)

    @property
    def name(self) -> str:
        return self._name

    @property
    def values(self) -> tuple[str, ...]:
        return self._values

    def set_options(self, options: Sequence[Option]) -> None:
        self._options = tuple(options)
        self._told()

    def set_values(self, values: Iterable[str]) -> None:
        """Without saying so."""
        self._values = tuple(values)
        self._told()

    def clear(self) -> None:
        if self._values:
            self._choose(())

    def open_menu(self) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for option in self._options:
            counted = "" if option.count is None else f"\t{count(option.count)}"
            action = QAction(menu_words(option.text) + counted, menu, checkable=True)
            action.setChecked(option.key in self._values)
            action.triggered.connect(lambda _=False, key=option.key: self._toggle(key))
            menu.addAction(action)
        if not self._options:
            menu.addAction(self.tr("Nothing to choose from")).setEnabled(False)
        if self._values:
            menu.addSeparator()
            menu.addAction(self.tr("Clear")).triggered.connect(self.clear)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + 4)))

    def _toggle(self, key: str) -> None:
        if key in self._values:
            self._choose(tuple(one for one in self._values if one != key))
        else:
            self._choose((*self._values, key) if self._many else (key,))

    def _choose(self, values: tuple[str, ...]) -> None:
        self._values = values
        self._told()
        self.changed.emit(values)

    def _told(self) -> None:
        set_words(self, self._value_words())
        said = self.tr("{name}: {value}").format(name=self._name, value=self.text() or self.tr("all"))
        self.setAccessibleName(one_line(said))
        set_tip(self, said)
        self.updateGeometry()
        self.update()

    def _value_words(self) -> str:
        words = {option.key: option.text for option in self._options}
        return ", ".join(words.get(key, key) for key in self._values)

    def _shown(self) -> str:
        return QFontMetrics(font("second", 600)).elidedText(self.text(), Qt.TextElideMode.ElideMiddle, WIDEST)

    @override
    def sizeHint(self) -> QSize:
        width = 2 * PAD + self.fontMetrics().horizontalAdvance(self._name) + GAP + SIDE - 4
        if self._values:
            width += GAP + QFontMetrics(font("second", 600)).horizontalAdvance(self._shown()) + 2
        return QSize(width, HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        on_cross = self._values and event.position().x() > self.width() - PAD - SIDE
        if on_cross and self.rect().contains(event.position().toPoint()):
            self.setDown(False)
            self.clear()
            return
        super().mouseReleaseEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self.clear()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down):
            self.open_menu()
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours, chosen = colours_of(self.palette()), bool(self._values)
        painter.setPen(QPen(colours.of("accent" if chosen else "line_strong")))
        ground = "accent_soft" if chosen else "control_hover" if self.underMouse() else "raised"
        painter.setBrush(colours.of(ground if self.isEnabled() else "sunken"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), HEIGHT / 2, HEIGHT / 2)
        x = float(PAD)
        for word, weight, role in ((self._name, 400, "second"), (self._shown(), 600, "text")):
            if not word:
                continue
            face = font("second", weight)
            painter.setFont(face)
            painter.setPen(colours.of(role if self.isEnabled() else "muted"))
            width = QFontMetrics(face).horizontalAdvance(word) + 1
            painter.drawText(QRectF(x, 0, width, HEIGHT), Qt.AlignmentFlag.AlignVCenter, word)
            x += width - 1 + GAP
        box = QRectF(self.width() - PAD - SIDE + 4, (HEIGHT - SIDE) / 2, SIDE, SIDE)
        paint_icon(painter, "close" if chosen else "caret-down", box, colours.of("second" if chosen else "muted"))
