"""The figures of a finished evaluation: checks as paired bars, quarters, thresholds, what was fixed and broken, the rubric."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.evaluation.comparison import Compared
from espalier.core.project.policy import Policy
from espalier.gui.evaluation.lists import (
    Numbered,
    NumberedThreshold,
    broken_model,
    fixed_model,
    numbered,
    thresholds_model,
)
from espalier.gui.evaluation.paired_bars import GREY, PairedBars
from espalier.gui.evaluation.quarters import Quarters
from espalier.gui.evaluation.reading import Detail, Figures
from espalier.gui.evaluation.sentence import loss_words, p_words, rubric_words
from espalier.gui.evaluation.words import check_word
from espalier.gui.figures import count
from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.legend import Legend
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.text import Text
from espalier.gui.tables.rows import RowsModel
from espalier.gui.tables.table import HEIGHT, ROW, Table

APART, NARROWEST, TWO_COLUMNS = 40, 440, 860
LINE = 16
FIXED, BROKEN = 5, 4  # rows that are shown before `more`


class FiguresView(QWidget):
    """opened(tasks, place): a task of those. listed(outcome): all tasks of an outcome are wanted."""

    opened = Signal(object, int)
    listed = Signal(str)

    def __init__(self, rubric: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._figures: Figures | None = None
        self.bars, self.quarters = PairedBars(), Quarters()
        legend = Legend()
        legend.show_names(((self.tr("base"), GREY), (self.tr("adapter"), 0)))
        self.checks_head = SectionHead(self.tr("Checks"), parts=(legend,))
        self.quarters_head = SectionHead(self.tr("By the quarter in which the task was written"))
        self.thresholds_head = SectionHead(self.tr("Thresholds"))
        self.thresholds_model = thresholds_model()
        self.thresholds = Table(self.thresholds_model, self.tr("Thresholds"), selectable=False)
        self.changes_head = SectionHead("", parts=(Button.of(rubric),))
        self.fixed = _Changed(self.tr("Fixed by the adapter"), fixed_model(), FIXED)
        self.broken = _Changed(self.tr("Broken by the adapter"), broken_model(), BROKEN)
        for outcome, part in (("fixed", self.fixed), ("broken", self.broken)):
            part.opened.connect(lambda place, outcome=outcome: self._open(outcome, place))
            part.more.clicked.connect(lambda _=False, outcome=outcome: self.listed.emit(outcome))
        self.loss, self.p = (Text("", "second", "second", wrap=True) for _ in range(2))
        self.rubric = Text("", "second", "second", wrap=True)
        self.not_run = Text("", "second", "muted", wrap=True)
        self._lay_out()

    def show_detail(self, chosen: Detail, figures: Figures, policy: Policy) -> None:
        self._figures = figures
        self.bars.show_lines(figures.lines)
        self.checks_head.say(self.tr("run {run} against its base, 95 % intervals").format(run=chosen.evaluation.run))
        several = len(figures.quarters) > 1
        self.quarters.setVisible(several)
        self.quarters_head.setVisible(several)
        self._rule.setVisible(several)
        self.quarters.show_quarters(figures.quarters)
        self.quarters_head.say(self.tr("{check}, 95 % bands").format(check=check_word(figures.check)))
        self._show_thresholds(figures, policy)
        self._show_changes(figures)
        self.loss.setText(loss_words(figures))
        self.p.setText(p_words(figures))
        self.rubric.setText(rubric_words(chosen.rubric, chosen.rated))
        self._show_not_run(figures)

    def _show_thresholds(self, figures: Figures, policy: Policy) -> None:
        rows = [NumberedThreshold(number=n, row=one) for n, one in enumerate(figures.thresholds)]
        self.thresholds_model.show_rows(rows)
        self.thresholds.be_as_high_as(len(rows))
        failing = len(figures.failing)
        words = self.tr("{failing} of {whole} fail") if failing != 1 else self.tr("{failing} of {whole} fails")
        said = words.format(failing=failing, whole=len(rows)) if failing else self.tr("all hold")
        if not policy.evaluation.enforced:
            said = self.tr("{said}; the policy {name} does not enforce them").format(said=said, name=policy.name)
        self.thresholds_head.say(said)

    def _show_changes(self, figures: Figures) -> None:
        fixed, broken = figures.changed("fixed"), figures.changed("broken")
        same = len(figures.changed("same"))
        self.changes_head.set_title(self.tr("{number} fixed").format(number=count(len(fixed))))
        words = self.tr("{broken} broken, {same} the same, by {check}")
        self.changes_head.say(
            words.format(broken=count(len(broken)), same=count(same), check=check_word(figures.check))
        )
        self.fixed.show_rows(fixed, self.tr("{number} more fixed"))
        self.broken.show_rows(broken, self.tr("{number} more broken"))

    def _show_not_run(self, figures: Figures) -> None:
        lines = [
            self.tr("Not run, {number}: {why}").format(number=count(n), why=why) for why, n in figures.not_run.items()
        ]
        self.not_run.setText("\n".join(lines[:4]))
        set_tip(self.not_run, "")
        self.not_run.setVisible(bool(lines))

    def _open(self, outcome: str, place: int) -> None:
        if self._figures is not None:
            self.opened.emit(self._figures.changed(outcome), place)

    def _lay_out(self) -> None:
        self._rule = Rule()
        left = QVBoxLayout()
        left.setSpacing(0)
        for part, stretch in (
            (self.checks_head, 0),
            (self.bars, 0),
            (self.not_run, 0),
            (self._rule, 0),
            (self.quarters_head, 0),
            (self.quarters, 1),
        ):
            if part in (self._rule, self.quarters_head):
                left.addSpacing(12)
            left.addWidget(part, stretch)
        left.addStretch(0)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self.thresholds_head)
        right.addWidget(self.thresholds)
        right.addSpacing(8)
        for words in (self.loss, self.p, self.rubric):
            words.setMinimumHeight(LINE)  # or a wrapped label asks for what a narrow one would take
            right.addWidget(words)
        right.addSpacing(8)
        right.addWidget(self.changes_head)
        right.addWidget(self.fixed)
        right.addSpacing(4)
        right.addWidget(self.broken)
        right.addStretch(1)
        right.setContentsMargins(0, 0, 0, 0)
        self._right = QWidget()
        self._right.setLayout(right)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.setSpacing(APART)
        self._columns.addLayout(left, 7)
        self._columns.addWidget(self._right, 5)

    @override
    def minimumSizeHint(self) -> QSize:
        """Where there is no room for two columns, there is for one."""
        return QSize(NARROWEST, super().minimumSizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        wide = event.size().width() >= TWO_COLUMNS
        way = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if way != self._columns.direction():
            self._columns.setDirection(way)
            self.updateGeometry()
        super().resizeEvent(event)


class _Changed(QWidget):
    """opened(place): Enter or a double click on one of the few that are shown. `more` leads to all of them."""

    opened = Signal(int)

    def __init__(self, name: str, model: RowsModel[Numbered], most: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model, self._most = model, most
        self.table = Table(model, name)
        self.table.activated_row.connect(self.opened)
        self.table.when_empty(self.tr("None."))
        self.more = Button("", "link")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.table)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)

    def show_rows(self, rows: Sequence[Compared], words: str) -> None:
        shown = numbered(tuple(rows[: self._most]))
        self.model.show_rows(shown)
        self.table.setFixedHeight(HEIGHT + ROW * max(1, len(shown)) + (16 if not shown else 0))
        left = len(rows) - len(shown)
        self.more.show_text(words.format(number=count(left)))
        self.more.setVisible(left > 0)
