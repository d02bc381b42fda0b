"""The job that does a piece of work, whether it was never asked for, waits, broke off or is done."""

from collections.abc import Mapping

from espalier.core.jobs.claim import reclaim
from espalier.core.jobs.job import Job, Lane, enqueue, job
from espalier.core.jobs.requests import resume
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project


def ensure(project: Project, kind: str, args: Mapping[str, object], lane: Lane) -> Job:
    """The newest job of this kind and arguments, put back into the queue if it broke off; a new one where there is none."""
    reclaim(project)
    query = "SELECT id FROM jobs WHERE kind = ? AND args = ? AND state != 'cancelled' ORDER BY id DESC LIMIT 1"
    number = project.value(query, (kind, canonical_text(dict(args))))
    if number is None:
        return job(project, enqueue(project, kind, args, lane))
    if job(project, number).state in ("paused", "stopped", "failed"):
        resume(project, number)
    return job(project, number)
