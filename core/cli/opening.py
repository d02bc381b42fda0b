"""The arguments that many verbs share, and opening the project that they name."""

from pathlib import Path
from typing import Annotated

import typer

from espalier.core.project.file import Project

ProjectPath = Annotated[Path, typer.Argument(metavar="PROJECT", help="The project file, NAME.espalier.")]
As = Annotated[
    str | None, typer.Option("--as", metavar="IDENTITY", help="Who you are, where several identities are yours.")
]


def reading(path: Path) -> Project:
    """For verbs that only look; works on a read-only file."""
    return Project.open(path, read_only=True)


def writing(path: Path) -> Project:
    return Project.open(path)
