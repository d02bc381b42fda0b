"""The run that is looked at: its facts at the left, or above where that is too narrow, its live curves and current values."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.charts.chart import Chart
from espalier.gui.charts.framed import Framed
from espalier.gui.charts.heat_chart import HeatChart
from espalier.gui.charts.turns import Turns
from espalier.gui.figures import share
from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.training import overflow, pictures
from espalier.gui.training.facts import facts, versions
from espalier.gui.training.memory_part import MemoryPart
from espalier.gui.training.pictures import TRAIN, VALIDATION, Shown
from espalier.gui.training.reading import Detail

LEFT, APART = 268, 24
ANY = (1 << 24) - 1  # Qt's own largest width


class RunPart(QWidget):
    """The selected run: facts at the left, the loss in the middle with two plots below it, three plots at the right.

    Where facts and plots have no room beside each other, the facts stand above, in two columns.
    """

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        train, validation = self.tr("train"), self.tr("validation")
        self._title, self._mark, self.monitors = Text("", "section"), StateMark(), StateMark()
        self._watched = Text(self.tr("Monitors"), "section")
        self._facts, self._versions, self._now = Facts(88), Facts(88), Facts(60)
        self.memory = MemoryPart()
        turns = Turns(self)
        self.loss = Chart(self.tr("Loss"), names=((train, 0), (validation, 1)), ticks=5, turns=turns)
        self.norm = Chart(self.tr("Gradient norm"), ticks=4, turns=turns)
        self.rate = Chart(self.tr("Learning rate"), ticks=4, turns=turns)
        self.noise = Chart(self.tr("Gradient noise scale"), ticks=4, turns=turns)
        self.heat = HeatChart(self.tr("Overflow by module"))
        set_tip(self.heat, self.tr("Gradients are looked at in every step, outputs of the adapter in some"))
        self.speed = Chart(self.tr("Tokens per second"), ticks=4, turns=turns)
        self.drawn = (self.loss, self.norm, self.rate, self.noise, self.heat, self.speed)
        self._names = {"train": train, "validation": validation, "run": self.tr("run {id}")}
        self.more = Button("", "link")
        self.more.clicked.connect(self._fold)
        self._versions.hide()
        self._add_scale(actions["scale"])
        self._columns = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._told, self._plots = self._left(), self._laid_out()
        self._between = Rule(Qt.Orientation.Vertical)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(APART)
        self._row.addWidget(self._told)
        self._row.addWidget(self._between)
        self._row.addWidget(self._plots, 1)

    def show_detail(self, detail: Detail) -> None:
        run = detail.row.run
        self._title.setText(self.tr("Run {id}").format(id=run.id))
        self._mark.show_standing(detail.row.standing)
        self._facts.show_facts(facts(run))
        self._versions.show_facts(versions(run))
        self.more.setVisible(bool(run.versions))
        self._name_fold()
        own = ((self._names["train"], TRAIN), (self._names["validation"], VALIDATION))
        self.loss.name_curves((*own, *pictures.laid_over(detail, **self._names)))
        name = self.tr("value")
        for chart, shown in (
            (self.loss, pictures.loss(detail, **self._names)),
            (self.norm, pictures.gradient_norm(detail, name, self.tr("clip"))),
            (self.rate, pictures.rate(detail, name)),
            (self.noise, pictures.noise(detail, name, self.tr("batch"), self.tr("not since step {step}"))),
            (self.speed, pictures.speed(detail, name)),
        ):
            self._show(chart, shown)
        self.memory.show_memory(detail.row, detail.memory)
        self._show_overflow(detail)
        self._now.show_facts(self._figures(detail))

    def _figures(self, detail: Detail) -> list[tuple[str, str]]:
        def last(name: str) -> float | None:
            curve = detail.curves.get(name)
            return None if curve is None else curve.last

        if last("zero_share") is None:
            return []
        zero, subnormal = (share(last(name)) for name in ("zero_share", "subnormal_share"))
        said = self.tr("{zero} zero, {subnormal} subnormal").format(zero=zero, subnormal=subnormal)
        return [(self.tr("Gradients"), said)]

    def _show_overflow(self, detail: Detail) -> None:
        if detail.heat is None:
            self.heat.say(overflow.sentence(detail))
        else:
            self.heat.show_heat(overflow.heat(detail.heat))
        mark = overflow.mark(detail)
        for part in (self._watched, self.monitors):
            part.setVisible(mark is not None)
        if mark is not None:
            self.monitors.show_state(mark)
            set_tip(self.monitors, overflow.totals(detail))

    def _show(self, chart: Chart, shown: Shown) -> None:
        chart.show_picture(shown.picture, shown.value, shown.about)

    def _add_scale(self, action: QAction) -> None:
        self.scale = Segments(self.tr("Scale of the loss"), (self.tr("Linear"), self.tr("Log")))
        self.scale.picked.connect(self._set_scale)
        action.triggered.connect(lambda: self._set_scale(1 - self.scale.picked_one))
        self.loss.row.addSpacing(8)
        self.loss.row.addWidget(self.scale)

    def _set_scale(self, number: int) -> None:
        """0 is linear, 1 logarithmic."""
        self.scale.pick(number)
        self.loss.plot.set_log(number == 1)

    def _left(self) -> QWidget:
        left = QWidget()
        left.setFixedWidth(LEFT)
        monitors = QVBoxLayout()
        monitors.setSpacing(4)
        monitors.addWidget(self.memory)
        monitors.addSpacing(4)
        watched = QHBoxLayout()
        watched.addWidget(self._watched)
        watched.addStretch(1)
        watched.addWidget(self.monitors)
        monitors.addLayout(watched)
        monitors.addWidget(self._now)
        monitors.addStretch(1)
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
        self._across = Rule()
        self._columns.setContentsMargins(0, 4, 0, 0)
        self._columns.setSpacing(12)
        self._columns.addLayout(column)
        self._columns.addWidget(self._across)
        self._columns.addLayout(monitors, 1)
        left.setLayout(self._columns)
        return left

    def _laid_out(self) -> QWidget:
        plots = QWidget()
        grid = QGridLayout(plots)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(APART)
        grid.setVerticalSpacing(12)
        grid.addWidget(self.loss, 0, 0, 2, 2)
        grid.addWidget(self.norm, 0, 2)
        grid.addWidget(self.rate, 1, 2)
        grid.addWidget(self.noise, 2, 0)
        grid.addWidget(self.heat, 2, 1)
        grid.addWidget(self.speed, 2, 2)
        for column, stretch in enumerate((13, 11, 10)):  # as long as their titles are
            grid.setColumnStretch(column, stretch)
        for row in range(3):
            grid.setRowStretch(row, 1)
        return plots

    def _across_plots(self, wide: Callable[[Framed], int]) -> int:
        """The width that the plots take, each so wide: in three columns, the loss over two of them."""
        left, right = wide(self.noise), max(wide(self.norm), wide(self.rate), wide(self.speed))
        middle = max(wide(self.loss) - left - APART, wide(self.heat))
        return left + middle + right + 2 * APART

    def _arrange(self) -> None:
        way = QBoxLayout.Direction
        whole = self._across_plots(lambda chart: chart.whole)
        beside = self.width() >= LEFT + 2 * APART + 1 + whole
        for chart in self.drawn:
            chart.be_tight(self.width() < whole)
        if beside == (self._row.direction() == way.LeftToRight):
            return
        self._row.setDirection(way.LeftToRight if beside else way.TopToBottom)
        self._columns.setDirection(way.TopToBottom if beside else way.LeftToRight)
        self._columns.setSpacing(12 if beside else 2 * APART)
        self._told.setMinimumWidth(LEFT if beside else 0)
        self._told.setMaximumWidth(LEFT if beside else ANY)
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
        """No wider than the plots alone with their heads cut: with less than all, the facts go above them."""
        return QSize(self._across_plots(lambda chart: chart.least), super().minimumSizeHint().height())

    def _fold(self) -> None:
        self._versions.setVisible(not self._versions.isVisible())
        self._name_fold()

    def _name_fold(self) -> None:
        shown = self._versions.isVisible()
        text = self.tr("Hide versions") if shown else self.tr("Versions")
        self.more.show_text(text)
