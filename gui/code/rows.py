"""What a view of code shows: rows with their numbers, colours, fills and spans."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from espalier.gui.code.highlight import Pieces, plain

Tone = Literal["warn", "ok", "bad", "accent"]


@dataclass(frozen=True, slots=True)
class Span:
    """Characters of a row that are looked at: outlined and bold, or with `changed` filled a little stronger than their row."""

    start: int
    end: int
    role: Tone
    changed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One line. `numbers` are what the gutter shows, a fold is a sentence that can be opened, a filler is an empty place."""

    text: str
    numbers: tuple[int | None, ...] = ()
    tone: Tone | None = None
    sign: str = ""
    spans: tuple[Span, ...] = ()
    pieces: Pieces | None = None
    kind: Literal["code", "fold", "filler"] = "code"

    @property
    def coloured(self) -> Pieces:
        return plain(self.text) if self.pieces is None else self.pieces


class Rows(Protocol):
    """Read one at a time and only where it is seen, so that a long file costs no more than a short one.

    `widest` is about how many cells the longest row takes; `digits` is how many the greatest number has.
    """

    @property
    def widest(self) -> int: ...

    @property
    def digits(self) -> int: ...

    def __len__(self) -> int: ...

    def row(self, number: int) -> Row: ...


@dataclass(frozen=True, slots=True)
class Listed:
    """Rows that are all there."""

    rows: Sequence[Row] = ()

    @property
    def widest(self) -> int:
        return max((len(one.text.expandtabs(4)) for one in self.rows), default=0)

    @property
    def digits(self) -> int:
        return len(str(max((number or 0 for one in self.rows for number in one.numbers), default=0)))

    def __len__(self) -> int:
        return len(self.rows)

    def row(self, number: int) -> Row:
        return self.rows[number]
