"""A scrubbed working tree on disk, for the sandbox: what a commit holds, less what is blocked, with no link and no .git."""

from collections.abc import Callable
from pathlib import Path, PurePosixPath

from espalier.core.examples.source import Source
from espalier.core.repositories.history import SUBMODULE, SYMLINK

LARGEST = 1 << 20  # bytes of a file


def materialise(source: Source, commit: str, folder: Path, tick: Callable[[], None] = lambda: None) -> set[str]:
    """Write the tree into a new folder and return the paths written; binary, blocked and escaping paths are left out."""
    folder.mkdir(mode=0o755, parents=True)
    written: set[str] = set()
    for path, entry in source.tree(commit).items():
        tick()
        if entry.mode in (SUBMODULE, SYMLINK) or (entry.size or 0) > LARGEST or not is_inside(path):
            continue
        text = source.scrubbed(entry.oid, path)
        if text is not None:
            _write(folder, path, text, executable=entry.mode == "100755")
            written.add(path)
    return written


def is_inside(path: str) -> bool:
    """Whether a path from a repository stays below the folder that it is written to, on any file system."""
    parts = PurePosixPath(path).parts
    plain = all(part not in ("..", ".") and part.lower().rstrip(". ") != ".git" for part in parts)
    return (
        bool(parts) and plain and not path.startswith("/") and "\\" not in path and "\0" not in path and ":" not in path
    )


def _write(folder: Path, path: str, text: str, *, executable: bool) -> None:
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    if executable:
        file.chmod(0o755)
