"""The job: from a run's row to its adapter, through pauses, stops, deaths and torn files, with the same figures."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.core.training.made import cpu, project_with_run, recipe, snapshot, started, work

from espalier.core.jobs import requests
from espalier.core.models.base import inspect
from espalier.core.models.load import load_base, load_with_adapter
from espalier.core.project import artifacts, audit
from espalier.core.project.file import Project
from espalier.core.training import adapter, runs, stage
from espalier.core.training.batch import batch
from espalier.core.training.loop import Accumulated, Event, Stepped, Training, Validating, train
from espalier.core.training.loss import solution_loss

CURVES = ("loss", "gradient_norm", "learning_rate", "noise_scale", "zero_share", "validation_loss", "solution_tokens")
LONGER = recipe(max_steps=12, dropout=0.2, checkpoint_every=3, validate_every=4)

DYING_WORKER = """
import os, signal, sys
from pathlib import Path
from espalier.core.jobs.claim import claim
from espalier.core.jobs.life import this_process
from espalier.core.project.file import Project
from espalier.core.training import checkpoints, stage
from espalier.core.worker.__main__ import perform

where, events, writes = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
count = {"events": 0, "writes": 0}

def dying(kind, limit, function):
    def counted(*arguments):
        count[kind] += 1
        if count[kind] == limit:
            os.kill(os.getpid(), signal.SIGKILL)
        return function(*arguments)
    return counted

train = stage.train
stage.train = lambda run: map(dying("events", events, lambda event: event), train(run))
checkpoints._write = dying("writes", writes, checkpoints._write)
with Project.open(where) as project:
    perform(project, claim(project, "accelerator", this_process()), lambda: False)
