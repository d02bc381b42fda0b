"""Runs inside the sandbox only, handed in as a file: tries to get out and reports which attempts were stopped.

Each attempt returns what it achieved, or nothing. It imports nothing of ours, since nothing of ours is there.
"""

import contextlib
import ctypes
import errno
import json
import os
import resource
import signal
import socket
import struct
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FAMILIES = {"AF_NETLINK": 16, "AF_PACKET": 17, "AF_BLUETOOTH": 31, "AF_ALG": 38, "AF_VSOCK": 40, "AF_XDP": 44}
NOWHERE = "192.0.2.1"  # RFC 5737: belongs to nobody
Known = dict[str, Any]

libc = ctypes.CDLL(None, use_errno=True)


def ordinary_programs_run(known: Known) -> str:
    """Threads, children, localhost and the compiled parts of the standard library: a test suite needs them."""
    import multiprocessing
    import sqlite3
    import ssl

    with socket.create_server(("localhost", 0)) as server, socket.create_connection(server.getsockname()):
        server.accept()[0].close()
    with multiprocessing.get_context("fork").Pool(2) as pool:
        squares = pool.map(abs, [-1, -2])
    return "" if squares == [1, 2] and sqlite3.sqlite_version and ssl.OPENSSL_VERSION else "multiprocessing is broken"


def no_way_to_the_network(known: Known) -> str:
    interfaces = [line.split(":")[0].strip() for line in Path("/proc/net/dev").read_text().splitlines()[2:]]
    reached = [] if interfaces == ["lo"] else [f"interfaces {interfaces}"]
    for target in ((NOWHERE, 80), ("127.0.0.1", known["tcp"])):
        with socket.socket() as probe:
            probe.settimeout(1)
            code = probe.connect_ex(target)
            reached += [] if code in (errno.ENETUNREACH, errno.ECONNREFUSED) else [f"TCP to {target}: {code}"]
    return ", ".join(reached)


def no_datagram_or_name_lookup(known: Known) -> str:
    reached = []
    with socket.socket(type=socket.SOCK_DGRAM) as probe, contextlib.suppress(OSError):
        probe.sendto(b"x", (NOWHERE, 53))
        reached.append("a datagram to port 53 left")
    with contextlib.suppress(OSError):
        socket.getaddrinfo("nowhere.invalid", 80)
        reached.append("a name was looked up")
    return ", ".join([*reached, *(["/etc/resolv.conf"] if Path("/etc/resolv.conf").exists() else [])])


def no_socket_of_the_host(known: Known) -> str:
    with socket.socket(socket.AF_UNIX) as probe:
        return "an abstract socket of the host answered" if probe.connect_ex(f"\0{known['abstract']}") == 0 else ""


def no_other_socket_family(known: Known) -> str:
    return ", ".join(name for name, number in FAMILIES.items() if socket_error(number) != errno.EPERM)


def socket_error(family: int) -> int:
    ctypes.set_errno(0)
    descriptor = libc.socket(family, 3 if family == 16 else 1, 0)
    if descriptor >= 0:
        os.close(descriptor)
    return ctypes.get_errno()


def nothing_of_the_owner_is_seen(known: Known) -> str:
    return ", ".join(path for path in known["private"] if os.path.lexists(path))


def nothing_of_the_environment_is_seen(known: Known) -> str:
    found = set(os.environ) - set(known["environment"])
    for path in Path("/proc").glob("[0-9]*/environ"):
        with contextlib.suppress(OSError):
            names = {entry.partition(b"=")[0].decode() for entry in path.read_bytes().split(b"\0") if entry}
            found |= names - set(known["environment"])
    return ", ".join(sorted(found))


def no_descriptor_is_inherited(known: Known) -> str:
    with os.scandir("/proc/self/fd") as entries:
        names = [int(entry.name) for entry in entries]
    return ", ".join(str(name) for name in names if name > 2 and is_open_elsewhere(name))


def is_open_elsewhere(descriptor: int) -> bool:
    with contextlib.suppress(OSError):
        return not str(Path(f"/proc/self/fd/{descriptor}").readlink()).startswith(("/proc/", "/inputs/"))
    return False


def nothing_outside_is_written(known: Known) -> str:
    places = [
        "/",
        "/etc",
        "/usr",
        "/usr/lib",
        "/src",
        "/inputs",
        "/toolchain",
        "/dev",
        "/proc",
        "/proc/sys",
        *known["victims"],
    ]
    return ", ".join(place for place in places if can_write(place))


def can_write(folder: str) -> bool:
    with contextlib.suppress(OSError):
        Path(folder, "planted").write_text("planted")
        return True
    return False


def no_setting_of_the_kernel_is_written(known: Known) -> str:
    return ", ".join(path for path in ("/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger") if opens(path))


def opens(path: str) -> bool:
    with contextlib.suppress(OSError):
        os.close(os.open(path, os.O_WRONLY))
        return True
    return False


def no_rights_are_left(known: Known) -> str:
    lines = dict(line.split(":\t", 1) for line in Path("/proc/self/status").read_text().splitlines() if ":\t" in line)
    wanted = {"CapEff": "0" * 16, "CapPrm": "0" * 16, "CapBnd": "0" * 16, "NoNewPrivs": "1", "Seccomp": "2"}
    wrong = [f"{name} is {lines.get(name)}" for name, value in wanted.items() if lines.get(name) != value]
    # The owner of /proc/sys is the host's root; here it has a number only if that is ours.
    rooted = Path("/proc/sys").stat().st_uid == os.getuid()
    return ", ".join([*wrong, *(["root outside"] if rooted else [])])


