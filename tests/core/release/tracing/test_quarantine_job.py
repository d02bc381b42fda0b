"""A quarantine as a job: called off in time it leaves everything, killed at any moment the next worker finishes it."""

import os
import signal
import subprocess
import sys

import pytest
from tests.core.release.tracing.leaked import SECRET, Leaked, decided, raw

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.jobs.claim import claim
from espalier.core.jobs.job import enqueue, job, jobs
from espalier.core.jobs.life import this_process
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.worker import __main__ as worker
from espalier.core.worker.quarantine import PARTS, queue_quarantine

WHY = "seen in the sampled review"
DYING = """
import os, signal, sys
from pathlib import Path
from espalier.core.project.file import Project
from espalier.core.worker import __main__ as worker

limit, count = int(sys.argv[2]), 0

def dying(function):
    def counted(*arguments):
        global count
        count += 1
        if count == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return counted

Project.write, Project.scour = dying(Project.write), dying(Project.scour)
with Project.open(Path(sys.argv[1])) as project:
    worker.work_off(project, "cpu", lambda: False)
"""


@pytest.fixture
def queued(made: Leaked) -> int:
    with made.project.write() as db:
        db.execute("UPDATE jobs SET state = 'done'")
    decided(made, made.secret)
    return queue_quarantine(made.project, made.secret, WHY, made.ana)


def test_that_it_erases_tells_how_far_it_is_and_what_it_named(made: Leaked, queued: int) -> None:
    worker.work_off(made.project, "cpu", lambda: False)
    done = job(made.project, queued)
    assert done.state == "done", done.failure
    assert done.result == {"quarantine": 1, "examples": 1, "snapshots": 1, "runs": 1, "adapters": 1}
    assert done.total == PARTS and SECRET.encode() not in raw(made.project)
    assert audit.verify(made.project).passed


def test_that_it_can_be_called_off_until_the_first_of_it_is_on_record(made: Leaked, queued: int) -> None:
    asked = iter([False, True])
    worker.work_off(made.project, "cpu", lambda: next(asked, True))
    assert job(made.project, queued).state == "stopped"
    assert made.project.value("SELECT count(*) FROM quarantines") == 0 and SECRET.encode() in raw(made.project)


@pytest.mark.parametrize("limit", [9, 10, 11, 13, 14, 15, 16, 17])
def test_that_the_next_worker_finishes_what_a_killed_one_began(made: Leaked, queued: int, limit: int) -> None:
    path = made.project.path
    made.project.close()
    died = subprocess.run(
        [sys.executable, "-c", DYING, str(path), str(limit)], env=dict(os.environ), capture_output=True, check=False
    )
    assert died.returncode == -signal.SIGKILL, died.stderr.decode()
    with Project.open(path) as project:
        worker.work_off(project, "cpu", lambda: False)
        done = job(project, queued)
        assert (done.state, done.attempts) == ("done", 2), done.failure
        assert project.value("SELECT count(*) FROM quarantines WHERE finished_at IS NOT NULL") == 1
        assert SECRET.encode() not in raw(project) and audit.verify(project).passed


def test_that_it_is_refused_before_it_is_queued_where_it_would_be_later(made: Leaked) -> None:
    decided(made, made.secret)
    ben = identities.add(made.project, "ben", roles=("builder",))
    before = len(jobs(made.project))
    with pytest.raises(GateShut, match="does not have the role"):
        queue_quarantine(made.project, made.secret, WHY, ben)
    with pytest.raises(UnusableInput, match="holds the secret itself"):
        queue_quarantine(made.project, made.secret, f"it was {SECRET}", made.ana)
    assert len(jobs(made.project)) == before


def test_that_another_job_that_runs_is_still_in_its_way(made: Leaked, queued: int) -> None:
    number = enqueue(made.project, "training.run", {"run": made.run}, "accelerator")
    taken = claim(made.project, "accelerator", this_process())
    assert taken is not None and taken.id == number
    worker.work_off(made.project, "cpu", lambda: False)
    failure = job(made.project, queued).failure
    assert failure is not None and f"Job {number} (training.run) runs" in failure.sentence
    assert made.project.value("SELECT count(*) FROM quarantines") == 0
