"""The tab Sampled review: files in which nothing was found are read by a person, one key each, and the bound follows.

Somebody else may read the same files again without being told what the first said: the second reading.
"""

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.findings.marked import mark
from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.project.file import Project
from espalier.gui.figures import count
from espalier.gui.findings.agreement import AgreementView
from espalier.gui.findings.file_reader import FileReader
from espalier.gui.findings.file_view import FileView
from espalier.gui.findings.places import COMMIT
from espalier.gui.findings.reading import Findings
from espalier.gui.findings.sample_reading import SIZE, Drawn, SampleReading, Second
from espalier.gui.findings.sampled_figures import SampledFigures
from espalier.gui.findings.words import for_the_window
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.section import SectionHead
from espalier.gui.session import Session


class SampledReview(QWidget):
    """Reads what waits; draws more when asked.

    draft_asked(fingerprint): a rule is wanted that would have found what was marked.
    """

    draft_asked = Signal(str)
    _taken_back = Signal()

    def __init__(self, session: Session, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        self._reading = SampleReading()
        self._standing: Findings | None = None
        self._second: Second | None = None
        self._again = False  # the second reading is in front
        self.reader = FileReader(actions)
        self.figures = SampledFigures(actions["second reading"])
        self.agreement = AgreementView()
        self.blind = SectionHead(self.tr("Second reading, blind"))
        self.empty = Empty(self.tr("Nothing is drawn"), "", action=self.tr("Draw {n} files").format(n=SIZE))
        self._lay_out()
        self.empty.acted.connect(actions["draw sample"].trigger)
        self.figures.second.left.connect(lambda: self.read_again(False))
        self.reader.draft_asked.connect(self.draft_asked)
        self._taken_back.connect(self._return)
        session.acting_changed.connect(lambda _: self._somebody_else())
        session.may_write_changed.connect(lambda _: self._show_second(self._second))
        for name, do in (
            ("draw sample", self.draw),
            ("clean file", self.read),
            ("mark secret", self.mark),
            ("second reading", lambda: self.read_again(True)),
        ):
            actions[name].triggered.connect(lambda _=False, do=do: do())

    @property
    def view(self) -> FileView:
        return self.reader.view

    @property
    def asks(self) -> bool:
        """A file is shown and waits for its key."""
        return self.reader.drawn is not None

    def show_standing(self, standing: Findings) -> None:
        before = self._standing
        self._standing = standing
        if standing.sampled is None:
            return
        self.figures.show_sampled(standing.sampled)
        self._say_empty()
        self._ask_second()
        if before is None or before.sampled is None or before.corpus != standing.corpus or not self.asks:
            self.next()

    def read_again(self, again: bool) -> None:
        """Go to the second reading, or back to the first."""
        if again != self._again:
            self._again = again
            self.reader.show_drawn(None)
            self._show_second(self._second)
            self.next()
            if self.isVisible():
                self.view.setFocus(Qt.FocusReason.OtherFocusReason)

    def next(self) -> None:
        """Read what waits first."""
        at = self._scanned()
        if at is not None:
            reading, who = self._reading, self._session.acting

            def read(project: Project, again: bool = self._again) -> Drawn | None:
                return reading.second(project, *at, who) if again else reading.first(project, *at)

            self._session.read("findings sample", read, self._show, self._session.refused.emit)

    def read(self) -> None:
        """The whole file was read; what was marked in it counts as missed."""
        drawn, session, missed, again = self.reader.drawn, self._session, self.reader.marked, self._again
        if drawn is None or not session.may_write:
            return
        session.write(
            lambda project: _answer(project, session, drawn, missed, again),
            lambda _: self.next(),
            self._refuse,
            words=self.tr("{file}: read").format(file=drawn.path or drawn.blob[:COMMIT]),
            undo=lambda _: lambda project: self._take_back(project, drawn, again),
        )
        self.reader.answered()

    def mark(self) -> None:
        """The selected stretch is a secret that no rule found: it becomes a finding."""
        drawn, seen, at, session = self.reader.drawn, self.reader.selected(), self._scanned(), self._session
        if drawn is None or seen is None or at is None or not session.may_write:
            return
        self.reader.count_mark(drawn, 1)
        session.write(
            lambda project: mark(project, *at, seen, session.who(project)),
            lambda name: self.reader.name_mark(drawn, name),
            lambda sentence, remedy: self._not_marked(drawn, sentence, remedy),
            words=self.tr("A secret that no rule found is a finding now, open until it is decided"),
        )

    def draw(self) -> None:
        at, session = self._scanned(), self._session
        if at is not None and session.may_write:
            session.write(lambda project: draws.draw(project, *at, SIZE), lambda _: self.next())

    def _scanned(self) -> tuple[str, str] | None:
        """The corpus and the rules of what is shown, once it is scanned."""
        standing = self._standing
        if standing is None or standing.corpus is None or standing.listed is None:
            return None
        return standing.corpus, standing.ruleset

    def _take_back(self, project: Project, drawn: Drawn, again: bool) -> None:
        """In the writing thread."""
        _take_back(project, self._session, drawn, again)
        self._taken_back.emit()

    def _return(self) -> None:
        """To what waits first by now, but from no file in which something is marked."""
        if not self.reader.marked:
            self.next()

    def _not_marked(self, drawn: Drawn, sentence: str, remedy: str) -> None:
        self.reader.count_mark(drawn, -1)
        self._session.refused.emit(sentence, remedy)

    def _refuse(self, sentence: str, remedy: str) -> None:
        """And show what waits by now."""
        self._session.refused.emit(sentence, for_the_window(remedy))
        self.next()

    def _somebody_else(self) -> None:
        """What waits for a second reading is another thing for everybody."""
        if self._again:
            self.reader.show_drawn(None)
            self.next()
        self._ask_second()

    def _ask_second(self) -> None:
        at, who, reading = self._scanned(), self._session.acting, self._reading
        if at is not None:
            self._session.read(
                "findings second",
                lambda project: reading.standing(project, *at, who),
                self._show_second,
                self._session.refused.emit,
            )

    def _show_second(self, second: Second | None) -> None:
        self._second = second
        if second is None:
            return
        self.figures.second.show_second(second, inside=self._again, may=self._session.may_write)
        self.agreement.show_second(second)
        self._say_empty()

    def _show(self, drawn: Drawn | None) -> None:
        self.reader.show_drawn(drawn)
        self._say_empty()

    def _say_empty(self) -> None:
        """What stands in the place of a file."""
        second, reads = self._second, not self.reader.isHidden()
        told = self._again and second is not None and second.agreement is not None
        self.blind.setVisible(self._again and reads)
        self.agreement.setVisible(told and not reads)
        self.empty.setVisible(not self._again and not reads)
        if self._standing is not None and self._standing.sampled is not None:
            self.empty.say(*self._nothing(self._standing))

    def _nothing(self, standing: Findings) -> tuple[str, str, str]:
        sampled = standing.sampled
        assert sampled is not None
        left = sampled.review.population - sampled.review.reviewed
        action = self.tr("Draw {n} files").format(n=count(min(SIZE, left))) if left and self._session.may_write else ""
        if sampled.asked is not None and sampled.holds and sampled.review.reviewed:
            return self.tr("The sampled review is done"), self.tr("More reading lowers the bound further."), action
        if not left:
            why = self.tr("Every file in which nothing was found has been read.")
            return self.tr("Nothing is left to draw"), why, ""
        why = self.tr("Rules miss secrets. Reading files in which they found nothing bounds how many.")
        return self.tr("Nothing is drawn"), why, action

    def _lay_out(self) -> None:
        self.blind.say(
            self.tr("Somebody read this file before you; what they said is told when nothing waits for you.")
        )
        left = QVBoxLayout()
        left.setContentsMargins(0, 12, 0, 16)
        left.setSpacing(8)
        left.addWidget(self.blind)
        left.addWidget(self.reader, 1)
        left.addWidget(self.agreement)
        beside = QHBoxLayout()
        beside.addWidget(self.empty, 9)
        beside.addStretch(1)
        left.addLayout(beside)
        left.addStretch(0)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(Rule(Qt.Orientation.Vertical))
        row.addWidget(self.figures)
        for part in (self.blind, self.agreement):
            part.hide()


def _answer(project: Project, session: Session, drawn: Drawn, missed: int, again: bool) -> None:
    who = session.who(project)
    if again:
        second_reads.read(project, drawn.read, missed=missed, who=who)
    else:
        reads.reviewed(project, drawn.sample, [drawn.read[1:]], missed=missed, who=who)


def _take_back(project: Project, session: Session, drawn: Drawn, again: bool) -> None:
    who = session.who(project)
    if again:
        second_reads.take_back(project, drawn.read, who=who)
    else:
        reads.unread(project, drawn.sample, [drawn.read[1:]], who=who)
