"""The blind rubric: one task at a time, two answers A and B, rated by keys and stored at each of them.

No widget here knows which arm an answer is from: what core gives holds no such thing.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.evaluation.rating import Said, rate, take_back
from espalier.core.evaluation.rubric import SIDES, Pair, Sheet, Shown, Side, begin
from espalier.core.project.file import Project
from espalier.core.project.identities import identity
from espalier.gui.evaluation.code_pane import CodePane
from espalier.gui.evaluation.diff_pane import code_canvas, show_code
from espalier.gui.evaluation.scale import Scale, name_width
from espalier.gui.figures import count
from espalier.gui.literal import set_tip
from espalier.gui.parts.button import Button
from espalier.gui.parts.error_panel import ErrorPanel
from espalier.gui.parts.field import Field
from espalier.gui.parts.header import Header
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.progress import Progress
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text
from espalier.gui.session import Session

SCALES = ("readability", "api_use")
PROMPT_TALL, WIDE = 132, 240
PYTHON = "python"  # what evaluations ask for


class RubricView(QWidget):
    """left(): the person stops; what was rated is stored already. finished(): every task on the sheet has been rated."""

    left = Signal()
    finished = Signal()
    _taken_back = Signal(int, str, str, object)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._sheet: Sheet | None = None
        self._place = 0
        stop = Button(self.tr("Stop"), height=32)
        stop.set_key("Esc")
        stop.clicked.connect(self.stop)
        self.next = Button(self.tr("Next task"), "primary", height=32)
        self.next.set_key("N")
        self.next.clicked.connect(lambda: self.step(1))
        self.header = Header(self.tr("Blind rubric"), (stop, self.next))
        self.trouble = ErrorPanel()
        self.progress = Progress(WIDE)
        self.progress.setAccessibleName(self.tr("Tasks rated"))
        self._task = Text("", "section", elide=Qt.TextElideMode.ElideRight)
        self.prompt = CodePane(self.tr("What was asked"))
        self.prompt.setFixedHeight(PROMPT_TALL)
        self.sides: Mapping[Side, _Side] = {side: _Side(side) for side in SIDES}
        for side, part in self.sides.items():
            part.rated.connect(lambda scale, value, side=side: self._rate(side, scale, value))
            part.noted.connect(lambda text, side=side: self._note(side, text))
        self._taken_back.connect(self._show_taken_back)
        self._lay_out()
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # for its keys; Tab stops at its parts

    @property
    def sheet(self) -> Sheet | None:
        return self._sheet

    @property
    def pair(self) -> Pair | None:
        return None if self._sheet is None or not self._sheet.pairs else self._sheet.pairs[self._place]

    def open(self, evaluation: int) -> None:
        """Begin, or go on at the first task that is not rated."""
        self.trouble.say("")
        self._sheet = None
        self._session.write(
            lambda project: begin(project, evaluation, self._session.who(project)), self._begin, self._refuse
        )

    def step(self, by: int) -> None:
        """To the next task or the one before; after the last, to the first that is not rated whole."""
        if self._sheet is None:
            return
        self.keep_notes()
        place = self._place + by
        if place >= len(self._sheet.pairs):
            place = next((n for n, pair in enumerate(self._sheet.pairs) if not pair.rated), len(self._sheet.pairs) - 1)
        self._show(max(0, place))

    def stop(self) -> None:
        self.keep_notes()
        self.left.emit()

    def keep_notes(self) -> None:
        """Store what is typed and has not been left yet."""
        for side, part in self.sides.items():
            self._note(side, part.note.text().strip())

    def _begin(self, sheet: Sheet) -> None:
        self._sheet = sheet
        self._show(next((n for n, pair in enumerate(sheet.pairs) if not pair.rated), 0))

    def _refuse(self, sentence: str, remedy: str) -> None:
        self.trouble.say(sentence, remedy)

    def _show(self, place: int) -> None:
        self._place = place
        pair = self.pair
        if pair is None or self._sheet is None:
            return
        self._task.setText(pair.title)
        set_tip(self._task, pair.title)
        self.prompt.show_text(pair.prompt)
        self.sides["a"].show_answer(pair.a)
        self.sides["b"].show_answer(pair.b)
        self._say()
        self.sides["a"].scales["readability"].setFocus(Qt.FocusReason.OtherFocusReason)

    def _say(self) -> None:
        assert self._sheet is not None
        rated, whole = self._sheet.rated, len(self._sheet.pairs)
        self.progress.setRange(0, whole)
        self.progress.setValue(rated)
        words = self.tr(
            "Task {place} of {whole}, {rated} rated by {rater}. Which model wrote A differs from task to task."
        )
        if self._sheet.complete:
            words = self.tr("Task {place} of {whole}. {rater} has rated all of them; ratings can still be changed.")
        self.header.say(
            words.format(place=self._place + 1, whole=count(whole), rated=count(rated), rater=self._sheet.rater)
        )

    def _rate(self, side: Side, scale: str, value: int) -> None:
        pair, sheet = self.pair, self._sheet
        if pair is None or sheet is None:
            return
        before = sheet.complete
        shown = pair.a if side == "a" else pair.b
        readable = value if scale == "readability" else None
        api_use = value if scale == "api_use" else None
        changed = replace(shown, readability=readable or shown.readability, api_use=api_use or shown.api_use)
        self._keep(side, changed)

        def write(project: Project) -> Said:
            who = identity(project, sheet.rater)  # whose sheet says which arm is A
            return rate(project, sheet.evaluation, who, pair.task, side, readability=readable, api_use=api_use)

        words = self.tr("answer {side} of {task}, {value} of 5").format(side=side.upper(), task=pair.title, value=value)
        undo = self._undo(side)
        self._session.write(write, lambda _: self._stored(before), self._refuse, words=words, undo=undo, quiet=True)
        self._go_on(side, scale)

    def _undo(self, side: Side) -> Callable[[Said], Callable[[Project], object]]:
        """Of what is said next about an answer of the task shown now."""
        pair, sheet = self.pair, self._sheet
        assert pair is not None
        assert sheet is not None

        def taken_back(project: Project, before: Said) -> None:
            take_back(project, sheet.evaluation, identity(project, sheet.rater), pair.task, side, before)
            self._taken_back.emit(sheet.evaluation, pair.task, side, before)

        return lambda before: lambda project: taken_back(project, before)

    def _show_taken_back(self, evaluation: int, task: str, side: Side, before: Said) -> None:
        """Where a person sees it: at the task that it was said of."""
        sheet = self._sheet
        if sheet is None or sheet.evaluation != evaluation or not self.isVisible():
            return
        place = next(number for number, pair in enumerate(sheet.pairs) if pair.task == task)
        self.keep_notes()
        self._place = place
        shown = sheet.pairs[place].a if side == "a" else sheet.pairs[place].b
        self._keep(side, replace(shown, readability=before.readability, api_use=before.api_use, note=before.note))
        self._show(place)
        open_one = next((scale for scale in SCALES if getattr(before, scale) is None), SCALES[0])
        self.sides[side].scales[open_one].setFocus(Qt.FocusReason.OtherFocusReason)

    def _note(self, side: Side, text: str) -> None:
        pair, sheet = self.pair, self._sheet
        shown = None if pair is None else pair.a if side == "a" else pair.b
        if pair is None or sheet is None or shown is None or shown.note == text:
            return
        self._keep(side, replace(shown, note=text))
        self._session.write(
            lambda project: rate(project, sheet.evaluation, identity(project, sheet.rater), pair.task, side, note=text),
            None,
            self._refuse,
            words=self.tr("note on answer {side} of {task}").format(side=side.upper(), task=pair.title),
            undo=self._undo(side),
            quiet=True,
        )

    def _keep(self, side: Side, shown: Shown) -> None:
        assert self._sheet is not None
        pairs = list(self._sheet.pairs)
        pair = pairs[self._place]
        pairs[self._place] = replace(pair, a=shown) if side == "a" else replace(pair, b=shown)
        self._sheet = replace(self._sheet, pairs=tuple(pairs))
        self._say()

    def _stored(self, before: bool) -> None:
        if not before and self._sheet is not None and self._sheet.complete:
            self.finished.emit()

    def _go_on(self, side: Side, scale: str) -> None:
        """To the next scale that is open on this task; when none is, to the button that leads on."""
        order = [(one, each) for one in SIDES for each in SCALES]
        after = order[order.index((side, scale)) + 1 :]
        following = next((key for key in after if self.sides[key[0]].scales[key[1]].value is None), None)
        if following is not None:
            self.sides[following[0]].scales[following[1]].setFocus(Qt.FocusReason.TabFocusReason)
        elif self.pair is not None and self.pair.rated:
            self.next.setFocus(Qt.FocusReason.TabFocusReason)

    def _focused(self) -> Side:
        return "b" if self.sides["b"].isAncestorOf(self.focusWidget() or self) else "a"

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(16)
        head.addWidget(self._task, 1)
        head.addWidget(self.progress)
        answers = QHBoxLayout()
        answers.setSpacing(24)
        answers.addWidget(self.sides["a"], 1)
        answers.addWidget(Rule(Qt.Orientation.Vertical))
        answers.addWidget(self.sides["b"], 1)
        keys = Keys(
            self.tr(
                "[1] to [5] rate  ·  [Tab] next scale  ·  [A] [B] answer  ·  [W] note  ·  [P] [N] task  ·  [Z] undo  ·  [Esc] stop"
            ),
            wrap=True,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.header)
        column.addWidget(self.trouble)
        column.addLayout(head)
        column.addWidget(self.prompt)
        column.addLayout(answers, 1)
        column.addWidget(keys)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        match event.key():
            case Qt.Key.Key_N:
                self.step(1)
            case Qt.Key.Key_P:
                self.step(-1)
            case Qt.Key.Key_A | Qt.Key.Key_B:
                side = self.sides["a" if event.key() == Qt.Key.Key_A else "b"]
                side.scales["readability"].setFocus(Qt.FocusReason.ShortcutFocusReason)
            case Qt.Key.Key_W:
                self.sides[self._focused()].note.setFocus(Qt.FocusReason.ShortcutFocusReason)
            case Qt.Key.Key_Return | Qt.Key.Key_Enter:
                self.step(1)
            case Qt.Key.Key_Escape:
                self.stop()
            case _:
                super().keyPressEvent(event)


class _Side(QWidget):
    """rated(scale, value) and noted(text) for one of the two answers."""

    rated = Signal(str, int)
    noted = Signal(str)

    def __init__(self, side: Side, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        name = self.tr("Answer {side}").format(side=side.upper())
        self.text = code_canvas(name)
        words = {"readability": self.tr("Readability"), "api_use": self.tr("API use")}
        wide = name_width(words.values())
        self.scales = {scale: Scale(words[scale], name, name_width=wide) for scale in SCALES}
        self.note = _Note(self.tr("Note"), name=self.tr("{answer}, note").format(answer=name))
        self.note.left.connect(lambda: self.scales["readability"].setFocus(Qt.FocusReason.OtherFocusReason))
        self.note.returnPressed.connect(lambda: self.scales["readability"].setFocus(Qt.FocusReason.OtherFocusReason))
        self.note.editingFinished.connect(lambda: self.noted.emit(self.note.text().strip()))
        for scale, widget in self.scales.items():
            widget.rated.connect(lambda value, scale=scale: self.rated.emit(scale, value))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Text(side.upper(), "panel"))
        column.addWidget(self.text, 1)
        for widget in self.scales.values():
            column.addWidget(widget)
        column.addWidget(self.note)

    def show_answer(self, shown: Shown) -> None:
        show_code(self.text, shown.text or self.tr("(an empty answer)"), PYTHON if shown.text else "")
        self.scales["readability"].show_value(shown.readability)
        self.scales["api_use"].show_value(shown.api_use)
        self.note.setText(shown.note)


class _Note(Field):
    """Escape leaves it and keeps what is typed."""

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
