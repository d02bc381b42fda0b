"""What a stage gets to do its work with: the project, its arguments, a work folder, progress, and safe points."""

import time
from collections.abc import Callable

from espalier.core.jobs.job import Job
from espalier.core.jobs.requests import REQUESTS, StopRequested
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project

QUIET_SECONDS = 0.25  # at most four progress rows a second
LOOK_SECONDS = 0.2
BEAT_SECONDS = 5.0


class JobContext:
    """The running side of one job. Belongs to the worker's thread."""

    def __init__(self, project: Project, job: Job, terminated: Callable[[], bool] = lambda: False) -> None:
        self.project = project
        self.job = job.id
        self.args = job.args
        self.work = project.work / f"job-{job.id}"
        self._terminated = terminated
        self._written_at = 0.0
        self._looked_at = 0.0
        self._beat_at = time.monotonic()
        self._told = (0, -1)  # done and total as last told

    def progress(self, done: int, total: int, message: str) -> None:
        """Say how far the work is. An estimate is taken over one stretch of work: it starts anew when `done` falls back or
        `total` changes. No safe point.
        """
        moment = time.monotonic()
        new_stretch = total != self._told[1] or done < self._told[0]
        self._told = (done, total)
        if not new_stretch and done < total and moment - self._written_at < QUIET_SECONDS:
            return
        self._written_at = moment
        with self.project.write() as db:
            if new_stretch:
                started = (utc_now(), done, self.job)
                db.execute("UPDATE jobs SET attempt_started_at = ?, attempt_first_done = ? WHERE id = ?", started)
            row = (done, total, message, utc_now(), self.job)
            db.execute("UPDATE jobs SET done = ?, total = ?, message = ?, heartbeat_at = ? WHERE id = ?", row)

    def safe_point(self) -> None:
        """Raise the Request that somebody made, if any; call it where a later attempt can go on."""
        moment = time.monotonic()
        if not self._terminated() and moment - self._looked_at < LOOK_SECONDS:
            return
        self._looked_at = moment
        self._beat(moment)
        wish = self.project.value("SELECT request FROM jobs WHERE id = ?", (self.job,))
        if wish is not None:
            raise REQUESTS[wish]
        if self._terminated():
            raise StopRequested

    def _beat(self, moment: float) -> None:
        """Work that reaches safe points is alive, also where it makes no progress to tell of."""
        if moment - self._beat_at < BEAT_SECONDS:
            return
        self._beat_at = moment
        with self.project.write() as db:
            db.execute("UPDATE jobs SET heartbeat_at = ? WHERE id = ?", (utc_now(), self.job))
