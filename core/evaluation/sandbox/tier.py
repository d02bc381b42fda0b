"""Whether this machine can run hostile code safely, why not if not, and what somebody can do about it."""

import functools
import hashlib
import json
import platform
import re
import stat
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from espalier.core.evaluation.sandbox import seccomp
from espalier.core.evaluation.sandbox.confine import bubblewrap
from espalier.core.evaluation.sandbox.selftest import DidNotStart, ProbeResult, self_test
from espalier.core.failures import WorkFailed

OLDEST = (0, 8)
FLAGS = (
    *("--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent", "--new-session", "--clearenv"),
    *("--hostname", "--cap-drop", "--json-status-fd", "--seccomp", "--size", "--perms", "--tmpfs", "--remount-ro"),
    *("--ro-bind", "--ro-bind-try", "--symlink", "--setenv", "--chdir", "--proc", "--dev", "--dir"),
)
PROGRAMS = ("/usr/bin/prlimit", "/bin/sh")

# What bubblewrap writes, the cause, the remedy. The order counts: later ones are more general.
HOST_MESSAGES = (
    (
        r"setting up uid map: Permission denied|loopback: Failed RTM_NEWADDR",
        "AppArmor keeps programs from using user namespaces (Ubuntu 23.10 and later).",
        "An administrator enables the profile that ships with Ubuntu: install apparmor-profiles, copy"
        " /usr/share/apparmor/extra-profiles/bwrap-userns-restrict to /etc/apparmor.d and run apparmor_parser -r on it.",
    ),
    (
        r"Can't mount proc on",
        "Espalier runs in a container that hides a part of /proc.",
        "Start the container with /proc unmasked (--security-opt unmask=ALL, or systempaths=unconfined), or evaluate"
        " on the machine itself.",
    ),
    (
        r"No permissions to create new namespace",
        "The kernel or a container's filter forbids user namespaces to ordinary users.",
        "In a container, start it with a seccomp profile that allows unshare; on a machine, an administrator allows"
        " user namespaces for bwrap.",
    ),
    (
        r"Creating new namespace failed: (Operation not permitted|No space left on device|nesting depth)",
        "User namespaces are switched off on this machine (user.max_user_namespaces is 0).",
        "Where the security baseline asks for that, an administrator documents the exception and raises the setting.",
    ),
    (
        r"Creating new namespace failed: Resource temporarily unavailable",
        "The account already has as many processes as it may have.",
        "End some, or raise the account's limit of processes (ulimit -u).",
    ),
    (
        r"setuid|Unable to create nested user namespace|disable-userns",
        "This bubblewrap can't forbid nested user namespaces.",
        "Install the distribution's bubblewrap without its set-uid bit.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Capability:
    """`bubblewrap`: every probe was stopped. `none`: nothing may run, `reason` and `remedy` say why and what helps."""

    tier: Literal["bubblewrap", "none"]
    reason: str = ""
    remedy: str = ""
    version: str = ""
    self_test: tuple[ProbeResult, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over tier, version and what each probe found; it goes into every report."""
        probes = [[result.name, result.held, result.detail] for result in self.self_test]
        text = json.dumps([self.tier, self.version, platform.release(), probes], separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@functools.cache
def capability() -> Capability:
    """Probed once in a process: about two seconds, and more the first time, when the toolchain is copied."""
    return probed()


def probed() -> Capability:
    version = ""
    try:
        version = check_programs()
        results = self_test()
    except WorkFailed as problem:
        return Capability(tier="none", reason=problem.sentence, remedy=problem.remedy, version=version)
    except DidNotStart as problem:
        reason, remedy = recognised(str(problem))
        return Capability(tier="none", reason=reason, remedy=remedy, version=version)
    failed = [result for result in results if not result.held]
    return (
        refused(failed, version, results)
        if failed
        else Capability(tier="bubblewrap", version=version, self_test=results)
    )


def refused(failed: list[ProbeResult], version: str, results: tuple[ProbeResult, ...]) -> Capability:
    names = "; ".join(f"{result.name.replace('_', ' ')} ({result.detail})" for result in failed)
    return Capability(
        tier="none",
        reason=f"The sandbox did not hold against {len(failed)} of {len(results)} probes, which should have shown: {names}.",
        remedy="Update bubblewrap and the kernel; until then nothing a model wrote is run on this machine.",
        version=version,
        self_test=results,
    )


def check_programs() -> str:
    """The version of bubblewrap; raises WorkFailed for one that is missing, too old, or lacks an option."""
    path = bubblewrap()
    for program in PROGRAMS:
        if not Path(program).exists():
            raise WorkFailed(f"{program} is missing.", "Install the package 'util-linux'.")
    if Path(path).stat().st_mode & stat.S_ISUID:
        raise WorkFailed(*recognised("setuid"))
    seccomp.program()
    version = next(iter(re.findall(r"\d+(?:\.\d+)+", told(path, "--version"))), "0")
    lacking = missing(version, told(path, "--help"))
    if lacking:
        raise WorkFailed(
            f"bubblewrap {version} is too old: it lacks {lacking}.", "Install bubblewrap 0.8.0 or newer (2023)."
        )
    return version


def told(path: str, option: str) -> str:
    return subprocess.run([path, option], capture_output=True, text=True, check=False, timeout=10, env={}).stdout


def missing(version: str, help_text: str) -> str:
    known = set(re.findall(r"^\s+(--[a-z-]+)", help_text, re.MULTILINE))
    absent = [flag for flag in FLAGS if flag not in known]
    numbers = tuple(int(part) for part in re.findall(r"\d+", version)[:2])
    return ", ".join(absent) or ("the corrections of 0.8" if numbers < OLDEST else "")


def recognised(message: str) -> tuple[str, str]:
    """Reason and remedy for what bubblewrap wrote when it did not start."""
    return next(
        known(message), (f"bubblewrap did not start: {message[:300]}", "Ask an administrator with this message.")
    )


def known(message: str) -> Iterator[tuple[str, str]]:
    return ((reason, remedy) for pattern, reason, remedy in HOST_MESSAGES if re.search(pattern, message))
