"""The run that is looked at: its facts, what it takes, and its monitors at the left of its curves, or above them."""

from collections.abc import Mapping

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.figures import share
from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.training import overflow
from espalier.gui.training.facts import facts, versions
from espalier.gui.training.memory_part import MemoryPart
from espalier.gui.training.plots import Plots
from espalier.gui.training.reading import Detail

LEFT, APART = 268, 24  # of the facts, and from them
MOST = 420  # of memory and monitors, where they stand beside the facts
ANY = (1 << 24) - 1  # Qt's own largest width


class RunPart(QWidget):
    """The selected run: at the left facts, memory and monitors, at the right its plots.

    Where facts and plots have no room beside each other, the facts stand above, in two columns.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title, self._mark, self.monitors = Text("", "section"), StateMark(), StateMark()
        self._watched = Text(self.tr("Monitors"), "section")
        self._facts, self._versions, self._now = Facts(88), Facts(88), Facts(60)
        self.memory, self.plots = MemoryPart(), Plots(actions)
        self.more = Button("", "link")
        self.more.clicked.connect(self._fold)
        self._versions.hide()
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._across, self._between = Rule(), Rule(Qt.Orientation.Vertical)
        self._taken = self._laid_out()
        self._told = self._left()
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(APART)
        self._row.addWidget(self._told)
        self._row.addWidget(self._between)
        self._row.addWidget(self.plots, 1)

    def show_detail(self, detail: Detail) -> None:
        run = detail.row.run
        self._title.setText(self.tr("Run {id}").format(id=run.id))
        self._mark.show_standing(detail.row.standing)
        self._facts.show_facts(facts(run))
        self._versions.show_facts(versions(run))
        self.more.setVisible(bool(run.versions))
        self._name_fold()
        self.plots.show_detail(detail)
        self.memory.show_memory(detail.row, detail.memory)
        self._show_monitors(detail)

    def _show_monitors(self, detail: Detail) -> None:
        mark = overflow.mark(detail)
        for part in (self._watched, self.monitors):
            part.setVisible(mark is not None)
        if mark is not None:
            self.monitors.show_state(mark)
            set_tip(self.monitors, overflow.totals(detail))
        curves = (detail.curves.get(name) for name in ("zero_share", "subnormal_share"))
        zero, subnormal = (share(None if curve is None else curve.last) for curve in curves)
        said = self.tr("{zero} zero, {subnormal} subnormal").format(zero=zero, subnormal=subnormal)
        self._now.show_facts([(self.tr("Gradients"), said)])

    def _left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(LEFT)
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._mark)
        head.addStretch(1)
        column = QVBoxLayout()
        column.setSpacing(0)
        column.addLayout(head)
        column.addSpacing(8)
        column.addWidget(self._facts)
        column.addWidget(self.more)
        column.addWidget(self._versions)
        column.addStretch(1)
        self._columns.setContentsMargins(0, 4, 0, 0)
        self._columns.setSpacing(12)
        self._columns.addLayout(column)
        self._columns.addWidget(self._across)
        self._columns.addWidget(self._taken, 1)
        left.setLayout(self._columns)
        return left

    def _laid_out(self) -> QWidget:
        taken, watched = QWidget(), QHBoxLayout()
        watched.addWidget(self._watched)
        watched.addStretch(1)
        watched.addWidget(self.monitors)
        column = QVBoxLayout(taken)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.memory)
        column.addSpacing(4)
        column.addLayout(watched)
        column.addWidget(self._now)
        column.addStretch(1)
        return taken

    def _arrange(self) -> None:
        way = QBoxLayout.Direction
        left = LEFT + 2 * APART + 1
        beside = self.width() >= left + self.plots.wide
        self.plots.fit(self.width() - left if beside else self.width())
        if beside == (self._row.direction() == way.LeftToRight):
            return
        self._row.setDirection(way.LeftToRight if beside else way.TopToBottom)
        self._columns.setDirection(way.TopToBottom if beside else way.LeftToRight)
        self._columns.setSpacing(12 if beside else 2 * APART)
        self._told.setMinimumWidth(LEFT if beside else 0)
        self._told.setMaximumWidth(LEFT if beside else ANY)
        self._taken.setMaximumWidth(LEFT if beside else MOST)
        self._between.setVisible(beside)
        self._across.setVisible(beside)
        self.updateGeometry()

    @override
    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()  # what the plots say has grown or shrunk
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._arrange()
        super().resizeEvent(event)

    @override
    def minimumSizeHint(self) -> QSize:
        """No wider than the plots alone: with less than all, the facts go above them."""
        return QSize(self.plots.minimumSizeHint().width(), super().minimumSizeHint().height())

    def _fold(self) -> None:
        self._versions.setVisible(not self._versions.isVisible())
        self._name_fold()

    def _name_fold(self) -> None:
        shown = self._versions.isVisible()
        text = self.tr("Hide versions") if shown else self.tr("Versions")
        self.more.show_text(text)
