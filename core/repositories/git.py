"""The one place that runs git, on repositories that may be hostile.

Git obeys the configuration of the repository it is started in, and a dozen settings there name commands to run. So it is
never started there. Each call gets a *view*: a private, empty folder with a configuration of ours, and links to the
repository's objects and refs. Git reads those and nothing else: no configuration, hook, attribute, graft, replacement,
commit graph or working tree of theirs. Because GIT_DIR is ours, `safe.directory` does not come into it either: a
repository that belongs to somebody else can be read, and nothing in it is obeyed.
"""

import hashlib
import os
import select
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.repositories.layout import Layout, formats, head, opened
from espalier.core.repositories.pathname import shown

STALL = 600.0  # seconds without a byte from git before we give up on it
LARGEST = 64 << 20  # bytes of one object that are read into memory
_CHUNK = 1 << 18
_AHEAD = 128  # ids written before the answers are read; far less than a pipe holds, so neither side can block

_CONFIGURATION = """\
[core]
\trepositoryFormatVersion = 1
\tbare = true
\tfsmonitor = false
\thooksPath = /dev/null
\tattributesFile = /dev/null
\tcommitGraph = false
\tmultiPackIndex = false
\tquotePath = false
[protocol]
\tallow = never
[gc]
\tauto = 0
[maintenance]
\tauto = false
[credential]
\thelper =
[submodule]
\trecurse = false
[log]
\tshowSignature = false
\tmailmap = false
"""
_SHA256 = "[extensions]\n\tobjectFormat = sha256\n"

_DAMAGE = ("missing", "bad object", "bad tree", "unable to read", "could not read", "corrupt", "does not match index",
           "not a valid object", "invalid object", "unable to unpack", "inflate", "failed to read", "unable to parse",
           "could not parse", "failed to traverse", "is not a commit", "unable to open object pack")  # fmt: skip


class MissingObject(UnusableInput):
    """The repository does not hold an object that was asked for."""


class DamagedObject(UnusableInput):
    """The bytes that git returned are not those the object's id stands for."""


class LargeObject(UnusableInput):
    """The object is larger than the reader's limit; nothing of it was kept."""


def git(repository: Path, *arguments: str, input: bytes | None = None) -> bytes:
    """What `git arguments…` prints. `input` passes through an unnamed temporary file: ids and names, never contents."""
    return b"".join(stream(repository, *arguments, input=input))


def stream(
    repository: Path, *arguments: str, input: bytes | None = None, source: IO[bytes] | None = None
) -> Iterator[bytes]:
    """The same in pieces, with `source` as another way to feed it; leaving the loop early ends and reaps the process."""
    with _running(repository, arguments, input, source) as process:
        assert process.stdout
        while _ready(process.stdout) and (piece := os.read(process.stdout.fileno(), _CHUNK)):
            yield piece


def piped(
    repository: Path, first: tuple[str, ...], then: tuple[str, ...], input: bytes | None = None
) -> Iterator[bytes]:
    """What `then` prints when fed by `first`. A failure of `first` is raised after the last piece."""
    with _running(repository, first, input, None) as process:
        yield from stream(repository, *then, source=process.stdout)


def records(pieces: Iterable[bytes], end: bytes = b"\0") -> Iterator[bytes]:
    """The records of a stream, each without its end mark; text after the last mark counts as a record."""
    rest = b""
    for piece in pieces:
        *whole, rest = (rest + piece).split(end)
        yield from whole
    if rest:
        yield rest


