"""How far a secret came, in one word for examples and for everything that was made of them."""

from collections.abc import Iterable
from typing import Literal, get_args

State = Literal["reached", "cannot-be-told", "quarantined", "held-out", "scrubbed"]
STATES: tuple[State, ...] = get_args(State)  # the worst first


def worst(states: Iterable[State]) -> State | None:
    """None of none."""
    return min(states, key=STATES.index, default=None)
