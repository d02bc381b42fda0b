"""A file in an archive, not unpacked yet, and the few reasons for which something in an archive is not read."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

Reason = Literal["encrypted", "damaged", "too large", "too deep", "unsupported"]


class Unreadable(Exception):
    """Something in an archive can't be read, and why not. Never leaves this package."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """`read(most)` gives its first `most` bytes at the most, or raises Unreadable; `packed` bytes are looked through for it."""

    name: bytes
    packed: int
    read: Callable[[int], bytes] = field(repr=False)
