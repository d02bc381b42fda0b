"""The tab To decide: filters, the list, how far it is, and the finding looked at; a decision is saved the moment it is made."""

from array import array
from collections.abc import Callable, Mapping
from itertools import chain, islice

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.findings import index
from espalier.core.findings.context import Lines, reveal, written
from espalier.core.findings.decisions import Decided, State, decide_many, take_back
from espalier.core.project.file import Project
from espalier.gui.figures import count
from espalier.gui.findings.detail import Detail
from espalier.gui.findings.details import Details
from espalier.gui.findings.filters import Filters, before_today, counts
from espalier.gui.findings.pane import STATE_OF, Pane
from espalier.gui.findings.reading import Findings
from espalier.gui.findings.rule_records import RuleRecords
from espalier.gui.findings.strip import Strip
from espalier.gui.findings.table import FindingsSource, Wanted, columns
from espalier.gui.findings.words import STATES, rule_title
from espalier.gui.parts.rule import Rule
from espalier.gui.session import Session
from espalier.gui.tables.table import REVIEW_ROW, Table
from espalier.gui.tables.windowed import WindowedModel

REVEAL_MILLISECONDS = 10_000  # for those who can't hold a key
REFRESH_MILLISECONDS = 150
ALL_PLACES = 1000
COUNTED_AGAIN = 100_000  # findings
LOOKED_AT = 2000  # rows, for one that is still open
LEAST, NARROW = 620, 1080  # pixels: below the second, the finding stands under the list
TABLE_LEAST = 8 * REVIEW_ROW


