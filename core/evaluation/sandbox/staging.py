"""A private copy of what a sandbox is given: the tree, the files handed in beside it, and the /etc it sees.

The tree itself is never bound. A socket in it (git's file system monitor leaves one) could be connected to through a
read-only mount, its folders may be closed to the sandbox account, and it may change while a test reads it.

The copy lies in a folder which only its owner and the sandbox account can enter. Its name carries the process that made
it, so that the next one can remove what a killed process left.
"""

import contextlib
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from espalier.core.evaluation.sandbox.uid import Account, readable
from espalier.core.failures import UnusableInput, WorkFailed

PREFIX = "espalier-sandbox"
PLAIN_NAME = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}")
CHUNK = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    source: Path
    inputs: Path
    etc: Path


@contextlib.contextmanager
def staged(source: Path, inputs: Mapping[str, bytes], room: int, who: Account) -> Iterator[Staged]:
    """Copies that last as long as the context; a tree of more than `room` bytes is UnusableInput."""
    base = place(who, room)
    sweep(base)
    top = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-{birth(os.getpid())}-", dir=base))
    try:
        folders = Staged(source=top / "src", inputs=top / "inputs", etc=top / "etc")
        for folder in (folders.source, folders.inputs, folders.etc):
            folder.mkdir()
            folder.chmod(0o755)
        copy_tree(source, folders.source, room)
        write(folders.inputs, inputs)
        write(folders.etc, identity(who))
        admit(top, who)
        yield folders
    finally:
        shutil.rmtree(top)


def place(who: Account, room: int = 0) -> Path:
    """The first folder that the sandbox account can get to and that holds `room` bytes: in memory, or else on disk."""
    for candidate in (Path("/dev/shm"), Path(tempfile.gettempdir()), Path("/var/tmp"), Path("/tmp")):
        if (
            candidate.is_dir()
            and os.access(candidate, os.W_OK)
            and readable(candidate, who)
            and free(candidate) >= room
        ):
            return candidate
    raise WorkFailed(
        "No temporary folder has room for a copy of the tree and can be entered by the sandbox account.",
        "Free some space, or set TMPDIR to a folder that all may read.",
    )


def free(folder: Path) -> int:
    system = os.statvfs(folder)
    return system.f_bavail * system.f_frsize


def sweep(base: Path) -> None:
    """Remove copies whose process is gone; those of other users are not ours to remove."""
    for folder in base.glob(f"{PREFIX}-*-*-*"):
        _, _, process, born, *_ = folder.name.split("-")
        with contextlib.suppress(OSError, ValueError):
            if folder.lstat().st_uid == os.geteuid() and birth(int(process)) != int(born):
                shutil.rmtree(folder)


def birth(process: int) -> int:
    """Clock ticks after boot at which a process started, -1 if there is none: a number is used again, a birth is not."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return -1
    return int(text.rpartition(")")[2].split()[19])


def identity(who: Account) -> dict[str, bytes]:
    """What programs look up about themselves and about localhost, and nothing else of the machine's /etc."""
    return {
        "passwd": f"u:x:{who.uid}:{who.gid}::/home/u:/bin/sh\n".encode(),
        "group": f"u:x:{who.gid}:\n".encode(),
        "hosts": b"127.0.0.1 localhost sandbox\n::1 localhost\n",
        "nsswitch.conf": b"passwd: files\ngroup: files\nhosts: files\n",
    }


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, data in files.items():
        if not PLAIN_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a plain file name")
        (folder / name).write_bytes(data)
        (folder / name).chmod(0o644)


def copy_tree(source: Path, target: Path, room: int) -> None:
    """Folders, regular files and links as links; sockets, pipes and devices are left out, and set-uid bits too.

    Every step is taken from an open folder and follows no link, so a tree that changes meanwhile leads nowhere else.
    """
    try:
        top = os.open(source, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    except OSError as problem:
        raise UnusableInput(f"{source} can't be read: {problem.strerror}.", "Name a folder you may read.") from None
    try:
        copy_folders(top, target, room)
    except OSError as problem:
        raise UnusableInput(
            f"A file in {source} can't be copied: {problem}.", "Make the whole tree readable."
        ) from None
    finally:
        os.close(top)


def copy_folders(top: int, target: Path, room: int) -> None:
    for name, inner, others, folder in os.fwalk(".", onerror=stop, dir_fd=top):
        here = target / name
        here.chmod(0o755)
        for entry in [*inner, *others]:
            kind = os.stat(entry, dir_fd=folder, follow_symlinks=False).st_mode
            if stat.S_ISLNK(kind):
                (here / entry).symlink_to(os.readlink(entry, dir_fd=folder))
            elif stat.S_ISDIR(kind):
                (here / entry).mkdir()
            elif stat.S_ISREG(kind):
                room -= copy_file(entry, folder, here / entry, room)


def stop(problem: OSError) -> None:
    raise problem


def copy_file(name: str, folder: int, target: Path, room: int) -> int:
    """Returns the bytes copied."""
    # Without O_NONBLOCK a pipe put in place of the file would be waited for.
    flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    with open(os.open(name, flags, dir_fd=folder), "rb") as reader, target.open("xb") as writer:  # noqa: PTH123
        state = os.fstat(reader.fileno())
        if not stat.S_ISREG(state.st_mode):
            return 0
        left = room
        while chunk := reader.read(min(CHUNK, left + 1)):
            left -= writer.write(chunk)
            if left < 0:
                raise UnusableInput(
                    "The tree is larger than the disk of the sandbox.",
                    "Raise that limit or leave files out of the tree.",
                )
    target.chmod(0o755 if state.st_mode & 0o111 else 0o644)
    os.utime(target, ns=(state.st_atime_ns, state.st_mtime_ns))
    return room - left


def admit(top: Path, who: Account) -> None:
    """The owner and the sandbox account may enter; nobody else on the machine reads the company's code."""
    if who.dropped:
        os.chown(top, 0, who.gid)
        top.chmod(0o750)
