"""The evaluation page: base against adapter in figures, tasks to open, and the blind rubric."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.evaluation.comparison import Compared
from espalier.core.evaluation.report import export, exported
from espalier.core.evaluation.thresholds import RUBRIC, SECURITY
from espalier.core.failures import WorkFailed
from espalier.core.project.file import Project
from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.evaluation.actions import ACTIONS
from espalier.gui.evaluation.evaluate_dialog import EvaluateDialog
from espalier.gui.evaluation.figures_view import FiguresView
from espalier.gui.evaluation.reading import Detail, EvaluationReading, Listed, Read, Wanted
from espalier.gui.evaluation.rubric_view import RubricView
from espalier.gui.evaluation.sentence import gate, sentence, trouble
from espalier.gui.evaluation.stack import Stack
from espalier.gui.evaluation.task_view import TaskView
from espalier.gui.evaluation.tasks_view import TasksView
from espalier.gui.evaluation.teaching import Teaching
from espalier.gui.evaluation.words import check_word, origin_word
from espalier.gui.evaluation.working import Working
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.parts.header import Header
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.states import SHOWN
from espalier.gui.steering import may
from espalier.gui.work import report

READING, BANNER = "evaluation", 44


class EvaluationPage(QWidget):
    """asked_again(): the person looks at something else, for which the reading is taken again now.

    A detail is an evaluation's number, `tasks`, or `rubric`.
    """

    asked_again = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._reading = EvaluationReading()
        self._read: Read | None = None
        self._remedy = self._detail = ""
        self._front = QWidget()
        self._from: QWidget = self._front
        self.readings: Mapping[str, Reading] = {READING: Reading(read=self._reading, seconds=0.5)}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self._connect_actions()
        self._make_parts()
        self._lay_out()
        session.may_write_changed.connect(lambda _: self._enable())
        session.acting_changed.connect(lambda _: self._act_anew())
        self._enable()

    @property
    def read(self) -> Read | None:
        return self._read

    def take(self, name: str, value: object) -> None:
        if isinstance(value, Read):
            self._read = value
            self._show(value)
            if self._detail:
                detail, self._detail = self._detail, ""
                self.show_detail(detail)

    def show_detail(self, detail: str) -> None:
        if self._read is None:
            self._detail = detail  # until there is something to show it in
        elif detail == "tasks":
            self._list("")
        elif detail == "rubric":
            self._rate()
        elif detail.isdecimal():
            self._want(Wanted(evaluation=int(detail)))
            self._leave_view()

    def leave(self) -> None:
        self.rubric.keep_notes()

    def _show(self, read: Read) -> None:
        chosen = read.chosen
        self.header.say(sentence(read))
        self._offer(read)
        self.teaching.show_read(read)
        self._chips.setVisible(chosen is not None)
        if chosen is None or chosen.figures is not None:
            self.failed.hold("")
        if chosen is None:
            self.banner.say("")
            self._body.setCurrentWidget(self.teaching)
        elif chosen.figures is None:
            self._show_trouble(chosen)
            self.working.show_detail(chosen)
            self._body.setCurrentWidget(self.working)
        else:
            self._say_gate(read, chosen)
            self.figures.show_detail(chosen, chosen.figures, read.policy)
            self.tasks.show_figures(chosen.evaluation.run, chosen.figures)
            self._body.setCurrentWidget(self.figures)
        self._enable()

    def _show_trouble(self, chosen: Detail) -> None:
        """A failure can be copied and closed; all else is a wait."""
        what, remedy = trouble(chosen)
        if chosen.standing == "failed":
            self.banner.say("")
            self.failed.hold(what, remedy, "" if chosen.known is None else report(chosen.known.job))
        else:
            self.banner.say(what, remedy, tone="warn")
            self.failed.hold("")

    def _say_gate(self, read: Read, chosen: Detail) -> None:
        """Its button leads to what can be done about it: to rate, or to see the answers that the security check found flaws in."""
        figures = chosen.figures
        what, why = gate(read)
        action, self._remedy = "", ""
        if what and figures is not None:
            failing = {one.name for one in figures.failing}
            if RUBRIC in failing and self._session.may_write and chosen.rated is None:
                action, self._remedy = self.tr("Rate blind"), RUBRIC
            elif SECURITY in failing and SECURITY in figures.checks:
                action, self._remedy = self.tr("See what fails security"), SECURITY
        self.banner.say(what, why, "shut" if read.policy.evaluation.enforced else "warn", action)

    def _mend(self) -> None:
        if self._remedy == RUBRIC:
            self._rate()
        elif self._remedy == SECURITY:
            self.check.set_values((SECURITY,))
            self._choose_part()
            self._list("broken")

    def _offer(self, read: Read) -> None:
        """What the chips let choose from; they show what is chosen, and the tier of the sandbox stands beside them."""
        chosen = read.chosen
        if chosen is None:
            return
        self.run.set_options([Option(str(one.number), self._named(one)) for one in read.evaluations])
        self.run.set_values((str(chosen.evaluation.id),))
        figures = chosen.figures
        for chip in (self.origin, self.check):
            chip.setVisible(figures is not None)
        if figures is not None:
            self.origin.set_options([Option(one, origin_word(one)) for one in figures.origins])
            self.check.set_options([Option(one, check_word(one)) for one in figures.checks])
        tier = chosen.evaluation.tier
        if tier == "none":
            self.tier.setText(self.tr("No sandbox: nothing was run"))
            self.tier.set_role("warn")
        else:
            self.tier.setText(self.tr("Sandbox: {tier}, no network").format(tier=tier) if tier else "")
            self.tier.set_role("muted")

    def _named(self, one: Listed) -> str:
        """A run may be evaluated more than once."""
        words = self.tr("{run}, evaluation {number}").format(run=one.run, number=one.number)
        return words if one.standing == "done" else f"{words}, {SHOWN[one.standing].word}"

    def _enable(self) -> None:
        """What can be done now; while a person rates, the page's keys are the rubric's."""
        read, writing = self._read, self._session.may_write
        chosen = None if read is None else read.chosen
        front = self._stack.currentWidget() is self._front
        done = chosen is not None and chosen.figures is not None
        rated = bool(chosen and chosen.rubric and chosen.rubric.tasks)
        able = {
            "evaluate": writing and front and read is not None and bool(read.runs),
            "export evaluation": writing and front and done,
            "blind rubric": writing and front and done and rated,
            "evaluation tasks": front and done,
            "resume evaluation": writing and front and not done and may("resume", chosen.standing if chosen else None),
        }
        for name, action in self.actions_by_id.items():
            action.setEnabled(able[name])
        sentence = "" if writing else self.tr("This window only looks: nothing can be started, rated or exported here.")
        self._only_looks.setText(sentence)
        self._only_looks.setVisible(bool(sentence))

    def _act_anew(self) -> None:
        """A sheet is one person's: another one's rating ends here, and what tasks withhold is another's too."""
        if self._stack.currentWidget() is self.rubric:
            self.rubric.stop()
        elif self._stack.currentWidget() is self.task:
            self._leave_view()
        self._enable()

    def _want(self, wanted: Wanted) -> None:
        self._reading.wanted = wanted
        self.asked_again.emit()

    def _choose_run(self, keys: tuple[str, ...]) -> None:
        self.origin.set_values(())
        self.check.set_values(())
        self._want(Wanted(evaluation=int(keys[0]) if keys else None))

    def _choose_part(self) -> None:
        origin, check = self.origin.values, self.check.values
        wanted = replace(self._reading.wanted, origin=origin[0] if origin else "", check=check[0] if check else "")
        self._want(wanted)

    def _evaluate(self) -> None:
        if self._read is None:
            return
        dialog = EvaluateDialog(self._session, self._read.runs, self)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.queued.connect(lambda _job: self._want(Wanted()))
        dialog.open()

    def _resume(self) -> None:
        chosen = None if self._read is None else self._read.chosen
        if chosen is not None and chosen.known is not None:
            self._session.commands.resume(chosen.known)

    def _export(self) -> None:
        chosen = None if self._read is None else self._read.chosen
        if chosen is None:
            return
        chooser = QFileDialog(self, self.tr("Export report"), f"evaluation-{chosen.evaluation.id}.html")
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        forms = {
            self.tr("A page (*.html)"): "html",
            self.tr("Its tasks (*.csv)"): "csv",
            self.tr("A picture (*.png)"): "png",
        }
        chooser.setNameFilters(list(forms))
        chooser.setDefaultSuffix("html")
        chooser.filterSelected.connect(lambda kind: chooser.setDefaultSuffix(forms.get(kind, "html")))
        chooser.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        chooser.fileSelected.connect(lambda path: self.export_to(Path(path)))
        chooser.open()

    def export_to(self, target: Path) -> None:
        """In the form that the file's ending names: a page, its tasks, or the figures as they are seen."""
        chosen = None if self._read is None else self._read.chosen
        if chosen is None:
            return
        actor = self._session.acting or "local user"
        number = chosen.evaluation.id
        picture = self.figures.grab().toImage() if target.suffix.lower() == ".png" else None

        def write(project: Project) -> Path:
            if picture is None:
                return export(project, number, target, actor)
            if target.exists() or not picture.save(str(target)):
                raise WorkFailed(f"{target} could not be written.", "Choose another name or folder.")
            exported(project, number, target, actor)
            return target

        self._session.write(write, words=lambda path: self.tr("Exported {file}").format(file=path.name))

    def _list(self, change: str) -> None:
        self._view(self.tasks)
        self.tasks.show_outcome(change)

    def _open(self, rows: tuple[Compared, ...], place: int) -> None:
        chosen = None if self._read is None else self._read.chosen
        if chosen is None:
            return
        self._from = self.tasks if self._stack.currentWidget() is self.tasks else self._front
        self._view(self.task)
        self.task.open(chosen.evaluation.id, rows, place, withheld=self._rates_now())
        self.task.setFocus()

    def _rates_now(self) -> bool:
        """Whether who acts here has begun to rate this evaluation and is not through."""
        chosen = None if self._read is None else self._read.chosen
        far = None if chosen is None else chosen.rubric
        acting = self._session.acting
        return far is not None and acting in far.rated and acting not in far.complete

    def _rate(self) -> None:
        chosen = None if self._read is None else self._read.chosen
        if chosen is None or chosen.figures is None or not self._session.may_write:
            return
        self._view(self.rubric)
        self.rubric.open(chosen.evaluation.id)
        self.rubric.setFocus()

    def _view(self, view: QWidget) -> None:
        self._stack.setCurrentWidget(view)
        self._enable()

    def _leave_view(self) -> None:
        """Back to where it was opened from."""
        back = self._from if self._stack.currentWidget() is self.task else self._front
        self._from = self._front
        self._view(back)
        self.asked_again.emit()

    def _connect_actions(self) -> None:
        for name, slot in (
            ("evaluate", self._evaluate),
            ("export evaluation", self._export),
            ("blind rubric", self._rate),
            ("evaluation tasks", lambda: self._list("")),
            ("resume evaluation", self._resume),
        ):
            self.actions_by_id[name].triggered.connect(slot)

    def _make_parts(self) -> None:
        actions, session = self.actions_by_id, self._session
        buttons = (
            Button.of(actions["export evaluation"], height=32),
            Button.of(actions["evaluate"], "primary", height=32),
        )
        self.header = Header(self.tr("Evaluation"), buttons)
        self.banner, self.failed, self.teaching = Banner("warn"), ErrorPanel(), Teaching(session)
        self.banner.acted.connect(self._mend)
        self.resume = Button.when_able(actions["resume evaluation"])
        self.run, self.origin, self.check = (
            FilterChip(name) for name in (self.tr("Run"), self.tr("Origin"), self.tr("Check"))
        )
        self.all = Button.when_able(actions["evaluation tasks"])
        self.tier = Text("", "second", "muted", elide=Qt.TextElideMode.ElideRight)
        self._only_looks = Text("", "second", "muted", wrap=True)
        self.working, self.figures = Working(), FiguresView(actions["blind rubric"])
        self.tasks, self.task, self.rubric = TasksView(session), TaskView(session), RubricView(session)
        self.run.changed.connect(self._choose_run)
        for chip in (self.origin, self.check):
            chip.changed.connect(lambda _: self._choose_part())
        for view in (self.tasks, self.task, self.rubric):
            view.left.connect(self._leave_view)
        self.figures.opened.connect(self._open)
        self.tasks.opened.connect(self._open)
        self.figures.listed.connect(self._list)

    def _lay_out(self) -> None:
        self._chips = QWidget()
        chips = QHBoxLayout(self._chips)
        chips.setContentsMargins(0, 0, 0, 0)
        chips.setSpacing(8)
        for part in (self.run, self.origin, self.check, self.all, self.resume):
            chips.addWidget(part)
        chips.addStretch(1)
        chips.addWidget(self.tier)
        self._body = Stack()
        for body in (self.teaching, self.working, self.figures):
            self._body.addWidget(body)
        front = QVBoxLayout(self._front)
        front.setContentsMargins(0, 0, 0, 0)
        front.setSpacing(12)
        self.banner.setMinimumHeight(BANNER)  # or it asks for what its words take in a narrow window
        for row in (self.header, self._only_looks, self.banner, self.failed, self._chips):
            front.addWidget(row)
        front.addWidget(self._body, 1)
        self._stack = Stack()
        for view in (self._front, self.tasks, self.task, self.rubric):
            self._stack.addWidget(view)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.addWidget(self._stack)
