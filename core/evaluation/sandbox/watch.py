"""What all processes of one sandbox hold together: memory, sockets and file names, read from /proc.

RLIMIT_AS bounds a process, not their sum, and control groups are not at hand on every desktop.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from espalier.core.evaluation.sandbox.limits import Limits

GONE = (FileNotFoundError, ProcessLookupError, PermissionError)
# Resident but nobody's own: pages of programs and libraries (RssFile) are left out.
OWN = (b"RssAnon:", b"RssShmem:", b"VmSwap:", b"VmPTE:")
PROPORTIONAL = (b"Pss_Anon:", b"Pss_Shmem:", b"SwapPss:")
TABLES = (b"VmPTE:",)
MEMORY_FOLDERS = ("work", "tmp", "home", "dev/shm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    memory: int
    sockets: int
    names: int

    def exceeds(self, limits: Limits) -> bool:
        return self.memory > limits.memory or self.sockets > limits.sockets or self.names > limits.names


def held(namespace: int, enough: int) -> Held:
    """By the processes of the pid namespace with this inode number; exact where more than `enough` bytes seem held."""
    processes = members(namespace)
    bytes_held = sum(memory(process) for process in processes)
    if bytes_held > enough:
        bytes_held = sum(shared_out(process) for process in processes)
    return Held(memory=bytes_held, sockets=first(sockets, processes), names=first(names, processes))


def members(namespace: int) -> list[int]:
    """Living processes of the pid namespace; one that is dead and not yet collected holds nothing."""
    found = [process for process in numbered(Path("/proc").iterdir()) if belongs(process, namespace)]
    return [process for process in found if state(process) not in ("Z", "X", "")]


def kill_members(namespace: int) -> bool:
    """Sends SIGKILL to each; False when there was none left."""
    found = members(namespace)
    for process in found:
        with contextlib.suppress(*GONE), descriptor_of(process) as held_fast:
            if belongs(process, namespace):
                signal.pidfd_send_signal(held_fast, signal.SIGKILL)
    return bool(found)


@contextlib.contextmanager
def descriptor_of(process: int) -> Iterator[int]:
    """Keeps its number from naming another process."""
    descriptor = os.pidfd_open(process)
    try:
        yield descriptor
    finally:
        os.close(descriptor)


def belongs(process: int, namespace: int) -> bool:
    return pid_namespace(process) == f"pid:[{namespace}]"


def state(process: int) -> str:
    """The letter of proc(5), empty for a process that is gone."""
    with contextlib.suppress(*GONE):
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def numbered(entries: Iterable[Path]) -> list[int]:
    return [int(entry.name) for entry in entries if entry.name.isdecimal()]


def pid_namespace(process: int) -> str:
    """Empty for a process that is gone, dying or not ours to look at."""
    with contextlib.suppress(*GONE):
        return str(Path(f"/proc/{process}/ns/pid").readlink())
    return ""


def memory(process: int) -> int:
    """Quick, and too high where a process shares pages with its parent."""
    return kibibytes(f"/proc/{process}/status", OWN) * 1024


def shared_out(process: int) -> int:
    """Slow, since the kernel walks the pages: those of several processes are divided among them."""
    tables = kibibytes(f"/proc/{process}/status", TABLES)
    return (kibibytes(f"/proc/{process}/smaps_rollup", PROPORTIONAL) + tables) * 1024


def kibibytes(path: str, fields: tuple[bytes, ...]) -> int:
    with contextlib.suppress(*GONE):
        return sum(int(line.split()[1]) for line in Path(path).read_bytes().splitlines() if line.startswith(fields))
    return 0


def first(measure: Callable[[int], int], processes: list[int]) -> int:
    """From the first process that answers: they share these."""
    for process in processes:
        with contextlib.suppress(*GONE):
            return measure(process)
    return 0


def sockets(process: int) -> int:
    """In the network namespace, whatever their family."""
    return int(Path(f"/proc/{process}/net/sockstat").read_text().split()[2])


def names(process: int) -> int:
    """Files on the sandbox's memory file systems. Their mount points can't be replaced from inside: / is read-only."""
    systems = [os.statvfs(f"/proc/{process}/root/{folder}") for folder in MEMORY_FOLDERS]
    return sum(system.f_files - system.f_ffree for system in systems)
