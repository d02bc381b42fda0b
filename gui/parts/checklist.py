"""A checklist: rows with a state, what, why, a note, and a link to where it is done."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import one_line, tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.states import Shown
from espalier.gui.typeface import font

TWO_LINES, ONE_LINE, SIDE, TEXT, CARET, GAP = 44, 32, 16, 28, 14, 16
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A row; without `why` it has one line, and then `about` stands beside `what` in a column of its own."""

    id: str
    state: Shown
    what: str
    why: str = ""
    about: str = ""
    note: str = ""
    link: str = ""


class Checklist(QListView):
    """clicked_on(id): the person wants to go where the row leads."""

    clicked_on = Signal(str)

    def __init__(self, name: str, *, about_at: int = 164, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.about_at = about_at
        self._model = _Items(self)
        self.setModel(self._model)
        self.setItemDelegate(_Rows(self))
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setProperty("own_focus", True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.clicked.connect(self._go)
        self.entered.connect(lambda _: self.viewport().update())

    def show_items(self, items: Sequence[Item]) -> None:
        """The row that the keyboard is on stays: by its id, or what has come into its place where it is done."""
        if tuple(items) == self._model.items:
            return
        at = self.currentIndex().row()
        before = self._model.items[at].id if at >= 0 else ""
        self._model.show_items(tuple(items))
        if at >= 0 and items:
            row = next((row for row, item in enumerate(items) if item.id == before), min(at, len(items) - 1))
            self.setCurrentIndex(self._model.index(row))
        self.setFixedHeight(sum(height_of(item) for item in items) + 1)

    @property
    def items(self) -> tuple[Item, ...]:
        return self._model.items

    def _go(self, index: QModelIndex) -> None:
        item = self._model.items[index.row()]
        if item.link:
            self.clicked_on.emit(item.id)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self._go(self.currentIndex())
        else:
            super().keyPressEvent(event)


def height_of(item: Item) -> int:
    return TWO_LINES if item.why else ONE_LINE


class _Items(QAbstractListModel):
    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.items: tuple[Item, ...] = ()

    def show_items(self, items: tuple[Item, ...]) -> None:
        self.beginResetModel()
        self.items = items
        self.endResetModel()

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.items)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return item.what
        if role not in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        words = (item.state.word, item.what, item.why, item.about, item.note, item.link)
        said = one_line(", ".join(word for word in words if word))
        return tip(said) if role == Qt.ItemDataRole.ToolTipRole else said


class _Rows(QStyledItemDelegate):
    def __init__(self, checklist: Checklist) -> None:
        super().__init__(checklist)
        self._list = checklist

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, height_of(self._list.items[index.row()]))

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item, colours, box = self._list.items[index.row()], colours_of(self._list.palette()), QRect(option.rect)
        under = self._list.indexAt(self._list.viewport().mapFromGlobal(self._list.cursor().pos())) == index
        chosen = self._list.hasFocus() and self._list.currentIndex() == index
        if item.link and (under or chosen):
            painter.fillRect(box, colours.of("selection" if chosen else "hover"))
        if chosen:
            painter.fillRect(QRect(box.left(), box.top(), 2, box.height()), colours.of("accent"))
        painter.fillRect(QRect(box.left(), box.top(), box.width(), 1), colours.of("line"))
        if index.row() == len(self._list.items) - 1:
            painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), colours.of("line"))
        icon = QRectF(box.left() + 4, box.center().y() - SIDE / 2 + 0.5, SIDE, SIDE)
        paint_icon(painter, item.state.icon, icon, colours.of(item.state.role))
        right = self._paint_right(painter, box, item, colours)
        self._paint_words(painter, box.adjusted(TEXT, 0, right - box.right(), 0), item, colours)

    def _paint_right(self, painter: QPainter, box: QRect, item: Item, colours: Colours) -> int:
        """The link and the note before it; returns where they begin."""
        right = box.right()
        if item.link:
            paint_icon(
                painter,
                "caret-right",
                QRectF(right - CARET, box.center().y() - 6.5, CARET, CARET),
                colours.of("accent"),
            )
            right -= CARET + 6
            right = _from_right(painter, box, right, item.link, 500, colours.of("accent"))
            right -= GAP
        if item.note:
            room = min(140, box.width() // 4)
            words = QFontMetrics(font("second")).elidedText(one_line(item.note), Qt.TextElideMode.ElideRight, room)
            right = _from_right(painter, box, right, words, 400, colours.of("second"), small=True) - GAP
        return right

    def _paint_words(self, painter: QPainter, room: QRect, item: Item, colours: Colours) -> None:
        middle = Qt.AlignmentFlag.AlignVCenter
        cut = Qt.TextElideMode.ElideRight
        painter.setPen(colours.of("text"))
        painter.setFont(font("body", colours.medium_weight))
        if item.why:
            first, second = room.adjusted(0, 4, 0, -20), room.adjusted(0, 22, 0, -4)
            painter.drawText(first, middle, painter.fontMetrics().elidedText(one_line(item.what), cut, first.width()))
            painter.setFont(font("second"))
            painter.setPen(colours.of("second"))
            painter.drawText(second, middle, painter.fontMetrics().elidedText(one_line(item.why), cut, second.width()))
            return
        first = room.adjusted(0, 0, self._list.about_at - TEXT - room.width(), 0) if item.about else room
        painter.drawText(first, middle, painter.fontMetrics().elidedText(one_line(item.what), cut, first.width()))
        if item.about:
            rest = room.adjusted(self._list.about_at - TEXT, 0, 0, 0)
            painter.setFont(font("second"))
            painter.setPen(colours.of("second"))
            painter.drawText(rest, middle, painter.fontMetrics().elidedText(one_line(item.about), cut, rest.width()))


def _from_right(
    painter: QPainter, box: QRect, right: int, words: str, weight: int, ink: QColor, *, small: bool = False
) -> int:
    """Draw words that end at `right`; returns where they begin."""
    painter.setFont(font("second" if small else "body", weight))
    width = painter.fontMetrics().horizontalAdvance(words) + 1
    painter.setPen(ink)
    painter.drawText(QRect(right - width, box.top(), width, box.height()), Qt.AlignmentFlag.AlignVCenter, words)
    return right - width