class ObjectReader:
    """Reads objects by id through one `git cat-file --batch`, and checks each against its id.

    The check is what lets a result be kept per blob: a hostile pack can file any bytes under any id, and git does not
    look. Not for use by two threads.
    """

    def __init__(self, repository: Path, limit: int = LARGEST) -> None:
        self._repository = repository
        self._limit = limit
        self._context = _running(repository, ("cat-file", "--batch"), None, None, talk=True)
        self._process: subprocess.Popen[bytes] | None = None
        self._arrived = bytearray()

    def __enter__(self) -> Self:
        self._process = self._context.__enter__()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process = None
        self._context.__exit__(kind, error, trace)

    def read(self, oid: str) -> bytes:
        """The object's bytes. Raises MissingObject, DamagedObject or LargeObject."""
        self._ask([oid])
        return self._answer(oid)

    def read_all(self, oids: Iterable[str]) -> Iterator[tuple[str, bytes]]:
        """Each id with its bytes, in the order given, asking ahead: several times faster than `read` one by one.

        Between its steps nothing else may be read here, and one that was left early leaves the reader unusable.
        """
        for some in batched(oids, _AHEAD):
            self._ask(some)
            for oid in some:
                yield oid, self._answer(oid)

    def _ask(self, oids: Sequence[str]) -> None:
        to = self._open().stdin
        assert to
        try:
            to.write("".join(f"{oid}\n" for oid in oids).encode())
            to.flush()
        except BrokenPipeError as error:
            raise WorkFailed(f"Git stopped reading {self._repository}.", "Run `git fsck --full` there.") from error

    def _answer(self, oid: str) -> bytes:
        words = self._line().split()
        if len(words) != 3:
            reason = "has no object" if words[1:] == [b"missing"] else "has a damaged object"
            raise MissingObject(f"{self._repository} {reason} {oid}.", "Run `git fsck --full` there.")
        size = int(words[2])
        if size > self._limit:
            self._skip(size + 1)
            raise LargeObject(f"Object {oid} of {self._repository} is {size:,} bytes, too large to read.")
        data = self._take(size + 1)[:-1]
        if not _is(oid, words[1], data):
            raise DamagedObject(f"{self._repository} holds other bytes under {oid}.", "Run `git fsck --full` there.")
        return data

    def _line(self) -> bytes:
        while (end := self._arrived.find(b"\n")) < 0:
            if not self._receive():
                return b""
        return self._take(end + 1)

    def _take(self, size: int) -> bytes:
        while len(self._arrived) < size and self._receive():
            pass
        taken = bytes(self._arrived[:size])
        del self._arrived[:size]
        return taken

    def _skip(self, size: int) -> None:
        while size > 0 and (self._arrived or self._receive()):
            size -= len(self._take(min(size, len(self._arrived))))

    def _receive(self) -> bool:
        out = self._open().stdout
        assert out
        piece = os.read(out.fileno(), _CHUNK) if _ready(out) else b""
        self._arrived += piece
        return bool(piece)

    def _open(self) -> subprocess.Popen[bytes]:
        if self._process is None:
            raise WorkFailed("The object reader is closed.")
        return self._process


def batched(items: Iterable[str], size: int) -> Iterator[list[str]]:
    """The items in lists of `size`, the last one shorter."""
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some


def _is(oid: str, kind: bytes, data: bytes) -> bool:
    algorithm = "sha1" if len(oid) == 40 else "sha256"
    found = hashlib.new(algorithm, b"%s %d\0" % (kind, len(data)), usedforsecurity=False)
    found.update(data)
    return found.hexdigest() == oid


def _program() -> str:
    """The absolute path of git; entries of PATH that depend on the current folder are not believed."""
    folders = [folder for folder in os.environ.get("PATH", os.defpath).split(os.pathsep) if Path(folder).is_absolute()]
    if found := shutil.which("git", path=os.pathsep.join(folders)):
        return found
    raise WorkFailed("Git is not installed.", "Install git 2.30 or later.")


