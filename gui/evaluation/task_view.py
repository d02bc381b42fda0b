"""One task whole: what was asked, both answers as diffs against the reference, and what each check said of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.evaluation.answered import Answer, AnsweredTask, Verdict, answered
from espalier.core.evaluation.comparison import Compared
from espalier.core.evaluation.tasks import EvaluationTask
from espalier.gui.evaluation.code_pane import CodePane
from espalier.gui.evaluation.diff_pane import DiffPane, code_canvas, show_code
from espalier.gui.evaluation.words import check_word, origin_word, outcome_word, reference_of, tr
from espalier.gui.figures import count
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.header import Header
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.section import SectionHead
from espalier.gui.session import Session
from espalier.gui.states import Shown
from espalier.gui.tables.rows import Column, RowsModel
from espalier.gui.tables.table import Table

PASSED = Shown("done", "ok", "passes")
FAILED = Shown("failed", "bad", "fails")
NOT_RUN = Shown("limited", "warn", "not run")
CHECKS_WIDE, OUTPUT_TALL = 340, 120


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckRow:
    """A check with what it said of each arm's answer."""

    number: int
    check: str
    base: Verdict | None
    adapter: Verdict | None


class TaskView(QWidget):
    """left(): back to where the task was opened from. `withheld`: the person rates blind and must not see the arms yet."""

    left = Signal()

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._evaluation, self._rows, self._place = 0, tuple[Compared, ...](), 0
        self._withheld = False
        self._checks: tuple[CheckRow, ...] = ()
        self.back, self.before, self.after = (Button(text, height=32) for text in self._words())
        for button, key, slot in (
            (self.back, "Esc", self.left.emit),
            (self.before, "P", lambda: self.step(-1)),
            (self.after, "N", lambda: self.step(1)),
        ):
            button.set_key(key)
            button.clicked.connect(slot)
        self.header = Header(self.tr("Task"), (self.back, self.before, self.after))
        self.banner = Banner("warn")
        self.prompt = CodePane(self.tr("What was asked"))
        self.reference = code_canvas(self.tr("Reference"))
        self.base, self.adapter = (
            DiffPane(self.tr("Base against the reference")),
            DiffPane(self.tr("Adapter against the reference")),
        )
        self.base_head, self.adapter_head = SectionHead(self.tr("Base")), SectionHead(self.tr("Adapter"))
        self.model = _checks_model()
        self.table = Table(self.model, self.tr("Checks"))
        self.table.chosen.connect(self._show_output)
        self.table.setFixedWidth(CHECKS_WIDE)
        self.output = CodePane(self.tr("Output of the check"))
        self.output.setMinimumHeight(OUTPUT_TALL)
        self.checks_head, self.output_head = SectionHead(self.tr("Checks")), SectionHead(self.tr("Output"))
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # for its keys; Tab stops at its parts

    def open(self, evaluation: int, rows: Sequence[Compared], place: int, *, withheld: bool) -> None:
        """One of these tasks; the keys step among them."""
        self._evaluation, self._rows, self._withheld = evaluation, tuple(rows), withheld
        self._go(place)

    def step(self, by: int) -> None:
        self._go(self._place + by)

    @property
    def task(self) -> str:
        return self._rows[self._place].task if self._rows else ""

    def _go(self, place: int) -> None:
        if not 0 <= place < len(self._rows):
            return
        self._place = place
        row = self._rows[place]
        self.before.setEnabled(place > 0)
        self.after.setEnabled(place + 1 < len(self._rows))
        words = self.tr("{title}. {place} of {whole}: {origin}, {service}, {reference}, {outcome}.")
        outcome = self.tr("outcome withheld") if self._withheld else outcome_word(row.change)
        self.header.say(
            words.format(
                title=row.title,
                place=count(place + 1),
                whole=count(len(self._rows)),
                origin=origin_word(row.origin),
                service=row.service or self.tr("no service"),
                reference=reference_of(row),
                outcome=outcome,
            )
        )
        self._session.read(
            "evaluation task", lambda project: answered(project, self._evaluation, row.task), self._show, self._refuse
        )

    def _show(self, found: AnsweredTask) -> None:
        messages = found.task.messages
        said = (
            message["content"] if len(messages) == 1 else f"[{message['role']}]\n{message['content']}"
            for message in messages
        )
        self.prompt.show_text("\n\n".join(said))
        show_code(self.reference, found.task.reference, found.task.path)
        if self._withheld:
            self.banner.say(
                self.tr("You are rating this evaluation blind."),
                self.tr("Answers and verdicts are shown by arm when you have rated every task on your sheet."),
            )
            self._clear()
            return
        self.banner.say("")
        for pane, head, answer in (
            (self.base, self.base_head, found.base),
            (self.adapter, self.adapter_head, found.adapter),
        ):
            self._show_answer(pane, head, answer, found.task)
        self._checks = _rows(found)
        self.model.show_rows(self._checks)
        self.table.be_as_high_as(len(self._checks))
        tier = (
            self.tr("nothing could be run")
            if found.tier == "none"
            else self.tr("in the sandbox ({tier})").format(tier=found.tier)
        )
        self.checks_head.say(tier)
        telling = next((row.number for row in self._checks if _tells(row)), 0)
        self.table.choose(telling)
        self._show_output(telling)

    def _clear(self) -> None:
        for pane, head in ((self.base, self.base_head), (self.adapter, self.adapter_head)):
            pane.show_words(self.tr("withheld"))
            head.say("")
        self._checks = ()
        self.model.show_rows(())
        self.output.show_text("")

    def _show_answer(self, pane: DiffPane, head: SectionHead, answer: Answer, task: EvaluationTask) -> None:
        if answer.text is None or answer.finished == "blocked":
            blocked = self.tr("The answer was not kept: it held something that is blocked.")
            pane.show_words(blocked if answer.finished == "blocked" else self.tr("Not asked yet."))
        else:
            pane.show_diff(task.reference, answer.text, task.path)
        cut = self.tr(", cut off by the limit") if answer.finished == "length" else ""
        same = answer.text == task.reference
        about = self.tr("same as the reference") if same else self.tr("− reference, + answer")
        head.say(self.tr("{tokens} tokens{cut}; {about}").format(tokens=count(answer.tokens), cut=cut, about=about))

    def _show_output(self, number: int) -> None:
        row = next((one for one in self._checks if one.number == number), None)
        if row is None:
            return
        self.output_head.say(check_word(row.check))
        said = ((self.tr("base"), row.base), (self.tr("adapter"), row.adapter))
        self.output.show_text("\n\n".join(f"{arm}: {self._verdict(verdict)}" for arm, verdict in said))

    def _verdict(self, one: Verdict | None) -> str:
        if one is None:
            return self.tr("no verdict")
        return f"{_shown(one).word}\n{one.detail}" if one.detail else _shown(one).word

    def _refuse(self, sentence: str, remedy: str) -> None:
        self.banner.say(sentence, remedy)

    def _words(self) -> tuple[str, str, str]:
        return self.tr("Back"), self.tr("Previous"), self.tr("Next")

    def _lay_out(self) -> None:
        asked = _column(
            (SectionHead(self.tr("Asked")), 0),
            (self.prompt, 3),
            (SectionHead(self.tr("Reference")), 0),
            (self.reference, 2),
        )
        answers = QHBoxLayout()
        answers.setSpacing(24)
        answers.addLayout(asked, 1)
        answers.addLayout(_column((self.base_head, 0), (self.base, 1)), 1)
        answers.addLayout(_column((self.adapter_head, 0), (self.adapter, 1)), 1)
        below = QHBoxLayout()
        below.setSpacing(24)
        below.addLayout(_column((self.checks_head, 0), (self.table, 0)))
        below.addLayout(_column((self.output_head, 0), (self.output, 1)), 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.banner)
        column.addLayout(answers, 1)
        column.addLayout(below)
        column.addWidget(Keys(self.tr("[P] previous  ·  [N] next  ·  [Esc] back")))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_N:
                self.step(1)
            case Qt.Key.Key_P:
                self.step(-1)
            case Qt.Key.Key_Escape:
                self.left.emit()
            case _:
                super().keyPressEvent(event)


