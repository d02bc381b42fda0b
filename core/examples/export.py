"""Examples as JSON lines for other tools and other eyes: each with its origin, its state and what people say of it."""

import os
from pathlib import Path

from espalier.core.examples.build import newest
from espalier.core.examples.example import listed, of_build
from espalier.core.examples.reviews import of_everybody
from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.canonical import canonical
from espalier.core.project.file import Project


def export(project: Project, target: Path, actor: str = "local user") -> int:
    """Of the newest build, in the order of time; returns how many. The file appears whole or not at all.

    Raises UnusableInput where nothing is built or the file is there already.
    """
    build = newest(project)
    if build is None:
        raise UnusableInput("No examples are built.", "Build them: espalier examples build PROJECT")
    if target.exists():
        raise UnusableInput(f"{target} already exists.", "Name a new file.")
    said: dict[str, list[dict[str, object]]] = {}
    for one in of_everybody(project, build):
        word: dict[str, object] = {
            "identity": one.identity,
            "verdict": one.verdict,
            "quality": one.quality,
            "note": one.note,
        }
        said.setdefault(one.example, []).append(word)
    messages = {one.id: one.messages() for one in of_build(project, build, None)}
    lines = listed(project)
    making = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with os.fdopen(os.open(making, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            for line in lines:
                name = str(line["id"])
                file.write(canonical({**line, "messages": messages[name], "reviews": said.get(name, [])}) + b"\n")
        with project.write() as db:
            audit.record(db, actor, "examples.exported", f"build:{build}", {"examples": len(lines)})
        making.rename(target)
    finally:
        making.unlink(missing_ok=True)
    return len(lines)
