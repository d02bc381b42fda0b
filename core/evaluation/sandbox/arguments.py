"""The command line of bubblewrap, in the one form that held against every probe; each line is there for an escape.

The order counts: what is bound after a tmpfs lies on top of it, and a tmpfs mounted later hides what was bound before.
"""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from espalier.core.evaluation.sandbox.limits import MIB, Limits
from espalier.core.evaluation.sandbox.staging import Staged
from espalier.core.evaluation.sandbox.toolchain import MOUNTED
from espalier.core.failures import UnusableInput

MERGED = ("lib", "lib32", "lib64", "libx32", "bin", "sbin")
PRIVATE = ("/proc", "/sys", "/dev", "/run", "/etc", "/var", "/root", "/home")
SHARED_MEMORY = 64 * MIB
HOME = 32 * MIB
OPEN_FILES = 256
GO = "go"
STARTED = "started"
ENVIRONMENT = {
    "PATH": f"{MOUNTED}/tools/bin:/usr/bin:/bin",
    "HOME": "/home/u",
    "USER": "u",
    "LOGNAME": "u",
    "LANG": "C.UTF-8",
    "TZ": "UTC",
    "PYTHONHASHSEED": "0",
    "PYTHONDONTWRITEBYTECODE": "1",
    # Each thread's own arena reserves address space, which RLIMIT_AS counts.
    "MALLOC_ARENA_MAX": "2",
    "RAYON_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One command and all it may see."""

    command: Sequence[str]
    staged: Staged
    toolchain: Path
    limits: Limits
    readable: Sequence[Path] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    results: Sequence[str] = ()


def arguments(request: Request, *, bwrap: str, status: int, program: int) -> list[str]:
    """`status` and `program` are the descriptors for bubblewrap's reports and of the system call filter."""
    return [bwrap, *isolation(status, program), *mounts(request), *variables(request), "--", *inner(request)]


def isolation(status: int, program: int) -> list[str]:
    # --unshare-all only tries to make a user namespace; named alone it must succeed.
    words = "--unshare-all --unshare-user --disable-userns --die-with-parent --new-session --clearenv"
    words += f" --hostname sandbox --cap-drop ALL --json-status-fd {status} --seccomp {program}"
    return words.split()


def mounts(request: Request) -> list[str]:
    disk = request.limits.disk
    return [
        *system(),
        *("--proc", "/proc", "--dev", "/dev"),
        # The tmpfs that --dev makes and its /dev/shm have no size of their own.
        *tmpfs("/dev/shm", SHARED_MEMORY),
        *("--remount-ro", "/dev"),
        *tmpfs("/tmp", disk),
        *tmpfs("/home", HOME),
        *("--dir", "/home/u"),
        *("--ro-bind", str(request.toolchain), str(MOUNTED)),
        *shown(request.readable),
        *("--ro-bind", str(request.staged.source), "/src", "--ro-bind", str(request.staged.inputs), "/inputs"),
        *etc(request.staged.etc),
        *("--size", str(disk), "--tmpfs", "/work", "--chdir", "/work", "--remount-ro", "/"),
    ]


def system() -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in MERGED:
        path = Path("/", name)
        if path.is_symlink():
            yield from ("--symlink", str(path.readlink()), str(path))
        elif path.is_dir():
            yield from ("--ro-bind", str(path), str(path))
    yield from ("--ro-bind-try", "/etc/ld.so.cache", "/etc/ld.so.cache")
    yield from ("--ro-bind-try", "/etc/alternatives", "/etc/alternatives")


def tmpfs(path: str, size: int) -> list[str]:
    return ["--size", str(size), "--perms", "1777", "--tmpfs", path]


def etc(folder: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        yield from ("--ro-bind", str(path), f"/etc/{path.name}")


def shown(readable: Sequence[Path]) -> Iterator[str]:
    for place, path in enumerate(readable):
        yield from ("--ro-bind", str(allowed(path)), str(seen_at(place)))


def seen_at(place: int) -> PurePosixPath:
    """Where inside the sandbox the readable folder at this place of the list lies."""
    return PurePosixPath("/readable", str(place))


def allowed(path: Path) -> Path:
    """The real path; refused when the folder is or holds somebody's home or a part of the system."""
    real = path.resolve()
    kept = [Path.home(), *map(Path, PRIVATE)]
    if (
        not real.is_dir()
        or any(private.is_relative_to(real) for private in kept)
        or real.parts[1:2] in (("proc",), ("sys",))
    ):
        raise UnusableInput(f"{path} can't be shown to sandboxed programs.", "Name the folder of packages itself.")
    return real


def variables(request: Request) -> Iterator[str]:
    for name, value in {**ENVIRONMENT, **own_libraries(request.toolchain), **request.environment}.items():
        yield from ("--setenv", name, value)


def own_libraries(toolchain: Path) -> dict[str, str]:
    """For an interpreter linked to a libpython at a path that isn't there any more; the system's would be another one."""
    folders = sorted({path.parent.name for path in toolchain.glob("python/lib*/libpython*.so*")})
    return {"LD_LIBRARY_PATH": ":".join(f"{MOUNTED}/python/{name}" for name in folders)} if folders else {}


def inner(request: Request) -> list[str]:
    """What runs inside: limits that count within the namespace, then the script, then the command.

    RLIMIT_NPROC set before bubblewrap would count the user's whole desktop and stop the start.
    """
    limits = request.limits
    bounds = f"--nproc={limits.processes} --as={limits.memory} --fsize={limits.disk} --core=0 --nofile={OPEN_FILES}"
    bounds += f" --cpu={int(limits.seconds) + 1}"
    return ["/usr/bin/prlimit", *bounds.split(), "--", "/bin/sh", "-c", script(request), "sh", *request.command]


def script(request: Request) -> str:
    """Waits until it is watched, copies, runs the command with its output on one pipe, and sends results on the other.

    Everything left running is killed before results are read, so that nothing writes to them meanwhile.
    """
    lines = [
        f'read -r word && [ "$word" = {GO} ] || exit 125',
        "exec </dev/null",
        "echo 1000 >/proc/self/oom_score_adj",
        "cp -a /src/. /work/ || exit 125",
        f"echo {STARTED}",
        '"$@" >&2',
        "code=$?",
        "kill -9 -1 2>/dev/null",
        "cd /work",
        *(send(place, name, request.limits.result) for place, name in enumerate(request.results)),
        "exit $code",
    ]
    return "\n".join(lines)


def send(place: int, name: str, most: int) -> str:
    path = PurePosixPath(name)
    if ".." in path.parts or name.startswith("-") or (path.is_absolute() and path.parts[1] not in ("tmp", "work")):
        raise ValueError(f"{name!r} is not a place for a result")
    word = shlex.quote(name)
    one = f"size=$(head -c {most + 1} {word} | wc -c) && echo {place} $size && head -c $size {word}"
    return f"if [ -f {word} ] && [ ! -L {word} ]; then {one}; fi"
