"""How the worker writes down what became of a job, whatever the stage does."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from espalier.core.failures import GateShut
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.job import Job, enqueue, job
from espalier.core.jobs.requests import CancelRequested, PauseRequested
from espalier.core.project.file import Project
from espalier.core.worker import __main__ as worker
from espalier.core.worker.stages import STAGES, stage

SECRET = "hunter2-" + "x" * 12


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a") as made:
        yield made


def _perform(project: Project, monkeypatch: pytest.MonkeyPatch, run: Callable[[JobContext], dict[str, object]]) -> Job:
    monkeypatch.setattr(worker, "stage", lambda kind: run)
    number = enqueue(project, "findings.scan", {}, "cpu")
    worker.work_off(project, "cpu", lambda: False)
    return job(project, number)


def test_that_the_result_of_a_stage_is_kept(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = _perform(project, monkeypatch, lambda context: {"n": 1})
    assert (ended.state, ended.result, ended.ended_by) == ("done", {"n": 1}, "itself")


@pytest.mark.parametrize(("request_", "state"), [(PauseRequested, "paused"), (CancelRequested, "cancelled")])
def test_that_a_request_ends_the_job_in_its_state(
    project: Project, monkeypatch: pytest.MonkeyPatch, request_: type[Exception], state: str
) -> None:
    def run(context: JobContext) -> dict[str, object]:
        raise request_

    assert _perform(project, monkeypatch, run).state == state


def test_that_a_failure_keeps_its_sentence_and_remedy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(context: JobContext) -> dict[str, object]:
        raise GateShut("The gate is shut.", "Open it.")

    failure = _perform(project, monkeypatch, run).failure
    assert failure is not None
    assert (failure.kind, failure.sentence, failure.remedy) == ("GateShut", "The gate is shut.", "Open it.")


def test_that_a_bug_is_told_without_what_it_was_reading(
    project: Project, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(context: JobContext) -> dict[str, object]:
        raise ValueError(f"could not parse {SECRET}")

    ended = _perform(project, monkeypatch, run)
    assert ended.state == "failed"
    assert ended.failure is not None
    assert "a bug of ours" in ended.failure.sentence
    said = capsys.readouterr()
    assert SECRET not in str(ended) + said.out + said.err
    assert "test_perform.py" in said.err


def test_that_memory_that_ran_out_has_a_remedy(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    def run(context: JobContext) -> dict[str, object]:
        raise MemoryError

    failure = _perform(project, monkeypatch, run).failure
    assert failure is not None
    assert "smaller recipe" in failure.remedy


def test_that_the_queue_goes_on_after_a_failure(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    def run(context: JobContext) -> dict[str, object]:
        seen.append(context.job)
        raise GateShut("no")

    monkeypatch.setattr(worker, "stage", lambda kind: run)
    numbers = [enqueue(project, "findings.scan", {"n": n}, "cpu") for n in range(3)]
    worker.work_off(project, "cpu", lambda: False)
    assert seen == numbers


@pytest.mark.slow
@pytest.mark.parametrize("kind", sorted(STAGES))
def test_that_every_kind_of_job_has_a_stage(kind: str) -> None:
    assert callable(stage(kind))
