"""Entries of the audit chain as a file for other programs: JSON lines, which can be hashed again, or CSV for a spreadsheet."""

import csv
import os
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import IO, Literal

from espalier.core.failures import WorkFailed
from espalier.core.project.audit import Entry
from espalier.core.project.audit_search import Wanted, found
from espalier.core.project.canonical import canonical_text
from espalier.core.project.csv_cell import as_text
from espalier.core.project.file import Project

Format = Literal["jsonl", "csv"]
FORMATS: tuple[Format, ...] = ("jsonl", "csv")
COLUMNS = ("seq", "at", "actor", "action", "subject", "detail", "previous", "hash")


def export(project: Project, target: Path, wanted: Wanted, format: Format) -> int:
    """Write the wanted entries, oldest first, in place of what is there; the file is whole or not there. Returns how many."""
    unfinished = target.with_name(f".{target.name}.{os.getpid()}.new")
    write = _WRITERS[format]
    try:
        with unfinished.open("w", encoding="utf-8", newline="") as file:
            count = write(file, found(project, wanted))
        unfinished.replace(target)
    except OSError as error:
        raise WorkFailed(f"{target} could not be written ({error.strerror}).", "Choose another place.") from None
    finally:
        unfinished.unlink(missing_ok=True)
    return count


def _json_lines(file: IO[str], entries: Iterable[Entry]) -> int:
    count = 0
    for entry in entries:
        file.write(canonical_text(asdict(entry)) + "\n")
        count += 1
    return count


def _csv(file: IO[str], entries: Iterable[Entry]) -> int:
    """A cell that a spreadsheet would run as a formula gets an apostrophe before it: subjects name what repositories hold."""
    rows = csv.writer(file)
    rows.writerow(COLUMNS)
    count = 0
    for entry in entries:
        values = asdict(entry) | {"detail": canonical_text(entry.detail)}
        rows.writerow([as_text(str(values[column])) for column in COLUMNS])
        count += 1
    return count


_WRITERS: dict[Format, Callable[[IO[str], Iterable[Entry]], int]] = {"jsonl": _json_lines, "csv": _csv}
