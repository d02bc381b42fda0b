"""How a job stands: by its row, by what was asked, and by whether its worker lives."""

from datetime import timedelta

import pytest

from espalier.core.jobs.claim import claim
from espalier.core.jobs.job import enqueue, job
from espalier.core.jobs.life import Life, this_process
from espalier.core.jobs.requests import Wish, ask
from espalier.core.project.clock import now
from espalier.core.project.file import Project
from espalier.gui.standing import SILENT_SECONDS, known
from espalier.gui.steering import may

GONE = 2**22 - 1  # above the largest pid that Linux gives


def started(project: Project, life: Life | None = None) -> int:
    number = enqueue(project, "training.run", {"run": 1}, "accelerator")
    claim(project, "accelerator", life or this_process())
    return number


def test_that_a_waiting_job_is_queued_and_a_claimed_one_runs(project: Project) -> None:
    number = enqueue(project, "training.run", {"run": 1}, "accelerator")
    assert known(job(project, number), now()).standing == "queued"
    claim(project, "accelerator", this_process())
    assert known(job(project, number), now()).standing == "running"


@pytest.mark.parametrize(("wish", "standing"), [("pause", "pausing"), ("stop", "stopping"), ("cancel", "cancelling")])
def test_that_a_wish_shows_until_it_is_granted(project: Project, wish: Wish, standing: str) -> None:
    number = started(project)
    ask(project, number, wish)
    one = known(job(project, number), now())
    assert one.standing == standing
    assert one.living


def test_that_a_silent_worker_is_not_responding_and_not_dead(project: Project) -> None:
    number = started(project)
    later = now() + timedelta(seconds=SILENT_SECONDS + 1)
    one = known(job(project, number), later)
    assert one.standing == "silent"
    assert one.living


def test_that_a_slow_step_is_no_silence(project: Project) -> None:
    """Ten steps took twenty minutes: two minutes without a word are nothing."""
    number = started(project)
    with project.write() as db:
        db.execute(
            "UPDATE jobs SET done = 10, total = 100, attempt_started_at = strftime('%Y-%m-%dT%H:%M:%fZ', 'now', '-1200 seconds')"
        )
    assert known(job(project, number), now() + timedelta(seconds=120)).standing == "running"
    assert known(job(project, number), now() + timedelta(seconds=4 * 120 + 10)).standing == "silent"


def test_that_a_dead_worker_is_told_at_once(project: Project) -> None:
    mine = this_process()
    number = started(project, Life(host=mine.host, boot=mine.boot, pid=GONE, started=1.0))
    one = known(job(project, number), now())
    assert one.standing == "dead"
    assert not one.living


def test_that_a_worker_of_another_machine_is_left_alone(project: Project) -> None:
    number = started(project, Life(host="elsewhere", boot="b", pid=2, started=1.0))
    assert known(job(project, number), now()).standing == "elsewhere"


def test_that_what_may_be_asked_follows_from_how_it_stands() -> None:
    assert may("pause", "running")
    assert may("stop", "silent")
    assert may("resume", "interrupted")
    assert not may("resume", "running")
    assert not may("pause", "paused")
    assert not may("stop", "done")
    assert not may("resume", None)
