"""The job `training.run`: from the run's row to its adapter, going on from the newest checkpoint whenever it is called again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import torch

from espalier.core.failures import EspalierError, GateShut, UnusableInput, WorkFailed
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.requests import CancelRequested, PauseRequested, Request
from espalier.core.models import register
from espalier.core.models.base import BaseModel
from espalier.core.models.load import load_base
from espalier.core.models.tokenizer import Tokenizer
from espalier.core.project import artifacts, audit
from espalier.core.project.canonical import canonical_text, digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.training import adapter, checkpoints, device, memory, runs
from espalier.core.training.checkpoints import Checkpoint
from espalier.core.training.data import samples
from espalier.core.training.journal import Journal
from espalier.core.training.loop import Stepped, Training, Validated, train, training
from espalier.core.training.lora import attach
from espalier.core.training.resume import checkpoint_of, resume
from espalier.core.training.runs import Run


def run(context: JobContext) -> dict[str, object]:
    """Train the run that `args` names; a pause or stop saves a checkpoint first and is then passed on."""
    one = runs.run(context.project, _number(context.args))
    if one.state == "done":
        return _result(one)
    started_at = one.started_at or utc_now()
    runs.update(context.project, one.id, job=context.job, state="running", started_at=started_at, finished_at=None)
    with _ending_told(context.project, one.id):
        work = _Work(context, one)
        work.go_on()
        return _result(runs.run(context.project, one.id))


class _Work:
    """One attempt at a run, in this process."""

    def __init__(self, context: JobContext, one: Run) -> None:
        self.context, self.project, self.run = context, context.project, one
        self.folder = runs.checkpoint_folder(self.project, one.id)
        base = _base(self.project, one)
        self.owner = _owner(self.project, one)
        saved = checkpoints.newest(self.folder, self.owner)
        self.place = device.prepare(one.recipe, threads=None if saved is None else saved.state["threads"])
        context.progress(one.step, one.steps or 0, "reading the snapshot")
        self.training = self._prepared(base, saved)
        self.journal = Journal(self.project, one.id)
        runs.forget_after(self.project, one.id, self.training.progress.step)
        runs.update(
            self.project,
            one.id,
            [(memory.DEVICE, self.training.progress.step, memory.total(self.place.device))],
            step=self.training.progress.step,
            steps=self.training.plan.steps,
            versions=canonical_text(device.versions(self.place)),
            device=self.place.name,
        )

    def _prepared(self, base: BaseModel, saved: Checkpoint | None) -> Training:
        one, tick = self.run, self.context.safe_point
        snapshot, tokenizer = artifacts.read(self.project, one.snapshot), Tokenizer.load(base.path)
        learnt = samples(snapshot, "train", tokenizer, one.recipe.row_tokens, tick)
        held = samples(snapshot, "validation", tokenizer, one.recipe.row_tokens, tick)
        self.context.progress(one.step, one.steps or 0, f"loading {base.name}")
        model = load_base(
            base,
            device="cuda" if self.place.device.type == "cuda" else "cpu",
            dtype="bfloat16" if self.place.dtype == torch.bfloat16 else "float32",
            quantisation="nf4" if one.recipe.quantisation == "nf4" else None,
        )
        torch.manual_seed(one.seed)
        adapted = attach(model, one.recipe, name=base.name, revision=base.revision)
        made = training(adapted, one.recipe, self.place, learnt, held, one.seed)
        if saved is not None:
            resume(made, saved)
        return made

    def go_on(self) -> None:
        """Train to the end and store the adapter."""
        progress, steps = self.training.progress, self.training.plan.steps
        try:
            with _memory_explained(self.run):
                for event in train(self.training):
                    if isinstance(event, Stepped):
                        self.journal.stepped(event)
                        self._save_if_due()
                        self.context.progress(progress.step, steps, f"loss {event.measures.loss:.3f}")
                    elif isinstance(event, Validated):
                        self.journal.validated(event)
                    self.context.safe_point()
        except Request as request:
            self._break_off(request)
            raise
        self.journal.flush()
        self._store_adapter("done")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _save_if_due(self) -> None:
        if self.training.progress.step % self.run.recipe.checkpoint_every == 0:
            self._save()

    def _save(self) -> None:
        """Metrics first: what a checkpoint has behind it is in the project file."""
        self.journal.flush()
        checkpoints.save(self.folder, checkpoint_of(self.training, self.owner))

    def _break_off(self, request: Request) -> None:
        if isinstance(request, CancelRequested):
            self.journal.flush()
            shutil.rmtree(self.folder, ignore_errors=True)
            return
        self._save()
        if not isinstance(request, PauseRequested):
            self._store_adapter("stopped")

    def _store_adapter(self, state: runs.State) -> None:
        """The tar is made of the fp32 masters, so a stopped run's adapter is that of its last checkpoint."""
        self.context.progress(self.training.progress.step, self.training.plan.steps, "storing the adapter")
        data = adapter.adapter_bytes(self.training.model, self.training.masters)
        sha256 = artifacts.store(self.project, data, adapter.MEDIA_TYPE)
        with self.project.write() as db:
            row = (sha256, state, utc_now(), self.run.id)
            db.execute("UPDATE runs SET adapter = ?, state = ?, finished_at = ? WHERE id = ?", row)
            what = {"adapter": sha256, "step": self.training.progress.step}
            audit.record(db, "espalier", f"train.{state}", f"run:{self.run.id}", what)


def _number(args: dict[str, object]) -> int:
    number = args.get("run")
    if not isinstance(number, int):
        raise UnusableInput("The job names no run.", "Start one: espalier train start PROJECT")
    return number


def _base(project: Project, one: Run) -> BaseModel:
    """The base model, byte for byte the one that the run was made for."""
    base = register.ready(project, one.model, actor="espalier")
    if digest(dict(base.files)) != one.base:
        sentence = f"The base model {one.model} is registered anew since run {one.id} was made, with other files."
        raise GateShut(sentence, "Start a new run, or register the earlier files again.", (one.model,))
    return base


def _owner(project: Project, one: Run) -> str:
    """What a checkpoint must have been made for: a work folder may be left over from another project of the same name."""
    recipe = one.recipe.model_dump()
    return digest([project.id, one.id, one.snapshot, one.base, recipe, str(one.seed), one.created_at])


def _result(one: Run) -> dict[str, object]:
    return {
        "run": one.id,
        "adapter": one.adapter,
        "steps": one.steps,
        "loss": one.loss,
        "validation_loss": one.validation_loss,
    }


@contextmanager
def _ending_told(project: Project, number: int) -> Iterator[None]:
    """Write into the run's row how an attempt ended; what is a bug of ours the job's row tells."""
    try:
        yield
    except Request as request:
        state = "stopped" if isinstance(request, CancelRequested) else request.state
        runs.update(project, number, state=state, finished_at=None if state == "paused" else utc_now())
        raise
    except EspalierError:
        runs.update(project, number, state="failed", finished_at=utc_now())
        raise


@contextmanager
def _memory_explained(one: Run) -> Iterator[None]:
    """Torch says out of memory in its own ways: a class of its own on a GPU, a RuntimeError of the allocator on a CPU."""
    try:
        yield
    except RuntimeError as error:
        if not isinstance(error, torch.OutOfMemoryError) and "allocate memory" not in str(error):
            raise
        recipe = one.recipe
        sentence = f"Memory ran out with {recipe.rows_per_micro} x {recipe.row_tokens} tokens at a time."
        remedy = "Use shorter rows, fewer rows_per_micro, gradient_checkpointing or quantisation, and start a new run."
        raise WorkFailed(sentence, remedy) from None
