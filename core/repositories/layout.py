"""Where a repository keeps its parts, found without asking git, which would read the configuration there."""

import re
from dataclasses import dataclass
from pathlib import Path

from espalier.core.failures import UnusableInput

SMALL = 1 << 20  # bytes; a gitfile, HEAD or configuration larger than this is not one
_FORMAT = re.compile(rb"(?:^|\])\s*(?:objectformat|refstorage)\s*=\s*\"?(\w+)", re.MULTILINE | re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """`git_dir` holds HEAD; `common_dir` holds objects and refs (they differ in a linked worktree)."""

    root: Path
    git_dir: Path
    common_dir: Path
    bare: bool


def locate(path: Path) -> Layout | None:
    """The repository whose root is `path`, or None. Raises UnusableInput where it may not be read."""
    try:
        return _located(path)
    except PermissionError as error:
        raise UnusableInput(f"{error.filename} may not be read.", "Ask its owner for read access.") from None


def _located(path: Path) -> Layout | None:
    entry = path / ".git"
    git_dir = entry if entry.is_dir() else _gitfile(entry) if entry.is_file() else path
    common_dir = _common(git_dir)
    if not _is_repository(git_dir, common_dir):
        return None
    return Layout(root=path, git_dir=git_dir, common_dir=common_dir, bare=git_dir == path)


def enclosing(path: Path) -> Layout | None:
    """The repository that holds `path`: at it, or at the nearest folder above."""
    for folder in (path, *path.parents):
        if found := locate(folder):
            return found
    return None


def opened(path: Path) -> Layout:
    """Like `locate`, and raises UnusableInput when there is no repository."""
    if found := locate(path):
        return found
    raise UnusableInput(f"There is no git repository at {path}.", "Name the root of a git repository.")


def head(layout: Layout) -> str:
    """What HEAD says: `ref: refs/…` or an object id; '' when it says neither."""
    text = small_file(layout.git_dir / "HEAD").decode("utf-8", "replace").strip()
    return text if re.fullmatch(r"ref: refs/[^\s\x00-\x1f\x7f]+|[0-9a-f]{40}|[0-9a-f]{64}", text) else ""


def formats(layout: Layout) -> frozenset[str]:
    """Names of non-default object or ref formats in the configuration: 'sha256', 'reftable'.

    Read with a pattern, not a parser: includes and commands in the file mean nothing here.
    """
    text = small_file(layout.common_dir / "config")
    return frozenset(found.decode().lower() for found in _FORMAT.findall(text)) - {"sha1", "files"}


def is_partial(layout: Layout) -> bool:
    """Whether it is a clone that leaves out what its origin promised to have, as git marks its packs; else a hole is damage."""
    return any((layout.common_dir / "objects" / "pack").glob("*.promisor"))


def small_file(path: Path) -> bytes:
    """The bytes of a regular file, or b'' where there is none. A device, pipe or huge file counts as none: it could hang us."""
    if not path.is_file() or path.stat().st_size > SMALL:
        return b""
    return path.read_bytes()


def _is_repository(git_dir: Path, common_dir: Path) -> bool:
    parts = (git_dir / "HEAD", common_dir / "objects", common_dir / "refs")
    return parts[0].is_file() and parts[1].is_dir() and parts[2].is_dir()


def _gitfile(path: Path) -> Path:
    text = small_file(path).decode("utf-8", "surrogateescape").strip()
    if not text.startswith("gitdir: ") or "\x00" in text:
        return path.parent
    return (path.parent / text.removeprefix("gitdir: ")).resolve()


def _common(git_dir: Path) -> Path:
    text = small_file(git_dir / "commondir").decode("utf-8", "surrogateescape").strip()
    return (git_dir / text).resolve() if text and "\x00" not in text else git_dir
