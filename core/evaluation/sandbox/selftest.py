"""Proves on this machine, now, that the sandbox holds: hostile programs run in it and must get nowhere.

Probes inside are in `hostile.py`; those here need the host to look, because what they test is that something ended.
"""

import contextlib
import json
import os
import platform
import secrets
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from espalier.core.evaluation.sandbox import seccomp
from espalier.core.evaluation.sandbox.arguments import ENVIRONMENT, HOME, SHARED_MEMORY
from espalier.core.evaluation.sandbox.confine import confined
from espalier.core.evaluation.sandbox.limits import MIB, Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.toolchain import PYTHON

LIMITS = Limits(seconds=20, memory=256 * MIB, processes=32, disk=16 * MIB, output=MIB, result=MIB)
SHORT = Limits(seconds=0.5, output=64 * 1024)
SMALL = Limits(seconds=8, memory=128 * MIB, processes=32, disk=16 * MIB, sockets=64, names=2000)
HOSTILE = Path(__file__).with_name("hostile.py")

ENDLESS = "import signal\nfor s in (1, 2, 15): signal.signal(s, signal.SIG_IGN)\nwhile True: pass"
FLOOD = "import os\nwhile True: os.write(1, bytes(65536))"
# Each stays under the bound of one process; together they pass it.
CROWD = """
import os, time
for _ in range(6):
    if os.fork() == 0:
        held = bytearray(b"x" * (40 << 20))
        time.sleep(20)
        os._exit(0)
time.sleep(20)
"""
# Memory of the kernel's: sockets, and files without a byte in them.
SOCKETS = """
import socket, time
held = [socket.socketpair() for _ in range(100)]
time.sleep(20)
"""
NAMES = """
import os, time
for name in range(3000):
    os.close(os.open(f"/tmp/{name}", os.O_CREAT))
time.sleep(20)
"""
DAEMON = """
import os, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        os.execv(sys.executable, [sys.executable, "-IS", "-c", "import time; time.sleep(60)", sys.argv[1]])
time.sleep(0.2)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """`detail` says how far the attempt came; it is empty where it was stopped."""

    name: str
    held: bool
    detail: str = ""


class DidNotStart(Exception):
    """bubblewrap refused; the text is what it wrote."""


def self_test() -> tuple[ProbeResult, ...]:
    """Raises DidNotStart when no sandbox could be made at all."""
    with tempfile.TemporaryDirectory(prefix="espalier-probe-") as name:
        empty = Path(name, "empty")
        empty.mkdir()
        return (*inside(Path(name), empty), *outside(empty))


def inside(folder: Path, empty: Path) -> Iterator[ProbeResult]:
    victim = folder / "victim"
    victim.mkdir(mode=0o777)
    victim.chmod(0o777)
    secret = folder / "secret"
    secret.write_text(secrets.token_hex())
    with listeners() as (port, abstract):
        known = knowledge(victim, secret) | {"tcp": port, "abstract": abstract}
        outcome = confined(
            [PYTHON, "-I", "/inputs/hostile.py", "/inputs/known.json"],
            source=empty,
            limits=LIMITS,
            results=["found.json", "link"],
            inputs={"hostile.py": HOSTILE.read_bytes(), "known.json": json.dumps(known).encode()},
        )
    found = report(outcome)
    yield from (ProbeResult(name=name, held=not detail, detail=detail) for name, detail in found.items())
    yield probe("no_link_is_followed_for_a_result", "link" not in outcome.files, "a link was followed")
    yield probe("nothing_was_planted", not list(victim.iterdir()), "a file appeared outside")


def report(outcome: Outcome) -> dict[str, str]:
    if outcome.status == "failed":
        raise DidNotStart(outcome.output.decode(errors="replace").strip())
    if "found.json" in outcome.files:
        return {str(name): str(detail) for name, detail in json.loads(outcome.files["found.json"]).items()}
    return {
        "hostile_programs_end": f"{outcome.status} {outcome.exit_code}: {outcome.output[-300:].decode(errors='replace')}"
    }


def knowledge(victim: Path, secret: Path) -> dict[str, Any]:
    """What an attacker might know: names and numbers, so that a miss is not for want of them."""
    machine = platform.machine()
    column = list(seccomp.AUDIT).index(machine)
    private = [str(Path.home() / ".ssh"), str(Path.home() / ".bashrc"), "/etc/shadow", "/root", "/var", "/run", "/sys"]
    return {
        "machine": machine,
        "refused": {name: row[column] for name, row in seccomp.DENIED.items() if row[column] is not None},
        "clone": seccomp.CLONE[machine],
        "host": os.getpid(),
        "secret": str(secret),
        "private": [*private, str(secret)],
        "victims": [str(victim), str(Path.home()), tempfile.gettempdir() + "/../var/tmp"],
        "environment": [*ENVIRONMENT, "PWD", "OLDPWD", "_", "LD_LIBRARY_PATH", "LC_CTYPE"],
        "disks": {"/work": LIMITS.disk, "/tmp": LIMITS.disk, "/dev/shm": SHARED_MEMORY, "/home/u": HOME},
        "memory": LIMITS.memory,
        "processes": LIMITS.processes,
    }


@contextlib.contextmanager
def listeners() -> Iterator[tuple[int, str]]:
    """A port and an abstract socket of the host, open to whoever is in its network namespace."""
    name = f"espalier-{secrets.token_hex(8)}"
    with socket.create_server(("127.0.0.1", 0)) as port, socket.socket(socket.AF_UNIX) as abstract:
        abstract.bind(f"\0{name}")
        abstract.listen()
        yield port.getsockname()[1], name


def outside(empty: Path) -> Iterator[ProbeResult]:
    yield ended_by("the_deadline_ends_what_ignores_signals", ENDLESS, "deadline", SHORT, empty)
    yield ended_by("a_flood_of_output_is_cut_and_ended", FLOOD, "output", SHORT, empty)
    yield ended_by("processes_together_are_bounded_in_memory", CROWD, "memory", SMALL, empty)
    yield ended_by("sockets_are_bounded", SOCKETS, "memory", SMALL, empty)
    yield ended_by("empty_files_are_bounded", NAMES, "memory", SMALL, empty)
    yield daemon(empty)


def ended_by(name: str, code: str, wanted: str, limits: Limits, empty: Path) -> ProbeResult:
    outcome = confined([PYTHON, "-IS", "-c", code], source=empty, limits=limits)
    return probe(name, outcome.status == wanted and len(outcome.output) <= limits.output, f"ended by {outcome.status}")


def daemon(empty: Path) -> ProbeResult:
    """A process that left its parents must be gone when the command is."""
    mark = secrets.token_hex()
    outcome = confined([PYTHON, "-IS", "-c", DAEMON, mark], source=empty, limits=LIMITS)
    alive = [path.parent.name for path in Path("/proc").glob("[0-9]*/cmdline") if mark in text(path)]
    return probe("a_daemon_ends_with_its_command", outcome.exit_code == 0 and not alive, f"{outcome.status}, {alive}")


def text(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_bytes().decode(errors="replace")
    return ""


def probe(name: str, held: bool, detail: str) -> ProbeResult:
    return ProbeResult(name=name, held=held, detail="" if held else detail)
