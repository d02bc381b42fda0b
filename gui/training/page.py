"""The training page: the selected run with its facts, live curves and current values, and the table of all runs."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.runs import Run
from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.code.settings_diff import SettingsDiff
from espalier.gui.figures import count
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.parts.folding import Folding
from espalier.gui.parts.header import Header
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.standing import Known
from espalier.gui.steering import WISHES, may
from espalier.gui.tables.table import Table
from espalier.gui.training.actions import ACTIONS
from espalier.gui.training.marks import Marks
from espalier.gui.training.new_run import Beginning, NewRun
from espalier.gui.training.plots import Plots
from espalier.gui.training.reading import Detail, RunRow, Training, TrainingReading
from espalier.gui.training.run_part import RunPart
from espalier.gui.training.sentence import sentence, trouble
from espalier.gui.training.table import lines_of, runs_model
from espalier.gui.work import report

MOST_ROWS = 4  # of the table; further ones are scrolled to


class TrainingPage(QWidget):
    """asked_again(): another run is looked at, and its reading is wanted now."""

    asked_again = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._reading = TrainingReading()
        self._looked_at: Known | None = None
        self._detail: Detail | None = None
        self._frozen = False
        self.readings: Mapping[str, Reading] = {"training": Reading(read=self._reading, seconds=0.2)}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        actions = self.actions_by_id
        self.resume = Button.when_able(actions["resume"], height=32)
        self.pause = Button.when_able(actions["pause"], height=32)
        self.stop = Button.when_able(actions["stop"], height=32)
        self.new = Button.of(actions["new run"], "primary", height=32)
        self.header = Header(self.tr("Training"), (self.resume, self.pause, self.stop, self.new))
        self.banner, self.failed = Banner("warn"), ErrorPanel()
        self.empty = Empty(
            self.tr("There is no run yet."),
            self.tr("A run teaches a base model what a frozen snapshot holds, in a process of its own."),
            action=self.tr("New run…"),
            help_words=self.tr("How training fits in the path"),
        )
        self.empty.acted.connect(self._begin_path)
        self.empty.help_asked.connect(lambda: session.help_asked.emit("path"))
        self.dialog: NewRun | None = None
        self.difference: Dialog | None = None
        self.run_part = RunPart(actions)
        for chart in self.run_part.plots.drawn:
            chart.saving.refused.connect(session.refused)
        self.model = runs_model()
        self.table = Table(self.model, self.tr("Runs"))
        self.table.chosen.connect(self.select_run)
        self.table.mark_asked.connect(self.turn_mark)
        actions["new run"].triggered.connect(self.ask_for_run)
        actions["copy run"].triggered.connect(self.copy_run)
        actions["reproduce run"].triggered.connect(self.reproduce)
        actions["settings diff"].triggered.connect(self.show_difference)
        actions["overlay run"].triggered.connect(self._turn_mark_here)
        actions["overlay none"].triggered.connect(self.clear_marks)
        actions["pause"].triggered.connect(lambda: self._ask(session.commands.pause))
        actions["resume"].triggered.connect(lambda: self._ask(session.commands.resume))
        actions["stop"].triggered.connect(lambda: self._ask(session.commands.stop))
        session.may_write_changed.connect(lambda _: self._allow())
        self._allow()
        self._counted = Text("", "second", "muted")
        self._body = self._laid_out()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addWidget(self.failed)
        column.addWidget(self.empty)
        column.addWidget(self._body, 1)
        column.addStretch(0)

    @property
    def plots(self) -> Plots:
        return self.run_part.plots

    def take(self, name: str, value: object) -> None:
        if isinstance(value, Training):
            self.show_reading(value)

    def show_detail(self, detail: str) -> None:
        """A run by its number."""
        if detail.isdecimal():
            self.select_run(int(detail))

    def leave(self) -> None:
        """Nothing lives here."""

    def select_run(self, run: int) -> None:
        self._reading.wanted = run
        self.asked_again.emit()

    def ask_for_run(self, begin: Beginning | None = None) -> None:
        """The dialog of a new run, begun from another one's inputs or from the preset."""
        self.dialog = NewRun(self._session, begin if isinstance(begin, Beginning) else None, self)
        self.dialog.started.connect(self._look_at_newest)
        self.dialog.open()

    def _begin_path(self) -> None:
        """What comes first: a run, or the snapshot that it needs."""
        if self._frozen:
            self.ask_for_run()
        else:
            self._session.go("dataset")

    def copy_run(self) -> None:
        if self._detail is not None:
            self.ask_for_run(Beginning.of(self._detail.row.run))

    def reproduce(self) -> None:
        """Queue a run with the very inputs of the one that is looked at."""
        if self._detail is None:
            return
        run = self._detail.row.run

        def queue(project: Project) -> int:
            made = runs.start(project, snapshot=run.snapshot, model=run.model, recipe=run.recipe, seed=run.seed)
            assert made.job is not None  # it was queued with the run
            return made.job

        self._session.start(queue, self._look_at_newest)

    def show_difference(self) -> None:
        """The settings of the run that is looked at beside those of the run that was marked last."""
        detail = self._detail
        if detail is None or detail.against is None:
            return
        before, after = detail.against, detail.row.run
        title = self.tr("Settings of run {before} and run {after}").format(before=before.id, after=after.id)
        self.difference = Dialog(title, accept=self.tr("Close"), width=640, parent=self)
        self.difference.cancel.hide()
        shown = SettingsDiff(title)
        titles = (self.tr("run {id}").format(id=before.id), self.tr("run {id}").format(id=after.id))
        shown.show_settings(_inputs(before), _inputs(after), titles=titles)
        shown.setMinimumHeight(240)
        self.difference.body.addWidget(shown)
        self.difference.open()

    def _look_at_newest(self, _job: int) -> None:
        self._reading.wanted = None
        self.asked_again.emit()

    def turn_mark(self, run: int) -> None:
        """Lay a run over the one that is looked at, or no longer; it stays marked as long as the window lives."""
        self._mark(self._marks.turned(run))

    def clear_marks(self) -> None:
        self._mark(self._marks.cleared())

    def _turn_mark_here(self) -> None:
        run = self.table.current_id
        if run is not None:
            self.turn_mark(run)

    @property
    def _marks(self) -> Marks:
        """What the person marked; before that, what is marked for them."""
        if self._reading.marks is not None:
            return self._reading.marks
        return Marks() if self._detail is None else self._detail.marks

    def _mark(self, marks: Marks) -> None:
        self._reading.marks = marks
        self.asked_again.emit()

    def _ask(self, command: Callable[[Known], None]) -> None:
        if self._looked_at is not None:
            command(self._looked_at)

    def _allow(self) -> None:
        """Enable what can be asked of the run that is looked at."""
        standing = None if self._looked_at is None else self._looked_at.standing
        for wish in WISHES:
            self.actions_by_id[wish].setEnabled(self._session.may_write and may(wish, standing))
        self.actions_by_id["new run"].setEnabled(self._session.may_write)
        for name in ("copy run", "reproduce run"):
            self.actions_by_id[name].setEnabled(self._session.may_write and self._detail is not None)
        self.actions_by_id["overlay run"].setEnabled(self._detail is not None)
        self.actions_by_id["overlay none"].setEnabled(bool(self._marks.runs))
        self.actions_by_id["settings diff"].setEnabled(self._detail is not None and self._detail.against is not None)

    def show_reading(self, training: Training) -> None:
        self._detail, self._frozen = training.selected, training.frozen
        self._looked_at = None if training.selected is None else training.selected.row.known
        self._allow()
        self._body.setVisible(training.selected is not None)
        self.empty.setVisible(training.selected is None)
        self.model.show_rows(lines_of(training))
        self.table.be_as_high_as(min(len(training.runs), MOST_ROWS))
        number = len(training.runs)
        counted = self.tr("1 run") if number == 1 else self.tr("{runs} runs").format(runs=count(number))
        laid = 0 if training.selected is None else len(training.selected.beside)
        self._counted.setText(f"{counted}, {self.tr('{n} overlaid').format(n=count(laid + 1))}" if laid else counted)
        if training.selected is None:
            self._teach()
            self.header.say(self.tr("No run has been started in this project."))
            self.banner.say("")
            self.failed.hold("")
            return
        self.table.choose(training.selected.row.run.id)
        self.header.say(sentence(training.selected))
        self._show_trouble(training.selected.row)
        self.run_part.show_detail(training.selected)

    def _show_trouble(self, row: RunRow) -> None:
        """A failure can be copied and closed; all else is a wait."""
        what, remedy = trouble(row)
        if row.standing == "failed":
            self.banner.say("")
            self.failed.hold(what, remedy, "" if row.known is None else report(row.known.job))
        else:
            self.banner.say(what, remedy)
            self.failed.hold("")

    def _teach(self) -> None:
        """Why there is no run yet, and what leads to one."""
        if self._frozen:
            taught = self.tr("A run teaches a base model what a frozen snapshot holds, in a process of its own.")
            begin = self.tr("New run…") if self._session.may_write else ""
            self.empty.say(self.tr("There is no run yet."), taught, begin)
            return
        needs = self.tr("A run teaches a base model what a frozen snapshot holds. Freeze one on the Dataset page.")
        self.empty.say(self.tr("There is no snapshot yet."), needs, self.tr("To the dataset"))

    def _laid_out(self) -> QWidget:
        body = QWidget()
        head = Folding()
        head.left.addWidget(Text(self.tr("Runs"), "section"))
        head.left.addWidget(self._counted)
        head.left.addWidget(Button.of(self.actions_by_id["overlay none"], "ghost", key=False))
        head.left.addStretch(1)
        for name in ("settings diff", "copy run", "reproduce run"):
            head.right.addWidget(Button.of(self.actions_by_id[name], "ghost", key=False))
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.run_part, 1)
        column.addSpacing(20)
        column.addWidget(head)
        column.addSpacing(4)
        column.addWidget(self.table)
        return body


def _inputs(run: Run) -> dict[str, object]:
    """All that went into a run, by name: what a comparison shows."""
    return {"model": run.model, "snapshot": run.snapshot[:12], "seed": run.seed, **run.recipe.model_dump()}
