"""What a person may ask of a running job, and how a stage learns of it at a safe point.

Request                 raised by JobContext.safe_point; the stage lets it pass after saving what it has
├── PauseRequested      give the lane free, go on later
├── StopRequested       end here and keep the result so far
└── CancelRequested     end here; the result is not wanted
"""

from typing import ClassVar, Literal

from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project

Wish = Literal["pause", "stop", "cancel"]


class Request(Exception):
    """Somebody asked the job to end here; `state` is the one it ends in."""

    state: ClassVar[str]


class PauseRequested(Request):
    """Asked to pause."""

    state = "paused"


class StopRequested(Request):
    """Asked to stop and keep the result so far."""

    state = "stopped"


class CancelRequested(Request):
    """Asked to cancel."""

    state = "cancelled"


REQUESTS: dict[str, type[Request]] = {
    "pause": PauseRequested,
    "stop": StopRequested,
    "cancel": CancelRequested,
}


def ask(project: Project, job: int, wish: Wish) -> None:
    """Ask; a running job obeys at its next safe point, a waiting one at once. Raises UnusableInput for an ended job."""
    with project.write() as db:
        row = db.execute("SELECT state FROM jobs WHERE id = ?", (job,)).fetchone()
        if row is None:
            raise UnusableInput(f"There is no job {job}.", "List them: espalier job list PROJECT")
        if row["state"] == "running":
            db.execute("UPDATE jobs SET request = ? WHERE id = ?", (wish, job))
        elif row["state"] in ("queued", "paused"):
            ended = (REQUESTS[wish].state, utc_now(), job)
            db.execute("UPDATE jobs SET state = ?, ended_by = 'request', finished_at = ? WHERE id = ?", ended)
        else:
            raise UnusableInput(f"Job {job} has ended ({row['state']}).", "Only a waiting or running job can be asked.")
        audit.record(db, "local user", f"job.{wish}", f"job:{job}")


def resume(project: Project, job: int) -> None:
    """Put a paused, stopped or failed job back into the queue; it goes on from its last safe point."""
    with project.write() as db:
        changed = db.execute(
            "UPDATE jobs SET state = 'queued', request = NULL, failure = NULL, ended_by = NULL, finished_at = NULL,"
            " attempts = 0 WHERE id = ? AND state IN ('paused', 'stopped', 'failed')",
            (job,),
        ).rowcount
        if not changed:
            raise UnusableInput(f"Job {job} is not paused, stopped or failed.", "See: espalier job list PROJECT")
        audit.record(db, "local user", "job.resume", f"job:{job}")
