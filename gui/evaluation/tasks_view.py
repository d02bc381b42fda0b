"""All tasks of an evaluation in one table, filtered by outcome and words."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget
from typing_extensions import override

from espalier.gui.evaluation.lists import Numbered, matching, numbered, tasks_model
from espalier.gui.evaluation.reading import Figures
from espalier.gui.evaluation.words import OUTCOMES, outcome_word
from espalier.gui.figures import count
from espalier.gui.parts.button import Button
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.filter_bar import FilterBar
from espalier.gui.parts.header import Header
from espalier.gui.session import Session
from espalier.gui.tables.table import Table


class TasksView(QWidget):
    """opened(tasks, place): a task of those that are shown. left(): back to the figures."""

    opened = Signal(object, int)
    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[Numbered, ...] = ()
        self._shown: tuple[Numbered, ...] = ()
        back = Button(self.tr("Back"), height=32)
        back.set_key("Esc")
        back.clicked.connect(self.left)
        self.header = Header(self.tr("Tasks"), (back,))
        self.outcome = FilterChip(self.tr("Outcome"))
        self.filters = FilterBar({"outcome": self.outcome}, search=self.tr("Search tasks"))
        self.filters.changed.connect(self._filter)
        self.model = tasks_model()
        self.table = Table(self.model, self.tr("Tasks"), settings=session.settings, key="evaluation tasks")
        self.table.when_empty(self.tr("No task is like that."), self.tr("Show all"))
        self.filters.search.left.connect(self.table.setFocus)
        self.table.remedy_asked.connect(self.filters.clear)
        self.table.activated_row.connect(self._open)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.filters)
        column.addWidget(self.table, 1)

    def show_figures(self, run: int, figures: Figures) -> None:
        self._rows = numbered(figures.rows)
        options = [Option(change, outcome_word(change), len(figures.changed(change))) for change in OUTCOMES]
        self.outcome.set_options([one for one in options if one.count])
        self.header.say(self.tr("Run {run} against its base. Enter opens a task.").format(run=run))
        self._filter()

    def show_outcome(self, change: str) -> None:
        self.outcome.set_values((change,) if change else ())
        self._filter()
        self.table.setFocus()

    def _filter(self) -> None:
        chosen = self.filters.values("outcome")
        self._shown = matching(self._rows, chosen[0] if chosen else "", self.filters.words)
        self.model.show_rows(self._shown)
        self.filters.count.setText(
            self.tr("{shown} of {whole} tasks").format(shown=count(len(self._shown)), whole=count(len(self._rows)))
        )

    def _open(self, number: int) -> None:
        """In the order in which they are shown."""
        shown = [self.model.row_at(place) for place in range(self.model.rowCount())]
        rows = tuple(one.row for one in shown if one is not None)
        place = next((at for at, one in enumerate(shown) if one is not None and one.number == number), 0)
        self.opened.emit(rows, place)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