def _environment(view: Path, layout: Layout) -> dict[str, str]:
    """All that git is told; nothing is inherited."""
    return {
        "PATH": os.defpath, "HOME": str(view), "XDG_CONFIG_HOME": str(view), "LC_ALL": "C", "TZ": "UTC",
        "GIT_DIR": str(view), "GIT_OBJECT_DIRECTORY": str(layout.common_dir / "objects"),
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_SYSTEM": os.devnull, "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_ATTR_NOSYSTEM": "1", "GIT_NO_REPLACE_OBJECTS": "1", "GIT_NO_LAZY_FETCH": "1",
        "GIT_OPTIONAL_LOCKS": "0", "GIT_ALLOW_PROTOCOL": "", "GIT_PROTOCOL_FROM_USER": "0",
        "GIT_TERMINAL_PROMPT": "0", "GIT_ASKPASS": "", "SSH_ASKPASS": "", "GIT_SSH_COMMAND": "false",
        "GIT_PAGER": "cat", "GIT_EDITOR": "false",
    }  # fmt: skip


@contextmanager
def _view(layout: Layout) -> Iterator[Path]:
    """The private folder that git is started in; gone afterwards."""
    unusual = formats(layout)
    if unusual - {"sha256"}:
        raise UnusableInput(
            f"{layout.root} keeps its refs or objects in a format this program can't read: {', '.join(sorted(unusual))}.",
            "Clone it with `git clone --ref-format=files` and add the clone.",
        )
    with _folder() as folder:
        view = Path(folder)
        (view / "config").write_text(_CONFIGURATION + (_SHA256 if unusual else ""))
        (view / "HEAD").write_text((head(layout) or "ref: refs/heads/none") + "\n")
        (view / "objects").mkdir()
        (view / "refs").symlink_to(layout.common_dir / "refs")
        for name in ("packed-refs", "shallow"):
            if (layout.common_dir / name).is_file():
                (view / name).symlink_to(layout.common_dir / name)
        yield view


def _folder() -> tempfile.TemporaryDirectory[str]:
    try:
        return tempfile.TemporaryDirectory(prefix="espalier-git-")
    except OSError as error:
        remedy = "Free some space there, or name another folder in TMPDIR."
        raise WorkFailed(f"No temporary folder could be made ({error.strerror}).", remedy) from None


@contextmanager
def _running(
    repository: Path, arguments: tuple[str, ...], input: bytes | None, source: IO[bytes] | None, talk: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    layout = opened(repository)
    with _view(layout) as view, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(input or b"")
        given.seek(0)
        process = subprocess.Popen(
            [_program(), "--no-pager", *arguments],
            cwd=view,
            env=_environment(view, layout),
            stdin=subprocess.PIPE if talk else source or given,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=True,
        )
        try:
            yield process
        except BaseException:
            _end(process)
            raise
        _close(process)
        complaints.seek(0)
        _judge(repository, process.returncode, complaints.read(1 << 16))


def _ready(pipe: IO[bytes]) -> bool:
    if select.select([pipe], [], [], STALL)[0]:
        return True
    raise WorkFailed(f"Git said nothing for {STALL:.0f} seconds.", "Try again; if it stays so, run `git fsck` there.")


def _close(process: subprocess.Popen[bytes]) -> None:
    """Ends a conversation that went well: end of input, then git's own exit."""
    _hang_up(process)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kills git and whatever it may have started, and reaps it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    _hang_up(process)
    process.wait()


def _hang_up(process: subprocess.Popen[bytes]) -> None:
    for pipe in (process.stdin, process.stdout):
        if pipe:
            with suppress(BrokenPipeError):
                pipe.close()


def _judge(repository: Path, status: int, complaints: bytes) -> None:
    if status in (0, -signal.SIGPIPE):
        return
    first = next(
        (line for line in complaints.splitlines() if line.startswith((b"fatal:", b"error:"))), b"no reason given"
    )
    reason = shown(first)[:300]
    if any(word in reason for word in _DAMAGE):
        raise MissingObject(
            f"{repository} has missing or damaged objects ({reason}).",
            "Run `git fsck --full` there; a partial clone is completed by `git fetch --refetch`.",
        )
    raise WorkFailed(f"Git could not read {repository} ({reason}).", "Run `git fsck --full` there.")
