"""The worker process: claims the jobs of one lane of one project, runs them one after the other, and ends when none is left."""

import argparse
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from espalier.core.failures import Broken, EspalierError
from espalier.core.jobs.claim import claim
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.job import Job, Lane
from espalier.core.jobs.lane import AcceleratorLane
from espalier.core.jobs.life import this_process
from espalier.core.jobs.requests import Request
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.worker.stages import stage

NICE = 10


def main() -> None:
    parser = argparse.ArgumentParser(prog="espalier.core.worker")
    parser.add_argument("project", type=Path)
    parser.add_argument("--lane", choices=("cpu", "accelerator"), required=True)
    options = parser.parse_args()
    os.umask(0o077)
    if hasattr(os, "nice"):
        os.nice(NICE)
    terminated = _listen_for_terminate()
    with Project.open(options.project) as project, AcceleratorLane() as accelerator:
        if options.lane == "accelerator" and not accelerator.try_take():
            return  # another worker of this person has it; whoever waits for the job starts one again
        work_off(project, options.lane, terminated)


def work_off(project: Project, lane: Lane, terminated: Callable[[], bool]) -> None:
    """Run every waiting job of the lane; the queue goes on after a failure."""
    life = this_process()
    while not terminated():
        current = claim(project, lane, life)
        if current is None:
            return
        perform(project, current, terminated)


def perform(project: Project, current: Job, terminated: Callable[[], bool]) -> None:
    """Run one claimed job and write down how it ended."""
    context = JobContext(project, current, terminated)
    try:
        result = stage(current.kind)(context)
    except Request as request:
        _finish(project, current.id, request.state, "terminate" if terminated() else "request")
    except EspalierError as error:
        _finish(project, current.id, "failed", "itself", failure=_told(error))
    except MemoryError:
        _finish(project, current.id, "failed", "itself", failure=_out_of_memory(current.kind))
    except BaseException as error:
        _finish(project, current.id, "failed", "itself", failure=_bug(error))
        if not isinstance(error, Exception):
            raise
    else:
        _finish(project, current.id, "done", "itself", result=canonical_text(result))


def _finish(
    project: Project, number: int, state: str, ended_by: str, *, result: str | None = None, failure: str | None = None
) -> None:
    with project.write() as db:
        db.execute(
            "UPDATE jobs SET state = ?, ended_by = ?, result = ?, failure = ?, finished_at = ?, request = NULL WHERE id = ?",
            (state, ended_by, result, failure, utc_now(), number),
        )


def _told(error: EspalierError) -> str:
    return canonical_text({"kind": type(error).__name__, "sentence": error.sentence, "remedy": error.remedy})


def _out_of_memory(kind: str) -> str:
    sentence = f"The machine's memory did not suffice for {kind}."
    remedy = "Choose a smaller recipe (shorter rows, fewer rows at once), or free memory, then resume the job."
    return canonical_text({"kind": "OutOfMemory", "sentence": sentence, "remedy": remedy})


def _bug(error: BaseException) -> str:
    broken = Broken.of(error)
    sys.stderr.write(f"{utc_now()} {broken.kind} at {' < '.join(broken.places)}\n")
    remedy = "What was committed is kept. Resume the job; if it breaks again, report the log of the worker."
    return canonical_text({"kind": "Bug", "sentence": broken.sentence, "remedy": remedy})


def _listen_for_terminate() -> Callable[[], bool]:
    """SIGTERM means: stop at the next safe point."""
    received: list[int] = []

    def receive(number: int, frame: FrameType | None) -> None:
        received.append(number)

    signal.signal(signal.SIGTERM, receive)
    return lambda: bool(received)


if __name__ == "__main__":
    main()
