"""The demonstration walked by a process of its own: watched, stopped, gone on with."""

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from espalier.core.demo import driving
from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.jobs.job import jobs
from espalier.core.project.file import Project

PATIENCE = 120.0


def _wait(holds: Callable[[], bool]) -> None:
    until = time.monotonic() + PATIENCE
    while not holds():
        assert time.monotonic() < until
        time.sleep(0.1)


def _looks(path: Path) -> driving.Demonstration:
    with Project.open(path, read_only=True) as project:
        found = driving.demonstration(project)
    assert found is not None
    return found


def _walkers(folder: Path) -> list[int]:
    return [
        one.pid
        for one in psutil.process_iter(["cmdline"])
        if {"espalier.core.cli", str(folder)} <= set(one.info["cmdline"] or ())
    ]


@pytest.fixture(params=[signal.SIG_IGN, signal.default_int_handler], ids=["by a script", "at a terminal"])
def _born(request: pytest.FixtureRequest) -> Iterator[None]:
    """What a script starts in the background is born deaf to ctrl-C, and so is all that it starts."""
    before = signal.signal(signal.SIGINT, request.param)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("_born")
def test_that_it_is_walked_apart_stopped_as_by_ctrl_c_and_gone_on_with(tmp_path: Path) -> None:
    path = driving.start(tmp_path)
    assert path == tmp_path / "demo.espalier"
    assert _looks(path).walked
    driving.start(tmp_path)
    assert len(_walkers(tmp_path)) == 1
    with Project.open(path) as project:
        _wait(lambda: any(one.state == "running" for one in jobs(project)))
        assert driving.stop(project)
    _wait(lambda: not _looks(path).walked)
    assert not _looks(path).done
    driving.start(tmp_path)
    with Project.open(path) as project:
        _wait(lambda: any(one.kind == "examples.build" for one in jobs(project)))
        driving.stop(project)
        _wait(lambda: not _looks(path).walked)
        assert not driving.stop(project)
        number = project.value("SELECT pid FROM jobs WHERE kind = 'examples.build'")
    _wait(lambda: number is None or not psutil.pid_exists(number) or _reaped(number))


def _reaped(number: int) -> bool:
    try:
        return psutil.Process(number).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def test_that_a_walker_that_was_killed_walks_no_more(tmp_path: Path) -> None:
    sleeper = tmp_path / "python"
    sleeper.write_text("#!/bin/sh\nexec sleep 60\n")
    sleeper.chmod(0o700)
    path = driving.start(tmp_path, python=str(sleeper))
    assert _looks(path).walked
    with Project.open(path) as project:
        walker = driving._walker(project)
    assert walker is not None
    os.kill(walker.pid, signal.SIGKILL)
    _wait(lambda: not _looks(path).walked)


def test_that_what_it_breaks_off_with_is_kept_until_the_next_attempt(tmp_path: Path) -> None:
    with Project.create(tmp_path / "demo.espalier", policy="demo") as project:
        with pytest.raises(WorkFailed), driving.announced(project):
            raise WorkFailed("The disk is full.", "Free some space.")
        found = driving.demonstration(project)
        assert found is not None
        assert (found.walked, found.sentence, found.remedy) == (False, "The disk is full.", "Free some space.")
        with driving.announced(project):
            again = driving.demonstration(project)
            assert again is not None
            assert (again.walked, again.sentence) == (True, "")


def test_that_a_project_that_is_no_demonstration_is_left_alone(tmp_path: Path) -> None:
    with Project.create(tmp_path / "demo.espalier") as project:
        assert driving.demonstration(project) is None
    with pytest.raises(UnusableInput, match="not a demonstration"):
        driving.start(tmp_path)


def test_that_a_folder_that_can_t_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(WorkFailed, match="could not be made"):
        driving.start(tmp_path / "file" / "demo")
