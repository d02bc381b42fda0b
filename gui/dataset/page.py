"""The dataset page: cuts in time, balance, lengths and leaks of the draft, and the snapshots that are frozen."""

from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QGridLayout, QMenu, QVBoxLayout, QWidget

from espalier.core.dataset.asked import freeze_args
from espalier.core.dataset.draft import Draft
from espalier.core.dataset.split import Split
from espalier.core.dataset.wishes import Wishes
from espalier.core.jobs.job import enqueue
from espalier.core.project import artifacts, audit
from espalier.core.project.file import Project
from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.charts.saving import Saving
from espalier.gui.dataset import tables
from espalier.gui.dataset.actions import ACTIONS
from espalier.gui.dataset.balance import Balance
from espalier.gui.dataset.compare_dialog import DRAFT, CompareDialog
from espalier.gui.dataset.drafting import Answer, Drafting
from espalier.gui.dataset.histogram import Histogram
from espalier.gui.dataset.reading import EXPORT, FREEZE, Dataset, DatasetReading, Snapshot
from espalier.gui.dataset.sentence import (
    balance_note,
    banner,
    lengths_note,
    repeats,
    sentence,
    short_span_words,
    span_words,
    way,
    weeks_note,
)
from espalier.gui.dataset.timeline import Span, Timeline
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.header import Header
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.mark_line import MarkLine
from espalier.gui.parts.section import SectionHead
from espalier.gui.session import Session
from espalier.gui.tables.table import Table

APART, MOST_ROWS = 32, 6


