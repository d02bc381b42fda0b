"""A project with something on every page: the sample company through the real stages, and runs and an evaluation laid out."""

import random
from pathlib import Path

import pytest
from tests.core.evaluation.evaluated import verdicts
from tests.core.models.tiny import build_tiny_model
from tests.core.release import made as adapters
from tests.gui import made

from espalier.core.evaluation import evaluations
from espalier.core.evaluation.evaluations import ARMS, Settings
from espalier.core.evaluation.rubric import lay_out
from espalier.core.evaluation.sandbox.tier import Capability
from espalier.core.evaluation.summary import summarise
from espalier.core.evaluation.tasks import EvaluationTask, completion_tasks, pin
from espalier.core.evaluation.trees import scrubbed_trees
from espalier.core.examples.example import of_build
from espalier.core.findings import decisions
from espalier.core.findings.approval import approve
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.findings import findings
from espalier.core.findings.sampling import draws, reads
from espalier.core.jobs.claim import claim
from espalier.core.jobs.ensure import ensure
from espalier.core.jobs.job import enqueue
from espalier.core.jobs.life import this_process
from espalier.core.models import register
from espalier.core.project import artifacts, clock, identities
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.project.policy import project_policy
from espalier.core.repositories import corpus as corpora
from espalier.core.repositories import repository
from espalier.core.repositories.licence_decisions import decide_licences, undecided
from espalier.core.sample import write
from espalier.core.scrub.scrubber import project_scrubber
from espalier.core.training import adapter, runs
from espalier.core.worker.__main__ import perform

CAP, HOME = 384, "home"
ROLES = ("builder", "security", "legal", "ml", "release")
VERSIONS = (
    '{"peft":"0.21.2","precision":"float32","python":"3.11.7","threads":2,"torch":"2.13.0","transformers":"5.23.0"}'
)
PASSED = Capability(tier="bubblewrap", version="0.8.0")
FAILURE = (
    '{"kind":"WorkFailed","remedy":"Use shorter rows.","sentence":"Memory ran out with 1 x 4096 tokens at a time."}'
)


def filled(folder: Path) -> Path:
    """The path of a project that nobody has open: everything decided, approved and frozen, a run done, evaluated and failed.

    Its keys are in the folder's own configuration, `home`.
    """
    write(folder / "company")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_HOME", str(folder / HOME))
        return _made(folder)


def _made(folder: Path) -> Path:
    with Project.create(folder / "payments", policy="solo") as project:
        ana = identities.add(project, "ana", roles=ROLES)
        build_tiny_model(folder / "tiny")
        (folder / "tiny" / "README.md").write_text("---\nlicense: apache-2.0\n---\n")
        register.register(project, folder / "tiny", "tiny-llama", actor=ana.name)
        repository.add(project, folder / "company")
        corpus = corpora.refresh(project, clock=clock.now).hash  # also where a test has set it
        _licences(project, corpus, ana)
        approval = _approved(project, corpus, ana)
        named: dict[str, object] = {"corpus": corpus, "approval": approval, "model": "tiny-llama"}
        _worked(project, "examples.build", {**named, "cap": CAP})
        frozen = _worked(project, "dataset.freeze", {**named, "seed": 17, "train_limit": 260, "test_limit": 48})
        run = _trained(project, str(frozen["hash"]))
        _evaluated(project, run, corpus, folder / "trees")
        _failed(project, str(frozen["hash"]))
        return project.path


def _worked(project: Project, kind: str, args: dict[str, object]) -> dict[str, object]:
    """What the stage returns, done by this process as a worker does it."""
    ensure(project, kind, args, "cpu")
    job = claim(project, "cpu", this_process())
    assert job is not None
    perform(project, job, lambda: False)
    row = project.row("SELECT state, failure FROM jobs WHERE id = ?", (job.id,))
    assert row is not None
    assert row["state"] == "done", row["failure"]
    return ensure(project, kind, args, "cpu").result or {}


