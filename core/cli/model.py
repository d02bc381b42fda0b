"""espalier model."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, note, say, table
from espalier.core.models import embedded, register
from espalier.core.models.base import verify as verify_files

app = typer.Typer(help="Base models; the embedded default is smollm2-135m.", no_args_is_help=True)


@app.command()
def add(path: ProjectPath, folder: Path, name: str) -> None:
    """Register a model folder: Llama architecture, safetensors, tokenizer.json; no pickles, no code."""
    with writing(path) as project:
        found = register.register(project, folder, name, actor="local user")
    say(f"Registered {found.name}: {len(found.files)} files, licence {found.licence}.")


@app.command("list")
def list_(path: ProjectPath, json: AsJson = False) -> None:
    """Every base model that the project knows."""
    with reading(path) as project:
        found = register.models(project)
    columns = ("name", "revision", "licence", "path")
    if json:
        document(
            [{column: str(getattr(one, column)) for column in columns} | {"files": dict(one.files)} for one in found]
        )
        return
    table(columns, [[getattr(one, column) for column in columns] for one in found])


@app.command()
def verify(path: ProjectPath, name: Annotated[str, typer.Argument()] = embedded.NAME) -> None:
    """Hash every file of a model and compare."""
    with reading(path) as project:
        found = register.model(project, name)
        if name == embedded.NAME:
            found = embedded.ensure(
                lambda done, total, message: note(f"{message} · {done}/{total}") if done == total else None
            )
        verify_files(found)
    say(f"{name}: {len(found.files)} files are what they should be.")
