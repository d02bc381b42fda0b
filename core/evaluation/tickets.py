"""Tickets from a CSV export as they come in from outside: bounded, checked, and scrubbed before anything is kept."""

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from espalier.core.failures import UnusableInput
from espalier.core.findings.decode import decode
from espalier.core.scrub.scrubber import Blocked, Scrubber

Origin = Literal["ticket", "incident", "refactor"]
COLUMNS = ("id", "title", "body", "kind", "path", "function")
KINDS: tuple[Origin, ...] = ("ticket", "incident", "refactor")
LARGEST = 16 << 20  # bytes
MOST_ROWS = 10_000
LONGEST_BODY = 2_000  # characters that reach a prompt


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One scrubbed ticket; `function` is the qualified name of what it is about, in the file at `path`."""

    id: str
    kind: Origin
    title: str
    body: str
    path: str
    function: str


def read_tickets(path: Path, scrubber: Scrubber) -> list[Ticket]:
    """Raises UnusableInput, naming the row, for a file that is no CSV of tickets."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST else None
    except OSError as error:
        raise UnusableInput(f"{path} can't be read: {error.strerror}.", "Name a CSV file of tickets.") from None
    if data is None:
        raise UnusableInput(f"{path} is larger than {LARGEST >> 20} MiB.", "Export fewer tickets.")
    text = decode(data, LARGEST).text
    if text is None:
        raise UnusableInput(f"{path} is not text.", "Export the tickets as CSV in UTF-8.")
    reader = csv.DictReader(io.StringIO(text))
    missing = [column for column in COLUMNS if column not in (reader.fieldnames or [])]
    if missing:
        sentence = f"{path} lacks the column {missing[0]!r}."
        raise UnusableInput(sentence, f"Wanted: {', '.join(COLUMNS)}.")
    try:
        rows = [row for _, row in zip(range(MOST_ROWS), reader, strict=False)]
    except csv.Error:
        raise UnusableInput(f"{path} is not CSV at line {reader.line_num}.", "Export the tickets again.") from None
    return [ticket for number, row in enumerate(rows, 2) if (ticket := _ticket(path, number, row, scrubber))]


def _ticket(path: Path, number: int, row: dict[str, str | None], scrubber: Scrubber) -> Ticket | None:
    """The row's ticket, scrubbed; none for a row that a decision blocks."""
    values = {column: (row.get(column) or "").strip() for column in COLUMNS}
    kind = next((kind for kind in KINDS if kind == values["kind"]), None)
    if kind is None or not values["id"]:
        raise UnusableInput(f"Row {number} of {path} has no id or an unknown kind.", f"Kinds: {', '.join(KINDS)}.")
    try:
        clean = {column: scrubber.scrub(value, "ticket.txt").text for column, value in values.items()}
    except Blocked:
        return None
    return Ticket(
        id=clean["id"],
        kind=kind,
        title=clean["title"],
        body=clean["body"][:LONGEST_BODY],
        path=clean["path"],
        function=clean["function"],
    )
