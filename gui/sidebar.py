"""The sidebar: the pages in the order of the flow, each stage with its state by icon and word, joined by a line."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import QFrame, QListView, QStyledItemDelegate, QStyleOptionViewItem, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import tip
from espalier.gui.palette import Colours, colours_of
from espalier.gui.parts.rule import Rule
from espalier.gui.states import Shown
from espalier.gui.typeface import font

WIDTH, WIDEST = 216, 256
PITCH, ENTRY, SIDE, INSET, TOP, FIRST_GAP = 36, 32, 16, 8, 10, 8
NAME, GAP, AFTER = 36, 8, 8  # where a name begins, and what is before and after its state
Index = QModelIndex | QPersistentModelIndex
BY_KEYBOARD = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason, Qt.FocusReason.ShortcutFocusReason)
BACK = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)  # it had the focus before


@dataclass(frozen=True, slots=True)
class Page:
    """An entry. With a state it is a stage of the flow and on the line; without, its icon is the plain one."""

    id: str
    text: str
    icon: str
    state: Shown | None = None
    enabled: bool = True


class Sidebar(QWidget):
    """gone_to(page): the person went there. Grows where a name and its state have no room beside each other, and stays so."""

    gone_to = Signal(str)

    def __init__(self, pages: Sequence[Page], low: Sequence[Page] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self._current = ""
        self.stages, self.foot = Entries(tuple(pages)), Entries(tuple(low))
        self.stages.setAccessibleName(self.tr("Pages"))
        self.foot.setAccessibleName(self.tr("More pages"))
        for entries in (self.stages, self.foot):
            entries.gone_to.connect(self._go)
        rule = QVBoxLayout()
        rule.setContentsMargins(16, 0, 16, 4)
        rule.addWidget(Rule())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, TOP, 0, TOP)
        column.setSpacing(0)
        column.addWidget(self.stages)
        column.addStretch(1)
        column.addLayout(rule)
        column.addWidget(self.foot)
        self.setFocusProxy(self.stages)
        self._grow()

    @property
    def current(self) -> str:
        return self._current

    def go_to(self, page: str) -> None:
        """Mark this page as the one in front; says nothing."""
        self._current = page
        for entries in (self.stages, self.foot):
            entries.mark(page)

    def show_state(self, page: str, state: Shown | None) -> None:
        for entries in (self.stages, self.foot):
            entries.show_state(page, state)
        self._grow()

    def _grow(self) -> None:
        needed = max(entries.needed() for entries in (self.stages, self.foot))
        self.setFixedWidth(max(self.minimumWidth(), min(needed, WIDEST)))

    def _go(self, page: str) -> None:
        self.go_to(page)
        self.gone_to.emit(page)


class Entries(QListView):
    """gone_to(page): the person went there, by key or mouse."""

    gone_to = Signal(str)

    def __init__(self, pages: tuple[Page, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = Pages(pages, self)
        self._placing = self.walked = False
        self.hovered = -1
        self.setModel(self._model)
        self.setItemDelegate(Look(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setProperty("own_focus", True)
        self.viewport().setAutoFillBackground(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedHeight(sum(_high(page, number, pages) for number, page in enumerate(pages)))
        self.selectionModel().currentChanged.connect(self._go)
        self.entered.connect(self._hover)

    def mark(self, page: str) -> None:
        """Without saying so; a page of another list leaves none marked here."""
        self._placing = True
        number = self._model.place(page)
        self.setCurrentIndex(QModelIndex() if number is None else self._model.index(number))
        self._placing = False
        self.viewport().update()

    def show_state(self, page: str, state: Shown | None) -> None:
        self._model.show_state(page, state)

    def needed(self) -> int:
        """The width in which no entry is cut."""
        names, words = QFontMetrics(font("body", 600)), QFontMetrics(font("second"))
        pages = self._model.pages
        states = [0 if page.state is None else GAP + words.horizontalAdvance(page.state.word) for page in pages]
        wide = [names.horizontalAdvance(page.text) + state for page, state in zip(pages, states, strict=True)]
        return 2 * INSET + NAME + max(wide, default=0) + AFTER

    def page_at(self, row: int) -> Page:
        return self._model.pages[row]

    def is_stage(self, row: int) -> bool:
        return 0 <= row < len(self._model.pages) and self._model.pages[row].state is not None

    def first_of_stages(self, row: int) -> bool:
        return self.is_stage(row) and row > 0 and not self.is_stage(row - 1)

    def _go(self, index: QModelIndex) -> None:
        if index.isValid() and not self._placing:
            self.gone_to.emit(self._model.pages[index.row()].id)

    def _hover(self, index: QModelIndex) -> None:
        self.hovered = index.row()
        self.viewport().update()

    def is_at(self, row: int) -> bool:
        """Where the keyboard is; where no page of this list is in front, it begins at the first."""
        return self.walked and self.hasFocus() and row == max(0, self.currentIndex().row())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.walked = event.reason() in BY_KEYBOARD or (self.walked and event.reason() in BACK)
        super().focusInEvent(event)
        self.viewport().update()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.walked = True
        super().keyPressEvent(event)

    @override
    def leaveEvent(self, event: object) -> None:
        self.hovered = -1
        self.viewport().update()


class Pages(QAbstractListModel):
    """What the sidebar lists; what is read out is the name and the state."""

    def __init__(self, pages: tuple[Page, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pages = list(pages)

    def place(self, page: str) -> int | None:
        return next((number for number, one in enumerate(self.pages) if one.id == page), None)

    def show_state(self, page: str, state: Shown | None) -> None:
        number = self.place(page)
        if number is not None and self.pages[number].state != state:
            self.pages[number] = replace(self.pages[number], state=state)
            self.dataChanged.emit(self.index(number), self.index(number))

    @override
    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's own default
        return 0 if parent.isValid() else len(self.pages)

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        usual = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled
        return usual if index.isValid() and self.pages[index.row()].enabled else Qt.ItemFlag.NoItemFlags

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        page = self.pages[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return page.text
        if role not in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return None
        said = page.text if page.state is None else f"{page.text}, {page.state.word}"
        return tip(said) if role == Qt.ItemDataRole.ToolTipRole else said


class Look(QStyledItemDelegate):
    """Draws an entry: icon, name, the state's word at the right, and the line from stage to stage."""

    def __init__(self, entries: Entries) -> None:
        super().__init__(entries)
        self._entries = entries

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        extra = FIRST_GAP if self._entries.first_of_stages(index.row()) else 0
        return QSize(WIDTH, PITCH + extra)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours = colours_of(self._entries.palette())
        page, row = self._entries.page_at(index.row()), index.row()
        whole = QRect(option.rect)
        if self._entries.first_of_stages(row):
            whole.setTop(whole.top() + FIRST_GAP)
        box = QRect(whole.left() + INSET, whole.top() + 2, whole.width() - 2 * INSET, ENTRY)
        current = self._entries.currentIndex().row() == row
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if current or (self._entries.hovered == row and page.enabled):
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colours.of("selection" if current else "control_hover"))
            painter.drawRoundedRect(box, 6, 6)
        if self._entries.is_at(row):
            painter.setPen(QPen(colours.of("accent"), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), 5, 5)
        self._paint_line(painter, whole, row, colours)
        ink = colours.of("text" if current else "second" if page.enabled else "muted")
        icon = page.icon if page.state is None else page.state.icon
        tint = ink if page.state is None else colours.of(page.state.role)
        paint_icon(painter, icon, QRectF(box.left() + 9, box.center().y() - SIDE / 2 + 0.5, SIDE, SIDE), tint)
        self._paint_words(painter, box, page, current, colours)

    def _paint_line(self, painter: QPainter, whole: QRect, row: int, colours: Colours) -> None:
        """From this icon half way to the ones above and below."""
        if not self._entries.is_stage(row):
            return
        painter.setPen(QPen(colours.of("line_strong"), 1))
        x, middle = whole.left() + INSET + 9 + SIDE / 2, whole.top() + 2 + ENTRY / 2
        reach = SIDE / 2 + 3
        if self._entries.is_stage(row - 1):
            painter.drawLine(QPointF(x, whole.top()), QPointF(x, middle - reach))
        if self._entries.is_stage(row + 1):
            painter.drawLine(QPointF(x, middle + reach), QPointF(x, whole.bottom() + 1))

    def _paint_words(self, painter: QPainter, box: QRect, page: Page, current: bool, colours: Colours) -> None:
        painter.setPen(colours.of("text" if current else "second" if page.enabled else "muted"))
        painter.setFont(font("body", 600 if current else colours.medium_weight))
        painter.drawText(box.adjusted(NAME, 0, -AFTER, 0), Qt.AlignmentFlag.AlignVCenter, page.text)
        if page.state is None:
            return
        room = box.adjusted(NAME + painter.fontMetrics().horizontalAdvance(page.text) + GAP, 0, -AFTER, 0)
        painter.setFont(font("second"))
        if painter.fontMetrics().horizontalAdvance(page.state.word) > room.width():
            painter.setFont(font("caption"))
        painter.setPen(colours.of("muted" if page.state.icon in ("done", "queued") else page.state.role))
        word = painter.fontMetrics().elidedText(page.state.word, Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, word)


def _high(page: Page, number: int, pages: tuple[Page, ...]) -> int:
    first = page.state is not None and number > 0 and pages[number - 1].state is None
    return PITCH + (FIRST_GAP if first else 0)
