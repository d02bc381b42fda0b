"""Whose code it is: the sources of licences, and deciding which may be learnt from and how far what is learnt may travel."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.repositories.licence_decisions import ExportClass, Source, Verdict
from espalier.gui.actions import make_actions
from espalier.gui.figures import count
from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.chip import FilterChip, Option
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.field import Field
from espalier.gui.parts.filter_bar import FilterBar
from espalier.gui.parts.segments import Segments
from espalier.gui.parts.text import Text
from espalier.gui.repositories.actions import LICENCE_ACTIONS
from espalier.gui.repositories.reading import Repositories
from espalier.gui.repositories.table import sources_model
from espalier.gui.repositories.words import (
    VERDICTS,
    advice,
    licences_sentence,
    place_of,
)
from espalier.gui.rights import CLASSES, class_about, class_word, licence
from espalier.gui.settings import Settings
from espalier.gui.tables.table import Table

NARROW, WIDTH = 264, 320
OPEN = "open"


class Licences(QWidget):
    """decided(sources, verdict, export class, reason): the person decided about these, as they were until now."""

    decided = Signal(list, str, str, str)

    def __init__(self, settings: Settings, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.actions_by_id = make_actions(LICENCE_ACTIONS, self)
        self._numbers: dict[tuple[str, str, str], int] = {}
        self._sources: dict[int, Source] = {}
        self._corpus, self._may_write = "", True
        self.model = sources_model()
        self.table = Table(self.model, self.tr("Sources of licences"), settings=settings, key="sources", many=True)
        self.sentence = Text("", "body", "second", elide=Qt.TextElideMode.ElideRight)
        self._lay_out()
        self._connect()
        self._show_chosen()

    def show_reading(self, read: Repositories) -> None:
        if read.corpus != self._corpus:
            self._corpus, self._numbers = read.corpus, {}
        self._sources = {self._number(one): one for one in read.sources}
        self.sentence.setText(licences_sentence(read))
        set_tip(self.sentence, self.sentence.text())
        self._offer(read.sources)
        self._show_rows()

    def set_may_write(self, may: bool) -> None:
        self._may_write = may
        self._show_chosen()

    def chosen(self) -> list[Source]:
        return [self._sources[one] for one in self.table.selected_ids if one in self._sources]

    def show_waiting(self) -> None:
        """Only what waits for a decision."""
        self.filters.chips["decision"].set_values((OPEN,))
        self._show_rows()
        self.table.go_first()

    def _number(self, source: Source) -> int:
        key = (source.repository, source.prefix, source.expression)
        return self._numbers.setdefault(key, len(self._numbers) + 1)

    def _show_rows(self) -> None:
        decisions, repositories = self.filters.values("decision"), self.filters.values("repository")
        categories, words = self.filters.values("category"), self.filters.words.casefold().split()
        shown = [
            (number, one)
            for number, one in self._sources.items()
            if (not decisions or (one.decision or OPEN) in decisions)
            and (not repositories or one.repository in repositories)
            and (not categories or one.category in categories)
            and all(word in f"{one.repository} {one.prefix} {one.expression}".casefold() for word in words)
        ]
        self.model.show_rows(shown)
        self.filters.count.setText(self.tr("{n} of {all}").format(n=count(len(shown)), all=count(len(self._sources))))
        if self._sources:
            self.table.when_empty(self.tr("No source is like that."), self.tr("Show every source"))
        else:
            self.table.when_empty(self.tr("Sources are found when repositories are read."))
        if self.table.current_id is None and shown:
            self.table.go_first()
        self._show_chosen()

    def _offer(self, sources: Sequence[Source]) -> None:
        def counted(values: list[str]) -> list[Option]:
            return [Option(one, one, values.count(one)) for one in sorted(set(values))]

        waiting = [one.decision or OPEN for one in sources]
        words = {OPEN: VERDICTS[None].word, "allow": VERDICTS["allow"].word, "deny": VERDICTS["deny"].word}
        self.filters.chips["decision"].set_options([Option(one, words[one], waiting.count(one)) for one in words])
        self.filters.chips["repository"].set_options(counted([one.repository for one in sources]))
        self.filters.chips["category"].set_options(counted([one.category for one in sources]))

    def _show_chosen(self) -> None:
        """One source whole, or how many are chosen; and whether they can be decided."""
        chosen = self.chosen()
        one = chosen[0] if len(chosen) == 1 else None
        self._title.setText(self._title_of(chosen))
        self._about.show_facts([] if one is None else self._facts(one))
        able = bool(chosen) and self._may_write
        reasoned = bool(self.reason.text().strip())
        for name in ("allow licence", "deny licence"):
            self.actions_by_id[name].setEnabled(able and reasoned)
        self._hint.setText(self._hint_of(able=able, reasoned=reasoned))
        self._hint.setVisible(bool(self._hint.text()))

    def _title_of(self, chosen: Sequence[Source]) -> str:
        if not chosen:
            return self.tr("No source is chosen")
        if len(chosen) > 1:
            return self.tr("{n} sources").format(n=count(len(chosen)))
        return licence(chosen[0].expression)

    def _hint_of(self, *, able: bool, reasoned: bool) -> str:
        if not self._may_write:
            return self.tr("This file can't be written here: decisions can be read, and not made.")
        if not able:
            return self.tr("Choose one source or more, with Shift or Ctrl.")
        return "" if reasoned else self.tr("A decision needs a reason; it is kept beside it.")

    def _facts(self, one: Source) -> list[tuple[str, str]]:
        facts = [
            (self.tr("Repository"), one.repository),
            (self.tr("Where"), place_of(one)),
            (self.tr("Said by"), one.found_in or self.tr("no file says so")),
            (self.tr("Category"), one.category),
            (self.tr("Advice"), advice(one)),
            (self.tr("Decision"), VERDICTS[one.decision].word),
        ]
        if one.decision is not None:
            facts += [
                (self.tr("Export"), class_word(one.export_class)),
                (self.tr("By"), one.decided_by),
                (self.tr("Reason"), one.reason),
            ]
        return facts

    def _decide(self, verdict: Verdict) -> None:
        chosen, reason = self.chosen(), self.reason.text().strip()
        if chosen and reason and self._may_write:
            self.decided.emit(chosen, verdict, self.export_class, reason)

    @property
    def export_class(self) -> ExportClass:
        return CLASSES[self.reach.picked_one][0]

    def _say_class(self, number: int) -> None:
        self._reach_about.setText(class_about(number))

    def _connect(self) -> None:
        actions = self.actions_by_id
        actions["allow licence"].triggered.connect(lambda: self._decide("allow"))
        actions["deny licence"].triggered.connect(lambda: self._decide("deny"))
        actions["filter licences"].triggered.connect(self.filters.search.setFocus)
        self.filters.changed.connect(self._show_rows)
        self.filters.search.left.connect(self.table.setFocus)
        self.table.picked.connect(lambda _: self._show_chosen())
        self.table.chosen.connect(lambda _: self._show_chosen())
        self.table.remedy_asked.connect(self.filters.clear)
        self.table.sort_asked.connect(lambda order, down: self.model.sort_by(order, descending=down))
        self.table.activated_row.connect(lambda _: self.reason.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.reason.textChanged.connect(lambda _: self._show_chosen())
        self.reason.returnPressed.connect(lambda: self.table.setFocus(Qt.FocusReason.ShortcutFocusReason))
        self.reach.picked.connect(self._say_class)

    def _lay_out(self) -> None:
        chips = {
            "decision": FilterChip(self.tr("Decision"), many=True),
            "repository": FilterChip(self.tr("Repository"), many=True),
            "category": FilterChip(self.tr("Category"), many=True),
        }
        self.filters = FilterBar(chips)
        row = QHBoxLayout()
        row.setSpacing(24)
        row.addWidget(self.table, 3)
        row.addWidget(self._decide_pane(), 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.sentence)
        column.addWidget(self.filters)
        column.addLayout(row, 1)

    def _decide_pane(self) -> QWidget:
        self._title, self._about = Text("", "panel", elide=Qt.TextElideMode.ElideRight), Facts(80)
        self.reach = Segments(
            self.tr("How far what is learnt may travel"), [class_word(name) for name, _, _ in CLASSES]
        )
        self._reach_about = Text(class_about(0), "second", "muted", wrap=True)
        self.reason = Field(self.tr("why; kept beside the decision"), name=self.tr("Reason"))
        self._hint = Text("", "second", "muted", wrap=True)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        self.buttons = tuple(Button.of(self.actions_by_id[f"{name} licence"], height=36) for name in ("allow", "deny"))
        for button in self.buttons:
            buttons.addWidget(button)
        buttons.addStretch(1)
        pane = QWidget()
        pane.setMinimumWidth(NARROW)
        pane.setMaximumWidth(WIDTH)
        column = QVBoxLayout(pane)
        column.setContentsMargins(0, 4, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._title)
        column.addWidget(self._about)
        column.addSpacing(8)
        column.addWidget(Text(self.tr("May travel to"), "second", "second"))
        reach = QHBoxLayout()
        reach.addWidget(self.reach)
        reach.addStretch(1)
        column.addLayout(reach)
        column.addWidget(self._reach_about)
        column.addWidget(Text(self.tr("Reason"), "second", "second"))
        column.addWidget(self.reason)
        column.addLayout(buttons)
        column.addWidget(self._hint)
        column.addStretch(1)
        return pane
