"""Paths where room is short: whole folders go from the left, never the file's name."""

from collections.abc import Callable

LOST = "…/"


def fitted_path(path: str, room: int, measure: Callable[[str], int]) -> tuple[str, str]:
    """The folder part and the file's name as they fit in this many pixels; the name is whole even where it alone is too wide."""
    folder, slash, name = path.rpartition("/")
    folder += slash
    if not folder or measure(folder + name) <= room:
        return folder, name
    kept = folder.split("/")[1:-1]
    while kept:
        shown = LOST + "/".join(kept) + "/"
        if measure(shown + name) <= room:
            return shown, name
        kept.pop(0)
    return (LOST if measure(LOST + name) <= room else ""), name
