"""The overview: the pipeline with its gates, what stands between here and a release, the corpus, the newest run and evaluation."""

from collections.abc import Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.demo.driving import Demonstration, demonstration
from espalier.gui.actions import make_actions
from espalier.gui.background import Reading
from espalier.gui.figures import count
from espalier.gui.overview.actions import ACTIONS
from espalier.gui.overview.corpus import CorpusChart, corpus_of
from espalier.gui.overview.newest import NewestEvaluation, NewestRun
from espalier.gui.overview.pipeline import Pipeline
from espalier.gui.overview.reading import Overview, OverviewReading
from espalier.gui.overview.stages import pills, sentence, stages
from espalier.gui.overview.walk import act, can_act, standing
from espalier.gui.overview.words import Line, line
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.button import Button
from espalier.gui.parts.checklist import Checklist, Item
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.header import Header
from espalier.gui.parts.legend import Legend
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.section import SectionHead
from espalier.gui.session import Session
from espalier.gui.states import NEEDS_YOU, SHUT

RIGHT, APART = 440, 48


class OverviewPage(QWidget):
    """Only shows, and leads to where things are done; nothing on it changes the project."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self.readings: Mapping[str, Reading] = {
            "overview": Reading(read=OverviewReading(), seconds=1.0),
            "demonstration": Reading(read=demonstration, seconds=0.5),
        }
        self._read: Overview | None = None
        self._walk: Demonstration | None = None
        self.actions_by_id: Mapping[str, QAction] = make_actions(ACTIONS, self, everywhere=True)
        self._lines: tuple[Line, ...] = ()
        self.next = Button("", "primary", height=32)
        self.next.set_key("N")
        self.header = Header(self.tr("Overview"), (self.next,))
        self.banner = Banner("warn")
        self.pipeline = Pipeline()
        self.empty = Empty(
            self.tr("This project has no repository yet."),
            self.tr("Everything starts at a git repository on this machine. Nothing is copied, and nothing leaves it."),
            action=self.tr("Add repositories"),
            help_words=self.tr("How it goes from here"),
        )
        self.remaining_head = SectionHead(self.tr("What stands between here and a release"))
        self.remaining = Checklist(self.tr("What stands between here and a release"))
        self.corpus_head = SectionHead(self.tr("What the corpus is made of"))
        self.languages = Legend()
        self.corpus = CorpusChart(self.tr("What the corpus is made of"))
        self.run, self.evaluation = NewestRun(), NewestEvaluation()
        self._body = self._columns()
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for part in (self.header, self.banner, self.pipeline, self.empty):
            column.addWidget(part)
        column.addWidget(self._body, 1)
        column.addStretch(0)
        self._connect()

    def take(self, name: str, value: object) -> None:
        if isinstance(value, Overview):
            self.show_reading(value)
        elif name == "demonstration":
            self._walk = value if isinstance(value, Demonstration) else None
            self._say_limits()

    def show_detail(self, detail: str) -> None:
        """There is nothing on it to go to."""

    def leave(self) -> None:
        """Nothing lives here."""

    def show_reading(self, read: Overview) -> None:
        self.header.say(sentence(read))
        self._read = read
        self._say_limits()
        self.pipeline.show_stages(stages(read), pills(read))
        self.empty.setVisible(not read.repositories)
        self._body.setVisible(bool(read.repositories))
        self._lines = tuple(line(step, NEEDS_YOU, SHUT) for step in read.remaining)
        self.remaining.show_items([_item(number, one) for number, one in enumerate(self._lines)])
        self._show_next(read)
        self._show_corpus(read)
        self.run.show_run(read.newest_run)
        self.evaluation.show_headline(read.headline)

    def _say_limits(self) -> None:
        """That it is a demonstration; while it is walked, how far it is, else why nobody may rely on it."""
        if self._read is None or not self._read.policy.demonstration:
            self.banner.say("")
            return
        walked, action = ("", "") if self._walk is None else standing(self._walk)
        able = can_act(self._session)
        self.banner.say(
            self.tr("Demonstration, not approved."), walked or _why(self._read), None, action if able else ""
        )

    def _act(self) -> None:
        if self._walk is not None:
            act(self._session, self._walk)

    def _show_next(self, read: Overview) -> None:
        """The header's one button leads to the first thing that can be done now."""
        waiting = sum(step.reachable and step.job is None for step in read.remaining)
        every = (
            self.tr("1 item") if len(read.remaining) == 1 else self.tr("{all} items").format(all=len(read.remaining))
        )
        said = self.tr("{every}, {now} can be done now").format(every=every, now=count(waiting))
        self.remaining_head.say(said if read.remaining else self.tr("nothing: the newest run is bundled"))
        first = self._first(read)
        self.actions_by_id["next step"].setEnabled(first is not None)
        self.next.setVisible(first is not None and bool(read.repositories))
        if first is not None:
            self.next.show_text(first.act)

    def _show_corpus(self, read: Overview) -> None:
        corpus = corpus_of(read.composition)
        for part in (self.corpus_head, self.languages, self.corpus):
            part.setVisible(bool(read.composition))
        kept = count(sum(corpus.totals.values()))
        held_out = _quarter(read.held_out_from)
        said = self.tr("{kept} examples by service and quarter").format(kept=kept)
        if held_out in corpus.quarters:
            said = self.tr("{said}; held out from {quarter}").format(said=said, quarter=held_out)
        self.corpus_head.say(said)
        self.languages.show_names([(name, place) for place, name in enumerate(corpus.languages)])
        self.corpus.show_corpus(corpus, held_out)

    def _first(self, read: Overview) -> Line | None:
        able = (
            one for step, one in zip(read.remaining, self._lines, strict=True) if step.reachable and step.job is None
        )
        return next(able, None)

    def _go(self, number: str) -> None:
        one = self._lines[int(number)]
        self._session.go(one.page, one.detail)

    def go_to_next(self) -> None:
        first = None if self._read is None else self._first(self._read)
        if first is not None:
            self._session.go(first.page, first.detail)

    def _connect(self) -> None:
        self.banner.acted.connect(self._act)
        self.next.clicked.connect(self.go_to_next)
        self.actions_by_id["next step"].triggered.connect(self.go_to_next)
        self.remaining.clicked_on.connect(self._go)
        self.pipeline.gone_to.connect(lambda page: self._session.go(page))
        self.empty.acted.connect(lambda: self._session.go("repositories", "+"))
        self.empty.help_asked.connect(lambda: self._session.help_asked.emit("path"))
        self.run.opened.connect(lambda run: self._session.go("training", run))
        self.evaluation.opened.connect(lambda number: self._session.go("evaluation", number))

    def _columns(self) -> QWidget:
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.remaining_head)
        left.addWidget(self.remaining)
        left.addSpacing(20)
        left.addWidget(self.corpus_head)
        left.addWidget(self.languages)
        left.addWidget(self.corpus)
        left.addStretch(1)
        right = QWidget()
        right.setMaximumWidth(RIGHT)
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(12)
        for part in (self.run, Rule(), self.evaluation):
            column.addWidget(part)
        column.addStretch(1)
        body = QWidget()
        row = QHBoxLayout(body)
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(APART)
        row.addLayout(left, 3)
        row.addWidget(right, 2, Qt.AlignmentFlag.AlignTop)
        return body


def _quarter(moment: str | None) -> str:
    """As the composition names quarters."""
    return "" if not moment else f"{moment[:4]} Q{(int(moment[5:7]) + 2) // 3}"


def _item(number: int, one: Line) -> Item:
    return Item(id=str(number), state=one.state, what=one.what, why=one.why, note=one.note, link=one.link)


def _why(read: Overview) -> str:
    """The policy's own sentence, without the words that stand in bold before it."""
    rest = read.policy.sentence.removeprefix("Demonstration, not approved: ")
    return rest[:1].upper() + rest[1:]
