"""The sidebar: the pages in the order of the flow, each with its state in a word."""

from dataclasses import dataclass, replace

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.palette import colours_of
from espalier.gui.states import Shown
from espalier.gui.typeface import font

WIDTH, PITCH, ENTRY, SIDE, INSET = 216, 36, 32, 16, 8
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Page:
    """An entry; without a state its icon is the plain one."""

    id: str
    text: str
    icon: str
    state: Shown | None = None


class Sidebar(QListView):
    """gone_to(page): the person went there."""

    gone_to = Signal(str)

    def __init__(self, pages: tuple[Page, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = Pages(pages, self)
        self.setModel(self._model)
        self.setItemDelegate(Entries(self))
        self.setAccessibleName(self.tr("Pages"))
        self.setFixedWidth(WIDTH)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.selectionModel().currentChanged.connect(self._go)

    def go_to(self, page: str) -> None:
        self.setCurrentIndex(self._model.index(self._model.place(page)))

    @property
    def current(self) -> str:
        return self._model.pages[max(0, self.currentIndex().row())].id

    def show_state(self, page: str, state: Shown | None) -> None:
        self._model.show_state(page, state)

    def _go(self, index: QModelIndex) -> None:
        self.gone_to.emit(self._model.pages[index.row()].id)


class Pages(QAbstractListModel):
    """What the sidebar lists; what is read out is the name and the state."""

    def __init__(self, pages: tuple[Page, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = list(pages)

    def place(self, page: str) -> int:
        return next(number for number, one in enumerate(self.pages) if one.id == page)

    def show_state(self, page: str, state: Shown | None) -> None:
        number = self.place(page)
        if self.pages[number].state != state:
            self.pages[number] = replace(self.pages[number], state=state)
            self.dataChanged.emit(self.index(number), self.index(number))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.pages)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        page = self.pages[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return page.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return page.text if page.state is None else f"{page.text}, {page.state.word}"
        return None


class Entries(QStyledItemDelegate):
    """Draws an entry: icon, name, and the state's word at the right."""

    def __init__(self, sidebar: Sidebar) -> None:
        super().__init__(sidebar)
        self._sidebar = sidebar

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(WIDTH, PITCH)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = colours_of(self._sidebar.palette())
        whole = QRect(option.rect)
        box = whole.adjusted(INSET, 2, -INSET, 2 + ENTRY - PITCH)
        current = self._sidebar.currentIndex().row() == index.row()
        model = self._sidebar.model()
        assert isinstance(model, Pages)
        page = model.pages[index.row()]
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        if current:
            painter.setBrush(colours.of("selection"))
            painter.drawRoundedRect(box, 6, 6)
        shown = page.state
        ink = colours.of("text" if current else "second")
        name = page.icon if shown is None else shown.icon
        tint = ink if shown is None else colours.of(shown.role)
        paint_icon(painter, name, QRectF(box.left() + 9, box.center().y() - SIDE / 2 + 0.5, SIDE, SIDE), tint)
        painter.setPen(ink)
        painter.setFont(font("body", 600 if current else colours.medium_weight))
        painter.drawText(box.adjusted(36, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, page.text)
        name_width = painter.fontMetrics().horizontalAdvance(page.text)
        if shown is not None:
            painter.setFont(font("second"))
            if painter.fontMetrics().horizontalAdvance(shown.word) > box.width() - 36 - name_width - 16:
                painter.setFont(font("caption"))
            painter.setPen(colours.of("muted" if shown.icon == "done" else shown.role))
            room = box.adjusted(36 + name_width + 8, 0, -8, 0)
            word = painter.fontMetrics().elidedText(shown.word, Qt.TextElideMode.ElideRight, room.width())
            right = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(room, right, word)
