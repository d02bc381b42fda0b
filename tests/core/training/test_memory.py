"""The memory of a run: measured on a CPU, read from CUDA's allocator, and beside it what was expected."""

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import torch
from tests.core.training.made import project_with_run, recipe, snapshot, work

from espalier.core.project.file import Project
from espalier.core.training import estimate, memory, runs
from espalier.core.training.memory import Gauge

MIB = 1 << 20


@pytest.fixture
def made(tmp_path: Path) -> Iterator[tuple[Project, int]]:
    project, number = project_with_run(tmp_path, recipe(max_steps=3), snapshot())
    with project:
        yield project, number


def test_that_a_real_run_measures_its_memory_in_every_step(made: tuple[Project, int]) -> None:
    project, number = made
    work(project)
    measured = runs.curve(project, number, "memory")
    assert [step for step, _ in measured] == [1, 2, 3]
    assert all(50 * MIB < value < 64 * 1024 * MIB for _, value in measured)
    found = memory.memory(project, runs.run(project, number))
    assert found.now == measured[-1][1]
    assert found.total == psutil.virtual_memory().total
    assert found.peak is not None
    assert found.now <= found.peak < found.total
    assert runs.curve(project, number, "device_memory") == [(0, found.total)]


def test_that_a_processor_holds_what_its_process_does() -> None:
    gauge = Gauge(torch.device("cpu"))
    before, _ = gauge.read()
    held = torch.ones(32 * MIB // 4)
    now, peak = gauge.read()
    assert now - before > 24 * MIB
    assert peak >= now
    assert held.sum() > 0


def test_that_a_gpu_holds_the_most_of_the_last_step(monkeypatch: pytest.MonkeyPatch) -> None:
    """As CUDA's allocator tells it: the highest since it was last asked to begin anew, and what is held then counts again."""
    held = {"now": 900, "highest": 4000}
    monkeypatch.setattr(torch.cuda, "max_memory_allocated", lambda _device: held["highest"])
    monkeypatch.setattr(torch.cuda, "reset_peak_memory_stats", lambda _device: held.update(highest=held["now"]))
    gauge = Gauge(torch.device("cuda", 0))
    held["highest"] = 3000
    assert gauge.read() == (3000, 4000)
    held["highest"] = 5000
    assert gauge.read() == (5000, 5000)
    assert gauge.read() == (900, 5000)


def test_that_what_is_expected_is_the_estimate_of_the_precision_that_is_computed_in(made: tuple[Project, int]) -> None:
    project, number = made
    runs.update(project, number, versions='{"precision":"float32"}')
    run = runs.run(project, number)
    found = memory.expected(project, run)
    assert found is not None
    assert found.whole.high == pytest.approx(estimate.SPREAD[1] * sum(found.parts.values()))
    auto = run.recipe.model_copy(update={"precision": "auto"})
    project.close()
    with Project.open(project.path) as again:
        with again.write() as db:
            db.execute("UPDATE runs SET recipe = ?, versions = '{}'", (auto.model_dump_json(),))
        half = memory.expected(again, runs.run(again, number))
        assert half is not None
        assert half.parts["weights"] == found.parts["weights"] / 2
        with again.write() as db:
            db.execute("UPDATE models SET path = '/nowhere'")
        told = memory.told(memory.memory(again, runs.run(again, number)))
        assert told == {"now": None, "device": None, "expected": None}
