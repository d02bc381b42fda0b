"""Under which account sandboxed programs run: never root, since root in a user namespace still owns /proc/sys.

Measured: bubblewrap started by root leaves RLIMIT_NPROC without force and /proc/sys/kernel/core_pattern open for
writing, which is a command run by the host's kernel.
"""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import WorkFailed

# The gap that systemd's table of users leaves unassigned (systemd.io/UIDS-GIDS).
UNASSIGNED = range(60578, 61184)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose rights a sandbox starts with; `dropped` says that they must be taken on first."""

    uid: int
    gid: int
    dropped: bool


def account() -> Account:
    if os.geteuid() != 0:
        return Account(uid=os.geteuid(), gid=os.getegid(), dropped=False)
    uid = next((uid for uid in UNASSIGNED if not assigned(uid)), None)
    if uid is None:
        raise WorkFailed(
            "Started as root, and no free account number is left to run programs under.", "Start Espalier as a user."
        )
    if not mapped(uid, Path("/proc/self/uid_map").read_text("ascii")):
        raise WorkFailed(
            "Started as root of a user namespace that has no other account to run programs under.",
            "Start Espalier as an ordinary user, or in a container that maps a range of accounts.",
        )
    return Account(uid=uid, gid=uid, dropped=True)


def mapped(uid: int, uid_map: str) -> bool:
    """Whether this user namespace has the account; lines of first inside, first outside, count (user_namespaces(7))."""
    lines = [[int(number) for number in line.split()] for line in uid_map.splitlines()]
    return any(inside <= uid < inside + count for inside, _, count in lines)


def assigned(uid: int) -> bool:
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def readable(path: Path, who: Account) -> bool:
    """Whether `who` may enter every folder above `path` and read `path` itself."""
    real = path.resolve()
    if not who.dropped:
        return os.access(real, os.R_OK | (os.X_OK if real.is_dir() else 0))
    return all(grants(folder, who, 0o1) for folder in real.parents) and grants(real, who, 0o5 if real.is_dir() else 0o4)


def grants(path: Path, who: Account, rights: int) -> bool:
    """`rights` are the three bits of an octal digit; access lists beyond the mode are not looked at."""
    state = path.stat()
    place = 6 if state.st_uid == who.uid else 3 if state.st_gid == who.gid else 0
    return (state.st_mode >> place) & rights == rights
