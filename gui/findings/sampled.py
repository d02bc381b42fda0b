"""The tab Sampled review: files in which nothing was found are read by a person, one key each, and the bound follows."""

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from espalier.core.findings.marked import Mark, mark
from espalier.core.findings.sampling import draws, reads
from espalier.core.project.file import Project
from espalier.gui.figures import count, share
from espalier.gui.findings.file_view import FileView
from espalier.gui.findings.miss_chart import MissChart
from espalier.gui.findings.places import COMMIT
from espalier.gui.findings.reading import Findings, Sampled
from espalier.gui.findings.sample_reading import SIZE, Drawn, SampleReading
from espalier.gui.findings.sentence import strip_sampled
from espalier.gui.findings.strata_view import StrataView
from espalier.gui.parts.button import Button
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.rule import Rule, stacked
from espalier.gui.parts.text import Text
from espalier.gui.session import Session

HEIGHT, SIDE = 36, 320


class SampledReview(QWidget):
    """Reads what waits; draws more when asked."""

    def __init__(self, session: Session, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session, self._actions = session, actions
        self._reading = SampleReading()
        self._standing: Findings | None = None
        self._drawn: Drawn | None = None
        self._marked = 0
        self._path = Text("", "code", elide=Qt.TextElideMode.ElideLeft)
        self._about = Text("", "second", "second")
        self.view = FileView(self.tr("A file in which nothing was found"))
        self._said = Text("", "second", "second", wrap=True)
        self._clean, self._bound = Text("", "section", wrap=True), Text("", "body", "second", wrap=True)
        self._means = Text("", "second", "second", wrap=True)
        self.chart, self.strata = MissChart(), StrataView()
        self.empty = Empty(self.tr("Nothing is drawn"), "", action=self.tr("Draw {n} files").format(n=SIZE))
        self._done = Button.of(actions["clean file"], "primary", height=HEIGHT)
        self._reader = QWidget()
        self._lay_out()
        self.empty.acted.connect(actions["draw sample"].trigger)
        actions["draw sample"].triggered.connect(lambda _=False: self.draw())
        actions["clean file"].triggered.connect(lambda _=False: self.read())
        actions["mark secret"].triggered.connect(lambda _=False: self.mark())

    @property
    def asks(self) -> bool:
        """A file is shown and waits for its key."""
        return self._drawn is not None

    def show_standing(self, standing: Findings) -> None:
        before = self._standing
        self._standing = standing
        if standing.sampled is None:
            return
        self._show_figures(standing.sampled)
        if before is None or before.sampled is None or before.corpus != standing.corpus or self._drawn is None:
            self.next()

    def next(self) -> None:
        """Read what waits first."""
        standing = self._standing
        if standing is not None and standing.corpus is not None and standing.listed is not None:
            corpus, ruleset = standing.corpus, standing.ruleset
            read = self._reading
            self._session.read(
                "findings sample",
                lambda project: read(project, corpus, ruleset),
                self._show,
                self._session.refused.emit,
            )

    def read(self) -> None:
        """The whole file was read; what was marked in it counts as missed."""
        drawn, session, missed = self._drawn, self._session, self._marked
        if drawn is None or not session.may_write:
            return
        blobs = [(drawn.repository, drawn.blob)]
        name = drawn.path or drawn.blob[:COMMIT]
        session.write(
            lambda project: reads.reviewed(project, drawn.sample, blobs, missed=missed, who=session.who(project)),
            then=lambda _: self.next(),
            words=self.tr("{file}: read").format(file=name),
            undo=lambda _: self._unread(drawn),
        )
        self._drawn = None

    def mark(self) -> None:
        """The selected stretch is a secret that no rule found: it becomes a finding."""
        drawn, session, standing = self._drawn, self._session, self._standing
        if drawn is None or standing is None or standing.corpus is None or not session.may_write:
            return
        start, end = self.view.marked
        seen = Mark(
            repository=drawn.repository,
            object=drawn.blob,
            path=drawn.path or None,
            commit=drawn.commit,
            start=start,
            end=end,
        )
        corpus, ruleset = standing.corpus, standing.ruleset
        self._count_mark(drawn, 1)
        session.write(
            lambda project: mark(project, corpus, ruleset, seen, session.who(project)),
            failed=lambda sentence, remedy: self._not_marked(drawn, sentence, remedy),
            words=self.tr("A secret that no rule found is a finding now, open until it is decided"),
        )

    def draw(self) -> None:
        standing, session = self._standing, self._session
        if standing is None or standing.corpus is None or not session.may_write:
            return
        corpus, ruleset = standing.corpus, standing.ruleset
        session.write(lambda project: draws.draw(project, corpus, ruleset, SIZE), then=lambda _: self.next())

    def _unread(self, drawn: Drawn) -> Callable[[Project], object]:
        blobs, session = [(drawn.repository, drawn.blob)], self._session
        return lambda project: reads.unread(project, drawn.sample, blobs, who=session.who(project))

    def _not_marked(self, drawn: Drawn, sentence: str, remedy: str) -> None:
        self._count_mark(drawn, -1)
        self._session.refused.emit(sentence, remedy)

    def _count_mark(self, drawn: Drawn, by: int) -> None:
        if self._drawn is drawn:
            self._marked += by
            self._say_marked()

    def _show(self, drawn: Drawn | None) -> None:
        self._drawn, self._marked = drawn, 0
        self._reader.setVisible(drawn is not None)
        self._say_empty()
        if drawn is None:
            self.view.show_file("", "")
            return
        self.view.show_file(drawn.text, drawn.path)
        self._path.setText(
            f"{drawn.repository}/{drawn.path}" if drawn.path else f"{drawn.repository} {drawn.blob[:COMMIT]}"
        )
        lines = drawn.text.count("\n") + 1
        words = self.tr("{lines} lines · {commit} · {n} of this draw wait")
        self._about.setText(
            words.format(lines=count(lines), commit=(drawn.commit or drawn.blob)[:COMMIT], n=count(drawn.waiting))
        )
        self._about.updateGeometry()
        self._say_marked()

    def _say_marked(self) -> None:
        self._done.show_text(
            self.tr("Done, {n} missed").format(n=count(self._marked))
            if self._marked
            else self._actions["clean file"].text()
        )
        if self._marked:
            words = self.tr(
                "{n} marked in this file: it counts as missed, and each mark waits among the findings to be decided."
            )
            self._said.setText(words.format(n=count(self._marked)))
            return
        self._said.setText(
            self.tr("No rule found anything here. Read it whole: clean, or select what is a secret and mark it.")
        )

    def _say_empty(self) -> None:
        sampled = self._standing.sampled if self._standing is not None else None
        self.empty.setVisible(self._drawn is None)
        if sampled is None:
            return
        left = sampled.review.population - sampled.review.reviewed
        action = self.tr("Draw {n} files").format(n=count(min(SIZE, left))) if left and self._session.may_write else ""
        if sampled.asked is not None and sampled.holds and sampled.review.reviewed:
            self.empty.say(
                self.tr("The sampled review is done"), self.tr("More reading lowers the bound further."), action
            )
        elif not left:
            self.empty.say(
                self.tr("Nothing is left to draw"), self.tr("Every file in which nothing was found has been read.")
            )
        else:
            why = self.tr("Rules miss secrets. Reading files in which they found nothing bounds how many.")
            self.empty.say(self.tr("Nothing is drawn"), why, action)

    def _show_figures(self, sampled: Sampled) -> None:
        head, bound, sure = strip_sampled(sampled)
        self._clean.setText(head)
        self._bound.setText(f"{bound} {sure}")
        self._means.setText(self._meaning(sampled))
        self.chart.show_sampled(sampled)
        self.strata.show_strata(sampled.review.strata)
        if self._drawn is None:
            self._say_empty()

    def _meaning(self, sampled: Sampled) -> str:
        review = sampled.review
        drawn_from = self.tr("Drawn at random from {n} files in which nothing was found.").format(
            n=count(review.population)
        )
        if review.carried:
            words = self.tr("{n} of those read were read for an earlier corpus or under other rules.")
            drawn_from += " " + words.format(n=count(review.carried))
        if behind := review.reviewed - review.counted:
            words = self.tr("{n} of the files read count once those are read that stand before them.")
            drawn_from += " " + words.format(n=count(behind))
        if not review.missed:
            return drawn_from
        missed = self.tr(
            "{n} of the files read held a secret that the rules missed. A miss begins the draw of its service and language anew,"
            " and asks for more certainty, in later corpora too."
        )
        allowed = (
            ""
            if sampled.asked is None
            else " " + self.tr("The policy allows {asked}.").format(asked=share(sampled.asked))
        )
        return f"{drawn_from} {missed.format(n=count(review.missed))}{allowed}"

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self._path, 1)
        head.addWidget(self._about)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._done)
        buttons.addWidget(Button.of(self._actions["mark secret"], height=HEIGHT))
        buttons.addStretch(1)
        column = QVBoxLayout(self._reader)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.view, 1)
        column.addWidget(self._said)
        column.addLayout(buttons)
        left = QVBoxLayout()
        left.setContentsMargins(0, 12, 0, 16)
        left.addWidget(self._reader, 1)
        beside = QHBoxLayout()
        beside.addWidget(self.empty, 9)
        beside.addStretch(1)
        left.addLayout(beside)
        left.addStretch(0)
        side = QWidget()
        side.setFixedWidth(SIDE)
        right = stacked(self._clean, self._bound, self.chart, self._means, self.strata, spacing=8)
        right.setContentsMargins(12, 12, 0, 16)
        right.addStretch(1)
        side.setLayout(right)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(12)
        row.addLayout(left, 1)
        row.addWidget(Rule(Qt.Orientation.Vertical))
        row.addWidget(side)
        self._reader.hide()
