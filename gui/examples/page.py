"""The examples page: what the model is to learn, as a table or one by one, with what people say of it."""

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFileDialog, QFrame, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from espalier.core.examples import index
from espalier.core.examples.asked import build_args
from espalier.core.examples.export import export
from espalier.core.examples.index import Field, Filter, Order
from espalier.core.examples.reviews import Verdict
from espalier.core.examples.whole import Whole, whole
from espalier.core.jobs.job import enqueue
from espalier.core.project.file import Project
from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.examples import filters
from espalier.gui.examples.actions import ACTIONS
from espalier.gui.examples.card import Card
from espalier.gui.examples.composition import Composition
from espalier.gui.examples.reading import BUILD, Examples, ExamplesReading
from espalier.gui.examples.reviewing import Reviewing
from espalier.gui.examples.sentence import agreed, banner, place, sentence
from espalier.gui.examples.table import ExamplesSource, Wanted, columns
from espalier.gui.figures import count
from espalier.gui.literal import set_tip
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.header import Header
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.tables.table import Table
from espalier.gui.tables.windowed import WindowedModel

TABLE, CARD, COMPOSITION = 0, 1, 2
DECIDED: tuple[Verdict, ...] = ("accept", "reject", "insecure")
KEPT = Filter(state="kept")  # what is shown first: what the model would learn


