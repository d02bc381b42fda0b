"""The job bar at work, at rest and after a failure, and the drawer behind it with a log."""

from pathlib import Path

from PySide6.QtWidgets import QVBoxLayout, QWidget

from espalier.core.jobs.job import Failure, Job, State
from espalier.core.training.recipe import Recipe
from espalier.core.training.runs import Run
from espalier.gui.actions import FRAME, make_actions
from espalier.gui.gallery.samples import tr
from espalier.gui.job_bar import JobBar
from espalier.gui.job_drawer import JobDrawer, Jobs
from espalier.gui.literal import literal
from espalier.gui.live import Live
from espalier.gui.parts.section import SectionHead
from espalier.gui.session import Session
from espalier.gui.settings import Settings
from espalier.gui.standing import Known, Standing

DAY = "2026-10-01T08:00:00Z"
SHOWN = ("jobs", "pause job", "stop job")
LOG = "08:00:02 run 7: seed 7, 1,200 steps\n08:00:09 step 1, loss 2.521\n08:31:40 step 412, loss 0.845"


class JobsShown(QWidget):
    """Across the whole page, as in the window."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(
            SectionHead(tr("Job bar"), tr("at work, at rest, and after a failure, until something starts"))
        )
        for live in (_live(_WORK, run=_RUN), _live(), _live(failed=_FAILED)):
            bar = JobBar(make_actions([entry for entry in FRAME if entry.id in SHOWN], QWidget(self)))
            bar.show_live(live)
            column.addWidget(bar)
        column.addWidget(SectionHead(tr("Job drawer"), tr("every job, what went wrong, and the log of its worker")))
        column.addWidget(self._drawer())

    def _drawer(self) -> JobDrawer:
        drawer = JobDrawer(Session(Path("gallery.espalier"), Settings(), looks_only=True, parent=self))
        drawer.show_jobs(Jobs(jobs=(_WORK, _QUEUED, _FAILED), all=43))
        drawer.log.setPlainText(literal(LOG))
        drawer.log.show()
        drawer.close_button.setEnabled(False)
        drawer.show()
        return drawer


def _live(*jobs: Known, run: Run | None = None, failed: Known | None = None) -> Live:
    return Live(project="", jobs=jobs, run=run, failed=failed, people=(), writable=True, demonstration=False)


def _job(
    number: int, kind: str, state: State, standing: Standing, *, done: int = 0, failure: Failure | None = None
) -> Known:
    return Known(
        job=Job(
            id=number,
            kind=kind,
            lane="accelerator",
            args={kind.partition(".")[0].replace("training", "run"): number},
            state=state,
            request=None,
            done=done,
            total=1200 if done else 0,
            message="",
            attempts=1,
            life=None,
            failure=failure,
            result=None,
            ended_by=None,
            created_at=DAY,
            heartbeat_at=DAY,
            finished_at=DAY if state == "failed" else None,
            seconds_left=1320.0 if done else None,
        ),
        standing=standing,
    )


_FAILURE = Failure(
    kind="WorkFailed",
    sentence="Memory ran out at step 3: it asked for 25.1 GB of 24.",
    remedy="Start it again with shorter rows.",
)
_WORK = _job(7, "training.run", "running", "running", done=412)
_QUEUED = _job(8, "evaluation.run", "queued", "queued")
_FAILED = _job(5, "training.run", "failed", "failed", failure=_FAILURE)
_RUN = Run(
    id=7,
    job=7,
    snapshot="",
    model="",
    base="",
    recipe=Recipe(name="careful", max_steps=1200),
    seed=7,
    state="running",
    step=412,
    steps=1200,
    loss=0.845,
    validation_loss=0.861,
    tokens_per_second=3104.2,
    peak_memory=None,
    adapter=None,
    versions={},
    device="cuda",
    created_at=DAY,
    started_at=DAY,
    finished_at=None,
)
