"""Who runs a job, and whether that process still lives.

A process is dead when, on the same host and boot, its pid is gone or now belongs to a process that started at another time.
A silent process is not a dead one: laptops sleep.
"""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import psutil

Pulse = Literal["alive", "dead", "elsewhere"]
BOOT_ID = Path("/proc/sys/kernel/random/boot_id")


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """A process by host, boot, pid and the time it started (seconds since the epoch)."""

    host: str
    boot: str
    pid: int
    started: float


def this_process() -> Life:
    return Life(host=platform.node(), boot=_boot(), pid=os.getpid(), started=psutil.Process().create_time())


def pulse(life: Life) -> Pulse:
    """Alive or dead where that can be told; elsewhere for another host. After a reboot nothing of before lives."""
    if life.host != platform.node():
        return "elsewhere"
    if life.boot != _boot():
        return "dead"
    try:
        process = psutil.Process(life.pid)
        same = abs(process.create_time() - life.started) < 0.5
        return "alive" if same and process.status() != psutil.STATUS_ZOMBIE else "dead"
    except psutil.NoSuchProcess:
        return "dead"


def _boot() -> str:
    if BOOT_ID.exists():
        return BOOT_ID.read_text(encoding="ascii").strip()
    return str(int(psutil.boot_time()))
