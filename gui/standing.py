"""How a job stands as a person should hear it: what its row says, what was asked of it, and whether its worker lives."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from espalier.core.jobs.job import Job
from espalier.core.jobs.life import pulse
from espalier.core.project.clock import parse

# fmt: off
Standing = Literal[
    "queued", "running", "pausing", "stopping", "cancelling", "silent", "dead", "elsewhere", "interrupted",
    "paused", "stopped", "cancelled", "failed", "done",
]
# fmt: on

SILENT_SECONDS = 60.0
SILENT_STEPS = 4  # a step may take minutes: as many of them must have gone by without a word
ASKED: dict[str | None, Standing] = {"pause": "pausing", "stop": "stopping", "cancel": "cancelling"}
LIVING: tuple[Standing, ...] = ("running", "pausing", "stopping", "cancelling", "silent", "elsewhere")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A job and how it stands."""

    job: Job
    standing: Standing

    @property
    def living(self) -> bool:
        """Somebody works on it now, as far as can be told."""
        return self.standing in LIVING


def known(job: Job, at: datetime) -> Known:
    return Known(job=job, standing=_standing(job, at))


def _standing(job: Job, at: datetime) -> Standing:
    if job.state == "queued":
        return "interrupted" if job.attempts else "queued"
    if job.state != "running" or job.life is None:
        return job.state
    beat = pulse(job.life)
    if beat == "dead":
        return "dead"
    if job.request is not None:
        return ASKED[job.request]
    if beat == "elsewhere":
        return "elsewhere"
    return "silent" if _silence(job, at) > _patience(job) else "running"


def _silence(job: Job, at: datetime) -> float:
    return 0.0 if job.heartbeat_at is None else (at - parse(job.heartbeat_at)).total_seconds()


def _patience(job: Job) -> float:
    if job.seconds_left is None or job.done >= job.total:
        return SILENT_SECONDS
    return max(SILENT_SECONDS, SILENT_STEPS * job.seconds_left / (job.total - job.done))
