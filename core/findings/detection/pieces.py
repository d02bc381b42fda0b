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


def pieces_around(line: str, at: int) -> tuple[list[Piece], int]:
    """Those that hold this character, and up to where they are the ones; the line's end counts as its last character."""
    if len(line) <= LONGEST:
        return [(0, len(line))], len(line) + 1
    number, within = divmod(min(at, len(line) - 1), STRIDE)
    numbers = (number - 1, number) if number and within < OVERLAP else (number,)
    until = number * STRIDE + (OVERLAP if len(numbers) == 2 else STRIDE)
    around = [(one * STRIDE, min(len(line), one * STRIDE + LONGEST)) for one in numbers]
    return around, until if until < len(line) else len(line) + 1


def is_cut(line: str, piece: Piece) -> tuple[bool, bool]:
    """Whether the line goes on before the piece, and behind it."""
    return piece[0] > 0, piece[1] < len(line)
