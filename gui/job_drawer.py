"""The drawer behind the job bar: every job with its progress, its failure and remedy, its log, and what can be asked of it."""

from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextOption
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from espalier.core.jobs.job import Lane, jobs
from espalier.core.jobs.log import tail
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.gui.literal import literal
from espalier.gui.parts.button import Button
from espalier.gui.parts.job_row import JobRow
from espalier.gui.parts.rule import Ground, Rule
from espalier.gui.parts.section import SectionHead
from espalier.gui.parts.text import Text
from espalier.gui.session import Session
from espalier.gui.standing import Known, known
from espalier.gui.steering import WISHES, may
from espalier.gui.typeface import font
from espalier.gui.work import progress_words, work

HEIGHT, MOST, LOG = 264, 40, 420


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """The newest jobs, newest first, and how many there are in all."""

    jobs: tuple[Known, ...]
    all: int


def read_jobs(project: Project) -> Jobs:
    at, found = now(), jobs(project)
    return Jobs(jobs=tuple(known(one, at) for one in found[:MOST]), all=len(found))


class JobDrawer(Ground):
    """Shows what `read_jobs` found; rows keep their place, so that a button under the pointer stays what it was."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__("surface", parent)
        self._session = session
        self._rows: dict[int, _Job] = {}
        self.setFixedHeight(HEIGHT)
        self.close_button = Button(self.tr("Close"), "ghost")
        self.close_button.clicked.connect(self.hide)
        self.head = SectionHead(self.tr("Jobs"), parts=(self.close_button,))
        self.nothing = Text(self.tr("No job has been started in this project."), "body", "second")
        self.log = self._made_log()
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 12, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.nothing)
        self._column.addStretch(1)
        inner = QWidget()
        inner.setLayout(self._column)
        area = QScrollArea()
        area.setAccessibleName(self.tr("Jobs"))
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setBackgroundRole(area.palette().ColorRole.Base)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(inner)
        body = QHBoxLayout()
        body.setSpacing(24)
        body.addWidget(area, 1)
        body.addWidget(self.log)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(Rule())
        within = QVBoxLayout()
        within.setContentsMargins(16, 8, 12, 8)
        within.setSpacing(4)
        within.addWidget(self.head)
        within.addLayout(body, 1)
        column.addLayout(within, 1)
        self.hide()

    def show_jobs(self, read: Jobs) -> None:
        self.nothing.setVisible(not read.jobs)
        hidden = read.all - len(read.jobs)
        self.head.say(
            self.tr("the newest {shown} of {all}").format(shown=len(read.jobs), all=read.all) if hidden else ""
        )
        numbers = {one.job.id for one in read.jobs}
        for number in [number for number in self._rows if number not in numbers]:
            self._rows.pop(number).deleteLater()
        for place, one in enumerate(read.jobs):
            if one.job.id not in self._rows:
                row = _Job(self._session)
                row.log_asked.connect(self._show_log)
                self._rows[one.job.id] = row
                self._column.insertWidget(place, row)
            self._rows[one.job.id].show_known(one)

    def _show_log(self, lane: Lane) -> None:
        def read(project: Project) -> str:
            return tail(project, lane)

        self._session.read("log", read, self._shown_log)

    def _shown_log(self, text: str) -> None:
        self.log.setPlainText(literal(text) or self.tr("The log is empty."))
        self.log.show()
        self.log.verticalScrollBar().setValue(self.log.verticalScrollBar().maximum())

    def _made_log(self) -> QPlainTextEdit:
        log = QPlainTextEdit()
        log.setAccessibleName(self.tr("Log"))
        log.setReadOnly(True)
        log.setFrameShape(QFrame.Shape.NoFrame)
        log.setFont(font("code"))
        log.setWordWrapMode(QTextOption.WrapMode.NoWrap)
        log.setFixedWidth(LOG)
        log.hide()
        return log


class _Job(QWidget):
    """A job's row, and below it what went wrong and what to do. log_asked(lane): its worker's log is wanted."""

    log_asked = Signal(str)

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._known: Known | None = None
        self.row = JobRow()
        self.row.asked.connect(self._ask)
        self._trouble = Text("", "second", "bad", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.row)
        column.addWidget(self._trouble)

    def show_known(self, one: Known) -> None:
        if one == self._known:
            return
        self._known = one
        job = one.job
        share = job.done / job.total if job.total and not job.ended else None
        words = {"pause": self.tr("Pause"), "resume": self.tr("Resume"), "stop": self.tr("Stop")}
        able = [(wish, words[wish]) for wish in WISHES if self._session.may_write and may(wish, one.standing)]
        self.row.show_job(one.standing, work(job), progress_words(job), share, [*able, ("log", self.tr("Log"))])
        failure = job.failure
        self._trouble.setText("" if failure is None else f"{failure.sentence} {failure.remedy}")
        self._trouble.setVisible(failure is not None)

    def _ask(self, wish: str) -> None:
        if self._known is None:
            return
        commands = self._session.commands
        match wish:
            case "log":
                self.log_asked.emit(self._known.job.lane)
            case "pause":
                commands.pause(self._known)
            case "resume":
                commands.resume(self._known)
            case "stop":
                commands.stop(self._known)
