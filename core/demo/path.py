"""The nine steps of the demonstration, in order; each looks first whether it is done, so that a killed one goes on."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import resources
from pathlib import Path

from espalier.core.demo import driving
from espalier.core.evaluation import evaluations
from espalier.core.failures import UnusableInput
from espalier.core.findings import approval, decisions
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.jobs.ensure import ensure
from espalier.core.jobs.job import Job, Lane
from espalier.core.models import embedded
from espalier.core.project.canonical import canonical_text
from espalier.core.project.file import Project
from espalier.core.project.identities import stand_in
from espalier.core.release import bundle, sign_off
from espalier.core.release.verify import verify
from espalier.core.repositories import corpus as corpora
from espalier.core.repositories import repository
from espalier.core.sample import write as write_sample
from espalier.core.training import recipe as recipes
from espalier.core.training import runs

Wait = Callable[[Project, Job], dict[str, object]]
Say = Callable[[str], None]

CAP = 384
SEED = 17
ANSWER_TOKENS = 144  # half as many again as the longest held-out body of the sample takes
SAMPLE = "company"


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """How much of a repository the demonstration takes, so that it ends in minutes on a CPU; None: everything."""

    train: int | None
    test: int | None
    tasks: int | None


WHOLE = Size(train=None, test=None, tasks=None)
SOME = Size(train=260, test=48, tasks=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What a finished demonstration leaves; `seconds` by step, over every attempt."""

    project: Path
    release: Path
    corpus: str
    snapshot: str
    run: int
    evaluation: int
    seconds: dict[str, float]
    summary: dict[str, object]
    scan: dict[str, object]
    built: dict[str, object]
    frozen: dict[str, object]


def demonstrate(folder: Path, given: Path | None, wait: Wait, say: Say) -> Done:
    """Walk the path in a folder; raises what the steps raise. `wait` is given every job and returns its result."""
    folder.mkdir(parents=True, exist_ok=True)
    source = given.absolute() if given is not None else _sample(folder, say)
    with _project(folder, source) as project, driving.announced(project):
        return _walk(project, folder, source, WHOLE if given is None else SOME, wait, say)


def _walk(project: Project, folder: Path, source: Path, size: Size, wait: Wait, say: Say) -> Done:
    sample = source == folder / SAMPLE
    with _timed(project, "repository"):
        if not repository.repositories(project):
            say(f"Adding {source}.")
            repository.add(project, source)
        corpus = corpora.refresh(project).hash
    with _timed(project, "findings"):
        scan = _do(project, "findings.scan", {"corpus": corpus, "ruleset": current_ruleset(project)}, "cpu", wait)
        scrubbed = decisions.automatic_decisions(project, corpus)
        approved = approval.standing_approval(project, corpus)
        if approved is None:
            say(f"The stand-in scrubs {scrubbed} findings and clears none.")
            approved = approval.approve(project, corpus)
    with _timed(project, "examples"):
        args: dict[str, object] = {"corpus": corpus, "approval": approved.id, "model": embedded.NAME, "cap": CAP}
        built = _do(project, "examples.build", args, "cpu", wait)
    with _timed(project, "dataset"):
        args = {"corpus": corpus, "approval": approved.id, "model": embedded.NAME, "seed": SEED, "test_from": None}
        args |= {"train_limit": size.train, "test_limit": size.test}
        frozen = _do(project, "dataset.freeze", args, "cpu", wait)
        snapshot = str(frozen["hash"])
    with _timed(project, "training"):
        run = _run(project, snapshot)
        _do(project, "training.run", {"run": run}, "accelerator", wait)
    with _timed(project, "evaluation"):
        one = _evaluation(project, run, sample, folder, size)
        summary = _do(project, "evaluation.run", {"evaluation": one}, "accelerator", wait)
    with _timed(project, "release"):
        release = _release(project, run, folder, say)
    return Done(
        project=project.path,
        release=release,
        corpus=corpus,
        snapshot=snapshot,
        run=run,
        evaluation=one,
        seconds=seconds(project),
        summary=summary,
        scan=scan,
        built=built,
        frozen=frozen,
    )


def seconds(project: Project) -> dict[str, float]:
    """By step, what this and earlier attempts took."""
    return dict(json.loads(project.meta("demo_seconds") or "{}"))


def _sample(folder: Path, say: Say) -> Path:
    """The sample company, written beside and moved into place whole."""
    target = folder / SAMPLE
    if not target.exists():
        say("Writing a sample company repository.")
        unfinished = folder / f".{SAMPLE}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        write_sample(unfinished)
        unfinished.rename(target)
    return target


def _project(folder: Path, source: Path) -> Project:
    path = folder / driving.PROJECT
    if not path.exists():
        return Project.create(path, policy="demo")
    project = Project.open(path)
    known = repository.repositories(project)
    if known and known[0].path != source.resolve():
        project.close()
        raise UnusableInput(f"{path} is a demonstration of {known[0].path}.", "Name another folder: espalier demo DIR")
    return project


def _do(project: Project, kind: str, args: dict[str, object], lane: Lane, wait: Wait) -> dict[str, object]:
    job = ensure(project, kind, args, lane)
    return job.result if job.state == "done" and job.result is not None else wait(project, job)


def _run(project: Project, snapshot: str) -> int:
    """The run on this snapshot, made at first."""
    known = [one.id for one in runs.runs(project) if one.snapshot == snapshot]
    if known:
        return known[0]
    return runs.start(project, snapshot=snapshot, model=embedded.NAME, recipe=recipes.load("demo"), seed=SEED).id


def _evaluation(project: Project, run: int, sample: bool, folder: Path, size: Size) -> int:
    known = [one.id for one in evaluations.evaluations(project) if one.run == run]
    if known:
        return known[0]
    settings = evaluations.Settings(most_tasks=size.tasks, max_new_tokens=ANSWER_TOKENS)
    if sample:
        idiom = resources.files("espalier.core.sample").joinpath("idiom.toml").read_text(encoding="utf-8")
        settings = replace(settings, idiom=idiom, tickets=str(folder / "tickets.csv"))
    return evaluations.create(project, run, settings)


def _release(project: Project, run: int, folder: Path, say: Say) -> Path:
    target = folder / "release"
    if target.exists() and verify(target).passed:
        return target
    who = stand_in(project)
    say("The stand-in signs the release: demonstration, not approved.")
    sign_off.sign(project, run, "release", who)
    return bundle.create(project, run, target, who)


@contextmanager
def _timed(project: Project, step: str) -> Iterator[None]:
    """Add what this attempt took to what earlier ones took; written also when the step breaks off."""
    started = time.monotonic()
    driving.enter(project, step)
    try:
        yield
    finally:
        took = seconds(project)
        took[step] = round(took.get(step, 0.0) + time.monotonic() - started, 1)
        with project.write() as db:
            row = canonical_text(took)
            db.execute("INSERT OR REPLACE INTO meta VALUES ('demo_seconds', ?)", (row,))
