"""Jobs: claimed once, given back when their worker is dead, kept when it only sleeps, ended for certain."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from espalier.core.cli.waiting import stop
from espalier.core.failures import UnusableInput
from espalier.core.jobs.claim import TRIES, claim, reclaim
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.end import end
from espalier.core.jobs.job import enqueue, job, jobs
from espalier.core.jobs.lane import AcceleratorLane
from espalier.core.jobs.launch import worker_environment
from espalier.core.jobs.life import Life, pulse, this_process
from espalier.core.jobs.requests import PauseRequested, StopRequested, ask, resume
from espalier.core.project.file import Project

STUBBORN = (
    "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\nprint(flush=True)\nwhile True: time.sleep(1)"
)
PATIENT = "import time\nprint(flush=True)\nwhile True: time.sleep(1)"


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a") as made:
        yield made


def _process(program: str) -> tuple[subprocess.Popen[bytes], Life]:
    """A process of its own group that is up, and its life."""
    process = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True)
    assert process.stdout is not None
    process.stdout.readline()
    process.stdout.close()
    mine = this_process()
    started = psutil.Process(process.pid).create_time()
    return process, Life(host=mine.host, boot=mine.boot, pid=process.pid, started=started)


def _kill(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    process.wait()


def test_that_ctrl_c_leaves_a_job_that_was_done_before_it_could_be_asked(project: Project) -> None:
    number = enqueue(project, "findings.scan", {"corpus": "x"}, "cpu")
    with project.write() as db:
        db.execute("UPDATE jobs SET state = 'done' WHERE id = ?", (number,))
    assert stop(project, number) == f"Job {number} was done before it could be stopped."
    assert job(project, number).state == "done"
    waiting = enqueue(project, "findings.scan", {"corpus": "y"}, "cpu")
    assert f"espalier job resume {project.path} {waiting}" in stop(project, waiting)
    assert job(project, waiting).state == "stopped"


def test_that_a_job_is_claimed_once(project: Project) -> None:
    number = enqueue(project, "findings.scan", {"corpus": "x"}, "cpu")
    claimed = claim(project, "cpu", this_process())
    assert claimed is not None
    assert claimed.id == number
    assert claimed.state == "running"
    assert claim(project, "cpu", this_process()) is None


def test_that_lanes_do_not_wait_for_each_other(project: Project) -> None:
    enqueue(project, "findings.scan", {}, "cpu")
    enqueue(project, "training.run", {}, "accelerator")
    assert claim(project, "cpu", this_process()) is not None
    assert claim(project, "accelerator", this_process()) is not None


def test_that_the_same_work_is_not_queued_twice(project: Project) -> None:
    number = enqueue(project, "findings.scan", {"corpus": "x"}, "cpu")
    with pytest.raises(UnusableInput, match=f"Job {number} already does this"):
        enqueue(project, "findings.scan", {"corpus": "x"}, "cpu")
    assert enqueue(project, "findings.scan", {"corpus": "y"}, "cpu") != number


def test_that_the_job_of_a_dead_worker_comes_back_and_is_recorded(project: Project) -> None:
    number = enqueue(project, "findings.scan", {}, "cpu")
    process, life = _process(PATIENT)
    claim(project, "cpu", life)
    _kill(process)
    assert reclaim(project) == [number]
    assert job(project, number).state == "queued"
    assert project.value("SELECT count(*) FROM audit WHERE action = 'job.worker-died'") == 1


def test_that_a_sleeping_worker_keeps_its_job(project: Project) -> None:
    number = enqueue(project, "findings.scan", {}, "cpu")
    process, life = _process(PATIENT)
    claim(project, "cpu", life)
    os.kill(process.pid, signal.SIGSTOP)
    with project.write() as db:
        db.execute("UPDATE jobs SET heartbeat_at = '2001-01-01T00:00:00.000Z'")
    assert pulse(life) == "alive"
    assert reclaim(project) == []
    assert job(project, number).state == "running"
    _kill(process)


def test_that_a_pid_that_was_used_again_is_a_dead_worker() -> None:
    mine = this_process()
    assert pulse(mine) == "alive"
    earlier = Life(host=mine.host, boot=mine.boot, pid=mine.pid, started=mine.started - 100)
    assert pulse(earlier) == "dead"
    assert pulse(Life(host=mine.host, boot="another", pid=mine.pid, started=mine.started)) == "dead"
    assert pulse(Life(host="another", boot=mine.boot, pid=mine.pid, started=mine.started)) == "elsewhere"


def test_that_a_job_that_kills_its_workers_is_failed_in_the_end(project: Project) -> None:
    number = enqueue(project, "findings.scan", {}, "cpu")
    mine = this_process()
    for _ in range(TRIES):
        claim(project, "cpu", Life(host=mine.host, boot=mine.boot, pid=2**22 - 1, started=1.0))
        reclaim(project)
    ended = job(project, number)
    assert ended.state == "failed"
    assert ended.failure is not None
    assert "want of memory" in ended.failure.sentence


def test_that_a_wish_made_of_a_worker_that_died_is_granted(project: Project) -> None:
    number = enqueue(project, "findings.scan", {}, "cpu")
    process, life = _process(PATIENT)
    claim(project, "cpu", life)
    ask(project, number, "cancel")
    _kill(process)
    reclaim(project)
    assert job(project, number).state == "cancelled"


def test_that_requests_arrive_at_the_safe_point(project: Project) -> None:
    number = enqueue(project, "findings.scan", {}, "cpu")
    claimed = claim(project, "cpu", this_process())
    assert claimed is not None
    context = JobContext(project, claimed)
    context.safe_point()
    ask(project, number, "pause")
    with pytest.raises(PauseRequested):
        JobContext(project, claimed).safe_point()
    with pytest.raises(StopRequested):
        JobContext(project, claimed, terminated=lambda: True).safe_point() if _clear(project) else None


def _clear(project: Project) -> bool:
    with project.write() as db:
        db.execute("UPDATE jobs SET request = NULL")
    return True


def test_that_a_waiting_job_obeys_at_once_and_can_be_resumed(project: Project) -> None:
    number = enqueue(project, "findings.scan", {}, "cpu")
    ask(project, number, "pause")
    assert job(project, number).state == "paused"
    resume(project, number)
    assert job(project, number).state == "queued"
    ask(project, number, "cancel")
    with pytest.raises(UnusableInput, match="has ended"):
        ask(project, number, "stop")
    with pytest.raises(UnusableInput, match="is not paused"):
        resume(project, number)


def test_that_progress_gives_an_estimate_over_the_attempt(project: Project) -> None:
    number = enqueue(project, "findings.scan", {}, "cpu")
    claimed = claim(project, "cpu", this_process())
    assert claimed is not None
    context = JobContext(project, claimed)
    context.progress(50, 100, "going on")
    assert job(project, number).seconds_left is None
    with project.write() as db:
        db.execute("UPDATE jobs SET attempt_started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-10 seconds')")
    context.progress(100, 100, "done")
    with project.write() as db:
        db.execute("UPDATE jobs SET done = 75")
    left = job(project, number).seconds_left
    assert left is not None
    assert 9 < left < 15


def test_that_ending_takes_what_it_must_and_the_row_says_which(project: Project) -> None:
    for program, expected in ((PATIENT, "terminate"), (STUBBORN, "kill")):
        number = enqueue(project, "findings.scan", {"program": expected}, "cpu")
        process, life = _process(program)
        claim(project, "cpu", life)
        ended = end(project, number, "stop", ask_seconds=0.2, terminate_seconds=0.5)
        assert (ended.state, ended.ended_by) == ("stopped", expected)
        process.wait()


def test_that_nothing_is_signalled_when_the_recorded_worker_is_gone(project: Project) -> None:
    """The pid was used again by an innocent process, which must live on."""
    number = enqueue(project, "findings.scan", {}, "cpu")
    process, life = _process(PATIENT)
    claim(project, "cpu", Life(host=life.host, boot=life.boot, pid=life.pid, started=life.started - 1000))
    end(project, number, "cancel", ask_seconds=0.1, terminate_seconds=0.1)
    assert process.poll() is None
    _kill(process)


def test_that_one_accelerator_serves_one_worker_and_is_free_when_it_dies(own_configuration: Path) -> None:
    program = (
        "from espalier.core.jobs.lane import AcceleratorLane\nimport time\nlane = AcceleratorLane()\n"
        "assert lane.try_take()\nprint(flush=True)\ntime.sleep(600)"
    )
    process, _ = _process(program)
    with AcceleratorLane() as lane:
        assert not lane.try_take()
        _kill(process)
        assert lane.try_take()


def test_that_workers_inherit_no_tokens_and_no_network_switch() -> None:
    given = {
        "HOME": "/h",
        "DBUS_SESSION_BUS_ADDRESS": "b",
        "HF_TOKEN": "t",
        "https_proxy": "p",
        "AWS_SECRET_ACCESS_KEY": "s",
    }
    made = worker_environment({**given, "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD": "1", "HF_HUB_OFFLINE": "0"})
    assert made["HOME"] == "/h"
    assert made["DBUS_SESSION_BUS_ADDRESS"] == "b"
    assert made["HF_HUB_OFFLINE"] == "1"
    assert not {"HF_TOKEN", "https_proxy", "AWS_SECRET_ACCESS_KEY", "TORCH_FORCE_NO_WEIGHTS_ONLY_LOAD"} & made.keys()


def test_that_jobs_are_listed_newest_first(project: Project) -> None:
    numbers = [enqueue(project, "findings.scan", {"n": n}, "cpu") for n in range(3)]
    ask(project, numbers[0], "cancel")
    assert [one.id for one in jobs(project)] == numbers[::-1]
    assert [one.id for one in jobs(project, active_only=True)] == numbers[:0:-1]