"""


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Callable[[str], tuple[Project, int]]]:
    """Makes projects that hold the same model, snapshot and waiting run, each in its own folder."""
    open_projects: list[Project] = []

    def make(name: str) -> tuple[Project, int]:
        (tmp_path / name).mkdir()
        project, number = project_with_run(tmp_path / name, LONGER, snapshot())
        open_projects.append(project)
        return project, number

    yield make
    for project in open_projects:
        project.close()


def _curves(project: Project, number: int) -> dict[str, list[tuple[int, str]]]:
    return {name: [(step, value.hex()) for step, value in runs.curve(project, number, name)] for name in CURVES}


def _asking(
    monkeypatch: pytest.MonkeyPatch, project: Project, wish: requests.Wish, when: Callable[[Event], bool]
) -> None:
    """Ask the running job at the first event that fits; the look at requests is not throttled here."""
    monkeypatch.setattr("espalier.core.jobs.context.LOOK_SECONDS", 0.0)
    asked: list[Event] = []

    def train_and_ask(run: Training) -> Iterator[Event]:
        for event in train(run):
            if not asked and when(event):
                asked.append(event)
                requests.ask(project, 1, wish)
            yield event

    monkeypatch.setattr(stage, "train", train_and_ask)


def test_that_a_run_ends_with_an_adapter_its_figures_and_an_audit_entry(
    made: Callable[[str], tuple[Project, int]],
) -> None:
    project, number = made("a")
    done = work(project)
    one = runs.run(project, number)
    assert (done.state, one.state, one.step, one.steps) == ("done", "done", 12, 12)
    assert done.result is not None and done.result["adapter"] == one.adapter is not None
    assert one.loss is not None and one.validation_loss is not None and one.validation_loss < 6.9
    assert one.tokens_per_second and one.peak_memory and one.device
    assert {"torch", "transformers", "peft", "bitsandbytes", "python", "espalier", "threads"} <= set(one.versions)
    assert [step for step, _ in runs.curve(project, number, "validation_loss")] == [0, 4, 8, 12]
    assert [step for step, _ in runs.curve(project, number, "loss")] == list(range(1, 13))
    assert not runs.checkpoint_folder(project, number).exists()
    actions = [row["action"] for row in project.rows("SELECT action FROM audit WHERE subject = ?", (f"run:{number}",))]
    assert actions == ["train.start", "train.done"]


def test_that_the_exported_adapter_gives_the_validation_loss_that_the_run_reported(
    made: Callable[[str], tuple[Project, int]], tmp_path: Path
) -> None:
    project, number = made("a")
    work(project)
    one = runs.run(project, number)
    assert one.adapter is not None
    folder = adapter.unpack(project, one.adapter, tmp_path / "out")
    base = inspect(tmp_path / "a" / "tiny", "tiny")
    twin = started(base, LONGER, snapshot())
    model = load_with_adapter(load_base(base, device="cpu", dtype="float32"), folder)
    total, learnt = 0.0, 0
    for row in twin.validation_rows:
        part = batch([row], twin.validation, cpu().device)
        total += float(solution_loss(model, part, 1.0).detach())
        learnt += part.solution_tokens
    assert total / learnt == pytest.approx(one.validation_loss, rel=1e-5)


@pytest.mark.parametrize("when", [Accumulated, Stepped, Validating])
def test_that_a_paused_run_goes_on_with_the_same_figures(
    made: Callable[[str], tuple[Project, int]], monkeypatch: pytest.MonkeyPatch, when: type[Event]
) -> None:
    straight, number = made("straight")
    work(straight)
    project, _ = made("paused")
    with monkeypatch.context() as patch:
        steps = {"seen": 0}

        def late(event: Event) -> bool:
            steps["seen"] += isinstance(event, Stepped)
            return steps["seen"] >= 4 and isinstance(event, when)

        _asking(patch, project, "pause", late)
        assert work(project).state == "paused"
    paused = runs.run(project, number)
    assert paused.job == 1 and paused.state == "paused" and paused.adapter is None and paused.finished_at is None
    requests.resume(project, 1)
    assert work(project).state == "done"
    assert _curves(project, number) == _curves(straight, number)
    assert runs.run(project, number).adapter == runs.run(straight, number).adapter


def test_that_a_stopped_run_keeps_the_adapter_of_where_it_was_and_can_go_on(
    made: Callable[[str], tuple[Project, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, number = made("straight")
    work(straight)
    project, _ = made("stopped")
    with monkeypatch.context() as patch:
        _asking(patch, project, "stop", lambda event: isinstance(event, Stepped) and event.step == 5)
        assert work(project).state == "stopped"
    stopped = runs.run(project, number)
    assert stopped.state == "stopped" and stopped.adapter is not None and stopped.step == 5 and stopped.finished_at
    assert adapter.read(artifacts.read(project, stopped.adapter)).keys() == {adapter.CONFIGURATION, adapter.WEIGHTS}
    requests.resume(project, 1)
    assert work(project).state == "done"
    assert runs.run(project, number).adapter == runs.run(straight, number).adapter


def test_that_a_cancelled_run_leaves_neither_adapter_nor_checkpoints(
    made: Callable[[str], tuple[Project, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    project, number = made("a")
    _asking(monkeypatch, project, "cancel", lambda event: isinstance(event, Stepped) and event.step == 5)
    assert work(project).state == "cancelled"
    one = runs.run(project, number)
    assert one.state == "stopped" and one.adapter is None
    assert not runs.checkpoint_folder(project, number).exists()


@pytest.mark.slow
@pytest.mark.parametrize(("events", "writes"), [(11, 999), (23, 999), (999, 8), (41, 13)])
def test_that_a_run_killed_anywhere_resumes_to_the_bit(
    made: Callable[[str], tuple[Project, int]], events: int, writes: int
) -> None:
    """SIGKILL after so many events or before so many files of checkpoints were written, twice, then left in peace."""
    straight, number = made("straight")
    work(straight)
    project, _ = made("killed")
    codes = []
    for _ in range(2):
        command = [sys.executable, "-c", DYING_WORKER, str(project.path), str(events), str(writes)]
        ended = subprocess.run(command, env=os.environ | {"HF_HUB_OFFLINE": "1"}, capture_output=True, check=False)
        codes.append(ended.returncode)
        if ended.returncode == 0:
            break  # what was left to do was shorter than the distance to the next death
    assert codes[0] == -signal.SIGKILL and set(codes) <= {0, -signal.SIGKILL}
    if runs.run(project, number).state != "done":
        assert work(project).state == "done"
    assert _curves(project, number) == _curves(straight, number)
    assert runs.run(project, number).adapter == runs.run(straight, number).adapter


def test_that_a_torn_newest_checkpoint_falls_back_to_the_one_before(
    made: Callable[[str], tuple[Project, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    straight, number = made("straight")
    work(straight)
    project, _ = made("torn")
    with monkeypatch.context() as patch:
        _asking(patch, project, "pause", lambda event: isinstance(event, Stepped) and event.step == 8)
        work(project)
    kept = sorted(runs.checkpoint_folder(project, number).glob("step-*"))
    assert [path.name for path in kept] == ["step-00000006", "step-00000008"]
    os.truncate(kept[1] / "adapter.safetensors", 100)
    requests.resume(project, 1)
    assert work(project).state == "done"
    assert _curves(project, number) == _curves(straight, number)


def test_that_checkpoints_of_another_project_of_the_same_name_are_not_taken(
    made: Callable[[str], tuple[Project, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    first, number = made("first")
    _asking(monkeypatch, first, "pause", lambda event: isinstance(event, Stepped) and event.step == 5)
    work(first)
    monkeypatch.undo()
    second, _ = made("second")
    second.work.mkdir(exist_ok=True)
    (first.work / "runs").rename(second.work / "runs")
    work(second)
    assert [step for step, _ in runs.curve(second, number, "loss")] == list(range(1, 13))


def test_that_a_base_model_with_other_files_is_refused(
    made: Callable[[str], tuple[Project, int]], tmp_path: Path
) -> None:
    project, number = made("a")
    config = tmp_path / "a" / "tiny" / "config.json"
    config.write_text(json.dumps(json.loads(config.read_text()) | {"rope_theta": 20000.0}))
    ended = work(project)
    assert ended.state == "failed" and ended.failure is not None and "config.json" in ended.failure.sentence
    assert runs.run(project, number).state == "failed"


def test_that_a_run_whose_snapshot_has_no_training_part_fails_with_a_sentence(tmp_path: Path) -> None:
    project, number = project_with_run(tmp_path, LONGER, snapshot(0, 2))
    with project:
        ended = work(project)
        assert ended.failure is not None and "no examples to train on" in ended.failure.sentence
        assert runs.run(project, number).state == "failed"


def test_that_the_test_split_never_reaches_the_trainer(
    made: Callable[[str], tuple[Project, int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: set[str] = set()

    def watching(run: Training) -> Iterator[Event]:
        seen.update(sample.id for sample in (*run.samples, *run.validation))
        return train(run)

    monkeypatch.setattr(stage, "train", watching)
    project, _ = made("a")
    work(project)
    assert len(seen) == 24 + 4 and f"{999:064x}" not in seen


def test_that_the_audit_chain_names_what_a_run_was_made_of(made: Callable[[str], tuple[Project, int]]) -> None:
    project, number = made("a")
    (row,) = project.rows("SELECT detail FROM audit WHERE action = 'train.start'")
    one = runs.run(project, number)
    detail = json.loads(row["detail"])
    assert (detail["snapshot"], detail["base"], detail["seed"]) == (one.snapshot, one.base, one.seed)
    assert audit.verify(project).passed
