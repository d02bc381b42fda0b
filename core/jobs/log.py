"""What the workers of a lane wrote down: a file in the work folder, whose end is what a person wants to see."""

import os
from pathlib import Path

from espalier.core.jobs.job import Lane
from espalier.core.project.file import Project

TAIL_BYTES = 64 * 1024


def log_file(project: Project, lane: Lane) -> Path:
    return project.work / "logs" / f"worker-{lane}.log"


def tail(project: Project, lane: Lane, most: int = TAIL_BYTES) -> str:
    """The last whole lines within so many bytes; empty where nothing was written."""
    try:
        with log_file(project, lane).open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - most))
            data = file.read(most)
    except FileNotFoundError:
        return ""
    if size > most:
        data = data.partition(b"\n")[2]
    return data.decode("utf-8", errors="replace").rstrip()