def _column(*parts: tuple[QWidget, int]) -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    for part, stretch in parts:
        column.addWidget(part, stretch)
    return column


def _checks_model() -> RowsModel[CheckRow]:
    columns: tuple[Column[CheckRow], ...] = (
        Column(title=tr("Check"), text=lambda one: check_word(one.check), width=0, least=100),
        Column(title=tr("Base"), width=104, kind="state", state=lambda one: _shown(one.base)),
        Column(title=tr("Adapter"), width=104, kind="state", state=lambda one: _shown(one.adapter)),
    )
    return RowsModel(columns, lambda one: one.number)


def _shown(one: Verdict | None) -> Shown:
    if one is None or one.passed is None:
        return NOT_RUN
    return PASSED if one.passed else FAILED


def _tells(row: CheckRow) -> bool:
    """Whether a check tells the arms apart, or has something to say of the adapter."""
    return _shown(row.base) is not _shown(row.adapter) or bool(row.adapter and row.adapter.detail)


def _rows(found: AnsweredTask) -> tuple[CheckRow, ...]:
    base = {one.check: one for one in found.base.verdicts}
    adapter = {one.check: one for one in found.adapter.verdicts}
    checks = list(adapter) + [check for check in base if check not in adapter]
    return tuple(
        CheckRow(number=number, check=check, base=base.get(check), adapter=adapter.get(check))
        for number, check in enumerate(checks)
    )
