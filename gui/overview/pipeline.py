"""The pipeline: one framed row of stages, each with its number, what the number counts, and a word about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.palette import colours_of
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text

RADIUS, PADDING = 8, 16


@dataclass(frozen=True, slots=True)
class Stage:
    """A stage in words: its name, a big figure, the unit beside it, and the line below."""

    name: str
    figure: str
    unit: str
    about: str


class Pipeline(QWidget):
    """As many cells as the stages that it is given first."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(1, 1, 1, 1)
        self._row.setSpacing(0)
        self._cells: list[_Cell] = []
        self.stages: tuple[Stage, ...] = ()

    def show_stages(self, stages: Sequence[Stage]) -> None:
        self.stages = tuple(stages)
        while len(self._cells) < len(stages):
            if self._cells:
                self._row.addWidget(Rule(Qt.Orientation.Vertical))
            self._cells.append(_Cell())
            self._row.addWidget(self._cells[-1], 1)
        for cell, stage in zip(self._cells, stages, strict=True):
            cell.show_stage(stage)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(colours_of(self.palette()).of("line")))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)


class _Cell(QWidget):
    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        cut = Qt.TextElideMode.ElideRight
        self._name, self._figure = Text("", "second", "second", elide=cut), Text("", "number")
        self._unit, self._about = Text("", "second", "muted", elide=cut), Text("", "caption", "muted", elide=cut)
        line = QHBoxLayout()
        line.setSpacing(6)
        line.addWidget(self._figure, 0, Qt.AlignmentFlag.AlignBottom)
        line.addWidget(self._unit, 1, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        column.setContentsMargins(PADDING, 12, 8, 12)
        column.setSpacing(4)
        column.addWidget(self._name)
        column.addLayout(line)
        column.addWidget(self._about)

    def show_stage(self, stage: Stage) -> None:
        self._name.setText(stage.name)
        self._figure.setText(stage.figure)
        self._unit.setText(stage.unit)
        self._about.setText(stage.about)
        self._about.setToolTip(stage.about)
