"""How wide columns are: the one that stretches takes what is left, and where room is short the others give way."""

from collections.abc import Sequence


def fitted(wanted: Sequence[int], least: Sequence[int], stretch: int | None, room: int) -> list[int]:
    """Widths that fill the room; only where the least widths together are wider than that do they exceed it."""
    widths = [max(one, low) for one, low in zip(wanted, least, strict=True)]
    if stretch is not None:
        others = sum(widths) - widths[stretch]
        widths[stretch] = max(room - others, least[stretch])
    over = sum(widths) - room
    slack = [width - low for width, low in zip(widths, least, strict=True)]
    given = min(over, sum(slack))
    if given <= 0:
        return widths
    shares = [given * one // sum(slack) for one in slack]
    for number in range(len(shares)):  # what rounding left
        more = min(given - sum(shares), slack[number] - shares[number])
        shares[number] += more
    return [width - share for width, share in zip(widths, shares, strict=True)]
