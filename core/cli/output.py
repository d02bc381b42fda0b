"""How verbs speak: results to standard output, as text or as one JSON document; everything else to standard error."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document with stable keys.")]


def out() -> Console:
    return Console(file=sys.stdout, highlight=False, markup=False, soft_wrap=True)


def err() -> Console:
    return Console(file=sys.stderr, highlight=False, markup=False, soft_wrap=True)


def say(sentence: str) -> None:
    """A sentence of result."""
    out().print(sentence)


def note(sentence: str) -> None:
    """Progress, warnings, failures."""
    err().print(sentence)


def document(value: object) -> None:
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, sort_keys=False) + "\n")


def table(columns: Sequence[str], rows: Iterable[Sequence[object]], *, right: Sequence[str] = ()) -> None:
    """Columns named in `right` hold numbers. Long values are never cut: a piped table is for tools too."""
    made = Table(box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for column in columns:
        made.add_column(
            column, justify="right" if column in right else "left", overflow="fold", no_wrap=not sys.stdout.isatty()
        )
    for row in rows:
        made.add_row(*("" if value is None else str(value) for value in row))
    console = out() if sys.stdout.isatty() else Console(file=sys.stdout, width=10_000, highlight=False, markup=False)
    console.print(made)


def pairs(values: dict[str, object]) -> None:
    """Names and values under each other."""
    width = max((len(name) for name in values), default=0)
    for name, value in values.items():
        say(f"{name.ljust(width)}  {value}")


def duration(seconds: float) -> str:
    """As a person says it: 42 s, 3 min 10 s, 2 h 5 min."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
