"""Pieces: what detectors that look at single lines read at once: a line, or overlapping stretches of a long one.

Where the pieces of a line begin and end depends on the line alone, so that what is found doesn't depend on who looks for them.
"""

from collections.abc import Iterator

STRIDE, OVERLAP = 16_384, 8_192  # characters; what is no longer than the overlap is whole in one piece
LONGEST = STRIDE + OVERLAP  # characters of a piece

Piece = tuple[int, int]


def pieces(line: str) -> Iterator[Piece]:
    """All of a line, in order."""
    if len(line) <= LONGEST:
        yield 0, len(line)
        return
    for start in range(0, len(line), STRIDE):
        yield start, min(len(line), start + LONGEST)


def is_cut(line: str, piece: Piece) -> tuple[bool, bool]:
    """Whether the line goes on before the piece, and behind it."""
    return piece[0] > 0, piece[1] < len(line)
