"""The pipeline: one framed row of stages, each with its number, what the number counts, and a word about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.icons import paint_icon
from espalier.gui.literal import set_tip
from espalier.gui.palette import colours_of
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.state_mark import StateMark
from espalier.gui.parts.text import Text
from espalier.gui.states import Shown
from espalier.gui.typeface import Size, font

RADIUS, PADDING, END, BELOW, PILL = 8, 16, 8, 12, 24
FIGURES: tuple[Size, ...] = ("number", "panel", "section", "caption")


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage in words: its page, name, a big figure, the unit beside it, the line below, and how it stands."""

    page: str
    name: str
    figure: str
    unit: str
    about: str
    state: Shown


@dataclass(frozen=True, slots=True)
class Pill:
    """A gate on the lower edge, behind the stage of that number; with nothing after it, at the right end."""

    behind: int
    text: str
    state: Shown
    why: str


class Pipeline(QWidget):
    """As many cells as the stages that it is given first. gone_to(page): the person pressed a stage."""

    gone_to = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1 + BELOW)
        self._row.setSpacing(0)
        self._cells: list[_Cell] = []
        self._pills: tuple[Pill, ...] = ()
        self.stages: tuple[Stage, ...] = ()

    @property
    def pills(self) -> tuple[Pill, ...]:
        return self._pills

    def show_stages(self, stages: Sequence[Stage], pills: Sequence[Pill] = ()) -> None:
        self.stages, self._pills = tuple(stages), tuple(pills)
        set_tip(self, *(f"{pill.text}: {pill.why}" for pill in pills if pill.why))
        self.setAccessibleDescription(", ".join(f"{pill.text} {pill.why}" for pill in pills))
        self.update()
        while len(self._cells) < len(stages):
            if self._cells:
                self._row.addWidget(Rule(Qt.Orientation.Vertical))
            cell = _Cell()
            cell.gone.connect(self.gone_to)
            self._cells.append(cell)
            self._row.addWidget(self._cells[-1], 1)
        for cell, stage in zip(self._cells, stages, strict=True):
            cell.show_stage(stage)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours_of(self.palette()).of("line")))
        frame = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5 - BELOW)
        painter.drawRoundedRect(frame, RADIUS, RADIUS)
        right = float(self.width())
        for pill in reversed(self._pills):
            right = self._paint_pill(painter, pill, right) - 8

    def _paint_pill(self, painter: QPainter, pill: Pill, right: float) -> float:
        """Centred on the edge of its stage, and left of what is there already; returns where it begins."""
        colours = colours_of(self.palette())
        painter.setFont(font("second", 500))
        width = 10 + 14 + 6 + painter.fontMetrics().horizontalAdvance(pill.text) + 10
        last = pill.behind == len(self._cells) - 1
        edge = self.width() if last else self._cells[pill.behind].geometry().right() + 1
        left = min(edge - width if last else edge - width / 2, right - width)
        box = QRectF(left, self.height() - BELOW - PILL / 2 - 1, width, PILL).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.setPen(QPen(colours.of("line")))
        painter.setBrush(colours.of("surface"))
        painter.drawRoundedRect(box, PILL / 2, PILL / 2)
        ink = colours.of(pill.state.role)
        paint_icon(painter, pill.state.icon, QRectF(left + 10, box.center().y() - 7, 14, 14), ink)
        painter.setPen(ink)
        words = QRectF(left + 30, box.top(), width - 30, box.height())
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter, pill.text)
        return left


class _Cell(QAbstractButton):
    """gone(page): the stage's own page is wanted."""

    gone = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._page = ""
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setProperty("own_focus", True)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.clicked.connect(lambda: self.gone.emit(self._page))
        self._state = StateMark()
        cut = Qt.TextElideMode.ElideRight
        self._name, self._figure = Text("", "second", "second", elide=cut), Text("", "number")
        self._unit, self._about = Text("", "second", "muted", elide=cut), Text("", "caption", "muted", elide=cut)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBottom)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, 12, END, 12)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addLayout(line)
        column.addWidget(self._about)
        column.addWidget(self._state)

    def show_stage(self, stage: Stage) -> None:
        self._name.setText(stage.name)
        self._figure.setText(stage.figure)
        self._unit.setText(stage.unit)
        self._about.setText(stage.about)
        set_tip(self._about, stage.about)
        self._state.show_state(stage.state)
        self._page = stage.page
        self._fit()
        words = (stage.name, stage.figure, stage.unit, stage.about, stage.state.word)
        self.setAccessibleName(", ".join(word for word in words if word))

    def _fit(self) -> None:
        """A figure is never cut: it is written smaller where the window is small."""
        room = self.width() - PADDING - END
        fitting = (one for one in FIGURES if QFontMetrics(font(one, 600)).horizontalAdvance(self._figure.text()) < room)
        self._figure.setFont(font(next(fitting, FIGURES[-1]), 600))
        self._figure.updateGeometry()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    @override
    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colours = colours_of(self.palette())
        if self.underMouse() or self.isDown():
            painter.fillRect(self.rect().adjusted(4, 4, -4, -4), colours.of("hover"))
        if self.hasFocus():
            painter.setPen(QPen(colours.of("accent"), 2))
            painter.drawRect(self.rect().adjusted(3, 3, -3, -3))
