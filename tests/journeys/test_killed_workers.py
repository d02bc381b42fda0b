"""kill -9 at a random moment in every stage, then on: the results are those of a twin that nobody killed."""

import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from espalier.core.dataset import snapshot as snapshots
from espalier.core.evaluation import evaluations
from espalier.core.examples.example import examples
from espalier.core.findings import approval, decisions
from espalier.core.findings.findings import findings
from espalier.core.jobs.follow import follow
from espalier.core.jobs.job import Job, Lane, enqueue
from espalier.core.jobs.launch import launch
from espalier.core.models import register
from espalier.core.project import audit
from espalier.core.project.file import Project
from espalier.core.repositories import corpus as corpora
from espalier.core.repositories import repository
from espalier.core.sample import write
from espalier.core.training import runs
from espalier.core.training.recipe import recipe_from
from tests.core.models.tiny import build_tiny_model

pytestmark = pytest.mark.slow

MODEL = "tiny"
RECIPE = {
    "name": "journey", "rank": 4, "learning_rate": 1e-3, "epochs": 1, "row_tokens": 2048, "accumulation": 2,
    "precision": "fp32", "checkpoint_every": 3, "validate_every": 6, "validation_rows": 2, "threads": 1,
}  # fmt: skip
Work = Callable[[Project, str, dict[str, object], Lane], dict[str, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What must not depend on whether a worker was killed."""

    findings: list[tuple[str, str, int]]
    examples: list[str]
    snapshot: str
    adapter: str | None
    losses: list[tuple[int, float]]
    answers: list[tuple[str, str, str]]
    verdicts: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("sample") / "company").path


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_tiny_model(tmp_path_factory.mktemp("model") / "tiny")


@pytest.fixture
def project(tmp_path: Path, company: Path, tiny: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "killed", policy="demo") as made:
        _add(made, company, tiny)
        yield made


def _add(project: Project, company: Path, tiny: Path) -> None:
    repository.add(project, company)
    register.register(project, tiny, MODEL, actor="test")


@dataclass(slots=True)
class _Undisturbed:
    """Does the work with nobody disturbing it, and remembers how long each stage took."""

    seconds: dict[str, float] = field(default_factory=dict)

    def __call__(self, project: Project, kind: str, args: dict[str, object], lane: Lane) -> dict[str, object]:
        started = time.monotonic()
        result = _ended(project, enqueue(project, kind, args, lane))
        self.seconds[kind] = time.monotonic() - started
        return result


def _ended(project: Project, number: int) -> dict[str, object]:
    last: Job = list(follow(project, number))[-1]
    assert last.state == "done", last.failure
    assert last.result is not None
    return last.result


@dataclass(slots=True)
class _Killer:
    """Does the work with a worker that is killed at a random moment of its stage, and then with whoever comes after."""

    dice: random.Random
    seconds: dict[str, float]

    def __call__(self, project: Project, kind: str, args: dict[str, object], lane: Lane) -> dict[str, object]:
        number = enqueue(project, kind, args, lane)
        worker = launch(project, lane)
        deadline = time.monotonic() + self.seconds[kind] * self.dice.uniform(0.2, 0.9)
        while time.monotonic() < deadline and worker.poll() is None:
            time.sleep(0.01)
        with suppress(ProcessLookupError):
            os.killpg(worker.pid, signal.SIGKILL)
        worker.wait()
        return _ended(project, number)


def _walk(project: Project, work: Work) -> Outcome:
    corpus = corpora.refresh(project).hash
    work(project, "findings.scan", {"corpus": corpus}, "cpu")
    decisions.automatic_decisions(project, corpus)
    approved = approval.approve(project, corpus).id
    work(project, "examples.build", {"corpus": corpus, "approval": approved, "model": MODEL, "cap": 2048}, "cpu")
    wishes = {
        "corpus": corpus,
        "approval": approved,
        "model": MODEL,
        "seed": 1,
        "test_from": None,
        "train_limit": 60,
        "test_limit": 6,
    }
    snapshot = str(work(project, "dataset.freeze", wishes, "cpu")["hash"])
    files = register.model(project, MODEL).files
    recipe = recipe_from(RECIPE, "journey")
    run = runs.create(project, snapshot=snapshot, model=MODEL, base_files=files, recipe=recipe, seed=1)
    work(project, "training.run", {"run": run}, "accelerator")
    settings = evaluations.Settings(most_tasks=4, max_new_tokens=24)
    evaluation = evaluations.create(project, run, settings)
    work(project, "evaluation.run", {"evaluation": evaluation}, "accelerator")
    assert audit.verify(project).passed
    assert project.value("PRAGMA integrity_check") == "ok"
    return _outcome(project, corpus, snapshot, run, evaluation)


def _outcome(project: Project, corpus: str, snapshot: str, run: int, evaluation: int) -> Outcome:
    results = 'SELECT task, arm, "check", passed, value FROM results WHERE evaluation = ? ORDER BY task, arm, "check"'
    return Outcome(
        findings=[(one.rule, one.state, len(one.places)) for one in findings(project, corpus)],
        examples=sorted(one.id for one in examples(project, corpus)),
        snapshot=snapshots.find(project, snapshot),
        adapter=runs.run(project, run).adapter,
        losses=runs.curve(project, run, "loss"),
        answers=[
            tuple(row)
            for row in project.rows(
                "SELECT task, arm, text FROM answers WHERE evaluation = ? ORDER BY task, arm", (evaluation,)
            )
        ],
        verdicts=[tuple(row) for row in project.rows(results, (evaluation,))],
    )


def test_that_killed_workers_change_nothing(project: Project, tmp_path: Path, company: Path, tiny: Path) -> None:
    undisturbed = _Undisturbed()
    with Project.create(tmp_path / "twin", policy="demo") as twin:
        _add(twin, company, tiny)
        expected = _walk(twin, undisturbed)
        _share_key(twin, project)
    assert _walk(project, _Killer(random.Random(5), undisturbed.seconds)) == expected
    assert project.value("SELECT count(*) FROM audit WHERE action = 'job.worker-died'") >= 3


def _share_key(twin: Project, project: Project) -> None:
    """The same key in both: fingerprints and placeholders, and with them every hash, are functions of it."""
    from espalier.core.project.key import project_key

    project_key(twin)
    with project.write() as db:
        db.execute("INSERT INTO meta VALUES ('key_id', ?)", (twin.meta("key_id"),))
