"""Writes commits through `git fast-import`, whose objects depend on what it is told and nothing else."""

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from espalier.core.failures import WorkFailed

ENCODINGS = {"deploy/windows/runner.ini": "utf-16-le"}


def _environment() -> dict[str, str]:
    """The environment without anything that would let a person's git settings in."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "LC_ALL": "C"}


def _command(folder: Path, *arguments: str) -> list[str]:
    return ["git", "-C", str(folder), "-c", "core.autocrlf=false", "-c", "core.hooksPath=" + os.devnull, *arguments]


def run_git(folder: Path, *arguments: str) -> bytes:
    """Run git in a folder of ours.

    Raises WorkFailed when git is missing or says no.
    """
    try:
        done = subprocess.run(
            _command(folder, *arguments), env=_environment(), stdin=subprocess.DEVNULL, capture_output=True, check=True
        )
    except FileNotFoundError as missing:
        raise WorkFailed("git was not found.", "Install git 2.30 or later.") from missing
    except subprocess.CalledProcessError as error:
        raise WorkFailed(f"git {arguments[0]} failed in {folder}.", "Look whether the disk is full.") from error
    return done.stdout


def as_bytes(path: str, text: str) -> bytes:
    """A file's bytes; the one of a Windows machine is UTF-16 with a byte order mark."""
    encoding = ENCODINGS.get(path)
    return text.encode() if encoding is None else ("\ufeff" + text).encode(encoding)


class Importer:
    """A running fast-import; marks number the commits from 1."""

    def __init__(self, stream: IO[bytes], answers: IO[bytes]) -> None:
        self._stream = stream
        self._answers = answers
        self._marks: dict[str, int] = {}

    def _say(self, line: str) -> None:
        self._stream.write(line.encode() + b"\n")

    def _data(self, data: bytes) -> None:
        self._say(f"data {len(data)}")
        self._stream.write(data + b"\n")

    def commit(self, *, author: str, seconds: int, message: str, parents: tuple[str, ...]) -> None:
        """Begin a commit; `write`, `remove` and `end` follow."""
        mark = len(self._marks) + 1
        self._say("commit refs/heads/main")
        self._say(f"mark :{mark}")
        self._say(f"author {author} {seconds} +0000")
        self._say(f"committer {author} {seconds} +0000")
        self._data(message.encode())
        for word, parent in zip(("from", *["merge"] * len(parents)), parents, strict=False):
            self._say(f"{word} :{self._marks[parent]}")

    def write(self, path: str, text: str) -> None:
        mode = "100755" if path.endswith(".sh") else "100644"
        self._say(f"M {mode} inline {path}")
        self._data(as_bytes(path, text))

    def remove(self, path: str) -> None:
        self._say(f"D {path}")

    def end(self, key: str) -> str:
        """Finish the commit under a key and give its id; raises BrokenPipeError when git has stopped."""
        self._marks[key] = len(self._marks) + 1
        self._say(f"\nget-mark :{self._marks[key]}")
        self._stream.flush()
        oid = self._answers.readline().decode().strip()
        if not oid:
            raise BrokenPipeError
        return oid

    def tag(self, name: str, key: str, author: str, seconds: int) -> None:
        self._say(f"tag {name}\nfrom :{self._marks[key]}\ntagger {author} {seconds} +0000")
        self._data(f"{name}\n".encode())


@contextmanager
def importer(folder: Path) -> Iterator[Importer]:
    """A new repository at a folder, open for commits; checked out at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    run_git(folder, "init", "--quiet", "--initial-branch=main", "--object-format=sha1", "--template=")
    command = _command(folder, "fast-import", "--quiet", "--date-format=raw")
    try:
        with subprocess.Popen(
            command, env=_environment(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdin is not None
            assert process.stdout is not None
            yield Importer(process.stdin, process.stdout)
            process.stdin.close()
            status = process.wait()
    except BrokenPipeError:
        status = 1
    if status != 0:
        raise WorkFailed("git fast-import refused the sample's history.", "Install git 2.30 or later.")
    run_git(folder, "reset", "--quiet", "--hard", "main")


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[dict[str, str], list[str]]:
    """The texts to write and the paths to remove on the way from one tree to another, sorted."""
    written = {path: after[path] for path in sorted(after) if before.get(path) != after[path]}
    return written, sorted(before.keys() - after.keys())
