"""espalier init, espalier project."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.cli.opening import ProjectPath, reading, writing
from espalier.core.cli.output import AsJson, document, pairs, say
from espalier.core.project.file import Project
from espalier.core.project.filesystem import filesystem, is_network
from espalier.core.project.key import export_key, import_key
from espalier.core.project.policy import project_policy

app = typer.Typer(help="The project file: what it holds, copies, its key and policy.", no_args_is_help=True)
key = typer.Typer(help="The project's secret key, which stays outside the file.", no_args_is_help=True)
app.add_typer(key, name="key")


def init(
    path: ProjectPath,
    policy: Annotated[str, typer.Option(help="solo, two-person or demo.")] = "solo",
) -> None:
    """Make a new project file."""
    with Project.create(path, policy=policy) as project:
        say(f"Made {project.path}. Policy {policy}: {project_policy(project).sentence}")
        if is_network(project.path):
            say(f"It lies on a network file system ({filesystem(project.path)}): open it on one machine at a time.")


@app.command()
def show(path: ProjectPath, json: AsJson = False) -> None:
    """What the project holds, counted."""
    with reading(path) as project:
        counted: dict[str, object] = {
            name: project.value(f"SELECT count(*) FROM {name}")
            for name in (
                *("repositories", "corpora", "findings", "examples", "snapshots", "runs", "evaluations", "releases"),
                *("identities", "jobs", "audit"),
            )
        }
        about: dict[str, object] = {
            "path": str(project.path),
            "id": project.id,
            "policy": project_policy(project).name,
            "created_at": project.meta("created_at"),
            **counted,
        }
    document(about) if json else pairs(about)


@app.command()
def copy(path: ProjectPath, target: Path) -> None:
    """Write a whole, consistent copy, also while the project is in use."""
    with reading(path) as project:
        say(f"Copied to {project.copy_to(target)}.")


@app.command()
def policy(path: ProjectPath, json: AsJson = False) -> None:
    """The policy that this project was made with."""
    with reading(path) as project:
        chosen = project_policy(project)
    document(chosen.model_dump()) if json else pairs(chosen.model_dump())


@key.command("export")
def export_(path: ProjectPath, target: Path) -> None:
    """Write the key to a new file that only you can read, for another machine."""
    with writing(path) as project:
        say(
            f"Wrote the key to {export_key(project, target)}. Whoever holds it can test guesses against the fingerprints."
        )


@key.command("import")
def import_(path: ProjectPath, source: Path) -> None:
    """Take the key that was exported on another machine."""
    with writing(path) as project:
        say(f"Took the key {import_key(project, source).id[:8]}.")
