"""A new run: its model, snapshot and recipe, what it would take of memory and time, and what is looked at before it starts."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from espalier.core.failures import EspalierError
from espalier.core.project.file import Project
from espalier.core.training import recipe as recipes
from espalier.core.training import runs
from espalier.core.training.recipe import Recipe
from espalier.core.training.runs import Run
from espalier.gui.figures import count, day, digest, duration, size
from espalier.gui.parts.button import Button
from espalier.gui.parts.checklist import Checklist, Item
from espalier.gui.parts.choice import Choice
from espalier.gui.parts.dialog import Dialog
from espalier.gui.parts.field import NumberField
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.stacked_bar import Stack, StackedBar, StackLegend
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.states import FAILS, HOLDS, LIMITED
from espalier.gui.training.memory_part import parts_named
from espalier.gui.training.planning import Offered, Plan, offered, plan
from espalier.gui.training.setting_row import SettingRow
from espalier.gui.training.settings import MAIN, MORE, table_with

WIDE, RIGHT, SETTLE_MILLISECONDS, HIGHEST_SEED = 984, 336, 300, 2**31 - 1
OWN = "as before"  # the recipe of the run that is begun from


@dataclass(frozen=True, slots=True, kw_only=True)
class Beginning:
    """What a new run begins from: the inputs of an earlier one; None of them for the first."""

    model: str
    snapshot: str
    recipe: Recipe
    seed: int

    @classmethod
    def of(cls, run: Run) -> "Beginning":
        return cls(model=run.model, snapshot=run.snapshot, recipe=run.recipe, seed=run.seed)


class NewRun(Dialog):
    """started(job): the run waits for a worker, or has one."""

    started = Signal(int)

    def __init__(self, session: Session, begin: Beginning | None = None, parent: QWidget | None = None) -> None:
        super().__init__(self.tr("New run"), accept=self.tr("Start"), width=WIDE, parent=parent)
        self._session, self._begin = session, begin
        self._recipe = begin.recipe if begin is not None else recipes.load("careful")
        self.model, self.snapshot = Choice(self.tr("Model"), ()), Choice(self.tr("Snapshot"), ())
        own = [(OWN, self.tr("{name}, as in that run").format(name=self._recipe.name))] if begin is not None else []
        names = [(name, name) for name in recipes.recipe_names()]
        self.recipe = Choice(self.tr("Recipe"), [*own, *names], OWN if begin is not None else "careful")
        self.seed = NumberField(self.tr("Seed"), begin.seed if begin is not None else 17, 0, HIGHEST_SEED)
        self.rows = [SettingRow(setting) for setting in (*MAIN, *MORE)]
        self.fold = Button("", "link")
        self.memory, self.legend = StackedBar(self.tr("Memory")), StackLegend()
        self.memory_head, self._takes = SectionHead(self.tr("Memory")), Text("", "second", "second", wrap=True)
        self.time_head = SectionHead(self.tr("Time"))
        self._time = Text("", "second", "second", wrap=True)
        self.checks = Checklist(self.tr("Before it starts"), about_at=112)
        self._about = Text("", "second", "second", wrap=True)
        self._settling = QTimer(self, singleShot=True, interval=SETTLE_MILLISECONDS)
        self.planned: Plan | None = None
        self._lay_out()
        self._connect()
        self._show_recipe()
        self.ok.setEnabled(False)
        self.model.setFocus(Qt.FocusReason.OtherFocusReason)
        session.read("offered", offered, self._offer, self.fail)

    def chosen_recipe(self) -> Recipe:
        """As its settings stand; raises UnusableInput where they don't fit together."""
        table = table_with(self._recipe, {row.setting.field: row.value for row in self.rows})
        return recipes.recipe_from(table, self._recipe.name)

    def start(self) -> None:
        try:
            recipe = self.chosen_recipe()
        except EspalierError as error:
            self.fail(error.sentence, error.remedy)
            return
        snapshot, model, seed = self.snapshot.key, self.model.key, round(self.seed.value)

        def queue(project: Project) -> int:
            made = runs.start(project, snapshot=snapshot, model=model, recipe=recipe, seed=seed)
            assert made.job is not None  # it was queued with the run
            return made.job

        self.ok.setEnabled(False)
        self._session.start(queue, self._done, self.fail)

    def _done(self, job: int) -> None:
        self.started.emit(job)
        self.accept()

    def _offer(self, found: Offered) -> None:
        self.model.set_options([(name, name) for name in found.models])
        self.snapshot.set_options([(one, f"{digest(one)} · {day(at)}") for one, at in found.snapshots])
        if found.counted_by:
            self.model.pick(found.counted_by)
        if self._begin is not None:
            self.model.pick(self._begin.model)
            self.snapshot.pick(self._begin.snapshot)
        self._settling.start()

    def _take_recipe(self, name: str) -> None:
        begun = self._begin
        self._recipe = begun.recipe if name == OWN and begun is not None else recipes.load(name)
        self._show_recipe()
        self._settling.start()

    def _show_recipe(self) -> None:
        self._about.setText(self._recipe.description)
        for row in self.rows:
            row.show_value(self._recipe)

    def _ask(self) -> None:
        if not self.snapshot.key or not self.model.key:
            self.fail(self.tr("There is no snapshot to train on yet."), self.tr("Freeze one on the Dataset page."))
            self.ok.setEnabled(False)
            return
        try:
            recipe = self.chosen_recipe()
        except EspalierError as error:
            self.fail(error.sentence, error.remedy)
            self.ok.setEnabled(False)
            return
        self.fail("")
        self.memory_head.say(self.tr("counting…"))
        self._session.read("run plan", _planned(self.snapshot.key, self.model.key, recipe), self._show_plan, self.fail)

    def _show_plan(self, found: Plan) -> None:
        self.planned = found
        self.ok.setEnabled(found.disk_enough)
        self.ok.show_text(self.tr("Queue") if found.ahead else self.tr("Start"))
        self._show_memory(found)
        self._show_time(found)
        self.checks.show_items(self._checked(found))

    def _show_memory(self, plan: Plan) -> None:
        found = plan.found
        for part in (self.memory, self.legend):
            part.setVisible(found is not None)
        if found is None:
            self.memory_head.say("")
            self._takes.setText(plan.why)
            return
        names = parts_named()
        parts = tuple((names[name], value, number) for number, (name, value) in enumerate(found.parts.items()))
        said = self.tr("{low} to {high} of {free} that are free")
        words = said.format(
            low=size(round(found.memory.low)), high=size(round(found.memory.high)), free=size(found.memory_free)
        )
        self.memory_head.say(found.device)
        stack = Stack(parts=parts, room=float(found.memory_free), low=found.memory.low, high=found.memory.high)
        self.memory.show_stack(stack, words)
        self.legend.show_rows([(name, size(round(value)), number) for name, value, number in parts])
        self._takes.setText(words)

    def _show_time(self, plan: Plan) -> None:
        found = plan.found
        if found is None or found.seconds is None:
            self._time.setText(self.tr("It can't be told for this device before its first run."))
            return
        basis = {
            "earlier runs": self.tr("from earlier runs here"),
            "hardware": self.tr("from the device's own figures"),
            "unknown": "",
        }
        said = self.tr("{low} to {high}, {basis}: {steps} steps of {tokens} tokens in all.")
        self._time.setText(
            said.format(
                low=duration(found.seconds.low),
                high=duration(found.seconds.high),
                basis=basis[found.basis],
                steps=count(found.steps),
                tokens=count(found.tokens),
            )
        )

    def _checked(self, plan: Plan) -> list[Item]:
        fits = {"yes": HOLDS, "perhaps": LIMITED, "no": FAILS}
        told = {
            "yes": self.tr("the estimate fits"),
            "perhaps": self.tr("may not fit: use shorter rows"),
            "no": self.tr("does not fit: shorter rows, or nf4"),
        }
        found = plan.found
        ready = self.tr("its files are on this machine")
        items = [
            (
                HOLDS if plan.model_ready else LIMITED,
                self.tr("Model"),
                ready if plan.model_ready else self.tr("is made ready when it starts"),
            ),
            (
                HOLDS if plan.approved else LIMITED,
                self.tr("Approval"),
                self.tr("stands for the snapshot's corpus")
                if plan.approved
                else self.tr("decided anew since: freeze again"),
            ),
            (
                LIMITED if found is None else fits[found.fits],
                self.tr("Memory"),
                self.tr("not known yet") if found is None else told[found.fits],
            ),
            (
                HOLDS if plan.disk_enough else FAILS,
                self.tr("Disk"),
                self.tr("{free} are free").format(free=size(plan.disk_free)),
            ),
            (
                LIMITED if plan.ahead else HOLDS,
                self.tr("Queue"),
                self.tr("{n} jobs come first").format(n=plan.ahead) if plan.ahead else self.tr("nothing comes first"),
            ),
        ]
        return [Item(id=what, state=state, what=what, about=about) for state, what, about in items]

    def _turn_fold(self) -> None:
        self._more.setVisible(not self._more.isVisibleTo(self))
        self._name_fold()

    def _name_fold(self) -> None:
        folded = not self._more.isVisibleTo(self)
        self.fold.show_text(self.tr("{n} more settings").format(n=len(MORE)) if folded else self.tr("Fewer settings"))

    def _connect(self) -> None:
        self.set_accept_handler(self.start)
        self._settling.timeout.connect(self._ask)
        self.recipe.picked.connect(self._take_recipe)
        self.fold.clicked.connect(self._turn_fold)
        for choice in (self.model, self.snapshot):
            choice.picked.connect(lambda _: self._settling.start())
        for row in self.rows:
            row.changed.connect(self._settling.start)
        self.finished.connect(lambda _: self._forget())

    def _forget(self) -> None:
        self._settling.stop()
        self._session.forget("run plan")
        self._session.forget("offered")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(32)
        row.addWidget(self._left(), 1)
        row.addWidget(self._right())
        self.body.addLayout(row)

    def _left(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        column.addLayout(self._inputs())
        column.addWidget(self._about)
        column.addWidget(SectionHead(self.tr("Settings"), self.tr("as the recipe has them, until you change them")))
        self._more = QWidget()
        more = QVBoxLayout(self._more)
        more.setContentsMargins(0, 0, 0, 0)
        more.setSpacing(8)
        for row in self.rows:
            (column if row.setting in MAIN else more).addWidget(row)
        self._more.hide()
        column.addWidget(self.fold)
        column.addWidget(self._more)
        column.addStretch(1)
        self._name_fold()
        area = QScrollArea()
        area.setAccessibleName(self.tr("Settings"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setBackgroundRole(area.palette().ColorRole.Base)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        area.setMinimumHeight(480)
        return area

    def _inputs(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(8)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        parts = (
            (self.tr("Model"), self.model),
            (self.tr("Snapshot"), self.snapshot),
            (self.tr("Recipe"), self.recipe),
            (self.tr("Seed"), self.seed),
        )
        for number, (name, part) in enumerate(parts):
            grid.addWidget(Text(name, "body", "second"), number // 2, 2 * (number % 2))
            grid.addWidget(part, number // 2, 2 * (number % 2) + 1)
        return grid

    def _right(self) -> QWidget:
        right = QWidget()
        right.setFixedWidth(RIGHT)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.memory_head, self.memory, self.legend, self._takes, self.time_head, self._time):
            column.addWidget(part)
        column.addSpacing(8)
        column.addWidget(SectionHead(self.tr("Before it starts")))
        column.addWidget(self.checks)
        column.addStretch(1)
        return right


def _planned(snapshot: str, model: str, recipe: Recipe) -> Callable[[Project], Plan]:
    return lambda project: plan(project, snapshot, model, recipe)
