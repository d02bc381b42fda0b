"""Two texts compared: in one column or side by side, changed words filled, unchanged stretches folded until they are opened."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from typing import Literal

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.code.canvas import Canvas
from espalier.gui.code.colouring import Colouring, Wanted
from espalier.gui.code.compared import MINUS, PLUS, Beside, Comparison, Unified
from espalier.gui.code.difference import Difference, difference
from espalier.gui.code.highlight import Pieces, highlighted, known
from espalier.gui.figures import count
from espalier.gui.parts.button import Button
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.text import Text

AT_ONCE = 20_000  # characters that are coloured before the text is shown
BEFORE, AFTER = 0, 1
Way = Literal["unified", "beside"]


class DiffView(QWidget):
    """Alt+Down and Alt+Up lead to the next and previous change; Enter or a click opens a fold.

    changed_way(way)   the person chose one column or two
    """

    changed_way = Signal(str)

    def __init__(self, name: str, *, way: Way = "unified", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._comparison = Comparison(Difference(()))
        self._texts: tuple[Sequence[str], Sequence[str]] = ((), ())
        self._language, self._way = "", way
        self._colouring = Colouring(self)
        self._colouring.done.connect(self._show_colours)
        self.one = Canvas(name, gutters=2, signs=True)
        self.before = Canvas(self.tr("{name}, before").format(name=name), signs=True)
        self.after = Canvas(self.tr("{name}, after").format(name=name), signs=True)
        self.titles = (
            Text("", "second", "second", weight=600, elide=Qt.TextElideMode.ElideMiddle),
            Text("", "second", "second", weight=600, elide=Qt.TextElideMode.ElideMiddle),
        )
        self.told = Text("", "second", "muted")
        self.ways = Segments(self.tr("How it is compared"), (self.tr("One column"), self.tr("Side by side")))
        self._build()
        self._connect()
        self.show_way(way)

    @property
    def difference(self) -> Difference:
        return self._comparison.difference

    @property
    def way(self) -> Way:
        return self._way

    def show_texts(
        self, before: Sequence[str], after: Sequence[str], *, language: str = "", titles: tuple[str, str] = ("", "")
    ) -> None:
        """Compare these lines; `titles` say what each side is."""
        self._colouring.forget()
        self._texts, self._language = (before, after), language
        self._comparison = Comparison(difference(before, after))
        if sum(map(len, before)) + sum(map(len, after)) <= AT_ONCE:
            self._comparison.before = highlighted(before, language)
            self._comparison.after = highlighted(after, language)
        self._ask_for_colours()
        for title, text in zip(self.titles, titles, strict=True):
            title.setText(text)
        self._tell()
        self._fill(keep=False)

    def show_way(self, way: Way) -> None:
        self._way = way
        self.ways.pick(1 if way == "beside" else 0)
        self.one.setVisible(way == "unified")
        self.before.setVisible(way == "beside")
        self.after.setVisible(way == "beside")
        self.setFocusProxy(self._canvas)

    def go_to_change(self, by: int) -> bool:
        """To the next change, or with -1 the one before; False where there is none."""
        rows = self._canvas.rows
        changes = rows.changes if isinstance(rows, Unified | Beside) else []
        at = self._canvas.current
        place = bisect_right(changes, at) if by > 0 else bisect_left(changes, at) - 1
        if not 0 <= place < len(changes):
            return False
        self._canvas.go_to(changes[place])
        return True

    @property
    def _canvas(self) -> Canvas:
        """The one that the keyboard is in."""
        if self._way == "unified":
            return self.one
        return self.before if self.before.hasFocus() else self.after

    def _build(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self.ways)
        head.addWidget(self.told)
        head.addStretch(1)
        for text, step in ((self.tr("Previous"), -1), (self.tr("Next"), 1)):
            button = Button(text, "ghost", height=24)
            button.setAccessibleDescription(self.tr("change"))
            button.clicked.connect(lambda _checked=False, by=step: self.go_to_change(by))
            head.addWidget(button)
        titles, sides = QHBoxLayout(), QHBoxLayout()
        for title in self.titles:
            titles.addWidget(title, 1)
        for canvas in (self.one, self.before, self.after):
            sides.addWidget(canvas, 1)
        titles.setSpacing(8)
        sides.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addLayout(titles)
        column.addLayout(sides, 1)

    def _connect(self) -> None:
        self.ways.picked.connect(self._pick)
        for canvas in (self.one, self.before, self.after):
            canvas.opened.connect(self._open)
        for left, right in ((self.before, self.after), (self.after, self.before)):
            left.verticalScrollBar().valueChanged.connect(right.verticalScrollBar().setValue)
            left.horizontalScrollBar().valueChanged.connect(right.horizontalScrollBar().setValue)

    def _pick(self, number: int) -> None:
        self.show_way("beside" if number else "unified")
        self.changed_way.emit(self._way)

    def _open(self, row: int) -> None:
        """Show what the fold hides, and stay where we are."""
        rows = self._canvas.rows
        if isinstance(rows, Unified | Beside):
            self._comparison.opened.add(rows.entries[row].pair)
            self._fill(keep=True)

    def _fill(self, *, keep: bool) -> None:
        self.one.show_rows(Unified(self._comparison), keep=keep)
        self.before.show_rows(Beside(self._comparison, "before"), keep=keep)
        self.after.show_rows(Beside(self._comparison, "after"), keep=keep)

    def _tell(self) -> None:
        found = self._comparison.difference
        if not found.added and not found.removed:
            self.told.setText(self.tr("Both are the same"))
        else:
            self.told.setText(f"{PLUS}{count(found.added)}  {MINUS}{count(found.removed)}")

    def _ask_for_colours(self) -> None:
        """For the side that has none yet, while they can be seen."""
        if not self.isVisible() or not known(self._language):
            return
        have = (self._comparison.before, self._comparison.after)
        lacking = next((side for side in (BEFORE, AFTER) if len(have[side]) < len(self._texts[side])), None)
        if lacking is not None:
            self._colouring.ask(Wanted(lacking, self._texts[lacking], self._language))

    def _show_colours(self, which: int, pieces: list[Pieces]) -> None:
        if which == BEFORE:
            self._comparison.before = pieces
        else:
            self._comparison.after = pieces
        self._ask_for_colours()
        for canvas in (self.one, self.before, self.after):
            canvas.viewport().update()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._ask_for_colours()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        """What nobody sees needs no colours."""
        self._colouring.forget()
        super().hideEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.key() in steps:
            self.go_to_change(steps[Qt.Key(event.key())])
        else:
            event.ignore()
