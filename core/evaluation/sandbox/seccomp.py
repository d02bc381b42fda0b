"""The system calls a sandboxed program is refused, assembled as a classic BPF program for `bwrap --seccomp`.

What namespaces already take away is refused a second time here, and three things they leave open are closed: socket
families that no network namespace isolates (AF_VSOCK reaches the hypervisor), protocols that make the kernel load a
module, and memory that belongs to no process and so escapes the watchdog (memfd, System V segments).
"""

import errno
import platform
import struct
from collections.abc import Iterator

from espalier.core.failures import WorkFailed

# Denied by name: (x86_64, aarch64), None where the architecture has no such call.
DENIED: dict[str, tuple[int | None, int | None]] = {
    # other namespaces and file systems
    "unshare": (272, 97),
    "setns": (308, 268),
    "mount": (165, 40),
    "umount2": (166, 39),
    "pivot_root": (155, 41),
    "chroot": (161, 51),
    "open_tree": (428, 428),
    "move_mount": (429, 429),
    "fsopen": (430, 430),
    "fsconfig": (431, 431),
    "fsmount": (432, 432),
    "fspick": (433, 433),
    "mount_setattr": (442, 442),
    "name_to_handle_at": (303, 264),
    "open_by_handle_at": (304, 265),
    "fanotify_init": (300, 262),
    "fanotify_mark": (301, 263),
    "quotactl": (179, 60),
    "quotactl_fd": (443, 443),
    "swapon": (167, 224),
    "swapoff": (168, 225),
    # other processes
    "ptrace": (101, 117),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "process_madvise": (440, 440),
    "pidfd_getfd": (438, 438),
    "kcmp": (312, 272),
    "migrate_pages": (256, 238),
    "move_pages": (279, 239),
    # large parts of the kernel that no program under test needs
    "bpf": (321, 280),
    "perf_event_open": (298, 241),
    "io_uring_setup": (425, 425),
    "io_uring_enter": (426, 426),
    "io_uring_register": (427, 427),
    "userfaultfd": (323, 282),
    "keyctl": (250, 219),
    "add_key": (248, 217),
    "request_key": (249, 218),
    "mbind": (237, 235),
    "set_mempolicy": (238, 237),
    "set_mempolicy_home_node": (450, 450),
    "remap_file_pages": (216, 234),
    "vmsplice": (278, 75),
    "personality": (135, 92),
    "modify_ldt": (154, None),
    "uselib": (134, None),
    "ustat": (136, None),
    "sysfs": (139, None),
    "_sysctl": (156, None),
    "nfsservctl": (180, 42),
    "lookup_dcookie": (212, 18),
    # the machine itself
    "init_module": (175, 105),
    "finit_module": (313, 273),
    "delete_module": (176, 106),
    "create_module": (174, None),
    "query_module": (178, None),
    "get_kernel_syms": (177, None),
    "kexec_load": (246, 104),
    "kexec_file_load": (320, 294),
    "reboot": (169, 142),
    "acct": (163, 89),
    "syslog": (103, 116),
    "iopl": (172, None),
    "ioperm": (173, None),
    "settimeofday": (164, 170),
    "clock_settime": (227, 112),
    "clock_adjtime": (305, 266),
    "adjtimex": (159, 171),
    "sethostname": (170, 161),
    "setdomainname": (171, 162),
    "vhangup": (153, 58),
    # memory that is in no process's resident set
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "shmget": (29, 194),
    "msgget": (68, 186),
    "semget": (64, 190),
}
SOCKET = {"x86_64": (41, 53), "aarch64": (198, 199)}  # socket, socketpair
CLONE = {"x86_64": 56, "aarch64": 220}
IOCTL = {"x86_64": 16, "aarch64": 29}
CLONE3 = 435
NEWEST = 462  # mseal, Linux 6.10; what came later has not been looked at
X32 = 0x40000000
AUDIT = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

