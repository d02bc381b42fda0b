"""Watching a job to its end from another process, and giving it a new worker when its worker dies."""

import subprocess
import time
from collections.abc import Iterator

from espalier.core.jobs.claim import reclaim
from espalier.core.jobs.job import Job, job
from espalier.core.jobs.launch import launch
from espalier.core.project.file import Project

LOOK_SECONDS = 0.2


def follow(project: Project, number: int) -> Iterator[Job]:
    """Yield the job whenever its row changes, last as it ended or paused; workers are started while it waits."""
    workers: list[subprocess.Popen[bytes]] = []
    seen: Job | None = None
    while True:
        workers = [worker for worker in workers if worker.poll() is None]
        reclaim(project)
        current = job(project, number)
        if current != seen:
            seen = current
            yield current
        if current.ended or current.state == "paused":
            break
        if current.state == "queued" and not workers:
            workers.append(launch(project, current.lane))
        time.sleep(LOOK_SECONDS)
    for worker in workers:
        worker.wait()
