"""What a person may ask of a job, by how it stands."""

from typing import Literal

from espalier.gui.standing import Standing

Wish = Literal["pause", "resume", "stop"]

WISHES: tuple[Wish, ...] = ("pause", "resume", "stop")
WORKING: tuple[Standing, ...] = ("running", "silent", "elsewhere")
WAITING: tuple[Standing, ...] = ("queued", "interrupted", "paused")
MAY: dict[Wish, tuple[Standing, ...]] = {
    "pause": WORKING,
    "resume": ("queued", "interrupted", "paused", "stopped", "failed"),
    "stop": (*WORKING, *WAITING, "pausing"),
}


def may(wish: Wish, standing: Standing | None) -> bool:
    return standing is not None and standing in MAY[wish]