FAMILIES = (1, 2, 10)  # AF_UNIX, AF_INET, AF_INET6
PROTOCOLS = (0, 1, 6, 17, 58)  # unspecified, ICMP, TCP, UDP, ICMPv6; any other may load a module
NAMESPACES = 0x7E020000  # CLONE_NEWNS|NEWCGROUP|NEWUTS|NEWIPC|NEWUSER|NEWPID|NEWNET
TERMINAL = (0x5412, 0x541C)  # TIOCSTI, TIOCLINUX: typing into the terminal one was started from

# linux/bpf_common.h, linux/seccomp.h
LOAD, EQUAL, ABOVE, ATLEAST, ANYBIT, RETURN = 0x20, 0x15, 0x25, 0x35, 0x45, 0x06
KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
NUMBER, ARCHITECTURE, ARGUMENTS = 0, 4, 16  # offsets in struct seccomp_data; both machines are little-endian

Instruction = tuple[int, int, int, int]  # code, jump if true, jump if false, operand


def program(machine: str | None = None) -> bytes:
    """The filter for `machine` as an array of struct sock_filter; raises WorkFailed for any other than two machines."""
    machine = machine or platform.machine()
    if machine not in AUDIT:
        raise WorkFailed(
            f"No system call filter is known for the processor '{machine}'.", "Evaluate on x86_64 or aarch64."
        )
    return b"".join(struct.pack("=HBBI", *instruction) for instruction in instructions(machine))


def instructions(machine: str) -> Iterator[Instruction]:
    yield load(ARCHITECTURE)
    yield from unless(EQUAL, AUDIT[machine], KILL)
    yield load(NUMBER)
    if machine == "x86_64":
        yield from when(ATLEAST, X32, KILL)
    yield from when(ABOVE, NEWEST, refusal(errno.ENOSYS))
    # Its flags lie in memory where a filter can't look; the C library falls back to clone.
    yield from when(EQUAL, CLONE3, refusal(errno.ENOSYS))
    for number in denied(machine):
        yield from when(EQUAL, number, refusal(errno.EPERM))
    for call in SOCKET[machine]:
        yield from block(call, sockets())
    yield from block(CLONE[machine], [load(argument(0)), *when(ANYBIT, NAMESPACES, refusal(errno.EPERM)), allow()])
    yield from block(IOCTL[machine], terminals())
    yield allow()


def denied(machine: str) -> list[int]:
    column = list(AUDIT).index(machine)
    return [number for numbers in DENIED.values() if (number := numbers[column]) is not None]


def sockets() -> list[Instruction]:
    return [load(argument(0)), *among(FAMILIES), load(argument(2)), *among(PROTOCOLS), allow()]


def terminals() -> list[Instruction]:
    checks = [step for request in TERMINAL for step in when(EQUAL, request, refusal(errno.EPERM))]
    return [load(argument(1)), *checks, allow()]


def among(values: tuple[int, ...]) -> Iterator[Instruction]:
    """Go on if the accumulator is one of `values`, refuse if not."""
    for place, value in enumerate(values):
        yield EQUAL, len(values) - place, 0, value
    yield give(refusal(errno.EPERM))


def block(call: int, steps: list[Instruction]) -> Iterator[Instruction]:
    """`steps`, which must end in a return, for one system call; the accumulator holds the number before and after."""
    yield EQUAL, 0, len(steps), call
    yield from steps


def when(test: int, operand: int, answer: int) -> Iterator[Instruction]:
    yield test, 0, 1, operand
    yield give(answer)


def unless(test: int, operand: int, answer: int) -> Iterator[Instruction]:
    yield test, 1, 0, operand
    yield give(answer)


def load(offset: int) -> Instruction:
    return LOAD, 0, 0, offset


def give(answer: int) -> Instruction:
    return RETURN, 0, 0, answer


def allow() -> Instruction:
    return give(ALLOW)


def refusal(number: int) -> int:
    return ERRNO | number


def argument(place: int) -> int:
    """Offset of the low half of an argument: the kernel takes an int from each of those looked at."""
    return ARGUMENTS + 8 * place
