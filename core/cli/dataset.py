"""espalier dataset."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.dataset import snapshot
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.job import enqueue
from espalier.core.models.embedded import NAME as EMBEDDED
from espalier.core.project import artifacts, audit
from espalier.core.repositories import corpus

app = typer.Typer(help="Frozen snapshots: split in time, balanced, named by their hash.", no_args_is_help=True)


@app.command()
def freeze(
    path: ProjectPath,
    model: Annotated[str, typer.Option(help="Whose tokenizer counts.")] = EMBEDDED,
    seed: int = 17,
    test_from: Annotated[
        str | None, typer.Option(metavar="DATE", help="Hold out from here; the last quarter, if not given.")
    ] = None,
    train_limit: Annotated[int | None, typer.Option(help="Training examples at most, balanced over services.")] = None,
    test_limit: Annotated[int | None, typer.Option(help="Held-out examples at most.")] = None,
    detached: Detach = False,
    json: AsJson = False,
) -> None:
    """Split, balance and freeze the examples of the newest corpus."""
    with writing(path) as project:
        chosen = corpus.latest(project).hash
        args = {
            "corpus": chosen,
            "approval": required_approval(project, chosen).id,
            "model": model,
            "seed": seed,
            "test_from": test_from,
            "train_limit": train_limit,
            "test_limit": test_limit,
        }
        number = enqueue(project, "dataset.freeze", args, "cpu")
        if detached:
            detach(project, number, "cpu")
            say(str(number))
            return
        result = wait(project, number)
    document(result) if json else pairs(result)


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """Every snapshot, newest first."""
    with reading(path) as project:
        found = snapshot.snapshots(project)
    if json:
        document(found)
        return
    table(("hash", "frozen at", "corpus", "held out from"), [_row(one) for one in found])


@app.command()
def show(
    path: ProjectPath, prefix: Annotated[str | None, typer.Argument(metavar="[HASH]")] = None, json: AsJson = False
) -> None:
    """One snapshot: its splits, groups and what leaked; the newest, if none is named."""
    with reading(path) as project:
        shown = snapshot.shown(project, snapshot.find(project, prefix))
    document(shown) if json else pairs(shown)


@app.command()
def export(
    path: ProjectPath,
    target: Path,
    prefix: Annotated[str | None, typer.Argument(metavar="[HASH]")] = None,
    parquet: Annotated[
        bool, typer.Option("--parquet", help="A folder with a Parquet file a split, not JSON lines.")
    ] = False,
) -> None:
    """Write a snapshot as JSON lines or Parquet. It is scrubbed, and it is still your company's code."""
    with writing(path) as project:
        name = snapshot.find(project, prefix)
        if parquet:
            args = {"snapshot": name, "folder": str(target.absolute())}
            wait(project, enqueue(project, "dataset.export", args, "cpu"))
        else:
            artifacts.export(project, name, target)
            with project.write() as db:
                audit.record(db, "local user", "dataset.exported", f"snapshot:{name}", {"form": "jsonl"})
    say(f"Wrote {target}.")


def _row(one: dict[str, object]) -> tuple[object, ...]:
    return str(one["hash"])[:12], one["frozen_at"], str(one["corpus"])[:12], one["test_from"]
