"""How a sandboxed command ended, and the reading of the stream in which its result files come back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from espalier.core.evaluation.sandbox.arguments import STARTED

Status = Literal["exited", "deadline", "memory", "output", "failed"]
MARK = f"{STARTED}\n".encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`failed` means that the command was never started: it says nothing about the command, and `output` says why.

    `exit_code` is None unless the command ended by itself; 128 + n stands for signal n. `files` lacks what was not
    there, was not a regular file or was too large.
    """

    status: Status
    exit_code: int | None = None
    output: bytes = b""
    truncated: bool = False
    seconds: float = 0.0
    files: dict[str, bytes] = field(default_factory=dict)


def received(stream: bytes, names: Sequence[str], most: int) -> dict[str, bytes]:
    """The files in `stream`: after the mark, for each a line "PLACE SIZE" and that many bytes.

    Empty for a stream in any other form: a program in the sandbox can write to it, and what it left there is nothing.
    """
    files: dict[str, bytes] = {}
    rest = stream.removeprefix(MARK)
    while rest:
        head, _, rest = rest.partition(b"\n")
        place, _, size = head.partition(b" ")
        if not (place.isdigit() and size.isdigit()) or len(head) > 30 or int(place) >= len(names):
            return {}
        data, rest = rest[: int(size)], rest[int(size) :]
        if len(data) < int(size) or names[int(place)] in files:
            return {}
        if len(data) <= most:
            files[names[int(place)]] = data
    return files
