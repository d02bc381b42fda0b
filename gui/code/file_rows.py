"""The rows of a whole file: every line at once, and colours for the chunks that have been looked at."""

from collections import OrderedDict
from collections.abc import Sequence

from espalier.gui.code.excerpt import Code, Mark
from espalier.gui.code.highlight import Pieces
from espalier.gui.code.rows import Row, Span
from espalier.gui.code.shown import LONGEST

CHUNK, LEAD = 400, 100  # lines that are coloured together, and those before them that are read for it
KEPT = 24  # chunks whose colours are remembered


class FileRows:
    """Colours come later, a chunk at a time, and those not looked at for long are dropped again."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._colours: OrderedDict[int, Sequence[Pieces]] = OrderedDict()
        self._spans = _by_line(code.marks)
        self._widest = min(max(map(len, code.lines), default=0) + 16, LONGEST + 1)

    @property
    def widest(self) -> int:
        return self._widest

    @property
    def digits(self) -> int:
        return len(str(self.code.first_line + len(self.code.lines)))

    def __len__(self) -> int:
        return len(self.code.lines)

    def row(self, number: int) -> Row:
        line = self.code.first_line + number
        return Row(
            text=self.code.lines[number],
            numbers=(line,),
            tone=self.code.rows.get(line),
            spans=self._spans.get(line, ()),
            pieces=self._pieces(number),
        )

    def colour(self, chunk: int, pieces: Sequence[Pieces]) -> None:
        self._colours[chunk] = pieces
        self._colours.move_to_end(chunk)
        while len(self._colours) > KEPT:
            self._colours.popitem(last=False)

    def lacking(self, first: int, end: int) -> int | None:
        """The first chunk of these rows that has no colours yet."""
        chunks = range(first // CHUNK, max(first, end - 1) // CHUNK + 1)
        return next((one for one in chunks if one not in self._colours), None)

    def lines_of(self, chunk: int) -> tuple[Sequence[str], int]:
        """The lines to colour for a chunk, and how many of them come before it."""
        lead = min(LEAD, chunk * CHUNK)
        return self.code.lines[chunk * CHUNK - lead : (chunk + 1) * CHUNK], lead

    def looked_at(self) -> list[int]:
        """The rows that are marked or have a span, in order."""
        first = self.code.first_line
        lines = {*self.code.rows, *self._spans}
        return sorted(line - first for line in lines if 0 <= line - first < len(self.code.lines))

    def _pieces(self, number: int) -> Pieces | None:
        chunk = self._colours.get(number // CHUNK)
        return chunk[number % CHUNK] if chunk is not None and number % CHUNK < len(chunk) else None


def _by_line(marks: Sequence[Mark]) -> dict[int, tuple[Span, ...]]:
    spans: dict[int, list[Span]] = {}
    for mark in marks:
        spans.setdefault(mark.line, []).append(Span(mark.start, mark.end, mark.role))
    return {line: tuple(sorted(found, key=lambda one: one.start)) for line, found in spans.items()}
