"""espalier audit."""

import json as json_format
from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import As, ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say, table
from espalier.core.failures import GateShut, UnusableInput
from espalier.core.project import audit
from espalier.core.project.canonical import canonical
from espalier.core.project.checkpoints import checkpoint as make_checkpoint
from espalier.core.project.identities import identity
from espalier.core.project.sshsig import CHECKPOINT
from espalier.core.project.sshsig import verify as verify_signature

app = typer.Typer(help="The audit chain: who did what, tamper-evident.", no_args_is_help=True)


@app.command()
def log(path: ProjectPath, json: AsJson = False) -> None:
    """Every entry, oldest first."""
    with reading(path) as project:
        entries = audit.entries(project)
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
        verdict = audit.verify(project, _read(checkpoint, project.id) if checkpoint else None)
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
        made = make_checkpoint(project, identity(project, as_))
    target.write_bytes(canonical(made))
    say(f"Wrote {target}.")


def _read(path: Path, project_id: str) -> tuple[int, str]:
    try:
        content = json_format.loads(path.read_bytes()[: 1 << 16])
        statement, signature = content["statement"], content["signature"]
        numbers = int(statement["seq"]), str(statement["head"])
    except (OSError, ValueError, KeyError, TypeError):
        raise UnusableInput(f"{path} is not a checkpoint.", "Name the checkpoint.json of a bundle.") from None
    verify_signature(str(signature), canonical(statement), CHECKPOINT)
    if statement.get("project") != project_id:
        raise UnusableInput(f"{path} is a checkpoint of another project.", "Name one of this project.")
    return numbers
