"""What the frame shows at all times: the jobs that wait or run, and whether this file can be written."""

import os
from dataclasses import dataclass

from espalier.core.jobs.job import jobs
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy
from espalier.core.training import runs
from espalier.gui.standing import Known, Standing, known

LANES = {"running": 0, "paused": 1, "queued": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The active jobs, those at work first; `training` is how the newest run stands, `demonstration` the policy's word."""

    jobs: tuple[Known, ...]
    training: Standing | None
    writable: bool
    demonstration: bool

    @property
    def at_work(self) -> Known | None:
        """The job that the job bar is about: one that runs, else one that waits."""
        return self.jobs[0] if self.jobs else None

    @property
    def running(self) -> tuple[Known, ...]:
        return tuple(one for one in self.jobs if one.living)


def read_live(project: Project) -> Live:
    at = now()
    active = [known(one, at) for one in jobs(project, active_only=True)]
    return Live(
        jobs=tuple(sorted(active, key=lambda one: (LANES[one.job.state], one.job.id))),
        training=_training(project, active),
        writable=_writable(project),
        demonstration=project_policy(project).demonstration,
    )


def _training(project: Project, active: list[Known]) -> Standing | None:
    at_work = [one.standing for one in active if one.job.kind == "training.run"]
    if at_work:
        return at_work[-1]
    newest = project.value("SELECT max(id) FROM runs")
    return None if newest is None else runs.run(project, newest).state


def _writable(project: Project) -> bool:
    """Root may write anything; a file that was marked read-only is meant to stay as it is all the same."""
    path = project.path
    return os.access(path, os.W_OK) and os.access(path.parent, os.W_OK) and bool(path.stat().st_mode & 0o222)
