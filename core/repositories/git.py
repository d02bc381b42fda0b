"""The one place that runs git, on repositories that may be hostile: always in a view, never in the repository."""

import hashlib
import os
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from espalier.core.failures import UnusableInput, WorkFailed
from espalier.core.repositories.layout import opened
from espalier.core.repositories.pathname import shown
from espalier.core.repositories.view import environment, program, view_of

STALL = 600.0  # seconds without a byte from git before we give up on it
LARGEST = 64 << 20  # bytes of one object that are read into memory
PLUMBING = frozenset(("cat-file", "diff-tree", "for-each-ref", "ls-tree", "merge-base", "rev-list", "rev-parse"))
_CHUNK = _PIPE = 1 << 20  # bytes
_AHEAD = 128  # ids written before the answers are read; far less than a pipe holds, so neither side can block

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
        with memoryview(self._arrived) as arrived:
            taken = bytes(arrived[:size])
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


@contextmanager
def _running(
    repository: Path, arguments: tuple[str, ...], input: bytes | None, source: IO[bytes] | None, talk: bool = False
) -> Iterator[subprocess.Popen[bytes]]:
    if arguments[0] not in PLUMBING:
        raise ValueError(f"git {arguments[0]} is not among the commands that only read")
    layout = opened(repository)
    with view_of(layout) as view, tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as complaints:
        given.write(input or b"")
        given.seek(0)
        process = subprocess.Popen(
            [program(), "--no-pager", *arguments],
            cwd=view,
            env=environment(view, layout),
            stdin=subprocess.PIPE if talk else source or given,
            stdout=subprocess.PIPE,
            stderr=complaints,
            start_new_session=True,
        )
        _widen(process.stdout)
        try:
            yield process
        except BaseException:
            _end(process)
            raise
        _close(process)
        complaints.seek(0)
        _judge(repository, process.returncode, complaints.read(1 << 16))


def _widen(pipe: IO[bytes] | None) -> None:
    """Lets a pipe hold more than 64 KiB where the system can: the two sides wait for each other less often."""
    if pipe is not None and sys.platform == "linux":
        import fcntl

        with suppress(OSError):  # all pipes of a user hold so much together, and not more
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE)


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
