"""What a machine without a working sandbox is told, and that the self-test can say no."""

import shutil
import struct
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from espalier.core.evaluation.sandbox import arguments, confine, running, seccomp, tier, uid
from espalier.core.evaluation.sandbox.run import run
from espalier.core.evaluation.sandbox.watch import Held
from espalier.core.failures import WorkFailed

Words = Callable[..., list[str]]


def test_that_bubblewrap_is_installed_where_this_is_tested() -> None:
    """Everything below would otherwise test a refusal; a machine that builds Espalier must have it."""
    assert shutil.which("bwrap"), "install bubblewrap to test the sandbox"


@pytest.mark.slow
def test_that_the_sandbox_holds_on_this_machine() -> None:
    can = tier.capability()
    assert [result for result in can.self_test if not result.held] == []
    assert can.tier == "bubblewrap", can.reason
    assert len(can.self_test) >= 27
    assert len(can.digest) == 64


def without(*dropped: str) -> Words:
    """The isolation words less these; an option with a value is dropped with it."""
    whole = arguments.isolation

    def fewer(status: int, program: int) -> list[str]:
        text = " ".join(whole(status, program)) + " "
        for words in dropped:
            assert f"{words.format(program=program)} " in text
            text = text.replace(f"{words.format(program=program)} ", "")
        return text.split()

    return fewer


def without_mount(*dropped: str) -> Words:
    whole = arguments.mounts

    def fewer(request: arguments.Request) -> list[str]:
        text = "\0".join(whole(request))
        assert "\0".join(dropped) in text
        return text.replace("\0".join(dropped) + "\0", "", 1).removesuffix("\0" + "\0".join(dropped)).split("\0")

    return fewer


def with_mount(*added: str) -> Words:
    whole = arguments.mounts
    return lambda request: [*added, *whole(request)]


def sharing_the_network(status: int, program: int) -> list[str]:
    return [*ISOLATION(status, program), "--share-net"]


def without_prlimit(request: arguments.Request) -> list[str]:
    words = INNER(request)
    return words[words.index("--") + 1 :]


