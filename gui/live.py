"""What the frame shows at all times: the jobs that wait or run, and whether this file can be written."""

from dataclasses import dataclass

from espalier.core.jobs.job import job, jobs
from espalier.core.project.clock import now
from espalier.core.project.file import Project, may_be_written
from espalier.core.project.identities import Identity, has_key, identities
from espalier.core.project.policy import project_policy
from espalier.core.training import runs
from espalier.core.training.runs import Run
from espalier.gui.standing import Known, known

LANES = {"running": 0, "paused": 1, "queued": 2}


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """The active jobs, those at work first, and the run of the first where it trains one.

    `failed` is the newest job of all where it failed and nothing is at work. `project` is the project's id, `people` are
    those who can sign on this machine, `demonstration` is the policy's word.
    """

    project: str
    jobs: tuple[Known, ...]
    run: Run | None
    failed: Known | None
    people: tuple[Identity, ...]
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
    active = sorted(
        (known(one, at) for one in jobs(project, active_only=True)),
        key=lambda one: (LANES[one.job.state], one.job.id),
    )
    return Live(
        project=project.id,
        jobs=tuple(active),
        run=_run(project, active[0]) if active else None,
        failed=None if active else _failed(project),
        people=tuple(one for one in identities(project) if not one.automatic and has_key(one)),
        writable=may_be_written(project.path),
        demonstration=project_policy(project).demonstration,
    )


def _run(project: Project, one: Known) -> Run | None:
    number = one.job.args.get("run")
    return runs.run(project, number) if one.job.kind == "training.run" and isinstance(number, int) else None


def _failed(project: Project) -> Known | None:
    newest = project.value("SELECT max(id) FROM jobs")
    found = None if newest is None else known(job(project, newest), now())
    return found if found is not None and found.standing == "failed" else None
