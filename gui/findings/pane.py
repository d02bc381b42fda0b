"""The finding that is being decided: in its context, as it will be learnt from, why it was flagged, and the decision."""

from collections.abc import Mapping

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from espalier.core.findings.context import Lines, Why, Written
from espalier.core.findings.findings import source_word
from espalier.core.findings.precision import Record
from espalier.core.project.clock import parse
from espalier.gui.code.rows import Listed
from espalier.gui.figures import count
from espalier.gui.findings.detail import Detail, Spoken
from espalier.gui.findings.lines import Clear, rows_of, show_lines, still_canvas
from espalier.gui.findings.places import COMMIT, Places, date_words
from espalier.gui.findings.reasons import Reasons
from espalier.gui.findings.words import REVIEWER, STATES, place_words, rule_about, rule_title, so_far
from espalier.gui.icons import paint_icon
from espalier.gui.literal import set_tip
from espalier.gui.palette import colours_of
from espalier.gui.parts.button import Button
from espalier.gui.parts.facts import Facts
from espalier.gui.parts.key_cap import Keys
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text
from espalier.gui.states import Shown

HEIGHT, ROWS, PREVIEW_ROWS, SIDE, NAMES = 36, 9, 3, 16, 96  # of the excerpts: fixed, so that nothing jumps
SCROLLED = 240  # of what scrolls between the head and the decision
DECISIONS = ("scrub finding", "false alarm", "block finding")
STATE_OF = {"scrub finding": "scrub", "false alarm": "false-alarm", "block finding": "block"}


