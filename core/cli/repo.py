"""espalier repo."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, note, say, table
from espalier.core.failures import UnusableInput
from espalier.core.findings.difference import anything_approved
from espalier.core.project.file import Project
from espalier.core.project.identities import identity
from espalier.core.repositories import corpus, repository
from espalier.core.repositories.difference import before
from espalier.core.repositories.licence_decisions import (
    ExportClass,
    decide_licence,
    decided_source,
    sources,
    take_back,
)
from espalier.core.repositories.seek import repositories_below
from espalier.core.repositories.stage import Refreshed, told

if TYPE_CHECKING:
    from espalier.core.findings.approval import Approval

app = typer.Typer(
    help="The repositories that the project learns from, and whose code is in them.", no_args_is_help=True
)


@app.command()
def add(
    path: ProjectPath,
    folder: Annotated[Path, typer.Argument(metavar="PATH", help="A local git repository.")],
    name: Annotated[str | None, typer.Option(help="What it is called here; its folder's name, if not given.")] = None,
    include: Annotated[
        list[str] | None, typer.Option(metavar="GLOB", help="Only these paths; may be repeated.")
    ] = None,
    service: Annotated[list[str] | None, typer.Option(metavar="PATH=NAME", help="The service of a folder.")] = None,
) -> None:
    """Add a repository; nothing is written to it and nothing of it is run."""
    with writing(path) as project:
        added = repository.add(project, folder, name=name, include=include or (), services=_services(service or []))
        corpus.refresh(project, said=_said)
        void = _void(project)
    say(f"Added {added.name} at {added.path}.")
    for sentence in added.notes:
        note(f"  · {sentence}")
    _say_void(void)


@app.command()
def find(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="A folder that holds many repositories.")],
    json: AsJson = False,
) -> None:
    """The git repositories below a folder, a few folders deep; nothing is added."""
    found = [str(path) for path in repositories_below(folder.absolute())]
    if json:
        document(found)
        return
    for path in found:
        say(path)


@app.command()
def move(path: ProjectPath, name: str, folder: Annotated[Path, typer.Argument(metavar="PATH")]) -> None:
    """Say where a repository lies now; it is known again by its commits."""
    with writing(path) as project:
        moved = repository.move(project, name, folder)
    say(f"{name} is at {moved.path}.")


@app.command()
def drop(path: ProjectPath, name: str) -> None:
    """Leave a repository out of corpora to come."""
    with writing(path) as project:
        repository.drop(project, name)
    say(f"Dropped {name}. Corpora and snapshots that have it keep it.")


@app.command()
def refresh(path: ProjectPath, json: AsJson = False) -> None:
    """Record where the repositories stand now, as a corpus."""
    with writing(path) as project:
        found = told(project, corpus.refresh(project, said=_said).hash)
        void = _void(project)
    if json:
        document({**found, "voids": void.id if void else None})
        return
    _say_refreshed(found)
    _say_void(void)


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """Every repository with what is in it."""
    with reading(path) as project:
        listed = corpus.listing(project)
    if json:
        document(listed)
        return
    columns = ("name", "commits", "blobs", "bytes", "path")
    table(columns, [[one[column] for column in columns] for one in listed], right=("commits", "blobs", "bytes"))
    for one in listed:
        for about in ("languages", "services", "licences", "excluded"):
            found = one[about]
            if isinstance(found, dict) and found:
                say(f"{one['name']}: {about}: " + ", ".join(f"{key} {count}" for key, count in found.items()))


@app.command()
def licence(
    path: ProjectPath,
    name: Annotated[str | None, typer.Argument(metavar="[REPOSITORY]")] = None,
    prefix: Annotated[str | None, typer.Argument(help="The folder or file; '' for the root.")] = None,
    decision: Annotated[
        str | None, typer.Argument(metavar="[allow|deny|open]", help="open takes a decision back.")
    ] = None,
    expression: Annotated[str | None, typer.Option(help="Which licence, where a folder has several.")] = None,
    export: Annotated[
        str, typer.Option(help="How far what is learnt may travel: internal, contractors or cloud.")
    ] = "internal",
    reason: Annotated[str, typer.Option(help="Why; kept beside the decision.")] = "",
    as_: As = None,
    json: AsJson = False,
) -> None:
    """List the licence of every source, or decide one: may it be learnt from, and how far may that travel?"""
    if name is None:
        _list_sources(path, json)
        return
    with writing(path) as project:
        who = identity(project, as_)
        if decision == "open":
            undecided = decided_source(project, name, prefix or "", expression)
            take_back(project, [replace(undecided, decision=None)], identity=who.name)
            say(f"Taken back: {name}/{prefix or ''} waits for a decision again.")
            return
        decide_licence(
            project,
            name,
            prefix or "",
            expression,
            _verdict(decision),
            _class(export),
            identity=who.name,
            reason=reason,
        )
    say(f"Decided: {decision} {name}/{prefix or ''} ({export}).")


def _say_refreshed(found: Refreshed) -> None:
    say(f"Corpus {found['corpus'][:12]} of {len(found['repositories'])} repositories.")
    for one in found["changes"]:
        if one["kind"] != "same":
            say(f"  {one['repository']}: {one['kind']}, {one['commits']:+,} commits, {one['blobs']:+,} blobs")


def _void(project: Project) -> "Approval | None":
    """The approval that stands for the corpus before, where the newest one has none."""
    if not anything_approved(project):
        return None
    from espalier.core.findings.approval import standing_approval  # it loads the detectors, for a tenth of a second

    now = corpus.latest(project).hash
    earlier = before(project, now)
    return standing_approval(project, earlier) if earlier and not standing_approval(project, now) else None


def _say_void(void: "Approval | None") -> None:
    if void is not None:
        note(f"Approval {void.id} by {void.identity} covers corpus {void.corpus[:12]}, and not this one.")


def _said(done: int, total: int, message: str) -> None:
    """Surveys take seconds: one line when each begins."""
    if done == 0:
        note(f"{message}…")


def _list_sources(path: Path, json: bool) -> None:
    with reading(path) as project:
        found = sources(project, corpus.latest(project).hash)
    columns = ("repository", "prefix", "expression", "category", "decision", "export_class", "decided_by", "reason")
    if json:
        document([{column: getattr(one, column) for column in columns} for one in found])
        return
    table(columns, [[getattr(one, column) or "" for column in columns] for one in found])


def _verdict(decision: str | None) -> Literal["allow", "deny"]:
    if decision == "allow":
        return "allow"
    if decision == "deny":
        return "deny"
    raise UnusableInput("Say allow or deny.", "espalier repo licence PROJECT REPOSITORY PREFIX allow --reason TEXT")


def _class(name: str) -> ExportClass:
    known: dict[str, ExportClass] = {"internal": "internal", "contractors": "contractors", "cloud": "cloud"}
    if name not in known:
        raise UnusableInput(f"There is no export class {name!r}.", "Known: internal, contractors, cloud.")
    return known[name]


def _services(pairs: list[str]) -> dict[str, str]:
    found = {}
    for pair in pairs:
        folder, equals, name = pair.partition("=")
        if not equals or not name:
            raise UnusableInput(f"{pair!r} is not PATH=NAME.", "For example: --service services/billing=billing")
        found[folder] = name
    return found