ISOLATION, INNER = arguments.isolation, arguments.inner
ALLOW_ALL = struct.pack("=HBBI", seccomp.RETURN, 0, 0, seccomp.ALLOW)
WEAKENED: dict[str, tuple[object, str, object, str]] = {
    "no filter": (confine, "filter_file", None, "refused_calls_are_refused"),
    "filter not given": (arguments, "isolation", without("--seccomp {program}"), "no_rights_are_left"),
    "network shared": (arguments, "isolation", sharing_the_network, "no_way_to_the_network"),
    "root writable": (arguments, "mounts", without_mount("--remount-ro", "/"), "nothing_outside_is_written"),
    "devices writable": (arguments, "mounts", without_mount("--remount-ro", "/dev"), "nothing_outside_is_written"),
    "shared memory without size": (
        arguments,
        "mounts",
        without_mount("--size", str(arguments.SHARED_MEMORY)),
        "disks_are_bounded",
    ),
    "etc shown": (arguments, "mounts", with_mount("--ro-bind", "/etc", "/etc"), "nothing_of_the_owner_is_seen"),
    "no limits": (arguments, "inner", without_prlimit, ""),
    "no watchdog": (
        running,
        "held",
        lambda _space, _enough: Held(memory=0, sockets=0, names=0),
        "processes_together_are_bounded_in_memory",
    ),
    "output without end": (running, "GREED", 10**9, "a_flood_of_output_is_cut_and_ended"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", WEAKENED)
def test_that_a_weakened_sandbox_is_found_out(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    where, what, replacement, probe = WEAKENED[name]
    if name == "no filter":
        where, what, replacement = seccomp, "program", lambda _machine=None: ALLOW_ALL
    monkeypatch.setattr(where, what, replacement)
    can = tier.probed()
    failed = {result.name for result in can.self_test if not result.held}
    assert can.tier == "none"
    assert failed and (not probe or probe in failed)


@pytest.mark.slow
@pytest.mark.skipif("os.geteuid() != 0", reason="a user has no rights to keep")
def test_that_keeping_roots_rights_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uid, "account", lambda: uid.Account(uid=0, gid=0, dropped=False))
    failed = {result.name for result in tier.probed().self_test if not result.held}
    assert {"no_setting_of_the_kernel_is_written", "no_rights_are_left", "processes_are_bounded"} <= failed


def test_that_nothing_runs_without_bubblewrap(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(confine, "SYSTEM_FOLDERS", str(tmp_path))
    can = tier.probed()
    assert (can.tier, can.reason) == ("none", "bubblewrap is not installed.")
    assert "Install" in can.remedy
    monkeypatch.setattr("espalier.core.evaluation.sandbox.run.capability", lambda: can)
    with pytest.raises(WorkFailed, match="Nothing was run: bubblewrap is not installed"):
        run(["true"], source=tmp_path)


def test_that_an_old_bubblewrap_is_refused_by_what_it_lacks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    old = tmp_path / "bwrap"
    old.write_text("#!/bin/sh\necho 'bubblewrap 0.4.0'; echo '    --unshare-all  Unshare'\n")
    old.chmod(0o755)
    monkeypatch.setattr(confine, "SYSTEM_FOLDERS", str(tmp_path))
    can = tier.probed()
    assert can.tier == "none"
    assert "0.4.0 is too old" in can.reason and "--disable-userns" in can.reason


def test_that_a_version_before_the_corrections_is_refused() -> None:
    every = "\n".join(f"    {flag}  text" for flag in tier.FLAGS)
    assert tier.missing("0.7.9", every)
    assert not tier.missing("0.8.0", every)
    assert not tier.missing("1.0", every)


@pytest.mark.parametrize(
    ("message", "cause", "help_"),
    [
        ("bwrap: setting up uid map: Permission denied", "AppArmor", "bwrap-userns-restrict"),
        ("bwrap: loopback: Failed RTM_NEWADDR: Operation not permitted", "AppArmor", "apparmor_parser"),
        ("bwrap: Can't mount proc on /newroot/proc: Operation not permitted", "container", "unmask"),
        (
            "bwrap: No permissions to create new namespace, likely because the kernel does not allow",
            "forbids",
            "seccomp profile",
        ),
        ("bwrap: Creating new namespace failed: Operation not permitted", "switched off", "exception"),
        ("bwrap: Creating new namespace failed: No space left on device", "switched off", "exception"),
        ("bwrap: Creating new namespace failed: Resource temporarily unavailable", "as many processes", "ulimit"),
        ("bwrap: something new", "something new", "administrator"),
    ],
)
def test_that_a_hosts_message_is_recognised(message: str, cause: str, help_: str) -> None:
    reason, remedy = tier.recognised(message)
    assert cause in reason
    assert help_ in remedy


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One that the sandbox account can enter too, unlike a test's own."""
    with tempfile.TemporaryDirectory(prefix="espalier-test-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.mark.slow
def test_that_a_sandbox_that_does_not_start_is_told_with_its_cause(
    monkeypatch: pytest.MonkeyPatch, open_folder: Path
) -> None:
    refusing = open_folder / "bwrap"
    refusing.write_text("#!/bin/sh\necho 'bwrap: setting up uid map: Permission denied' >&2\nexit 1\n")
    refusing.chmod(0o755)
    monkeypatch.setattr(tier, "check_programs", lambda: "0.8.0")
    monkeypatch.setattr(confine, "bubblewrap", lambda: str(refusing))
    can = tier.probed()
    assert can.tier == "none"
    assert "AppArmor" in can.reason and "bwrap-userns-restrict" in can.remedy


@pytest.mark.skipif("os.geteuid() != 0", reason="needs root to forbid namespaces")
def test_that_switched_off_namespaces_are_recognised_from_the_real_message() -> None:
    """In a user namespace of its own, where the setting can be changed without touching the machine's."""
    inner = "echo 0 >/proc/sys/user/max_user_namespaces && exec bwrap --unshare-user --ro-bind / / true"
    done = subprocess.run(["unshare", "-Ur", "sh", "-c", inner], capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "switched off" in tier.recognised(done.stderr)[0]


def test_that_an_account_that_can_not_be_taken_on_is_told() -> None:
    who = uid.Account(uid=account_nobody_has(), gid=account_nobody_has(), dropped=True)
    with pytest.raises(WorkFailed, match="can't be started as account"):
        confine.start(["/nonexistent/bwrap"], (), who)


def account_nobody_has() -> int:
    return 4_000_000_000


def test_that_root_of_a_bare_user_namespace_is_refused_with_a_sentence() -> None:
    """There is no other account there to drop to, and root owns too much to run anything as itself."""
    program = "from espalier.core.evaluation.sandbox.tier import probed; can = probed(); print(can.tier, can.reason)"
    ran = subprocess.run(["unshare", "-r", sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert ran.stdout.startswith("none Started as root of a user namespace")


def test_that_a_map_of_accounts_is_read_by_ranges() -> None:
    whole, one, several = "         0          0 4294967295\n", "0 1000 1\n", "0 1000 1\n1 100000 65536\n"
    assert [uid.mapped(60578, text) for text in (whole, one, several)] == [True, False, True]
