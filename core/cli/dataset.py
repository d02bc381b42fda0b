"""espalier dataset."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.cli.waiting import Detach, detach, wait
from espalier.core.dataset import compare as comparing
from espalier.core.dataset import snapshot
from espalier.core.dataset.balance import Share
from espalier.core.dataset.draft import Draft, Drafts
from espalier.core.dataset.wishes import SEED, wishes
from espalier.core.failures import UnusableInput
from espalier.core.findings.approval import required_approval
from espalier.core.jobs.job import enqueue
from espalier.core.models.embedded import NAME as EMBEDDED
from espalier.core.project import artifacts, audit
from espalier.core.project.quarantined import WORD
from espalier.core.repositories import corpus

app = typer.Typer(help="Frozen snapshots: split in time, balanced, named by their hash.", no_args_is_help=True)

TestFrom = Annotated[
    str | None, typer.Option(metavar="DATE", help="Hold out from here; the last quarter, if not given.")
]
ValidationFrom = Annotated[
    str | None, typer.Option(metavar="DATE", help="Validate from here; the newest before the test, if not given.")
]
Weight = Annotated[
    list[str] | None,
    typer.Option(metavar="SERVICE=NUMBER", help="Draw more or less of a service, from 0.25 to 4; 1, if not given."),
]
LanguageWeight = Annotated[list[str] | None, typer.Option(metavar="LANGUAGE=NUMBER", help="The same for a language.")]
TrainLimit = Annotated[int | None, typer.Option(help="Training examples at most, balanced over services.")]
TestLimit = Annotated[int | None, typer.Option(help="Held-out examples at most.")]


@app.command()
def freeze(
    path: ProjectPath,
    model: Annotated[str, typer.Option(help="Whose tokenizer counts.")] = EMBEDDED,
    seed: int = SEED,
    test_from: TestFrom = None,
    validation_from: ValidationFrom = None,
    weight: Weight = None,
    language_weight: LanguageWeight = None,
    train_limit: TrainLimit = None,
    test_limit: TestLimit = None,
    detached: Detach = False,
    json: AsJson = False,
) -> None:
    """Split, balance and freeze the examples of the newest corpus."""
    with writing(path) as project:
        chosen = corpus.latest(project).hash
        wanted = wishes(_wished(seed, test_from, validation_from, weight, language_weight, train_limit, test_limit))
        args = {
            "corpus": chosen,
            "approval": required_approval(project, chosen).id,
            "model": model,
            **wanted.args(),
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
    table(("hash", "frozen at", "corpus", "held out from", "state"), [_row(one) for one in found])


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


@app.command()
def draft(
    path: ProjectPath,
    seed: int = SEED,
    test_from: TestFrom = None,
    validation_from: ValidationFrom = None,
    weight: Weight = None,
    language_weight: LanguageWeight = None,
    train_limit: TrainLimit = None,
    test_limit: TestLimit = None,
    json: AsJson = False,
) -> None:
    """What a freeze would give now: cuts, parts, leaks and balance. Nothing is frozen."""
    wished = _wished(seed, test_from, validation_from, weight, language_weight, train_limit, test_limit)
    with reading(path) as project:
        made = Drafts().draft(project, corpus.latest(project).hash, wishes(wished))
    document(_drafted(made)) if json else pairs(_drafted(made))


@app.command()
def balance(
    path: ProjectPath,
    seed: int = SEED,
    test_from: TestFrom = None,
    validation_from: ValidationFrom = None,
    weight: Weight = None,
    language_weight: LanguageWeight = None,
    train_limit: TrainLimit = None,
    json: AsJson = False,
) -> None:
    """What an epoch would draw of each service and language, and of how many distinct examples it is worth."""
    wished = _wished(seed, test_from, validation_from, weight, language_weight, train_limit, None)
    with reading(path) as project:
        made = Drafts().draft(project, corpus.latest(project).hash, wishes(wished))
    lines = [_share(kind, one) for kind, of in (("service", made.services), ("language", made.languages)) for one in of]
    if json:
        document(lines)
        return
    columns = ("kind", "name", "weight", "examples", "drawn", "effective", "most")
    table(columns, [[one[column] for column in columns] for one in lines], right=columns[2:])


@app.command()
def compare(path: ProjectPath, left: str, right: str, json: AsJson = False) -> None:
    """Two snapshots beside each other, by the beginnings of their hashes."""
    with reading(path) as project:
        sides = [comparing.side(project, snapshot.find(project, prefix)) for prefix in (left, right)]
        found = comparing.as_json(comparing.compare(project, *sides))
    document(found) if json else pairs(found)


def _wished(
    seed: int,
    test_from: str | None,
    validation_from: str | None,
    services: list[str] | None,
    languages: list[str] | None,
    train_limit: int | None,
    test_limit: int | None,
) -> dict[str, object]:
    return {
        "seed": seed,
        "test_from": test_from,
        "validation_from": validation_from,
        "weights": {"services": _weights(services), "languages": _weights(languages)},
        "train_limit": train_limit,
        "test_limit": test_limit,
    }


def _weights(given: list[str] | None) -> dict[str, float]:
    return dict(_weight(one) for one in given or ())


def _weight(given: str) -> tuple[str, float]:
    name, _, number = given.rpartition("=")
    try:
        return name, float(number)
    except ValueError:
        raise UnusableInput(f"{given!r} is no weight.", "Write it as SERVICE=1.5.") from None


def _drafted(made: Draft) -> dict[str, object]:
    return {
        "test_from": made.cut.test_from,
        "validation_from": made.validation_from,
        "splits": {
            split: {"examples": part.examples, "tokens": part.tokens, "from": part.first, "to": part.last}
            for split, part in made.parts.items()
        },
        "leaks": made.leaks,
        "drawn": made.drawn,
        "effective": round(made.effective),
        "reviews": made.judged,
    }


def _share(kind: str, one: Share) -> dict[str, object]:
    return {
        "kind": kind,
        "name": one.name,
        "weight": one.weight,
        "examples": one.examples,
        "drawn": one.drawn,
        "effective": round(one.effective),
        "most": one.most,
    }


def _row(one: dict[str, object]) -> tuple[object, ...]:
    return str(one["hash"])[:12], one["frozen_at"], str(one["corpus"])[:12], one["test_from"], _state(one)


def _state(one: dict[str, object]) -> str:
    return WORD if one["quarantined"] else ""