class ExamplesPage(QWidget):
    """The row that is current in the table is the one that the card shows."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._read: Examples | None = None
        self._wanted = Wanted(build=None, filter=KEPT)
        self._going: int | None = None  # the row to stand on when the list has been read
        self.readings: Mapping[str, Reading] = {"examples": Reading(read=ExamplesReading(), seconds=0.5)}
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self.model = WindowedModel(session.path, columns(), ExamplesSource(), lambda line: line.number, self)
        self.table = Table(self.model, self.tr("Examples"), settings=session.settings, key="examples", many=True)
        self.card = Card(self.actions_by_id)
        self.composition = Composition(session)
        self.reviewing = Reviewing(session, self)
        self._make_parts()
        self._lay_out()
        self._connect()
        self._allow()

    def take(self, name: str, value: object) -> None:
        assert isinstance(value, Examples)
        before, self._read = self._read, value
        self.header.say(sentence(value) if self._session.may_write else self._looking(value))
        what, why, button = banner(value)
        failed = value.job is not None and value.job.standing == "failed"
        self.banner.say(what, why, "bad" if failed else "shut" if value.shut[0] else "wait", button)
        line, story = agreed(value.agreement)
        self._agreed.setText(line)
        set_tip(self._agreed, story)
        self._show_what_there_is(value)
        if before is None or before.build != value.build:
            self._ask(Wanted(build=value.build, filter=self._wanted.filter))
        elif (before.counts, before.agreement) != (value.counts, value.agreement):
            self._renew()
        self._allow()

    def show_detail(self, detail: str) -> None:
        """`table`, `card`, `composition`, or the id of an example."""
        views = {"table": TABLE, "card": CARD, "composition": COMPOSITION}
        if detail in views:
            self._view(views[detail])
        elif detail:
            self._go_to(detail)

    def leave(self) -> None:
        self.model.close()

    @property
    def view(self) -> int:
        return self._views.currentIndex()

    def _make_parts(self) -> None:
        self.build = Button.of(self.actions_by_id["build examples"], "primary", height=32)
        self.mix = Button.of(self.actions_by_id["composition"], height=32, key=False)
        self.segments = Segments(self.tr("View"), (self.tr("Table"), self.tr("Card")))
        self.header = Header(self.tr("Examples"), (self.segments, self.mix, self.build))
        self.banner = Banner("shut")
        self._agreed = Text("", "second", "second", elide=Qt.TextElideMode.ElideRight)
        self.filters = filters.bar((self._agreed,))
        filters.show(self.filters, KEPT)
        self.empty = Empty("", "", help_words=self.tr("How examples are made"))

    def _say_what_examples_are(self) -> None:
        self.empty.say(
            self.tr("There are no examples yet."),
            self.tr(
                "An example is a task with its context and constraints, and the solution that your people wrote. They are"
                " built from scrubbed text, so the scrub's approval comes first."
            ),
            self.tr("Build examples"),
        )

    def _lay_out(self) -> None:
        self._views = QStackedWidget()
        scrolled = QScrollArea(widgetResizable=True)  # quarters may be many
        scrolled.setAccessibleName(self.tr("Composition"))
        scrolled.setFrameShape(QFrame.Shape.NoFrame)
        scrolled.setWidget(self.composition)
        for ground in (scrolled.viewport(), self.composition):
            ground.setAutoFillBackground(False)
        for view in (self.table, self.card, scrolled):
            self._views.addWidget(view)
        self._nothing = Text("", "body", "second", wrap=True)
        self._body = QWidget()
        body = QVBoxLayout(self._body)
        body.setContentsMargins(0, 0, 0, 0)
        body.setSpacing(0)
        body.addWidget(self.filters)
        body.addSpacing(8)
        body.addWidget(Rule())
        body.addWidget(self._nothing)
        body.addWidget(self._views, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for part in (self.header, self.banner, self.empty):
            column.addWidget(part)
        column.addWidget(self._body, 1)
        column.addStretch(0)
        self._nothing.hide()
        self._body.hide()
        self._view(CARD)

    def _connect(self) -> None:
        actions = self.actions_by_id
        for verdict in DECIDED:
            actions[f"{verdict} example"].triggered.connect(lambda _=False, said=verdict: self._decide(said))
        for quality in range(1, 6):
            actions[f"quality {quality}"].triggered.connect(lambda _=False, said=quality: self._rate(said))
        actions["next example"].triggered.connect(lambda: self.table.step(1))
        actions["previous example"].triggered.connect(lambda: self.table.step(-1))
        actions["note example"].triggered.connect(self._write_note)
        actions["example table"].triggered.connect(lambda: self._view(TABLE))
        actions["example card"].triggered.connect(lambda: self._view(CARD))
        actions["composition"].triggered.connect(self._turn_composition)
        actions["search examples"].triggered.connect(self.filters.search.setFocus)
        actions["build examples"].triggered.connect(self._build)
        actions["export examples"].triggered.connect(self._ask_where)
        self.segments.picked.connect(self._view)
        self.filters.changed.connect(self._filter)
        self.filters.search.left.connect(self._take_focus)
        self.filters.search.returnPressed.connect(self._take_focus)
        self.table.chosen.connect(self._show)
        self.table.activated_row.connect(lambda _: self._view(CARD))
        self.table.sort_asked.connect(self._sort)
        self.table.remedy_asked.connect(self.filters.clear)
        self.table.picked.connect(lambda _: self._count())
        self.model.loaded.connect(self._settle)
        self.card.rated.connect(self._rate)
        self.card.noted.connect(lambda text: self.reviewing.note(self._current(), text))
        self.card.compared.connect(self._go_to)
        self.reviewing.taken_back.connect(self._come_back)
        self.banner.acted.connect(lambda: self._session.go("findings"))
        self.empty.acted.connect(self._begin)
        self.empty.help_asked.connect(lambda: self._session.help_asked.emit("examples"))
        self._session.written.connect(self._renew)
        self._session.may_write_changed.connect(lambda _: self._allow())
        self._session.acting_changed.connect(lambda _: self._show_again())

    def _show_what_there_is(self, read: Examples) -> None:
        built = read.build is not None
        self._body.setVisible(built)
        self.empty.setVisible(not built and not read.building)
        self.segments.setVisible(built)
        self.mix.setVisible(built)
        if read.corpus is not None:
            self._say_what_examples_are()
        else:
            self.empty.say(
                self.tr("There is nothing to make examples of."),
                self.tr("Everything starts at a git repository on this machine. Add one first."),
                self.tr("Go to the repositories"),
            )
        self.build.setVisible(read.to_build and read.corpus is not None and (built or bool(read.shut[0])))
        self.build.set_shut(read.shut[0] if read.to_build else "")
        self.build.set_kind("primary" if not read.shut[0] else "default")
        self.empty.action.setVisible(not read.shut[0])
        self.composition.show_build(read.build)

    def _allow(self) -> None:
        may = self._session.may_write
        read = self._read
        deciding = may and read is not None and read.build is not None
        for name, action in self.actions_by_id.items():
            if name in ("accept example", "reject example", "insecure example", "note example") or "quality" in name:
                action.setEnabled(deciding)
        self.actions_by_id["build examples"].setEnabled(may and read is not None and read.to_build)
        self.actions_by_id["export examples"].setEnabled(deciding)
        self.card.let_write(may)

    def _ask(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self.model.set_query(wanted)
        self._ask_counts()

    def _renew(self) -> None:
        """Something was said: the same list anew, and the same example in it."""
        if self._read is not None and self._read.build is not None:
            self.model.refresh()
            self._ask_counts()
            self._show_again()

    def _ask_counts(self) -> None:
        build, wanted = self._wanted.build, self._wanted.filter
        if build is not None:
            self._session.read(
                "examples counts", lambda project: index.counts(project, build, wanted), self._show_counts
            )

    def _show_counts(self, counts: Mapping[Field, Mapping[str, int]]) -> None:
        filters.count(self.filters, counts)

    def _filter(self) -> None:
        wanted = filters.chosen(self.filters)
        if wanted != self._wanted.filter:
            self._ask(
                Wanted(
                    build=self._wanted.build,
                    filter=wanted,
                    order=self._wanted.order,
                    descending=self._wanted.descending,
                )
            )
            if self.view == COMPOSITION:
                self._view(TABLE)

    def _sort(self, order: Order, descending: bool) -> None:
        self.table.show_sort(order, descending=descending)
        self._ask(Wanted(build=self._wanted.build, filter=self._wanted.filter, order=order, descending=descending))

    def _settle(self, rows: int) -> None:
        """The list has been read: stand on the row that was asked for, on the one before, or on the first."""
        going, self._going = self._going, None
        row = None if going is None else self.model.row_of(going)
        if row is not None:
            self.table.selectRow(row)
        elif rows and self.table.currentIndex().row() < 0:
            self.table.go_first()
        nothing = rows == 0 and self._read is not None and self._read.build is not None
        self._nothing.setText(self.tr("No example is as these filters ask. Clear one of them."))
        self._nothing.setVisible(nothing and self.view == CARD)
        self._views.setVisible(not nothing or self.view != CARD)
        self.table.when_empty(self.tr("No example is as these filters ask."), self.tr("Clear the filters"))
        self._count()

    def _count(self) -> None:
        selected = self.table.selected_count
        if selected > 1:
            self.filters.count.setText(self.tr("{n} selected").format(n=count(selected)))
        else:
            self.filters.count.setText(place(self.table.currentIndex().row(), self.model.rowCount()))
        self.filters.count.updateGeometry()

    def _show(self, number: int) -> None:
        def read(project: Project) -> Whole | None:
            names, build = index.named(project, [number]), self._wanted.build
            return whole(project, build, names[0]) if names and build is not None else None

        self._session.read("example", read, self._show_whole, lambda _sentence, _remedy: self.model.refresh())
        self._count()

    def _show_again(self) -> None:
        if self.table.current_id is not None:
            self._show(self.table.current_id)

    def _show_whole(self, found: Whole | None) -> None:
        if found is not None:
            self.card.show_whole(found, self._session.acting)

    def _current(self) -> tuple[int, ...]:
        """What is decided about: in the table all that is selected, on the card the one that it shows."""
        if self.view == TABLE and self.table.selected_count > 1:
            return tuple(self.table.selected_ids)
        return () if self.table.current_id is None else (self.table.current_id,)

    def _decide(self, verdict: Verdict) -> None:
        numbers = self._current()
        if not numbers or self.view == COMPOSITION:
            return
        self.reviewing.decide(numbers, verdict)
        if len(numbers) == 1:
            self.table.step(1)

    def _rate(self, quality: int) -> None:
        if self._current() and self.view != COMPOSITION:
            self.reviewing.rate(self._current(), quality)

    def _write_note(self) -> None:
        self._view(CARD)
        self.card.brief.write()

    def _view(self, number: int) -> None:
        self._views.setCurrentIndex(number)
        self._views.show()
        self.segments.pick(number if number != COMPOSITION else TABLE)
        self.mix.show_text(self.tr("Back to the examples") if number == COMPOSITION else self.tr("Composition"))
        self.filters.setVisible(number != COMPOSITION)
        if number == COMPOSITION:
            self.composition.read_again()
        self._take_focus()

    def _turn_composition(self) -> None:
        self._view(CARD if self.view == COMPOSITION else COMPOSITION)

    def _take_focus(self) -> None:
        widget = self._views.currentWidget()
        if widget is not None and self.isVisible():
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _go_to(self, name: str) -> None:
        """To the example with this id, whatever the filters are."""
        build = self._wanted.build
        if build is not None:
            self._session.read("example number", lambda project: index.number_of(project, build, name), self._come_to)

    def _come_to(self, number: int | None) -> None:
        if number is None:
            return
        self._view(CARD)
        self._going = number
        if self._wanted.filter.empty:
            self._settle(self.model.rowCount())
        else:
            filters.show(self.filters, Filter())
            self._filter()

    def _come_back(self, number: int) -> None:
        """A word was taken back: show what it was about, where the filters let it through."""
        self._going = number

    def _begin(self) -> None:
        """What the empty page offers."""
        if self._read is not None and self._read.corpus is None:
            self._session.go("repositories")
        else:
            self._build()

    def _build(self) -> None:
        read = self._read
        if read is None or read.corpus is None:
            return
        if read.shut[0]:
            self._session.go("findings")
            return
        corpus = read.corpus
        self._session.start(lambda project: enqueue(project, BUILD, build_args(project, corpus), "cpu"))

    def _ask_where(self) -> None:
        dialog = QFileDialog(self, self.tr("Export examples"), f"{self._session.path.stem}-examples.jsonl")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._export)
        dialog.open()

    def _export(self, target: str) -> None:
        acting = self._session.acting or "local user"
        said = self.tr("Wrote {n} examples to {name}")
        name = Path(target).name
        self._session.write(
            lambda project: export(project, Path(target), acting),
            words=lambda written: said.format(n=count(written), name=name),
        )

    def _looking(self, read: Examples) -> str:
        return f"{sentence(read)} {self.tr('This window only looks.')}"