class Icon(QWidget):
    """A state's icon alone, beside words that say the rest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shown = STATES["open"]
        self.setFixedSize(QSize(SIDE, 24))

    def show_state(self, shown: Shown) -> None:
        self._shown = shown
        set_tip(self, shown.word)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = colours_of(self.palette()).of(self._shown.role)
        paint_icon(painter, self._shown.icon, self.rect().adjusted(0, 4, 0, -4).toRectF(), colour)


class Pane(QWidget):
    """place_chosen(number): the finding is to be shown where it stands elsewhere; all_places(): every place is to be listed;
    undo_asked(): the newest decision is to be taken back.
    """

    place_chosen = Signal(int)
    all_places = Signal()
    undo_asked = Signal()

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._detail: Detail | None = None
        self._record: Record | None = None
        self._considered = "scrub"
        self._icon, self._title, self._position = Icon(), _cut("panel"), Text("", "body", "muted")
        self._path, self._commit = _cut("code", mode=Qt.TextElideMode.ElideLeft), Text("", "second", "second")
        self._hint = Keys(self.tr("Masked. Hold [R] to reveal; the reveal is audited"), wrap=True)
        self.lines = still_canvas(self.tr("Lines in the repository, the secret masked"), ROWS)
        self.trained = still_canvas(self.tr("Lines as they will be trained on"), PREVIEW_ROWS)
        self.clear = Clear(self.lines)
        self._trained_title = Text(self.tr("As it will be trained on"), "second", "second", weight=600)
        self._trouble = Text("", "body", "bad", wrap=True)
        self._kept_out = Text("", "second", "second", wrap=True)
        self._facts, self.places, self.reasons = Facts(NAMES), Places(), Reasons()
        self.places.setContentsMargins(NAMES + 4, 0, 0, 0)
        self._note = Text("", "second", "second", wrap=True)
        self._buttons = {name: Button.of(actions[name], height=HEIGHT) for name in DECISIONS}
        self._buttons["scrub finding"].set_kind("primary")
        self._skip = Button.of(actions["skip finding"], "ghost", height=HEIGHT)
        self._undo = Button(self.tr("Undo"), "ghost", height=HEIGHT)
        self._undo.set_key("Z")
        self._lay_out(actions)
        self.places.chosen.connect(self.place_chosen)
        self.places.all_asked.connect(self.all_places)
        self._undo.clicked.connect(self.undo_asked)

    @property
    def detail(self) -> Detail | None:
        return self._detail

    def show_detail(self, detail: Detail, position: str) -> None:
        """The finding masked; whatever was revealed before is forgotten."""
        self._detail = detail
        self.hide_again()
        one = detail.finding
        self._considered = one.state if one.state != "open" else "scrub"
        self._icon.show_state(STATES[one.state])
        self._title.setText(rule_title(one.rule))
        self._position.setText(position)
        self._show_place(detail)
        self._show_lines(detail)
        self._show_preview()
        self._facts.show_facts(self._told(detail))
        self.places.setVisible(len(one.places) > 1)
        self.places.show_places(one.places, detail.written[1:], one.places.index(detail.place))
        self.reasons.clear()

    def show_record(self, record: Record) -> None:
        """How the rule of what is shown did so far."""
        self._record = record
        if self._detail is not None:
            self._facts.show_facts(self._told(self._detail))

    def show_all_places(self, written: list[Written | None]) -> None:
        if self._detail is not None:
            places = self._detail.finding.places
            self.places.show_places(places, written, places.index(self._detail.place))

    def consider(self, state: str) -> None:
        """Show what would be learnt from if it were decided so."""
        self._considered = state
        self._show_preview()

    def reveal(self, lines: Lines) -> None:
        """In clear, until `hide_again`."""
        if self._detail is not None:
            self.clear.show_rows(rows_of(lines, self._detail.place.path or "", "bad"))

    def hide_again(self) -> None:
        self.clear.forget()

    def show_many(self, number: int) -> None:
        """Several findings are selected: one decision for all of them."""
        self._title.setText(self.tr("{n} findings").format(n=count(number)))
        self._position.setText(self.tr("one decision for all"))

    def show_position(self, position: str) -> None:
        """Of the one that is looked at."""
        if self._detail is not None:
            self._title.setText(rule_title(self._detail.finding.rule))
        self._position.setText(position)

    def note(self, sentence: str) -> None:
        """Why nothing can be decided here; empty where it can."""
        self._note.setText(sentence)
        self._note.setVisible(bool(sentence))

    def set_can_undo(self, can: bool) -> None:
        self._undo.setEnabled(can)

    def _show_place(self, detail: Detail) -> None:
        place = detail.place
        where = place_words(source_word(place), place.repository, place.path)
        self._path.setText(where)
        set_tip(self._path, where)
        said = [(place.commit or "")[:COMMIT]]
        author = detail.written[0] if detail.written else None
        if author is not None:
            said += [date_words(author.authored_at), author.author]
        self._commit.setText(" · ".join(one for one in said if one))
        self._commit.updateGeometry()

    def _show_lines(self, detail: Detail) -> None:
        known = detail.lines is not None
        self.lines.setVisible(known)
        self._hint.setVisible(known)
        self._trouble.setVisible(not known)
        if detail.lines is None:
            self.lines.show_rows(Listed())
            self._trouble.setText(" ".join(detail.trouble))
        else:
            show_lines(self.lines, detail.lines, detail.place.path or "", "warn")

    def _show_preview(self) -> None:
        detail = self._detail
        found = None if detail is None else detail.previews.get(self._considered)
        lines = None if found is None else found.lines
        self.trained.setVisible(lines is not None)
        if lines is None or detail is None:
            self.trained.show_rows(Listed())
            self._kept_out.setText(self._why_no_preview())
        else:
            kept = self._considered == "false-alarm"
            show_lines(self.trained, lines, detail.place.path or "", "warn" if kept else "ok")
            self._kept_out.setText(self.tr("The value stays as it is; it is masked here only.") if kept else "")
        self._kept_out.setVisible(bool(self._kept_out.text()))
        self._trained_title.setVisible(lines is not None or bool(self._kept_out.text()))

    def _why_no_preview(self) -> str:
        if self._detail is None or self._detail.lines is None:
            return ""
        if self._considered == "block":
            return self.tr("Nothing: every text that holds it is left out of training.")
        return " ".join(self._detail.no_preview) or self._detail.previews[self._considered].kept_out

    def _told(self, detail: Detail) -> list[tuple[str, str]]:
        facts = []
        if detail.why is not None:
            facts.append((self.tr("Why flagged"), self._why(detail.finding.rule, detail.why)))
            facts.append((self.tr("Rule"), rule_about(detail.why.description)))
        record = self._record
        known = record is not None and record.rule == detail.finding.rule
        facts.append((self.tr("Rule so far"), so_far(record) if record is not None and known else "…"))
        if detail.spoken is not None:
            facts.append((self.tr("Decided"), self._spoken(detail.spoken)))
        facts.append((self.tr("Fingerprint"), detail.finding.fingerprint[:16]))
        facts.append((self.tr("Same secret"), self._same(detail)))
        return facts

    def _why(self, rule: str, why: Why) -> str:
        if rule == REVIEWER:
            return self.tr("A reviewer saw it in a sampled review; no rule had.")
        said = [self.tr("prefix {prefix}").format(prefix=why.prefix)] if why.prefix else []
        said.append(self.tr("{n} characters").format(n=count(why.length)))
        said.append(self.tr("entropy {bits} bits").format(bits=f"{why.bits:.1f}"))
        words = ", ".join(said)
        return words[:1].upper() + words[1:]

    def _spoken(self, spoken: Spoken) -> str:
        day = date_words(int(parse(spoken.decided_at).timestamp()))
        said = self.tr("{state} by {who}, {day}").format(state=STATES[spoken.state].word, who=spoken.identity, day=day)
        return f"{said}: {spoken.reason}" if spoken.reason else said

    def _same(self, detail: Detail) -> str:
        places = detail.finding.places
        if len(places) == 1:
            return self.tr("1 place.")
        files = len({(place.repository, place.path or place.object) for place in places})
        words = self.tr("{places} places in {files} files. One decision covers them all.")
        if files == 1:
            words = self.tr("{places} places in {files} file. One decision covers them all.")
        return words.format(places=count(len(places)), files=count(files))

    def _lay_out(self, actions: Mapping[str, QAction]) -> None:
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(0, 0, 8, 0)
        column.setSpacing(0)
        for part in (
            self._excerpt_head(),
            self.lines,
            self._trouble,
            None,
            self._trained_title,
            self.trained,
            self._kept_out,
            None,
            Rule(),
            None,
            self._facts,
            self.places,
        ):
            if part is None:
                column.addSpacing(12)
            else:
                column.addWidget(part)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setAccessibleName(self.tr("The finding in its context"))
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setMinimumHeight(SCROLLED)
        scroll.setWidget(body)
        for ground in (scroll.viewport(), body):
            ground.setAutoFillBackground(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(8, 12, 0, 16)
        whole.setSpacing(8)
        whole.addLayout(self._head(actions))
        whole.addLayout(_row(self._path, self._commit, spacing=12))
        whole.addWidget(scroll, 1)
        whole.addWidget(Rule())
        whole.addWidget(self._note)
        whole.addWidget(self.reasons)
        whole.addLayout(_row(*self._buttons.values(), self._skip, None, self._undo, spacing=8))
        self._note.hide()

    def _head(self, actions: Mapping[str, QAction]) -> QHBoxLayout:
        back, on = (Button.of(actions[name], "ghost") for name in ("previous finding", "next finding"))
        row = _row(self._icon, self._title, self._position, spacing=8)
        row.setStretch(1, 0)
        row.addStretch(1)
        row.addWidget(back)
        row.addWidget(on)
        return row

    def _excerpt_head(self) -> QWidget:
        head = QWidget()
        row = _row(Text(self.tr("In the repository"), "second", "second", weight=600), None, self._hint, spacing=8)
        row.setContentsMargins(0, 0, 0, 4)
        head.setLayout(row)
        return head


def _cut(size: str, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight) -> Text:
    return Text("", "code" if size == "code" else "panel", elide=mode)


def _row(*parts: QWidget | None, spacing: int) -> QHBoxLayout:
    """Side by side; None is the room between."""
    row = QHBoxLayout()
    row.setContentsMargins(0, 0, 0, 0)
    row.setSpacing(spacing)
    for part in parts:
        if part is None:
            row.addStretch(1)
        else:
            row.addWidget(part)
    return row
