"""espalier train."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.dataset import snapshot as snapshots
from espalier.core.failures import UnusableInput
from espalier.core.jobs import end, requests
from espalier.core.models.embedded import NAME as EMBEDDED
from espalier.core.project.file import Project
from espalier.core.project.quarantined import WORD
from espalier.core.training import estimate as estimates
from espalier.core.training import memory, overflow, runs
from espalier.core.training import recipe as recipes

app = typer.Typer(help="Runs: a snapshot, a base model, a recipe and a seed into an adapter.", no_args_is_help=True)
Run = Annotated[int, typer.Argument(metavar="RUN", help="The run's number.")]


@app.command()
def start(
    path: ProjectPath,
    snapshot: Annotated[str | None, typer.Option(help="The beginning of its hash; the newest, if not given.")] = None,
    model: Annotated[str, typer.Option(help="A base model of the project.")] = EMBEDDED,
    recipe: Annotated[str, typer.Option(help="A recipe's name, or a TOML file.")] = "careful",
    seed: int = 17,
    detached: Detach = False,
    json: AsJson = False,
) -> None:
    """Start a run and wait for it."""
    with writing(path) as project:
        started = runs.start(
            project, snapshot=snapshots.find(project, snapshot), model=model, recipe=recipes.load(recipe), seed=seed
        )
        assert started.job is not None  # it was queued with the run
        _wait(project, started.job, detached)
        number = started.id
        shown = runs.show(runs.run(project, number))
    document(shown) if json else pairs(shown)


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """Every run, newest first."""
    with reading(path) as project:
        found = [runs.show(one) for one in runs.runs(project)]
    if json:
        document(found)
        return
    columns = ("id", "state", "model", "step", "steps", "loss", "validation_loss")
    rows = [[*(one[column] for column in columns), WORD if one["quarantined"] else ""] for one in found]
    table((*columns, ""), rows, right=("id", "step", "steps"))


@app.command()
def show(path: ProjectPath, run: Run, json: AsJson = False) -> None:
    """One run: what went in and what came out."""
    with reading(path) as project:
        found = runs.run(project, run)
        lost = overflow.told(project, run)
        shown = {**runs.show(found), "memory": memory.told(memory.memory(project, found))}
    if json:
        document({**shown, "overflow": lost})
    else:
        pairs({**shown, "overflow": overflow.sentence(lost, found.step)})


@app.command()
def pause(path: ProjectPath, run: Run) -> None:
    """Pause at the next step, after a checkpoint."""
    with writing(path) as project:
        requests.ask(project, _job(project, run), "pause")
    say(f"Run {run} pauses at its next step.")


@app.command()
def resume(path: ProjectPath, run: Run, detached: Detach = False) -> None:
    """Go on with a paused, stopped or failed run from its last checkpoint; the losses are the ones it would have had."""
    with writing(path) as project:
        requests.resume(project, _job(project, run))
        _wait(project, _job(project, run), detached)
        shown = runs.show(runs.run(project, run))
    say(f"Run {run} is {shown['state']} at step {shown['step']}.")


@app.command()
def stop(path: ProjectPath, run: Run) -> None:
    """End a run for certain; its adapter so far is kept."""
    with writing(path) as project:
        ended = end.end(project, _job(project, run), "stop")
    say(f"Run {run} is {ended.state} (by {ended.ended_by or 'request'}).")


@app.command()
def estimate(
    path: ProjectPath,
    snapshot: Annotated[str | None, typer.Option(help="The beginning of its hash; the newest, if not given.")] = None,
    model: Annotated[str, typer.Option(help="A base model of the project.")] = EMBEDDED,
    recipe: Annotated[str, typer.Option(help="A recipe's name, or a TOML file.")] = "careful",
    json: AsJson = False,
) -> None:
    """What a run would take of memory and time on this machine, as ranges."""
    with reading(path) as project:
        found = estimates.estimate(
            project, snapshot=snapshots.find(project, snapshot), model=model, recipe=recipes.load(recipe)
        )
    said = asdict(found)
    document(said) if json else pairs(said)


@app.command()
def export(path: ProjectPath, run: Run, folder: Path) -> None:
    """Write a run's adapter as PEFT has it, unsigned; a release is what leaves the house."""
    from espalier.core.training.adapter import unpack

    with reading(path) as project:
        adapter = runs.run(project, run).adapter
        if adapter is None:
            raise UnusableInput(f"Run {run} has no adapter yet.", "Wait for it, or stop it.")
        unpack(project, adapter, folder)
    say(f"Wrote the adapter {adapter[:12]} to {folder}.")


def _wait(project: Project, job: int, detached: bool) -> None:
    if detached:
        detach(project, job, "accelerator")
    else:
        wait(project, job)


def _job(project: Project, number: int) -> int:
    job = runs.run(project, number).job
    if job is None:
        raise UnusableInput(f"Run {number} has no job.", "Start a new run.")
    return job
