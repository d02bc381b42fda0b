"""The base models that a project may train: a name each, and the hashes of what that name stands for."""

import json
import re
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.models import embedded
from espalier.core.models.base import BaseModel, inspect, verify
from espalier.core.project import audit
from espalier.core.project.canonical import canonical_text
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project, Row

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")


def register(project: Project, folder: Path, name: str, *, actor: str) -> BaseModel:
    """Inspect the folder and give it a name; naming the same files again does nothing.

    Raises UnusableInput for a folder that can't be used and for a name that already stands for other files.
    """
    if not NAME.fullmatch(name):
        raise UnusableInput(f"{name[:80]!r} can't name a model.", "Use lower-case letters, digits, dots and dashes.")
    if name == embedded.NAME:
        raise UnusableInput(f"{name} is the name of the embedded model.", "Choose another name.")
    found = inspect(folder, name)
    known = _row(project, name)
    if known is None:
        _insert(project, found, actor)
    elif json.loads(known["files"]) != found.files:
        raise UnusableInput(f"{name} already names other files, in {known['path']}.", "Choose another name.")
    return found


def models(project: Project) -> list[BaseModel]:
    """The embedded model first, then the registered ones by name; no file is read."""
    rows = project.rows("SELECT * FROM models WHERE name != ? ORDER BY name", (embedded.NAME,))
    return [embedded.expected(), *(_model(row) for row in rows)]


def model(project: Project, name: str) -> BaseModel:
    """What the name stands for, without looking at the files; raises UnusableInput for an unknown name."""
    found = {model.name: model for model in models(project)}
    if name not in found:
        raise UnusableInput(f"The project knows no model {name[:80]!r}.", f"It knows: {', '.join(found)}.")
    return found[name]


def ready(
    project: Project, name: str, *, actor: str, progress: embedded.Progress = lambda done, total, message: None
) -> BaseModel:
    """The model with its files in place and every one of them hashed; the embedded one is converted and registered at need.

    Raises GateShut where a file changed. Seconds, for a large model minutes: call it in a worker process.
    """
    if name != embedded.NAME:
        found = model(project, name)
        verify(found)
        return found
    found = embedded.ensure(progress)
    known = _row(project, name)
    if known is None:
        _insert(project, found, actor)
    elif known["revision"] != found.revision:
        raise UnusableInput(
            f"The project was made with another revision of {name} ({known['revision'][:60]}).",
            "Use the Espalier that carries it, or start a new project.",
        )
    return found


def _row(project: Project, name: str) -> Row | None:
    return project.row("SELECT * FROM models WHERE name = ?", (name,))


def _insert(project: Project, found: BaseModel, actor: str) -> None:
    values = (
        found.name,
        str(found.path),
        found.revision,
        canonical_text(dict(found.files)),
        found.licence,
        found.tokenizer_sha256,
        found.chat_template_sha256,
        utc_now(),
    )
    with project.write() as db:
        if db.execute("INSERT OR IGNORE INTO models VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values).rowcount:
            detail: dict[str, object] = {"revision": found.revision, "licence": found.licence}
            audit.record(db, actor, "model registered", found.name, detail)


def _model(row: Row) -> BaseModel:
    return BaseModel(
        name=row["name"],
        path=Path(row["path"]),
        revision=row["revision"],
        files=json.loads(row["files"]),
        licence=row["licence"],
        tokenizer_sha256=row["tokenizer"],
        chat_template_sha256=row["chat_template"],
    )
