"""Starts one command in the sandbox and brings back how it ended; asks nothing about whether it may.

`run.run` is the door for everybody else: it refuses where the self-test has not held.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from espalier.core.evaluation.sandbox import seccomp, uid
from espalier.core.evaluation.sandbox.arguments import Request, arguments
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.running import Running
from espalier.core.evaluation.sandbox.staging import staged
from espalier.core.evaluation.sandbox.toolchain import toolchain
from espalier.core.failures import UnusableInput, WorkFailed

SYSTEM_FOLDERS = "/usr/bin:/bin:/usr/local/bin:/run/current-system/sw/bin"


def confined(
    command: Sequence[str],
    *,
    source: Path,
    limits: Limits,
    readable: Sequence[Path] = (),
    environment: Mapping[str, str] | None = None,
    results: Sequence[str] = (),
    inputs: Mapping[str, bytes] | None = None,
) -> Outcome:
    who = uid.account()
    tools = toolchain(who)
    check_readable(readable, who)
    with staged(source, inputs or {}, limits.disk, who) as copies:
        request = Request(
            command=command,
            staged=copies,
            toolchain=tools.folder,
            limits=limits,
            readable=readable,
            environment=environment or {},
            results=results,
        )
        with started(request, who) as running:
            return running.outcome()


def check_readable(folders: Sequence[Path], who: uid.Account) -> None:
    for folder in folders:
        if not uid.readable(folder, who):
            raise UnusableInput(
                f"{folder} can't be read by the account that sandboxed programs run under.",
                "Make the folder and those above it readable for all, or start Espalier as its owner.",
            )


def bubblewrap() -> str:
    """From the system's own folders only: $PATH may name a folder that others write to."""
    found = shutil.which("bwrap", path=SYSTEM_FOLDERS)
    if found is None:
        raise WorkFailed("bubblewrap is not installed.", "Install the package 'bubblewrap'.")
    return found


@contextlib.contextmanager
def started(request: Request, who: uid.Account) -> Iterator[Running]:
    """A running sandbox; when the context ends, for whatever reason, none of its processes is left."""
    with contextlib.ExitStack() as until_started:
        reading, writing = os.pipe()
        until_started.callback(os.close, writing)
        with contextlib.ExitStack() as unless_started:
            unless_started.callback(os.close, reading)
            program = filter_file()
            until_started.callback(os.close, program)
            words = arguments(request, bwrap=bubblewrap(), status=writing, program=program)
            process = start(words, (writing, program), who)
            unless_started.pop_all()
    running = Running(process, reading, request.limits, request.results)
    try:
        yield running
    finally:
        running.end()


def start(words: Sequence[str], descriptors: tuple[int, ...], who: uid.Account) -> subprocess.Popen[bytes]:
    """Takes on the account between fork and exec: groups first, then group, then user."""
    try:
        return subprocess.Popen(
            words,
            bufsize=0,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            pass_fds=descriptors,
            cwd="/",
            env={},
            start_new_session=True,
            user=who.uid if who.dropped else None,
            group=who.gid if who.dropped else None,
            extra_groups=[] if who.dropped else None,
        )
    except OSError as problem:
        raise WorkFailed(
            f"bubblewrap can't be started as account {who.uid}: {problem.strerror}.",
            "A container must map that account too; or start Espalier as a user other than root.",
        ) from None


def filter_file() -> int:
    descriptor = os.memfd_create("filter")
    os.write(descriptor, seccomp.program())
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor
