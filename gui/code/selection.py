"""What is selected in rows of code: from one character to another, over as many rows as lie between."""

from dataclasses import dataclass

from espalier.gui.code.rows import Rows
from espalier.gui.code.shown import shown

MOST = 50_000  # rows that are copied at once


@dataclass(frozen=True, slots=True, order=True)
class At:
    """A row and a character of it."""

    row: int
    index: int


@dataclass(frozen=True, slots=True)
class Selection:
    """From where it was begun to where it has come; either may be the earlier."""

    begun: At
    come: At

    @property
    def first(self) -> At:
        return min(self.begun, self.come)

    @property
    def last(self) -> At:
        return max(self.begun, self.come)

    @property
    def empty(self) -> bool:
        return self.begun == self.come

    def of(self, row: int, length: int) -> tuple[int, int] | None:
        """The characters of a row that are selected; one past its length where the selection goes on below."""
        if self.empty or not self.first.row <= row <= self.last.row:
            return None
        start = self.first.index if row == self.first.row else 0
        return start, self.last.index if row == self.last.row else length + 1


def whole(rows: Rows) -> Selection:
    last = max(0, len(rows) - 1)
    return Selection(At(0, 0), At(last, len(rows.row(last).text) if len(rows) else 0))


def copied(rows: Rows, selection: Selection) -> str:
    """What is selected, as it is shown; whole rows of a comparison carry their sign."""
    lines: list[str] = []
    for number in range(selection.first.row, min(selection.last.row, selection.first.row + MOST) + 1):
        row = rows.row(number)
        part = selection.of(number, len(row.text))
        if part is None or row.kind == "filler":
            continue
        line = shown(row.text, row.spans[0].start if row.spans else 0)
        sign = f"{row.sign} " if row.sign and selection.first.row != selection.last.row else ""
        more = " …" if line.after and part[1] > line.end else ""
        lines.append(sign + line.copied(*part) + more)
    return "\n".join(lines)
