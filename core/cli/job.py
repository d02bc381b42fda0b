"""espalier job."""

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.jobs import job as jobs
from espalier.core.jobs import requests
from espalier.core.jobs.claim import reclaim
from espalier.core.jobs.end import end
from espalier.core.jobs.life import pulse
from espalier.core.jobs.log import tail

app = typer.Typer(help="Long work: what runs, waits and has ended.", no_args_is_help=True)


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """Every job, newest first."""
    with reading(path) as project:
        known = [_shown(one) for one in jobs.jobs(project)]
    if json:
        document(known)
        return
    columns = ("id", "kind", "state", "done", "total", "message")
    table(columns, [[one[column] for column in columns] for one in known], right=("id", "done", "total"))


@app.command()
def show(path: ProjectPath, number: int, json: AsJson = False) -> None:
    """One job, with its failure and what to do about it."""
    with reading(path) as project:
        shown = _shown(jobs.job(project, number))
    document(shown) if json else pairs(shown)


@app.command()
def log(path: ProjectPath, number: int) -> None:
    """The end of what the worker of a job wrote to its log."""
    with reading(path) as project:
        text = tail(project, jobs.job(project, number).lane)
    say(text or "The log is empty.")


@app.command()
def resume(path: ProjectPath, number: int, detached: Detach = False) -> None:
    """Go on with a paused, stopped or failed job from its last safe point."""
    with writing(path) as project:
        requests.resume(project, number)
        if detached:
            detach(project, number, jobs.job(project, number).lane)
            return
        wait(project, number)
    say(f"Job {number} is done.")


@app.command()
def cancel(path: ProjectPath, number: int) -> None:
    """End a job; what it had is not wanted."""
    with writing(path) as project:
        reclaim(project)
        ended = end(project, number, "cancel")
    say(f"Job {number} is {ended.state} (by {ended.ended_by or 'request'}).")


def _shown(job: jobs.Job) -> dict[str, object]:
    return {
        "id": job.id,
        "kind": job.kind,
        "lane": job.lane,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "message": job.message,
        "seconds_left": job.seconds_left,
        "attempts": job.attempts,
        "worker": pulse(job.life) if job.life is not None and job.state == "running" else None,
        "failure": None if job.failure is None else f"{job.failure.sentence} {job.failure.remedy}",
        "ended_by": job.ended_by,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "args": job.args,
        "result": job.result,
    }
