"""Looking for git repositories below a folder, without following links, without end, and without opening what is found."""

import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput
from espalier.core.repositories.layout import locate

DEEPEST = 5  # folders below the one that is named
MOST = 500  # repositories that are told
SECONDS = 30.0
PASSED_BY = frozenset(("node_modules", "__pycache__", "site-packages", "proc", "sys", "dev"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """One step of looking: how many folders were looked into so far, and a repository where this step found one."""

    folders: int
    repository: Path | None = None


def seek(folder: Path, deepest: int = DEEPEST, most: int = MOST, seconds: float = SECONDS) -> Iterator[Seen]:
    """Step by step, so that whoever asks can show how far it is and stop; nearer folders first.

    A repository's own inside is not looked into. Raises UnusableInput where the folder itself can't be read.
    """
    if not folder.is_dir():
        raise UnusableInput(f"There is no folder at {folder}.", "Name a folder on this machine.")
    until, count, found = time.monotonic() + seconds, 0, 0
    level = [folder]
    for _ in range(deepest + 1):
        below: list[Path] = []
        for one in level:
            if time.monotonic() > until or found >= most:
                return
            count += 1
            if _is_repository(one):
                found += 1
                yield Seen(folders=count, repository=one)
            else:
                below += _folders(one)
                yield Seen(folders=count)
        level = below


def repositories_below(folder: Path) -> list[Path]:
    return [seen.repository for seen in seek(folder) if seen.repository is not None]


def _is_repository(folder: Path) -> bool:
    try:
        return locate(folder) is not None
    except (UnusableInput, OSError, RuntimeError):
        return False


def _folders(folder: Path) -> list[Path]:
    """Those that may be looked into, in the order of their names; one that can't be read has none."""
    try:
        with os.scandir(folder) as entries:
            names = [entry.name for entry in entries if entry.is_dir(follow_symlinks=False)]
    except OSError:
        return []
    return [folder / name for name in sorted(names) if not name.startswith(".") and name not in PASSED_BY]
