"""The overview: the project read-only in plain form, its counts by stage, its jobs and its own facts."""

from collections.abc import Mapping

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from espalier.gui.background import Reading
from espalier.gui.figures import count, digest, size
from espalier.gui.overview.pipeline import Pipeline
from espalier.gui.overview.reading import Overview, read_overview
from espalier.gui.overview.stages import joined, sentence, stages
from espalier.gui.overview.table import jobs_model
from espalier.gui.parts.banner import Banner
from espalier.gui.parts.empty import Empty
from espalier.gui.parts.facts import Fact, Facts
from espalier.gui.parts.header import Header
from espalier.gui.parts.rule import Rule
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.standing import Known
from espalier.gui.tables.table import Table
from espalier.gui.work import work

RIGHT, APART = 344, 40


class OverviewPage(QWidget):
    """Only shows; nothing on it changes the project."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.readings: Mapping[str, Reading] = {"overview": Reading(read=read_overview, seconds=1.0)}
        self.actions_by_id: Mapping[str, QAction] = {}
        self.header = Header(self.tr("Overview"))
        self.banner = Banner("warn")
        self.pipeline = Pipeline()
        self.empty = Empty(
            self.tr("This project has no repository yet."),
            self.tr("Everything starts at a git repository on this machine. Add one on the command line:"),
            f"espalier repo add {session.path.name} REPOSITORY",
        )
        self.model = jobs_model()
        self.table = Table(self.model, self.tr("Jobs"))
        self.table.chosen.connect(self._show_job)
        self.no_jobs = Text(self.tr("No job has been started in this project."), "body", "second")
        self._known: dict[int, Known] = {}
        self._chosen: int | None = None
        self._failure = Banner("bad")
        self._project, self._examples = Facts(96), Facts(96)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 16, 24, 16)
        column.setSpacing(12)
        for part in (self.header, self.banner, self.pipeline, self.empty):
            column.addWidget(part)
        column.addLayout(self._columns(), 1)

    @property
    def failure(self) -> Banner:
        return self._failure

    def take(self, name: str, value: object) -> None:
        if isinstance(value, Overview):
            self.show_reading(value)

    def show_detail(self, detail: str) -> None:
        """There is nothing on it to go to."""

    def leave(self) -> None:
        """Nothing lives here."""

    def show_reading(self, read: Overview) -> None:
        self.header.say(sentence(read))
        demonstration = read.policy.demonstration
        self.banner.say(self.tr("Demonstration, not approved.") if demonstration else "", _why(read))
        self.pipeline.show_stages(stages(read))
        self.empty.setVisible(not read.repositories)
        self._known = {one.job.id: one for one in read.jobs}
        self.model.show_rows(read.jobs)
        self.table.setVisible(bool(read.jobs))
        self.no_jobs.setVisible(not read.jobs)
        self._show_failure()
        self._project.show_facts(self._facts(read))
        self._built.setVisible(bool(read.examples))
        self._examples.show_facts(_examples(read))

    def _show_job(self, number: int) -> None:
        self._chosen = number
        self._show_failure()

    def _show_failure(self) -> None:
        """Of the chosen job, else of the newest that failed and was not followed by better luck."""
        one = self._known.get(self._chosen or 0) or self._newest_failure()
        failure = None if one is None else one.job.failure
        if one is None or failure is None:
            self._failure.say("")
            return
        self._failure.say(f"{self.tr('Job')} {one.job.id}, {work(one.job)}: {failure.sentence}", failure.remedy)

    def _newest_failure(self) -> Known | None:
        newest = next(iter(self._known.values()), None)
        return newest if newest is not None and newest.standing == "failed" else None

    def _columns(self) -> QHBoxLayout:
        jobs = QVBoxLayout()
        jobs.setSpacing(8)
        jobs.addWidget(Text(self.tr("Jobs"), "section"))
        jobs.addWidget(self._failure)
        jobs.addWidget(self.no_jobs)
        jobs.addWidget(self.table, 1)
        jobs.addStretch(0)
        right = QWidget()
        right.setFixedWidth(RIGHT)
        grid = QGridLayout(right)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(8)
        grid.addWidget(Text(self.tr("Project"), "section"), 0, 0)
        grid.addWidget(self._project, 1, 0)
        self._built = QWidget()
        built = QVBoxLayout(self._built)
        built.setContentsMargins(0, 12, 0, 0)
        built.setSpacing(8)
        for part in (Rule(), Text(self.tr("Examples by kind"), "section"), self._examples):
            built.addWidget(part)
        grid.addWidget(self._built, 2, 0)
        grid.setRowStretch(3, 1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 12, 0, 0)
        row.setSpacing(APART)
        row.addLayout(jobs, 1)
        row.addWidget(right)
        return row

    def _facts(self, read: Overview) -> list[Fact]:
        return [
            (self.tr("File"), read.path),
            (self.tr("Size"), size(read.bytes)),
            (self.tr("Id"), read.id),
            (self.tr("Made"), read.created_at[:16].replace("T", " ") + " UTC"),
            (self.tr("Policy"), read.policy.name),
            (self.tr("Corpus"), digest(read.corpus)),
            (self.tr("Commits"), count(read.commits)),
            (self.tr("Blobs"), count(read.blobs)),
            (self.tr("Findings"), joined(read.findings) or "0"),
        ]


def _why(read: Overview) -> str:
    """The policy's own sentence, without the words that stand in bold before it."""
    rest = read.policy.sentence.removeprefix("Demonstration, not approved: ")
    return rest[:1].upper() + rest[1:]


def _examples(read: Overview) -> list[Fact]:
    kinds = sorted({kind for kind, _, _ in read.examples})
    return [(kind, joined((state, number) for one, state, number in read.examples if one == kind)) for kind in kinds]
