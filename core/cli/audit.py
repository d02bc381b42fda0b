"""espalier audit."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.failures import GateShut, UnusableInput
from espalier.core.project import audit, audit_export, audit_search, checkpoints
from espalier.core.project.audit_search import Wanted
from espalier.core.project.identities import identity

app = typer.Typer(help="The audit chain: who did what, tamper-evident.", no_args_is_help=True)
Actor = Annotated[str, typer.Option("--actor", help="Only what this one did.")]
Action = Annotated[str, typer.Option("--action", help="Only this kind of thing, such as repository.added.")]
Since = Annotated[str, typer.Option("--since", metavar="DATE", help="From this day or time on (UTC).")]
Until = Annotated[str, typer.Option("--until", metavar="DATE", help="Before this day or time (UTC).")]
Search = Annotated[str, typer.Option("--search", help="Only entries with these words.")]


@app.command()
def log(
    path: ProjectPath,
    actor: Actor = "",
    action: Action = "",
    since: Since = "",
    until: Until = "",
    search: Search = "",
    json: AsJson = False,
) -> None:
    """The entries, oldest first: all, or those that are asked for."""
    wanted = Wanted(actor=actor, action=action, since=since, until=until, text=search)
    with reading(path) as project:
        entries = list(audit_search.found(project, wanted))
    if json:
        document([{name: getattr(entry, name) for name in entry.__slots__} for entry in entries])
        return
    table(("seq", "at", "actor", "action", "subject"), [(e.seq, e.at, e.actor, e.action, e.subject) for e in entries])


@app.command()
def verify(
    path: ProjectPath,
    checkpoint: Annotated[Path | None, typer.Option(help="A checkpoint kept elsewhere, such as a bundle's.")] = None,
    json: AsJson = False,
) -> None:
    """Whether every entry follows from the one before, and from a checkpoint kept elsewhere."""
    with reading(path) as project:
        outside = checkpoints.read(project, checkpoint) if checkpoint else None
        verdict = audit.verify(project, (outside.seq, outside.head) if outside else None)
    said: dict[str, object] = {
        "passed": verdict.passed,
        "entries": verdict.entries,
        "head": verdict.head,
        "why": verdict.why,
    }
    document(said) if json else pairs(said)
    if not verdict.passed:
        raise GateShut(f"The audit chain does not hold: {verdict.why}", "Compare with a copy or a bundle's checkpoint.")


@app.command()
def checkpoint(path: ProjectPath, target: Path, as_: As = None) -> None:
    """Sign the chain's length and head into a file; keep it where the project's owner can't change it."""
    with writing(path) as project:
        checkpoints.write(project, identity(project, as_), target)
    say(f"Wrote {target}.")


@app.command()
def export(
    path: ProjectPath,
    target: Annotated[Path, typer.Argument(help="The file to write.")],
    format: Annotated[str, typer.Option(help="jsonl, which can be hashed again, or csv; by the file's name.")] = "",
    actor: Actor = "",
    action: Action = "",
    since: Since = "",
    until: Until = "",
    search: Search = "",
    json: AsJson = False,
) -> None:
    """Write entries into a new file, for other programs."""
    if target.exists():
        raise UnusableInput(f"{target} already exists.", "Choose another name.")
    wanted = Wanted(actor=actor, action=action, since=since, until=until, text=search)
    with reading(path) as project:
        count = audit_export.export(project, target, wanted, _format(format or target.suffix.removeprefix(".")))
    document({"path": str(target), "entries": count}) if json else say(f"Wrote {count} entries to {target}.")


def _format(name: str) -> audit_export.Format:
    for known in audit_export.FORMATS:
        if name == known:
            return known
    raise UnusableInput(f"There is no format {name!r}.", "Known: jsonl, csv: --format jsonl")
