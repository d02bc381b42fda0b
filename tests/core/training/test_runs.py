"""Rows of runs, their states and their curves."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.core.training.made import recipe

from espalier.core.failures import UnusableInput
from espalier.core.jobs import requests
from espalier.core.jobs.job import enqueue
from espalier.core.project import artifacts
from espalier.core.project.file import Project
from espalier.core.training import runs
from espalier.core.training.journal import Journal
from espalier.core.training.loop import Stepped, Validated
from espalier.core.training.monitors import Measures

SHOWN = (
    "id", "state", "snapshot", "model", "recipe", "seed", "steps", "loss", "validation_loss", "tokens_per_second",
    "peak_memory", "adapter", "versions", "device",
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "project") as made:
        yield made


@pytest.fixture
def number(project: Project) -> int:
    snapshot = artifacts.store(project, b"{}", "application/jsonl")
    return runs.create(project, snapshot=snapshot, model="m", base_files={"a": "b"}, recipe=recipe(), seed=-5)


def test_that_a_new_run_waits_and_shows_every_key(project: Project, number: int) -> None:
    one = runs.run(project, number)
    assert (one.state, one.seed, one.recipe, one.adapter) == ("queued", -5, recipe(), None)
    assert set(SHOWN) <= runs.show(one).keys()
    assert [other.id for other in runs.runs(project)] == [number]


def test_that_an_unknown_run_or_snapshot_gets_a_sentence(project: Project) -> None:
    with pytest.raises(UnusableInput, match="There is no run 7"):
        runs.run(project, 7)
    with pytest.raises(UnusableInput, match="no snapshot"):
        runs.create(project, snapshot="0" * 64, model="m", base_files={}, recipe=recipe(), seed=1)


def test_that_a_seed_beyond_64_bits_is_refused(project: Project) -> None:
    with pytest.raises(UnusableInput, match="64 bits"):
        runs.create(project, snapshot="0" * 64, model="m", base_files={}, recipe=recipe(), seed=2**63)


@pytest.mark.parametrize(
    ("job_state", "state"), [("stopped", "stopped"), ("cancelled", "stopped"), ("failed", "failed")]
)
def test_that_a_run_whose_job_ended_without_it_shows_how(
    project: Project, number: int, job_state: str, state: str
) -> None:
    """A killed worker writes nothing into the run's row."""
    job = enqueue(project, "training.run", {"run": number}, "accelerator")
    runs.update(project, number, job=job, state="running")
    with project.write() as db:
        db.execute("UPDATE jobs SET state = ? WHERE id = ?", (job_state, job))
    assert runs.run(project, number).state == state


def test_that_a_run_stopped_while_it_waits_is_stopped_and_waits_again_once_resumed(
    project: Project, number: int
) -> None:
    job = enqueue(project, "training.run", {"run": number}, "accelerator")
    runs.update(project, number, job=job)
    requests.ask(project, job, "stop")
    assert runs.run(project, number).state == "stopped"
    requests.resume(project, job)
    assert runs.run(project, number).state == "queued"


def test_that_what_the_window_and_the_command_line_need_loads_no_torch() -> None:
    names = ("recipe", "estimate", "runs", "adapter", "data", "packing")
    code = "import sys; " + "; ".join(f"import espalier.core.training.{name}" for name in names)
    code += "; print(sorted({'torch', 'transformers', 'peft', 'bitsandbytes'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_that_a_metric_written_again_replaces_and_later_ones_can_be_forgotten(project: Project, number: int) -> None:
    runs.update(project, number, [("loss", step, 1.0) for step in range(1, 6)])
    runs.update(project, number, [("loss", 5, 2.0)], step=5)
    runs.forget_after(project, number, 3)
    assert runs.curve(project, number, "loss") == [(1, 1.0), (2, 1.0), (3, 1.0)]
    assert runs.curve_names(project, number) == ["loss"]


CURVE = st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=500).map(lambda values: list(enumerate(values)))


@given(CURVE, st.integers(2, 60))
def test_that_a_thinned_curve_keeps_its_ends_its_extremes_and_its_order(
    curve: list[tuple[int, float]], points: int
) -> None:
    thin = runs.decimate(curve, points)
    assert len(thin) <= max(points, 4) and set(thin) <= set(curve)
    assert thin == sorted(thin) and (thin[0], thin[-1]) == (curve[0], curve[-1])
    assert max(value for _, value in thin) == max(value for _, value in curve)
    assert min(value for _, value in thin) == min(value for _, value in curve)


def _measures(loss: float) -> Measures:
    return Measures(
        loss=loss, gradient_norm=1.0, learning_rate=0.1, solution_tokens=10, tokens=100, tokens_per_second=50.0,
        memory=900, peak_memory=1000, overflow=0,
    )  # fmt: skip


def test_that_a_journal_writes_a_few_times_a_second_at_most(project: Project, number: int) -> None:
    now = [0.0]
    journal = Journal(project, number, lambda: now[0])
    for step in range(1, 101):
        now[0] += 0.011
        journal.stepped(Stepped(step=step, measures=_measures(1 / step)))
    assert len(runs.curve(project, number, "loss")) == 92  # at 0.253, 0.506, 0.759 and 1.012 s
    journal.validated(Validated(step=100, loss=0.5))
    journal.flush()
    one = runs.run(project, number)
    assert (one.step, one.loss, one.validation_loss, one.tokens_per_second) == (100, 0.01, 0.5, 50.0)
    assert len(runs.curve(project, number, "loss")) == 100


def test_that_the_database_refuses_a_state_that_does_not_exist(project: Project, number: int) -> None:
    with pytest.raises(Exception, match="CHECK"):
        runs.update(project, number, state="sleeping")
