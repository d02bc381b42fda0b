"""Waiting for a job on the command line: progress with an estimate, and ctrl-C that stops it at the next safe point."""

import sys
import time
from contextlib import suppress
from typing import Annotated

import typer
from rich.progress import BarColumn, Progress, TaskID, TextColumn

from espalier.core.cli.output import duration, err, note
from espalier.core.failures import EspalierError, GateShut, UnusableInput, WorkFailed
from espalier.core.jobs.end import end
from espalier.core.jobs.follow import follow
from espalier.core.jobs.job import Failure, Job, job
from espalier.core.jobs.launch import launch
from espalier.core.project.file import Project

Detach = Annotated[bool, typer.Option("--detach", help="Start the job, print its number and return.")]
QUIET_SECONDS = 10.0


class Stopped(Exception):
    """The job was paused, stopped or cancelled before it was done; `job` says which."""

    def __init__(self, job: Job) -> None:
        super().__init__(job.state)
        self.job = job


def wait(project: Project, number: int) -> dict[str, object]:
    """The job's result; raises what it failed with, Stopped when it was ended early, KeyboardInterrupt after ctrl-C."""
    try:
        last = _watch_bar(project, number) if sys.stderr.isatty() else _watch_lines(project, number)
    except KeyboardInterrupt:
        note("Stopping at the next safe point…")
        note(stop(project, number))
        raise
    if last.failure is not None:
        raise failed(last.failure)
    if last.state != "done":
        raise Stopped(last)
    return last.result or {}


def stop(project: Project, number: int) -> str:
    """End the job for certain and say how it stands; one that was done before it could be asked is left as it is."""
    with suppress(UnusableInput):  # it ended between the last look and the request
        end(project, number, "stop")
    stands = job(project, number)
    if stands.state in ("stopped", "paused", "failed"):
        go_on = f"Go on with: espalier job resume {project.path} {number}"
        return f"Job {number} is {stands.state}; nothing that was committed is lost. {go_on}"
    return f"Job {number} was {stands.state} before it could be stopped."


def detach(project: Project, number: int, lane: str) -> None:
    """Start a worker for the job and let both be."""
    launch(project, "accelerator" if lane == "accelerator" else "cpu")


def failed(failure: Failure) -> EspalierError:
    """The failure as the error that it was in the worker."""
    kinds: dict[str, type[EspalierError]] = {"UnusableInput": UnusableInput, "GateShut": GateShut}
    return kinds.get(failure.kind, WorkFailed)(failure.sentence, failure.remedy)


def _watch_bar(project: Project, number: int) -> Job:
    columns = (TextColumn("{task.description}"), BarColumn(bar_width=32), TextColumn("{task.fields[about]}"))
    with Progress(*columns, console=err(), transient=True) as progress:
        shown: TaskID = progress.add_task("waiting", total=None, about="")
        for current in follow(project, number):
            progress.update(
                shown,
                description=current.message or current.kind,
                completed=current.done,
                total=current.total or None,
                about=_about(current),
            )
    return current


def _watch_lines(project: Project, number: int) -> Job:
    said_at, said = float("-inf"), ""
    for current in follow(project, number):
        moment = time.monotonic()
        if current.message and (current.message != said or moment - said_at > QUIET_SECONDS):
            note(f"{current.message} · {_about(current)}")
            said_at, said = moment, current.message
    return current


def _about(job: Job) -> str:
    counted = f"{job.done}/{job.total}" if job.total else ""
    left = f"{duration(job.seconds_left)} left" if job.seconds_left is not None and job.done < job.total else ""
    return " · ".join(part for part in (counted, left) if part)
