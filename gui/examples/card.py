"""The card: one example in four panes, task and constraints, context, solution, and what is known of it; decisions below."""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.examples.whole import Whole
from espalier.gui.examples.brief import Brief
from espalier.gui.examples.margin import Margin
from espalier.gui.examples.panes import Panes
from espalier.gui.parts.button import Button
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.toast import FOOT

LEFT, RIGHT, DECIDE = (184, 276), (216, 260), 36  # the side panes at least and at most
SHARE = 0.24  # of the width, which a side pane takes


class Card(QWidget):
    """noted(text), rated(quality), compared(id): as the panes say; acting names the person whose word comes first."""

    noted = Signal(str)
    rated = Signal(int)
    compared = Signal(str)

    def __init__(
        self, actions: Mapping[str, QAction], undo: QAction | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setAccessibleName(self.tr("Example"))
        self.whole: Whole | None = None
        self.brief, self.margin = Brief(), Margin()
        self._left = _scrolled(self.brief, self.tr("What is asked"))
        self._right = _scrolled(self.margin, self.tr("What is known of it"))
        self.brief.noted.connect(self.noted)
        self.brief.released.connect(self._take_focus)
        self.margin.rated.connect(self.rated)
        self.margin.compared.connect(self.compared)
        self.code = Panes()
        panes = QHBoxLayout()
        panes.setSpacing(0)
        panes.addWidget(self._left)
        panes.addWidget(Rule(Qt.Orientation.Vertical))
        panes.addWidget(self.code, 1)
        panes.addWidget(Rule(Qt.Orientation.Vertical))
        panes.addWidget(self._right)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(panes, 1)
        column.addWidget(Rule())
        column.addWidget(self._foot(actions))

    def show_whole(self, whole: Whole, acting: str) -> None:
        self.whole = whole
        mine = next((one for one in whole.reviews if one.identity == acting), None)
        self.brief.show_example(whole.example, mine.note if mine is not None else "")
        self.margin.show_whole(whole, acting)
        self.code.show_example(whole.example)

    def let_write(self, may: bool) -> None:
        """Whether this window may change the project; what only shows stays."""
        self.brief.let_write(may)
        self.margin.let_write(may)

    def _take_focus(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    def _foot(self, actions: Mapping[str, QAction]) -> QWidget:
        foot = QWidget()
        foot.setObjectName(FOOT)
        row = QHBoxLayout(foot)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(8)
        row.addWidget(Button.of(actions["accept example"], "primary", height=DECIDE))
        for name in ("reject example", "insecure example"):
            row.addWidget(Button.of(actions[name], height=DECIDE))
        row.addWidget(Button.of(actions["next example"], "ghost", height=DECIDE))
        row.addStretch(1)
        row.addWidget(Keys(self.tr("Quality [1] to [5] · Undo [Z]"), wrap=True), 0, Qt.AlignmentFlag.AlignVCenter)
        return foot

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the code keeps the most of it."""
        super().resizeEvent(event)
        for pane, (least, most) in ((self._left, LEFT), (self._right, RIGHT)):
            pane.setFixedWidth(max(least, min(most, round(SHARE * self.width()))))


def _scrolled(pane: QWidget, name: str) -> QScrollArea:
    """A pane that scrolls where the window is low, on the ground of the page."""
    area = QScrollArea(widgetResizable=True)
    area.setAccessibleName(name)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setWidget(pane)
    for ground in (area.viewport(), pane):
        ground.setAutoFillBackground(False)
    return area