class Decide(QWidget):
    """sample_asked(): the sampled review is wanted; the strip's figures lead there."""

    sample_asked = Signal()
    _taken_back = Signal(object)

    def __init__(self, session: Session, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        self._standing: Findings | None = None
        self._since: int | None = None
        self._order: tuple[index.Order, bool] = ("urgency", False)
        self._current: int | None = None
        self._at = 0
        self._details = Details(session)
        self._records = RuleRecords(session)
        self._settled: set[int] = set()  # decided in this window, whether or not the list says so yet
        self._held = False
        self._waiting: State | None = None
        self.model = WindowedModel(session.path, columns(), FindingsSource(), lambda row: row.id, self)
        self.table = Table(
            self.model, self.tr("Findings"), settings=session.settings, key="findings", many=True, row=REVIEW_ROW
        )
        self.bar = Filters()
        self.strip, self.pane, self._between = Strip(), Pane(actions), Rule(Qt.Orientation.Vertical)
        self.table.setMinimumHeight(TABLE_LEAST)
        self._refreshing = QTimer(self, singleShot=True, interval=REFRESH_MILLISECONDS)
        self._hiding = QTimer(self, singleShot=True, interval=REVEAL_MILLISECONDS)
        self._lay_out()
        self._connect()

    def show_standing(self, standing: Findings) -> None:
        before = self._standing
        self._standing = standing
        self.strip.show_standing(standing)
        self.bar.show_stood(standing.stood if standing.approval is None else None)
        if before is None or before.listed != standing.listed:
            self._details.begin(standing.corpus)
            self._ask()
        elif before.counts != standing.counts:
            self._refreshing.start()
        self._records.begin(standing.listed)
        if self.pane.detail is not None:
            self._records.want(self.pane.detail.finding.rule, self.pane.show_record)

    @property
    def filtered(self) -> index.Query:
        """What the list is filtered by now."""
        return self.bar.query(*self._order, self._since)

    def read_again(self) -> None:
        """Many were decided at once, and not by their rows: what was read of any is no longer true."""
        standing = self._standing
        if standing is not None:
            self._details.begin(standing.corpus)
            self._refreshing.start()
        if self._current is not None:
            self._show_or_read(self._current, self._at)

    def show_finding(self, fingerprint: str) -> None:
        """Look for it, whatever is filtered."""
        self.bar.chips["state"].set_values(())
        self.bar.search.setText(fingerprint)

    def show_query(self, state: str) -> None:
        self.bar.chips["state"].set_values((state,) if state else ())
        self._ask()

    def decide(self, state: State) -> None:
        """The finding looked at, or all that are selected; the next one is shown without waiting for the file."""
        ids = self._chosen()
        if not ids or not self._session.may_write:
            return
        reason = self.pane.reasons.reason
        if state == "false-alarm" and not (reason and (self.pane.reasons.asking or self._waiting)):
            if not self.pane.reasons.asking:
                self._waiting = state
                self.pane.consider(state)
                self.pane.reasons.ask(state)
            return
        self._waiting = None
        self._write(ids, state, reason)
        self._settled.update(ids)
        if len(ids) == 1:
            self._go_on()

    def step(self, by: int) -> None:
        if not self.table.step(by) and by > 0:
            self.table.go_first()

    def _go_on(self) -> None:
        """To the next that is still open, below or else from the top; one that has not been read yet is taken for open."""
        here, rows = self.table.currentIndex().row(), self.model.rowCount()
        for row in islice(chain(range(here + 1, rows), range(here)), LOOKED_AT):
            known = self.model.row_at(row)
            if self.model.key_at(row) not in self._settled and (known is None or known.state == index.OPEN):
                self.table.step(row - here)
                return

    def next_place(self) -> None:
        shown = self.pane.detail
        if shown is not None and len(shown.finding.places) > 1:
            self._show_place((shown.finding.places.index(shown.place) + 1) % len(shown.finding.places))

    def hold(self, held: bool, *, briefly: bool = False) -> None:
        """Show the finding in clear while it is held."""
        shown = self.pane.detail
        self._held = held and shown is not None and self._session.may_write
        if not self._held or shown is None or self._standing is None or self._standing.corpus is None:
            self._hiding.stop()
            self.pane.hide_again()
            return
        corpus, one, place = self._standing.corpus, shown.finding, shown.place
        self._session.write(
            lambda project: reveal(project, corpus, one, place, self._session.who(project)),
            then=lambda lines: self._revealed(shown, lines),
            failed=self._refuse,
        )
        if briefly:
            self._hiding.start()

    def pressed(self, event: QKeyEvent) -> bool:
        """R, while it is held, and Space, which stays with a button that has the focus; whether it was one of them."""
        if event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            return False
        if event.key() == Qt.Key.Key_R:
            if not event.isAutoRepeat():
                self.hold(True)
            return True
        if event.key() == Qt.Key.Key_Space:
            self.step(1)
            return True
        return False

    def search(self) -> None:
        self.bar.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.bar.search.selectAll()

    def leave(self) -> None:
        self.hold(False)
        self._refreshing.stop()
        self.bar.stop()
        self.model.close()
        self._standing = None  # what is still on its way asks for nothing more
        self._details.begin(None)

    def _chosen(self) -> "array[int]":
        if self.table.selected_count > 1:
            return self.table.selected_ids
        return array("q", () if self._current is None else (self._current,))

    def _write(self, ids: "array[int]", state: State, reason: str) -> None:
        session = self._session

        def write(project: Project) -> Decided:
            names = index.fingerprints(project, ids)
            return decide_many(project, names, state, who=session.who(project), reason=reason)

        def undo(decided: Decided) -> Callable[[Project], object]:
            return lambda project: self._take_back(project, decided, ids)

        session.write(
            write,
            then=lambda _: self._forget(ids),
            failed=self._failed(ids[0]),
            words=self._said(ids, state),
            undo=undo,
        )

    def _take_back(self, project: Project, decided: Decided, ids: "array[int]") -> int:
        """In the writing thread."""
        taken = take_back(project, decided, who=self._session.who(project))
        self._taken_back.emit(ids)
        return taken

    def _said(self, ids: "array[int]", state: State) -> str:
        what = STATES[state].word
        if len(ids) > 1:
            return self.tr("{n} findings: {state}").format(n=count(len(ids)), state=what)
        row = self.model.row_of(ids[0])
        known = None if row is None else self.model.row_at(row)
        if known is None:
            return self.tr("1 finding: {state}").format(state=what)
        words = self.tr("{finding}: {state}") if known.places == 1 else self.tr("{finding}, {n} places: {state}")
        return words.format(finding=rule_title(known.rule), n=count(known.places), state=what)

    def _failed(self, first: int) -> Callable[[str, str], None]:
        def failed(sentence: str, remedy: str) -> None:
            self._refuse(sentence, remedy)
            self._settled.discard(first)
            self.table.choose(first)
            self._look_at(first)

        return failed

    def _refuse(self, sentence: str, remedy: str) -> None:
        self._held = False
        self._session.refused.emit(sentence, remedy)

    def _forget(self, ids: "array[int]") -> None:
        """What was kept of these is no longer true."""
        known = set(ids)
        self._details.forget(known)
        self._refreshing.start()
        if self._current in known:
            self._look_at(self._current)

    def _return_to(self, ids: "array[int]") -> None:
        self._settled.difference_update(ids)
        self._current = ids[0]
        self.table.choose(ids[0])
        self._forget(ids)

    def _revealed(self, shown: Detail, lines: Lines) -> None:
        if self._held and self.pane.detail is shown:
            self.pane.reveal(lines)

    def _ask(self) -> None:
        """List what the filters let through, in the order of the heads; and count what they would."""
        standing = self._standing
        if standing is None:
            return
        listed, query = standing.listed, self.bar.query(*self._order, self._since)
        if listed is None:
            self.model.set_query(Wanted(listed=None, query=query))
            return
        if self._since is None:
            self._session.read("findings since", before_today, self._begin)
            return
        self.model.set_query(Wanted(listed=listed, query=query))
        self._session.read("findings facets", lambda project: counts(project, listed, query), self.bar.show_counts)

    def _refresh(self) -> None:
        """The file says something else than it did; of a list of many, the numbers beside the filters can wait."""
        self.model.refresh()
        standing = self._standing
        if standing is not None and standing.listed is not None and standing.total <= COUNTED_AGAIN:
            listed, query = standing.listed, self.bar.query(*self._order, self._since)
            self._session.read("findings facets", lambda project: counts(project, listed, query), self.bar.show_counts)

    def _begin(self, since: int) -> None:
        self._since = since
        self._ask()

    def _sort(self, order: str, descending: bool) -> None:
        known: dict[str, index.Order] = {one: one for one in ("state", "rule", "place", "severity", "places")}
        self._order = (known[order], descending)
        self._ask()

    def _look_at(self, number: int) -> None:
        self._current, self._at = number, 0
        self._waiting = None
        self.hold(False)
        self._show_or_read(number, 0)

    def _show_place(self, at: int) -> None:
        if self._current is not None and at != self._at:
            self._at = at
            self.hold(False)
            self._show_or_read(self._current, at)

    def _show_or_read(self, number: int, at: int) -> None:
        self._details.want(number, at, lambda found: self._show(number, at, found))

    def _show(self, number: int, at: int, found: Detail) -> None:
        if number == self._current and at == self._at:
            self.pane.show_detail(found, self._position())
            self._show_many(self.table.selected_count)
            self._records.want(found.finding.rule, self.pane.show_record)
            self._read_ahead(number)

    def _read_ahead(self, number: int) -> None:
        """The next one is shown without waiting."""
        row = self.model.row_of(number)
        after = None if row is None else self.model.key_at(row + 1)
        if after is not None:
            self._details.read_ahead(after)

    def _position(self) -> str:
        row = None if self._current is None else self.model.row_of(self._current)
        if row is None:
            return ""
        return self.tr("{n} of {total}").format(n=count(row + 1), total=count(self.model.rowCount()))

    def _show_many(self, number: int) -> None:
        if number > 1:
            self.pane.show_many(number)
        else:
            self.pane.show_position(self._position())

    def _loaded(self, rows: int) -> None:
        """After the order was read: something is looked at wherever there is anything."""
        self.pane.setVisible(rows > 0)
        if not rows:
            self._current = None
            return
        if self.table.current_id is None:
            self.table.go_first()
        elif self.table.current_id != self._current:
            self._look_at(self.table.current_id)
        self._show_many(self.table.selected_count)

    def _all_places(self) -> None:
        shown, standing = self.pane.detail, self._standing
        if shown is None or standing is None or standing.corpus is None:
            return
        corpus, places = standing.corpus, shown.finding.places[:ALL_PLACES]
        self._session.read(
            "findings places",
            lambda project: written(project, corpus, places),
            lambda found: self.pane.show_all_places(found) if self.pane.detail is shown else None,
        )

    def _reason_given(self) -> None:
        if self._waiting is not None:
            self.decide(self._waiting)

    def _allow(self, may: bool) -> None:
        self.pane.note("" if may else self.tr("This window only looks: nothing can be decided or revealed in it."))

    def _undo_changed(self) -> None:
        self.pane.set_can_undo(self._session.can_undo)

    def _connect(self) -> None:
        self.bar.changed.connect(self._ask)
        self.bar.search.left.connect(self.table.setFocus)
        self.table.chosen.connect(self._look_at)
        self.table.sort_asked.connect(self._sort)
        self.table.picked.connect(self._show_many)
        self.table.remedy_asked.connect(self.bar.clear)
        self.table.when_empty(self.tr("No finding passes these filters."), self.tr("Show all"))
        self.model.loaded.connect(lambda rows, _: self._loaded(rows))
        self.pane.place_chosen.connect(self._show_place)
        self.pane.all_places.connect(self._all_places)
        self.pane.undo_asked.connect(self._session.undo)
        self.pane.reasons.given.connect(self._reason_given)
        self.strip.sample_asked.connect(self.sample_asked)
        self._refreshing.timeout.connect(self._refresh)
        self._hiding.timeout.connect(lambda: self.hold(False))
        self._taken_back.connect(self._return_to)
        self._session.may_write_changed.connect(self._allow)
        self._session.did.connect(self._undo_changed)
        for name, state in STATE_OF.items():
            known: dict[str, State] = {"scrub": "scrub", "false-alarm": "false-alarm", "block": "block"}
            self._actions[name].triggered.connect(lambda _=False, state=known[state]: self.decide(state))
        self._allow(self._session.may_write)
        self._undo_changed()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setContentsMargins(0, 12, 0, 12)
        left.setSpacing(8)
        left.addWidget(self.bar)
        left.addWidget(self.table, 1)
        left.addWidget(Rule())
        left.addWidget(self.strip)
        self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._row.setContentsMargins(0, 0, 0, 0)
        self._row.setSpacing(12)
        self._row.addLayout(left, 6)
        self._row.addWidget(self._between)
        self._row.addWidget(self.pane, 5)
        room = self.pane.sizePolicy()
        room.setRetainSizeWhenHidden(True)  # the list is as wide before its findings are read as after
        self.pane.setSizePolicy(room)
        self.pane.hide()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Side by side, or one above the other where that is too narrow."""
        way = QBoxLayout.Direction.LeftToRight if self.width() >= NARROW else QBoxLayout.Direction.TopToBottom
        if way != self._row.direction():
            self._row.setDirection(way)
            self._between.setVisible(way == QBoxLayout.Direction.LeftToRight)
            self.updateGeometry()
        super().resizeEvent(event)

    @override
    def minimumSizeHint(self) -> QSize:
        high = super().minimumSizeHint().height()
        return QSize(LEAST, high)

    @override
    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.hold(False)
        super().changeEvent(event)