class DatasetPage(QWidget):
    """The draft follows the cuts and sliders; a snapshot is what was frozen of one."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._read: Dataset | None = None
        self._chosen: int | None = None  # the snapshot that is chosen, by its number
        self._refused = ""  # why the draft as it is wished for can't be
        self._waits_for = 0  # the number of snapshots at which a freeze that was asked for here is done
        self.readings: Mapping[str, Reading] = {"dataset": Reading(read=DatasetReading(), seconds=0.5)}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self.drafting = Drafting(session, self)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._allow()

    def take(self, name: str, value: object) -> None:
        assert isinstance(value, Dataset)
        self._read = value
        drafted = value.build is not None
        self._body.setVisible(drafted or bool(value.snapshots))
        self.empty.setVisible(not drafted and not value.snapshots)
        self._say_empty(value)
        for part in (self._lengths, self.histogram, self._balance, self.balance, self.leaks, self._hint):
            part.setVisible(drafted)
        if not drafted:
            self.warning.hide()
            self.languages.hide()
        self.timeline.show_weeks(value.weeks)
        self._weeks.say(weeks_note(value))
        self.histogram.show_lengths(value.lengths)
        self._lengths.say("" if value.lengths is None else lengths_note(value.lengths))
        if value.corpus is not None and drafted:
            newest = value.snapshots[0].hash if value.snapshots else None
            self.drafting.stand_on(value.corpus, newest, value.build, value.judged)
        self._show_snapshots()
        self._say()
        self._allow()

    def show_detail(self, detail: str) -> None:
        """A snapshot by its number or by the beginning of its hash."""
        if self._read is not None and detail:
            found = (one for one in self._read.snapshots if str(one.number) == detail or one.hash.startswith(detail))
            self._choose(next((one.number for one in found), tables.DRAFT))

    def leave(self) -> None:
        self.drafting.close()

    @property
    def chosen(self) -> Snapshot | None:
        """The snapshot that is chosen, else the newest; None while there is none."""
        if self._read is None or not self._read.snapshots:
            return None
        found = (one for one in self._read.snapshots if one.number == self._chosen)
        return next(found, self._read.snapshots[0])

    def _make_parts(self) -> None:
        actions = self.actions_by_id
        self.freeze = Button.of(actions["freeze draft"], "primary", height=32)
        self.compare = Button.of(actions["compare snapshots"], height=32)
        self.header = Header(self.tr("Dataset"), (self.compare, self.freeze))
        self.banner = Banner("shut")
        self.empty = Empty("", "", help_words=self.tr("How a dataset is divided"))
        self.timeline, self.histogram = Timeline(), Histogram()
        self.balance, self.languages = Balance(self.tr("Service")), Balance(self.tr("Language"))
        self.anew = Button.of(actions["begin draft anew"], "link", key=False)
        for chart, name in ((self.timeline, "commits-per-week"), (self.histogram, "lengths")):
            Saving(chart, name, chart.figures).refused.connect(self._session.refused)
        self._hint = Keys(self.tr("Drag a cut, or press [[] []]"))
        self._weeks = SectionHead(self.tr("Commits per week"), parts=(self.anew, self._hint))
        self._lengths = SectionHead(self.tr("Length in tokens"))
        self._balance = SectionHead(self.tr("Balance"))
        self.warning = MarkLine("limited", "warn", "")
        self.leaks_model, self.snapshots_model = tables.leaks_model(), tables.snapshots_model()
        self.leaks = Table(self.leaks_model, self.tr("Leak check across the cuts"), selectable=False)
        self.snapshots = Table(
            self.snapshots_model, self.tr("Snapshots"), settings=self._session.settings, key="snapshots"
        )
        self.export = Button(self.tr("Export"), height=24)
        menu = QMenu(self.export)
        menu.addActions([actions["export snapshot"], actions["export parquet"]])
        self.export.set_menu(menu)

    def _lay_out(self) -> None:
        self._body = QWidget()
        grid = QGridLayout(self._body)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(APART)
        grid.setVerticalSpacing(4)
        grid.addWidget(self._weeks, 0, 0, 1, 2)
        grid.addWidget(self.timeline, 1, 0, 1, 2)
        grid.setRowMinimumHeight(2, 12)
        grid.addWidget(self._lengths, 3, 0)
        grid.addWidget(self.histogram, 4, 0)
        grid.addWidget(self._balance, 3, 1)
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self.balance)
        right.addWidget(self.languages)
        right.addWidget(self.warning)
        right.addStretch(1)
        grid.addLayout(right, 4, 1)
        grid.setRowMinimumHeight(5, 12)
        grid.addWidget(self.leaks, 6, 0, Qt.AlignmentFlag.AlignTop)
        below = QVBoxLayout()
        below.setSpacing(4)
        below.addWidget(self.snapshots)
        below.addWidget(self.export, 0, Qt.AlignmentFlag.AlignRight)
        grid.addLayout(below, 6, 1)
        for place in (0, 1):
            grid.setColumnStretch(place, 1)
        grid.setRowStretch(1, 3)
        grid.setRowStretch(4, 2)
        self.warning.hide()
        self.languages.hide()
        self._body.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for part in (self.header, self.banner, self.empty):
            column.addWidget(part)
        column.addWidget(self._body, 1)
        column.addStretch(0)

    def _connect(self) -> None:
        actions = self.actions_by_id
        actions["freeze draft"].triggered.connect(self._freeze)
        actions["compare snapshots"].triggered.connect(self._compare)
        actions["cut earlier"].triggered.connect(lambda: self.timeline.step(-1))
        actions["cut later"].triggered.connect(lambda: self.timeline.step(1))
        actions["other cut"].triggered.connect(self.timeline.other)
        actions["begin draft anew"].triggered.connect(self.drafting.begin_anew)
        actions["export snapshot"].triggered.connect(self._ask_file)
        actions["export parquet"].triggered.connect(self._ask_folder)
        self.timeline.moved.connect(self._cut)
        self.balance.weighed.connect(self.drafting.weigh_service)
        self.languages.weighed.connect(self.drafting.weigh_language)
        self.drafting.answered.connect(self._show_answer)
        self.drafting.refused.connect(self._show_refusal)
        self.drafting.changed.connect(lambda _: self._allow())
        self.snapshots.chosen.connect(self._choose)
        self.banner.acted.connect(self._go_where_it_is_shut)
        self.empty.acted.connect(self._go_to_what_comes_before)
        self.empty.help_asked.connect(lambda: self._session.help_asked.emit("dataset"))
        self._session.may_write_changed.connect(lambda _: self._allow())

    def _cut(self, cut: str, to: str) -> None:
        """Both are told: a cut that Espalier chose stays where it is when the other moves past it."""
        moment = f"{to}T00:00:00.000Z"
        if cut == "test":
            self.drafting.cut(test_from=moment)
        else:
            self.drafting.cut(validation_from=moment)

    def _show_answer(self, answer: Answer) -> None:
        draft = answer.draft
        self.timeline.show_range(draft.first, draft.newest)
        if draft.wishes == self.drafting.wishes:
            follows = draft.wishes.validation_from is None
            self.timeline.show_cuts(draft.validation_from, draft.cut.test_from, follows=follows)
        self.timeline.show_spans(
            [self._span(draft, "train"), self._span(draft, "validation"), self._span(draft, "test")]
        )
        self.balance.show_shares(draft.services)
        self.languages.show_shares(draft.languages)
        self.languages.setVisible(len(draft.languages) > 1)
        self._balance.say(balance_note(draft))
        self.warning.show_line("limited", "warn", repeats(draft))
        self.warning.setVisible(bool(repeats(draft)))
        self.leaks_model.show_rows(tables.leaks(draft))
        self._refused = ""
        self._show_snapshots()
        self._say()
        self._allow()

    def _span(self, draft: Draft, split: Split) -> Span:
        titles = {"train": self.tr("Train"), "validation": self.tr("Validation"), "test": self.tr("Test")}
        part = draft.parts[split]
        return Span(
            name=split,
            title=titles[split],
            words=span_words(part.examples, part.tokens),
            short=short_span_words(part.examples, part.tokens),
        )

    def _show_refusal(self, sentence: str, remedy: str) -> None:
        """The cuts leave nothing: the draft of before stays in sight, and can't be frozen."""
        self._refused = f"{sentence} {remedy}"
        if self.drafting.answer is None and self._read is not None:
            self.timeline.offer_cuts()
        self._say()
        self._allow()

    def _say(self) -> None:
        if self._read is None:
            return
        said = sentence(self._read, self.drafting.answer)
        self.header.say(said if self._session.may_write else f"{said} {self.tr('This window only looks.')}")
        what, why, button = banner(self._read)
        if self._refused and not what:
            what, why, button = self.tr("This draft can't be frozen."), self._refused, ""
        failed = self._read.job is not None and self._read.job.standing == "failed"
        self.banner.say(what, why, "bad" if failed else "warn" if self._refused and not button else "shut", button)

    def _say_empty(self, read: Dataset) -> None:
        if read.corpus is None:
            self.empty.say(
                self.tr("There is nothing to divide yet."),
                self.tr("Everything starts at a git repository on this machine. Add one first."),
                self.tr("Go to the repositories"),
            )
            return
        self.empty.say(
            self.tr("There is nothing to divide yet."),
            self.tr(
                "A dataset learns from what is old and is tested on what is new. It is made of examples, so they are"
                " built first."
            ),
            self.tr("Go to the examples"),
        )

    def _show_snapshots(self) -> None:
        read = self._read
        if read is None:
            return
        rows = tables.lines(read.snapshots, self.drafting.answer, read.build is not None)
        self.snapshots_model.show_rows(rows)
        self.snapshots.be_as_high_as(min(max(len(rows), 3), MOST_ROWS))
        self.leaks.be_as_high_as(len(tables.leaks(None)))
        if self.drafting.answer is None:
            self.leaks_model.show_rows(tables.leaks(None))
        if self._waits_for and len(read.snapshots) >= self._waits_for:
            self._waits_for = 0
            self._choose(read.snapshots[0].number)
        self.snapshots.choose(self._chosen if self._chosen is not None else rows[0].number if rows else tables.DRAFT)
        self.compare.show_text(self._compare_words())

    def _choose(self, number: int) -> None:
        self._chosen = number
        self.snapshots.choose(number)
        self.compare.show_text(self._compare_words())
        self._allow()

    def _compare_words(self) -> str:
        one = self.chosen
        return self.tr("Compare") if one is None else self.tr("Compare {n} with draft").format(n=one.number)

    def _allow(self) -> None:
        read, may = self._read, self._session.may_write
        actions = self.actions_by_id
        built = read is not None and read.build is not None
        frozen = read is not None and bool(read.snapshots)
        shut = "" if read is None or not read.shut.items else banner(read)[0]
        self.freeze.setVisible(built)
        self.freeze.set_shut(shut)
        self.freeze.set_kind("default" if shut else "primary")
        ready = self.drafting.answer is not None and not self._refused
        busy = read is not None and read.freezing
        actions["freeze draft"].setEnabled(may and built and (bool(shut) or (ready and not busy)))
        actions["compare snapshots"].setEnabled(frozen)
        self.compare.setVisible(frozen)
        self.export.setVisible(frozen)
        for name in ("export snapshot", "export parquet"):
            actions[name].setEnabled(frozen and may)
        for name in ("cut earlier", "cut later", "other cut"):
            actions[name].setEnabled(built and may)
        moved = self.drafting.wishes != Wishes()
        actions["begin draft anew"].setEnabled(moved and may)
        self.anew.setVisible(moved and may)
        self.timeline.let_write(may)
        self.balance.let_write(may)
        self.languages.let_write(may)

    def _go_to_what_comes_before(self) -> None:
        none = self._read is not None and self._read.corpus is None
        self._session.go("repositories" if none else "examples")

    def _go_where_it_is_shut(self) -> None:
        if self._read is not None:
            self._session.go(*way(self._read.shut))

    def _freeze(self) -> None:
        read = self._read
        if read is None or read.corpus is None:
            return
        if read.shut.items:
            self._go_where_it_is_shut()
            return
        corpus, wishes = read.corpus, self.drafting.wishes
        self._waits_for = len(read.snapshots) + 1
        self._session.start(lambda project: enqueue(project, FREEZE, freeze_args(project, corpus, wishes), "cpu"))

    def _compare(self) -> None:
        read, one = self._read, self.chosen
        if read is None or one is None:
            return
        answer = self.drafting.answer
        other = next((each.hash for each in read.snapshots if each.number != one.number), one.hash)
        right = DRAFT if answer is not None else other
        dialog = CompareDialog(
            self._session, read.snapshots, None if answer is None else answer.draft, one.hash, right, self
        )
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()

    def _ask_file(self) -> None:
        self._ask_where("jsonl", self._export_file)

    def _ask_folder(self) -> None:
        self._ask_where("parquet", self._export_folder)

    def _ask_where(self, suffix: str, then: Callable[[str], None]) -> None:
        one = self.chosen
        if one is None:
            return
        dialog = QFileDialog(
            self, self.tr("Export snapshot {n}").format(n=one.number), f"snapshot-{one.hash[:8]}.{suffix}"
        )
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(then)
        dialog.open()

    def _export_file(self, target: str) -> None:
        one, acting = self.chosen, self._session.acting or "local user"
        if one is None:
            return

        def write(project: Project) -> None:
            artifacts.export(project, one.hash, Path(target))
            with project.write() as db:
                audit.record(db, acting, "dataset.exported", f"snapshot:{one.hash}", {"form": "jsonl"})

        said = self.tr("Wrote snapshot {n} to {name}; it is still your company's code")
        self._session.write(write, words=said.format(n=one.number, name=Path(target).name))

    def _export_folder(self, target: str) -> None:
        one = self.chosen
        if one is not None:
            args = {"snapshot": one.hash, "folder": target}
            self._session.start(lambda project: enqueue(project, EXPORT, args, "cpu"))