def refused_calls_are_refused(known: Known) -> str:
    return ", ".join(name for name, number in known["refused"].items() if error_in_child(number) != errno.EPERM)


def error_in_child(number: int) -> int:
    """Of a system call that changes or stops whoever makes it, where it is not refused."""
    child = os.fork()
    if child == 0:
        os._exit(call_error(number))
    status = os.waitpid(child, os.WUNTRACED)[1]
    if not os.WIFEXITED(status):
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        return -1
    return os.WEXITSTATUS(status)


def call_error(number: int) -> int:
    ctypes.set_errno(0)
    libc.syscall(ctypes.c_long(number), *(ctypes.c_long(0) for _ in range(6)))
    return ctypes.get_errno()


def no_namespace_is_made(known: Known) -> str:
    """clone with a namespace flag; clone3, whose flags can't be looked at, must seem not to exist."""
    made = []
    for name, flag in {"user": 0x10000000, "mount": 0x20000, "network": 0x40000000}.items():
        ctypes.set_errno(0)
        child = libc.syscall(ctypes.c_long(known["clone"]), ctypes.c_long(flag | signal.SIGCHLD), 0, 0, 0, 0)
        if child == 0:
            os._exit(0)
        if child > 0:
            os.waitpid(child, 0)
        made += [name] if ctypes.get_errno() != errno.EPERM else []
    return ", ".join([*made, *(["clone3"] if call_error(435) != errno.ENOSYS else [])])


def no_terminal_is_typed_into(known: Known) -> str:
    typed = [request for request in (0x5412, 0x541C) if terminal_error(request) != errno.EPERM]
    has_terminal = opens("/dev/tty")
    return f"ioctl {typed}" if typed else "a controlling terminal" if has_terminal else ""


def terminal_error(request: int) -> int:
    ctypes.set_errno(0)
    libc.ioctl(0, ctypes.c_ulong(request), ctypes.c_char_p(b"x"))
    return ctypes.get_errno()


def no_other_calling_convention(known: Known) -> str:
    """x32 and 32-bit calls go by other numbers, so a filter for the 64-bit ones must end who makes them."""
    if known["machine"] != "x86_64":
        return ""
    tries: dict[str, Callable[[], object]] = {
        "x32": lambda: libc.syscall(ctypes.c_long(0x40000000 | 39)),
        "32 bits": call_in_32_bits,
    }
    return ", ".join(name for name, attempt in tries.items() if survives(attempt))


def call_in_32_bits() -> object:
    import mmap

    code = b"\xb8\x14\x00\x00\x00\xcd\x80\xc3"  # mov eax, 20 (getpid); int 0x80; ret
    page = mmap.mmap(-1, len(code), prot=mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)
    page.write(code)
    return ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()


def survives(attempt: Callable[[], object]) -> bool:
    child = os.fork()
    if child == 0:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        attempt()
        os._exit(0)
    return not os.WIFSIGNALED(os.waitpid(child, 0)[1])


def no_process_outside_is_reached(known: Known) -> str:
    numbers = [int(path.name) for path in Path("/proc").glob("[0-9]*")]
    reached = [f"{len(numbers)} processes"] if len(numbers) > 10 else []
    with contextlib.suppress(OSError):
        if known["host"] not in numbers:
            os.kill(known["host"], 0)
            reached.append("the process that started the sandbox")
    return ", ".join(reached)


def disks_are_bounded(known: Known) -> str:
    return ", ".join(f"{place} took more" for place, most in known["disks"].items() if fills(place, most))


def fills(folder: str, most: int) -> bool:
    """In several files: a bound for each file is none."""
    written, paths = 0, [Path(folder, f"fill{place}") for place in range(8)]
    with contextlib.suppress(OSError):
        for path in paths:
            written += path.write_bytes(bytes(most // 4))
    for path in paths:
        path.unlink(missing_ok=True)
    return written > most


def one_process_is_bounded_in_memory(known: Known) -> str:
    try:
        bytearray(known["memory"] * 2)
    except MemoryError:
        return ""
    return "twice the bound was given"


def processes_are_bounded(known: Known) -> str:
    children: list[int] = []
    try:
        while len(children) <= known["processes"]:
            child = os.fork()
            if child == 0:
                time.sleep(30)
                os._exit(0)
            children.append(child)
    except OSError:
        return ""
    finally:
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
    return f"{len(children)} children"


ATTEMPTS = (
    ordinary_programs_run,
    no_way_to_the_network,
    no_datagram_or_name_lookup,
    no_socket_of_the_host,
    no_other_socket_family,
    nothing_of_the_owner_is_seen,
    nothing_of_the_environment_is_seen,
    no_descriptor_is_inherited,
    nothing_outside_is_written,
    no_setting_of_the_kernel_is_written,
    no_rights_are_left,
    refused_calls_are_refused,
    no_namespace_is_made,
    no_terminal_is_typed_into,
    no_other_calling_convention,
    no_process_outside_is_reached,
    disks_are_bounded,
    one_process_is_bounded_in_memory,
    processes_are_bounded,
)


def attempt(probe: Callable[[Known], str], known: Known) -> str:
    try:
        return probe(known)
    except (OSError, MemoryError, ImportError, ValueError, struct.error) as problem:
        return f"{type(problem).__name__}: {problem}"


def main() -> None:
    known = json.loads(Path(sys.argv[1]).read_text())
    Path("link").symlink_to(known["secret"])  # brought back, it must not be followed by the host
    found = {probe.__name__: attempt(probe, known) for probe in ATTEMPTS}
    Path("found.json").write_text(json.dumps(found))


if __name__ == "__main__":
    main()
