"""How much of the machine one sandboxed command may take."""

from dataclasses import dataclass, fields

MIB = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds in seconds and bytes; `memory` holds for each process and for all of them together."""

    seconds: float = 60
    memory: int = 1024 * MIB
    processes: int = 128
    disk: int = 256 * MIB  # of /work and of /tmp, each
    output: int = 1 * MIB  # kept; eight times as much ends the command
    result: int = 8 * MIB  # of each file that comes back
    # Kernel memory that is in no process: about 0.4 MiB for a full socket, 1 KiB for an empty file.
    sockets: int = 1024
    names: int = 200_000

    def __post_init__(self) -> None:
        if min(getattr(self, field.name) for field in fields(self)) <= 0:
            raise ValueError("a sandbox without one of its limits is none")
