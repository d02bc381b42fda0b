"""Makes small real repositories, with any bytes for paths, messages and contents."""

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DAY = 86400
START = 1_700_000_000
QUIET = {
    "PATH": os.environ["PATH"],
    "HOME": os.devnull,
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "Ann",
    "GIT_AUTHOR_EMAIL": "ann@example.org",
    "GIT_COMMITTER_NAME": "Ann",
    "GIT_COMMITTER_EMAIL": "ann@example.org",
    "GIT_AUTHOR_DATE": f"{START} +0000",
    "GIT_COMMITTER_DATE": f"{START} +0000",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "",
}
Content = (
    bytes | str | None | tuple[str, bytes]
)  # None deletes; a pair is (mode, bytes), for a submodule the commit's id


@dataclass(frozen=True)
class Made:
    """A repository under test; `run` is plain git, as anybody would run it there."""

    path: Path

    def run(self, *arguments: str, input: bytes | None = None, check: bool = True, **environment: str) -> str:
        done = subprocess.run(
            ["git", *arguments], cwd=self.path, env=QUIET | environment, input=input, capture_output=True, check=False
        )
        assert not check or done.returncode == 0, done.stderr
        return done.stdout.decode("utf-8", "surrogateescape").strip()

    def commit(
        self,
        files: Mapping[str | bytes, Content],
        message: str | bytes = "Change",
        *,
        when: int = START,
        branch: str = "main",
        author: bytes = b"Ann <ann@example.org>",
        parents: tuple[str, ...] | None = None,
        header: bytes = b"",
    ) -> str:
        """Commits on a branch without touching a work tree; returns the commit's id."""
        ref = f"refs/heads/{branch}"
        if parents is None:
            tip = self.run("rev-parse", "-q", "--verify", ref, check=False)
            parents = (tip,) if tip else ()
        said = message.encode() if isinstance(message, str) else message
        lines = [b"commit %s" % ref.encode(), b"author %s %d +0000" % (author, when)]
        lines += [
            b"committer %s %d +0000" % (author, when),
            *([header] if header else []),
            b"data %d" % len(said),
            said,
        ]
        lines += [b"%s %s" % (b"merge" if n else b"from", p.encode()) for n, p in enumerate(parents)]
        for path, content in files.items():
            lines += _change(path.encode() if isinstance(path, str) else path, content)
        stream = b"\n".join(lines) + b"\ndone\n"
        self.run("fast-import", "--quiet", "--force", "--done", "--date-format=raw-permissive", input=stream)
        return self.run("rev-parse", ref)

    def oid(self, name: str) -> str:
        return self.run("rev-parse", name)


def make(path: Path, *options: str) -> Made:
    subprocess.run(["git", "init", "-q", "-b", "main", *options, str(path)], env=QUIET, check=True)
    return Made(path)


def _change(path: bytes, content: Content) -> list[bytes]:
    quoted = b'"' + b"".join(b"\\%03o" % byte for byte in path) + b'"'
    if content is None:
        return [b"D " + quoted]
    mode, data = content if isinstance(content, tuple) else ("100644", content)
    body = data.encode() if isinstance(data, str) else data
    if mode == "160000":
        return [b"M 160000 " + body + b" " + quoted]
    return [b"M " + mode.encode() + b" inline " + quoted, b"data %d" % len(body), body]
