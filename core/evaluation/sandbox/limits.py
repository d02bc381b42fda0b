"""How much of the machine one sandboxed command may take."""

from dataclasses import dataclass

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

    def __post_init__(self) -> None:
        if min(self.seconds, self.memory, self.processes, self.disk, self.output, self.result) <= 0:
            raise ValueError("a sandbox without one of its limits is none")
