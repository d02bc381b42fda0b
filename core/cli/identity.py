"""espalier identity."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, say, table
from espalier.core.project import identities

app = typer.Typer(help="Who acts in the project: public keys, people and roles.", no_args_is_help=True)


@app.command()
def add(
    path: ProjectPath,
    name: str,
    role: Annotated[
        list[str] | None, typer.Option(help="builder, security, legal, ml or release; may be repeated.")
    ] = None,
    person: Annotated[str, typer.Option(help="The person behind the key; the name, if not given.")] = "",
    key: Annotated[Path | None, typer.Option(help="An SSH key of yours; without it, a new one is made.")] = None,
) -> None:
    """Add an identity with its public key."""
    with writing(path) as project:
        made = identities.add(project, name, person=person, roles=tuple(role or ()), key=key)
    say(f"Added {made.name} with the key {made.fingerprint} and the roles: {', '.join(made.roles) or 'none'}.")


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """Every identity of the project."""
    with reading(path) as project:
        known = identities.identities(project)
    if json:
        document([{name: getattr(one, name) for name in one.__slots__} for one in known])
        return
    table(("name", "person", "roles", "key"), [(i.name, i.person, ", ".join(i.roles), i.fingerprint) for i in known])
