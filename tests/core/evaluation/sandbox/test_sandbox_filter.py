"""The system call filter, executed by an interpreter of classic BPF instead of the kernel."""

import errno
import platform
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from espalier.core.evaluation.sandbox import seccomp
from espalier.core.failures import WorkFailed

MACHINES = tuple(seccomp.AUDIT)
EPERM = seccomp.ERRNO | errno.EPERM
ENOSYS = seccomp.ERRNO | errno.ENOSYS


def answer(machine: str, number: int, *arguments: int, architecture: int | None = None) -> int:
    audit = seccomp.AUDIT[machine] if architecture is None else architecture
    data = struct.pack("<IIQ6Q", number, audit, 0, *(*arguments, *[0] * (6 - len(arguments))))
    steps = list(struct.iter_unpack("=HBBI", seccomp.program(machine)))
    place = accumulator = 0
    while True:
        code, true, false, operand = steps[place]
        place += 1
        match code:
            case seccomp.LOAD:
                (accumulator,) = struct.unpack_from("<I", data, operand)
            case seccomp.RETURN:
                return int(operand)
            case _:
                place += true if holds(code, accumulator, operand) else false


def holds(code: int, accumulator: int, operand: int) -> bool:
    return {
        seccomp.EQUAL: accumulator == operand,
        seccomp.ABOVE: accumulator > operand,
        seccomp.ATLEAST: accumulator >= operand,
        seccomp.ANYBIT: bool(accumulator & operand),
    }[code]


@pytest.mark.parametrize("machine", MACHINES)
def test_that_every_named_call_is_refused(machine: str) -> None:
    assert {answer(machine, number) for number in seccomp.denied(machine)} == {EPERM}


@pytest.mark.parametrize("machine", MACHINES)
@given(number=st.integers(0, 2**32 - 1))
def test_that_no_call_is_allowed_that_is_denied_or_unknown(machine: str, number: int) -> None:
    given_leave = answer(machine, number) == seccomp.ALLOW
    asked_further = number in (*seccomp.SOCKET[machine], seccomp.CLONE[machine], seccomp.IOCTL[machine])
    closed = number in seccomp.denied(machine) or number > seccomp.NEWEST or number == seccomp.CLONE3
    assert given_leave == (not closed and (not asked_further or number not in seccomp.SOCKET[machine]))


@pytest.mark.parametrize("machine", MACHINES)
@given(family=st.integers(0, 2**32 - 1), protocol=st.integers(0, 300))
def test_that_only_three_socket_families_and_known_protocols_pass(machine: str, family: int, protocol: int) -> None:
    for call in seccomp.SOCKET[machine]:
        allowed = family in seccomp.FAMILIES and protocol in seccomp.PROTOCOLS
        assert answer(machine, call, family, 1, protocol) == (seccomp.ALLOW if allowed else EPERM)


@pytest.mark.parametrize("machine", MACHINES)
@given(high=st.integers(0, 2**32 - 1))
def test_that_the_high_half_of_a_family_changes_nothing(machine: str, high: int) -> None:
    """The kernel reads an int, so a filter that compared all 64 bits could be passed by."""
    vsock = high << 32 | 40
    assert answer(machine, seccomp.SOCKET[machine][0], vsock, 1, 0) == EPERM


@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("flag", [0x20000, 0x02000000, 0x04000000, 0x08000000, 0x10000000, 0x20000000, 0x40000000])
def test_that_clone_makes_processes_but_no_namespace(machine: str, flag: int) -> None:
    assert answer(machine, seccomp.CLONE[machine], 17) == seccomp.ALLOW
    assert answer(machine, seccomp.CLONE[machine], flag | 17) == EPERM
    assert answer(machine, seccomp.CLONE3) == ENOSYS


@pytest.mark.parametrize("machine", MACHINES)
def test_that_nothing_is_typed_into_a_terminal(machine: str) -> None:
    assert [answer(machine, seccomp.IOCTL[machine], 0, request) for request in seccomp.TERMINAL] == [EPERM, EPERM]
    assert answer(machine, seccomp.IOCTL[machine], 0, 0x5413) == seccomp.ALLOW  # the size of the window


@pytest.mark.parametrize("machine", MACHINES)
def test_that_a_foreign_calling_convention_ends_the_program(machine: str) -> None:
    assert answer(machine, 39, architecture=0x40000003) == seccomp.KILL
    assert answer("x86_64", seccomp.X32 | 39) == seccomp.KILL


def test_that_an_unknown_processor_has_no_filter() -> None:
    with pytest.raises(WorkFailed, match="riscv64"):
        seccomp.program("riscv64")


def test_that_this_machine_has_one() -> None:
    assert seccomp.program() == seccomp.program(platform.machine())
