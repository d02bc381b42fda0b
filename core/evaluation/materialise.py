"""A scrubbed working tree on disk, for the sandbox: what a commit holds, less what is blocked, with no link and no .git."""

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path, PurePosixPath

from espalier.core.examples.source import Source
from espalier.core.repositories.history import SUBMODULE, SYMLINK, TreeEntry

LARGEST = 1 << 20  # bytes of a file
MOST_BYTES = 128 << 20  # of a tree: half of what the sandbox holds, which needs room for what tests write
MOST_FILES = 50_000


def materialise(source: Source, commit: str, folder: Path, tick: Callable[[], None] = lambda: None) -> dict[str, str]:
    """Write the tree into a new folder and return its Python files by path.

    Left out: what is binary or blocked, links, paths that escape, that hold what would be scrubbed, or that this file
    system can't take; and, in a tree larger than the bounds, what comes last, Python files coming first.
    """
    folder.mkdir(mode=0o755, parents=True)
    python: dict[str, str] = {}
    room, files = MOST_BYTES, MOST_FILES
    for path, entry in _python_first(source.tree(commit)):
        tick()
        text = _text(source, path, entry)
        if text is None or len(text) > room or not files:
            continue
        with suppress(OSError):
            _write(folder, path, text, executable=entry.mode == "100755")
            room, files = room - len(text), files - 1
            if path.endswith(".py"):
                python[path] = text
    return python


def is_inside(path: str) -> bool:
    """Whether a path from a repository stays below the folder that it is written to, on any file system."""
    parts = PurePosixPath(path).parts
    plain = all(part not in ("..", ".") and part.lower().rstrip(". ") != ".git" for part in parts)
    return (
        bool(parts) and plain and not path.startswith("/") and "\\" not in path and "\0" not in path and ":" not in path
    )


def _python_first(files: dict[str, TreeEntry]) -> list[tuple[str, TreeEntry]]:
    return sorted(files.items(), key=lambda item: (not item[0].endswith(".py"), item[0]))


def _text(source: Source, path: str, entry: TreeEntry) -> str | None:
    """What may be written of a file, None where nothing may."""
    ordinary = entry.mode not in (SUBMODULE, SYMLINK) and (entry.size or 0) <= LARGEST and is_inside(path)
    return source.scrubbed(entry.oid, path) if ordinary and source.may_be_named(path) else None


def _write(folder: Path, path: str, text: str, *, executable: bool) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    if executable:
        file.chmod(0o755)
