"""Pieces: what detectors that look at single lines read at once: a line, or overlapping stretches of a long one.

Where the pieces of a text begin and end depends on the text alone, so that what is found doesn't depend on who looks for them.
"""

from collections.abc import Iterator

STRIDE, OVERLAP = 16_384, 8_192  # characters; what is no longer than the overlap is whole in one piece

Piece = tuple[int, int]


def pieces(text: str) -> Iterator[Piece]:
    """All of a text, in order; a line's end is in none."""
    start = 0
    while start <= len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        yield from _of_line(start, end)
        start = end + 1


def pieces_around(text: str, at: int) -> tuple[list[Piece], int]:
    """Those that hold this character, and up to where they are the ones; a line's end counts as its last character."""
    start, end = text.rfind("\n", 0, at) + 1, text.find("\n", at)
    end = len(text) if end < 0 else end
    if end - start <= STRIDE + OVERLAP:
        return [(start, end)], end
    number, within = divmod(at - start, STRIDE)
    numbers = (number - 1, number) if number and within < OVERLAP else (number,)
    begins = [start + one * STRIDE for one in numbers]
    until = start + number * STRIDE + (OVERLAP if len(numbers) == 2 else STRIDE)
    return [(begin, min(end, begin + STRIDE + OVERLAP)) for begin in begins], min(end, until)


def is_cut(text: str, piece: Piece) -> tuple[bool, bool]:
    """Whether the line goes on before the piece, and behind it."""
    start, end = piece
    return start > 0 and text[start - 1] != "\n", end < len(text) and text[end] != "\n"


def _of_line(start: int, end: int) -> Iterator[Piece]:
    if end - start <= STRIDE + OVERLAP:
        yield start, end
        return
    for begin in range(start, end, STRIDE):
        yield begin, min(end, begin + STRIDE + OVERLAP)