def _approved(project: Project, corpus: str, who: Identity) -> int:
    _worked(project, "findings.scan", {"corpus": corpus, "ruleset": bundled_digest()})
    found = [one.fingerprint for one in findings(project, corpus)]
    decisions.decide_all(project, found[:1], "false-alarm", who=who, reason="example from a vendor's documentation")
    decisions.decide_all(project, found[1:], "scrub", who=who, reason="real secret")
    sample = draws.draw(project, corpus, bundled_digest(), 100_000)
    reads.reviewed(project, sample, draws.waiting(project, sample), missed=0, who=who)
    return approve(project, corpus, who).id


def _licences(project: Project, corpus: str, who: Identity) -> None:
    waiting = undecided(project, corpus)
    decide_licences(project, waiting, "allow", "internal", identity=who.name, reason="our own code")


def _trained(project: Project, snapshot: str) -> int:
    files = register.model(project, "tiny-llama").files
    number = runs.create(
        project, snapshot=snapshot, model="tiny-llama", base_files=files, recipe=made.recipe(), seed=17
    )
    tar = adapter.archive({adapter.CONFIGURATION: adapters.CONFIG, adapter.WEIGHTS: adapters.WEIGHTS})
    runs.update(
        project,
        number,
        made.metrics(1, made.STEPS),
        state="done",
        adapter=artifacts.store(project, tar, adapter.MEDIA_TYPE),
        started_at="2026-09-01T08:00:00.000Z",
        finished_at="2026-09-01T08:41:00.000Z",
        step=made.STEPS,
        steps=made.STEPS,
        loss=0.824,
        validation_loss=0.853,
        tokens_per_second=3104.2,
        peak_memory=15_676_000_000,
        device="NVIDIA GeForce RTX 4090",
        versions=VERSIONS,
    )
    return number


def _failed(project: Project, snapshot: str) -> None:
    files = register.model(project, "tiny-llama").files
    recipe = made.recipe(rank=32, row_tokens=4096)
    number = runs.create(project, snapshot=snapshot, model="tiny-llama", base_files=files, recipe=recipe, seed=3)
    job = enqueue(project, "training.run", {"run": number}, "accelerator")
    runs.update(
        project,
        number,
        made.metrics(1, 90, seed=3),
        job=job,
        step=90,
        steps=made.STEPS,
        loss=1.02,
        validation_loss=1.365,
    )
    made.ended(project, number, job, "failed", FAILURE)


def _evaluated(project: Project, run: int, corpus: str, folder: Path) -> None:
    """Every held-out function is a task; what both arms answered and how that was judged comes by chance."""
    one = evaluations.evaluation(project, evaluations.create(project, run, Settings()))
    tasks = _tasks(project, corpus, runs.run(project, run).snapshot, one.suite, folder)
    chance = random.Random(7)
    found = [row for arm in ARMS for row in verdicts(tasks, arm, chance)]
    answers = [(one.id, task.id, arm, task.reference, 12, "stop") for arm in ARMS for task in tasks]
    with project.write() as db:
        pin(db, one.id, tasks)
        db.execute("UPDATE asked SET tests = '[\"t\"]' WHERE evaluation = ?", (one.id,))
        db.executemany("INSERT INTO answers VALUES (?, ?, ?, ?, ?, ?)", answers)
        db.executemany("INSERT INTO results VALUES (?, ?, ?, ?, ?, ?, ?)", [(one.id, *row) for row in found])
    lay_out(project, one.id, tasks)
    evaluations.begun(project, one.id, PASSED.tier, PASSED.digest)
    evaluations.finish(project, one.id, summarise(project, one, tasks, PASSED, project_policy(project)))


def _tasks(project: Project, corpus: str, snapshot: str, suite: str, folder: Path) -> list[EvaluationTask]:
    row = project.row("SELECT build FROM snapshots WHERE hash = ?", (snapshot,))
    assert row is not None
    query = "SELECT example FROM snapshot_examples WHERE snapshot = ? AND split = 'test'"
    held_out = {each["example"] for each in project.rows(query, (snapshot,))}
    examples = [one for one in of_build(project, row["build"], None) if one.id in held_out]
    scrubber = project_scrubber(project, corpus)
    with scrubbed_trees(corpora.corpus(project, corpus), folder, scrubber, lambda: None) as trees:
        ((name, texts),) = trees.texts.items()
        return completion_tasks(snapshot, suite, trees.heads[name], examples, texts)
