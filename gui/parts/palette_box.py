"""The command palette's box: a search field over a list of what can be done, with its keys; floats over its window."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import (
    QFrame,
    QGraphicsDropShadowEffect,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import one_line
from espalier.gui.palette import colours_of
from espalier.gui.parts.field import Field
from espalier.gui.parts.key_cap import HIGH as CAP
from espalier.gui.parts.key_cap import cap_width, paint_cap
from espalier.gui.parts.rule import Rule
from espalier.gui.typeface import font

WIDE, ROW, MOST_ROWS, PAD, SIDE, RADIUS, TOP = 560, 40, 9, 8, 16, 8, 56
MOVES = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -MOST_ROWS, Qt.Key.Key_PageDown: MOST_ROWS}
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A row: what it does, a note beside it in a role's colour, and its keys. A shut one can be chosen, and says why."""

    id: str
    icon: str
    text: str
    note: str = ""
    note_role: str = "muted"
    keys: tuple[str, ...] = ()


class PaletteBox(QWidget):
    """typed(words): the list is wanted for other words. chosen(id): one was picked. closed(): it is gone."""

    typed = Signal(str)
    chosen = Signal(str)
    closed = Signal()

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._before: QWidget | None = None  # what had the keyboard
        self.field = Field(self.tr("Search or run a command…"), glyph="search", height=44, bare=True)
        self.field.setFont(font("section", 400))
        self.field.textChanged.connect(self.typed)
        self.field.left.connect(self.close_box)
        self.field.installEventFilter(self)
        self.list = _List(self)
        self.list.clicked.connect(lambda index: self._choose(index.row()))
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, PAD)
        column.setSpacing(0)
        column.addWidget(self.field)
        column.addWidget(Rule())
        column.addSpacing(PAD)
        column.addWidget(self.list)
        shadow = QGraphicsDropShadowEffect(self)
        shadow.setBlurRadius(24)
        shadow.setOffset(0, 4)
        shadow.setColor(QColor(0, 0, 0, 70))
        self.setGraphicsEffect(shadow)
        self.setAccessibleName(self.tr("Command palette"))
        window.installEventFilter(self)
        self.hide()

    def open_box(self) -> None:
        self._before = self._window.focusWidget()
        self.field.clear()
        self.typed.emit("")
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def close_box(self) -> None:
        if self.isVisible():
            self.hide()
            if self._before is not None:
                self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self.closed.emit()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """The first is marked; what was marked is forgotten, since the words are others."""
        self.list.show_entries(tuple(entries))
        self._place()

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self.list.entries

    def _choose(self, row: int) -> None:
        if 0 <= row < len(self.list.entries):
            entry = self.list.entries[row]
            self.close_box()
            self.chosen.emit(entry.id)

    def _place(self) -> None:
        rows = max(1, min(MOST_ROWS, len(self.list.entries)))
        width = min(WIDE, self._window.width() - 48)
        self.setGeometry((self._window.width() - width) // 2, TOP, width, 44 + 2 + 2 * PAD + rows * ROW)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            return self._pressed(Qt.Key(event.key()))
        if watched is self.field and event.type() == QEvent.Type.FocusOut and self.isVisible():
            self.close_box()
        return super().eventFilter(watched, event)

    def _pressed(self, key: Qt.Key) -> bool:
        if key == Qt.Key.Key_Escape:
            self.close_box()  # at once: elsewhere the first Escape clears a field
            return True
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.list.currentIndex().row())
            return True
        if key in MOVES:
            self.list.move_by(MOVES[key])
            return True
        return False

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = colours_of(self.palette())
        painter.setPen(QPen(colours.of("line_strong")))
        painter.setBrush(colours.of("raised"))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


class _List(QListView):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._model = _Entries(self)
        self.setModel(self._model)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName(self.tr("Found"))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)

    @property
    def entries(self) -> tuple[Entry, ...]:
        return self._model.entries

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        self._model.show_entries(entries)
        self.setCurrentIndex(self._model.index(0))

    def move_by(self, rows: int) -> None:
        last = len(self.entries) - 1
        self.setCurrentIndex(self._model.index(max(0, min(last, self.currentIndex().row() + rows))))


class _Entries(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.entries: tuple[Entry, ...] = ()

    def show_entries(self, entries: tuple[Entry, ...]) -> None:
        self.beginResetModel()
        self.entries = entries
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.entries)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        entry = self.entries[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return one_line(" ".join(word for word in (entry.text, entry.note, " ".join(entry.keys)) if word))
        return None


class _Rows(QStyledItemDelegate):
    def __init__(self, entries: _List) -> None:
        super().__init__(entries)
        self._entries = entries

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, ROW)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry, colours = self._entries.entries[index.row()], colours_of(self._entries.palette())
        box = QRect(option.rect).adjusted(PAD, 0, -PAD, 0)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._entries.currentIndex() == index:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.of("selection"))
            painter.drawRoundedRect(box, 6, 6)
        paint_icon(
            painter, entry.icon, QRectF(box.left() + 10, box.center().y() - 7.5, SIDE, SIDE), colours.of("second")
        )
        right = float(box.right() - 8)
        for key in reversed(entry.keys):
            right -= cap_width(key)
            paint_cap(
                painter,
                key,
                QPointF(right, box.center().y() - CAP / 2 + 0.5),
                colours.of("second"),
                colours.of("line_strong"),
            )
            right -= 4
        self._paint_words(painter, box.adjusted(36, 0, int(right) - box.right() - 8, 0), entry)

    def _paint_words(self, painter: QPainter, room: QRect, entry: Entry) -> None:
        colours, middle, cut = (
            colours_of(self._entries.palette()),
            Qt.AlignmentFlag.AlignVCenter,
            Qt.TextElideMode.ElideRight,
        )
        painter.setFont(font("body", colours.medium_weight))
        painter.setPen(colours.of("text"))
        words = painter.fontMetrics().elidedText(one_line(entry.text), cut, room.width())
        painter.drawText(room, middle, words)
        rest = room.adjusted(painter.fontMetrics().horizontalAdvance(words) + 10, 0, 0, 0)
        if entry.note and rest.width() > 20:
            painter.setFont(font("second"))
            painter.setPen(colours.of(entry.note_role))
            painter.drawText(rest, middle, painter.fontMetrics().elidedText(one_line(entry.note), cut, rest.width()))
