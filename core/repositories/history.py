"""Refs, commits, changes and objects of a repository, in an order that depends on the commits alone.

Names out of git are text as `pathname.shown` makes it. Tips are object ids: a branch that moves between two calls can't
make their answers disagree.
"""

import os
import re
from collections.abc import Container, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from espalier.core.failures import UnusableInput
from espalier.core.repositories.git import MissingObject, ObjectReader, git, piped, records, stream
from espalier.core.repositories.layout import SMALL, Layout, opened, small_file
from espalier.core.repositories.layout import head as head_text
from espalier.core.repositories.pathname import shown

Kind = Literal["blob", "commit", "tag", "tree", "missing"]
SUBMODULE, SYMLINK = "160000", "120000"
STASH = "refs/stash"
_LOGGED = re.compile(rb"[0-9a-f]{40,64} ([0-9a-f]{64}|[0-9a-f]{40}) ")
_CHARSETS = re.compile(
    r"latin-?1|iso-?8859-([1-9]|1[0134568])|(cp|windows-)125[0-8]|koi8-[ru]|gbk|gb18030|big5|euc-(jp|kr)|shift_jis"
)
_LONGEST_AUTHOR = 1000  # characters of an author line
_LATEST = 253402300799  # 9999-12-31T23:59:59Z, in Unix seconds; a commit may claim any year


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectInfo:
    """`size` in bytes; of what is missing nothing is known but its id."""

    oid: str
    kind: Kind
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Commit:
    """Times in Unix seconds, as the commit claims them, held to the years 1970 to 9999."""

    oid: str
    parents: tuple[str, ...]
    committed_at: int
    authored_at: int
    author_name: str
    author_email: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One path that differs between a commit and `parent` (None for a root commit); a merge is told once per parent.

    `mode` is the new file's, or the old one's where it was deleted. A path that a submodule holds has no blob.
    """

    commit: str
    parent: str | None
    status: Literal["A", "M", "D", "T"]
    path: str
    old_blob: str | None
    new_blob: str | None
    mode: str
    submodule: str | None = None  # the commit of another repository that the path is at now


@dataclass(frozen=True, slots=True, kw_only=True)
class Submodule:
    """A commit of another repository that a path of the history pointed to."""

    path: str
    commit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where history first shows a blob."""

    path: str
    mode: str
    commit: str
    committed_at: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline:
    """For each blob where history first shows it, and every commit of another repository that it ever pointed to."""

    places: dict[str, Place]
    submodules: frozenset[Submodule]


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeEntry:
    """`size` in bytes; None for a submodule, whose `oid` is a commit of another repository."""

    mode: str
    oid: str
    size: int | None


@dataclass(frozen=True, slots=True)
class Step:
    """A commit in its place in history; `committed_at` as in Commit."""

    oid: str
    parents: tuple[str, ...]
    committed_at: int


def tips(repository: Path) -> dict[str, str]:
    """Every ref with the object it names, tags not peeled; HEAD where it is detached, for then no ref may hold it; and what
    was stashed, not only the newest, which is all that a ref names.

    Read by `git for-each-ref` in a view: GitPython's reader stops at a name that is not UTF-8, waits for ever at a pipe
    laid among the refs, and reads the packed refs once per ref.
    """
    layout = opened(repository)
    _refuse_special(layout.common_dir / "refs")
    lines = records(stream(repository, "for-each-ref", "--format=%(objectname) %(refname)"), b"\n")
    found = {shown(name): oid.decode() for oid, _, name in (line.partition(b" ") for line in lines)}
    if STASH in found:
        found |= _older_stashes(repository, layout, found[STASH])
    detached = head_text(layout)
    return found if detached.startswith("ref:") or not detached else {**found, "HEAD": detached}


def _older_stashes(repository: Path, layout: Layout, newest: str) -> dict[str, str]:
    """What was stashed before the newest: git keeps it in a log only, each line with the commit before and the one after.

    A log can say anything. What is not there as a commit is left out; git never prunes what its own log names.
    """
    path = layout.common_dir / "logs" / STASH
    if path.is_file() and path.stat().st_size > SMALL:
        raise UnusableInput(f"{path} is too large to read.", "Drop old stashes: git stash drop")
    named = [found[1].decode() for line in small_file(path).split(b"\n") if (found := _LOGGED.match(line))]
    asked = [oid for oid in dict.fromkeys(reversed(named)) if oid != newest]
    told = git(repository, "cat-file", "--batch-check", input="".join(f"{oid}\n" for oid in asked).encode())
    there = [line.split()[0].decode() for line in told.split(b"\n") if line.split()[1:2] == [b"commit"]]
    return {f"{STASH}@{{{number}}}": oid for number, oid in enumerate(there, 1)}


def head(repository: Path, tips: Mapping[str, str]) -> str | None:
    """The commit to take as now: HEAD's; where HEAD names none, as in some bare repositories, that of main, of master, or
    of the branch with the newest commit. None without a commit.
    """
    said = head_text(opened(repository)).removeprefix("ref: ")
    for ref in (said, "HEAD", "refs/heads/main", "refs/heads/master"):
        if ref in tips:
            return tips[ref]
    branches = sorted(oid for ref, oid in tips.items() if ref.startswith(("refs/heads/", "refs/remotes/")))
    return walk(repository, branches)[-1].oid if branches else None


def objects(
    repository: Path, tips: Iterable[str], may_lack: Container[str] = (), beside: Iterable[str] = ()
) -> Iterator[ObjectInfo]:
    """Every object reachable from the tips, once. Raises MissingObject when one of them is not there, unless it is among
    `may_lack`, the blobs that the caller can do without: those are told as missing.

    What commits lead to that are named by `beside` may be left out, and is so where git sees it cheaply.
    """
    command = ("rev-list", "--objects", "--no-object-names", "--missing=print", "--stdin")
    asked = tip_lines(tips) + b"".join(b"^" + line for line in tip_lines(beside).splitlines(keepends=True))
    lines = records(piped(repository, command, ("cat-file", "--batch-check", "--buffer"), input=asked), b"\n")
    for line in lines:
        words = line.decode("ascii", "replace").split()
        if line.startswith(b"?") and words[0][1:] in may_lack:
            yield ObjectInfo(oid=words[0][1:], kind="missing", size=0)
            continue
        oid, kind, size = _checked(repository, words)
        yield ObjectInfo(oid=oid, kind=cast(Kind, kind), size=int(size))


def stored(repository: Path) -> Iterator[ObjectInfo]:
    """Every object in the repository's store, once, whether a ref leads to it or not; in the order of their ids."""
    command = ("cat-file", "--batch-all-objects", "--batch-check", "--buffer")
    for line in records(stream(repository, *command), b"\n"):
        oid, kind, size = _checked(repository, line.decode("ascii", "replace").split())
        yield ObjectInfo(oid=oid, kind=cast(Kind, kind), size=int(size))


def walk(repository: Path, tips: Iterable[str]) -> list[Step]:
    """The commits in date order, parents first; tips are sorted, so that their order can't matter."""
    options = ("--date-order", "--reverse", "--parents", "--timestamp", "--stdin")
    return [_step(line) for line in records(stream(repository, "rev-list", *options, input=tip_lines(tips)), b"\n")]


def commits(repository: Path, tips: Iterable[str]) -> Iterator[Commit]:
    """Oldest first, and no commit before its parents."""
    steps = walk(repository, tips)
    with ObjectReader(repository) as reader:
        for step, (_, data) in zip(steps, reader.read_all(step.oid for step in steps), strict=True):
            yield _commit(step, data)


def commits_named(repository: Path, oids: Iterable[str]) -> list[Commit]:
    """These commits without their place in history: their parents are not told. One that is gone is left out."""
    found = []
    with ObjectReader(repository) as reader:
        for oid in dict.fromkeys(oids):
            with suppress(MissingObject):
                found.append(_commit(Step(oid, (), 0), reader.read(oid)))
    return found


def changes(repository: Path, tips: Iterable[str]) -> Iterator[Change]:
    """Oldest first, in the order of `commits`. Renames are told as a deletion and an addition."""
    return changes_of(repository, walk(repository, tips))


def changes_of(repository: Path, steps: Iterable[Step]) -> Iterator[Change]:
    """Of these commits alone, in their order."""
    pairs = [(step.oid, parent) for step in steps for parent in step.parents or (None,)]
    asked = "".join(f"{oid} {parent}\n" if parent else f"{oid}\n" for oid, parent in pairs).encode()
    options = ("--stdin", "--root", "--always", "-r", "--raw", "-z", "--no-renames", "--no-abbrev")
    return parse_changes(records(stream(repository, "diff-tree", *options, input=asked)), pairs)


def parse_changes(fields: Iterator[bytes], pairs: Iterable[tuple[str, str | None]]) -> Iterator[Change]:
    """Reads `diff-tree --stdin --always --raw -z`: for each pair asked a header, then `:modes ids status` and a path each."""
    asked = iter(pairs)
    commit, parent = "", None
    for field in fields:
        if not field.startswith(b":"):
            commit, parent = next(asked)
            continue
        old_mode, new_mode, old, new, status = field[1:].decode("ascii").split(" ")
        yield Change(
            commit=commit,
            parent=parent,
            status=cast(Literal["A", "M", "D", "T"], status[0]),
            path=shown(next(fields)),
            old_blob=_blob(old_mode, old),
            new_blob=_blob(new_mode, new),
            mode=old_mode if status[0] == "D" else new_mode,
            submodule=new if new_mode == SUBMODULE else None,
        )


def first_places(repository: Path, tips: Iterable[str]) -> dict[str, Place]:
    """For each blob where history first shows it: the earliest commit in the order of `commits`, and the first path there.

    A blob that only a tag of a tree or of a blob leads to has no place.
    """
    return outline(repository, tips).places


def outline(repository: Path, tips: Iterable[str]) -> Outline:
    """The places and submodules of a history, by one walk through it."""
    named = tuple(tips)
    when = {step.oid: step.committed_at for step in walk(repository, named)}
    places: dict[str, Place] = {}
    submodules = set[Submodule]()
    for change in changes(repository, named):
        if change.submodule:
            submodules.add(Submodule(path=change.path, commit=change.submodule))
        if change.new_blob and change.new_blob not in places:
            places[change.new_blob] = Place(
                path=change.path, mode=change.mode, commit=change.commit, committed_at=when[change.commit]
            )
    return Outline(places=places, submodules=frozenset(submodules))


def tree(repository: Path, commit: str) -> dict[str, TreeEntry]:
    """The files of a commit by path, folders left out."""
    entries: dict[str, TreeEntry] = {}
    for line in records(stream(repository, "ls-tree", "-r", "-z", "-l", "--full-tree", commit)):
        about, _, path = line.partition(b"\t")
        mode, _, oid, size = about.decode("ascii").split()
        entries[shown(path)] = TreeEntry(mode=mode, oid=oid, size=int(size) if size.isdigit() else None)
    return entries


def _step(line: bytes) -> Step:
    when, oid, *parents = line.decode("ascii").split()
    return Step(oid, tuple(parents), year_bound(when))


def year_bound(seconds: str) -> int:
    """Unix seconds as git writes them, held to the years 1970 to 9999."""
    digits = seconds.isdigit() and len(seconds) < 20
    return min(int(seconds), _LATEST) if digits else 0


def _commit(step: Step, data: bytes) -> Commit:
    """Whatever a commit's header looks like, all that follows its first empty line is the message."""
    header, _, message = data.partition(b"\n\n")
    encoding = _charset(_field(header, b"encoding"))
    name, email, authored_at = _author(_field(header, b"author").decode(encoding, "replace"))
    return Commit(
        oid=step.oid,
        parents=step.parents,
        committed_at=step.committed_at,
        authored_at=authored_at,
        author_name=name,
        author_email=email,
        message=message.decode(encoding, "replace"),
    )


def _field(header: bytes, name: bytes) -> bytes:
    """The first header line of that name, with its name; b'' where there is none."""
    return next((line for line in header.split(b"\n") if line.startswith(name + b" ")), b"")


def _author(line: str) -> tuple[str, str, int]:
    """Name, address and time; what can't be understood is taken as the name."""
    from git.objects.util import parse_actor_and_date  # the window, which reads no commits, must not wait for it

    try:
        actor, when, _ = parse_actor_and_date(_bounded(line))
    except ValueError:
        return line.removeprefix("author "), "", 0
    return actor.name or "", actor.email or "", year_bound(str(when))


def _bounded(line: str) -> str:
    if len(line) > _LONGEST_AUTHOR:
        raise ValueError("GitPython's pattern takes the square of the length")
    return line


def _charset(line: bytes) -> str:
    """The character set that a commit names. UTF-8 for any other word: Python knows codecs that are programs."""
    name = line.removeprefix(b"encoding ").strip().lower().decode("ascii", "replace")
    return name if _CHARSETS.fullmatch(name) else "utf-8"


def _blob(mode: str, oid: str) -> str | None:
    return None if mode in (SUBMODULE, "000000") else oid


def tip_lines(tips: Iterable[str]) -> bytes:
    """Tips as `--stdin` takes them; they are sorted, so that their order can't matter."""
    return "".join(f"{tip}\n" for tip in sorted(set(tips))).encode()


def _checked(repository: Path, words: list[str]) -> list[str]:
    if len(words) == 3:
        return words
    raise MissingObject(
        f"{repository} has missing or damaged objects (it lacks {words[0].lstrip('?')}).",
        "Run `git fsck --full` there; a partial clone is completed by `git fetch --refetch`.",
    )


def _refuse_special(refs: Path) -> None:
    """A named pipe or device among the refs would make every reader wait for ever."""
    for folder, folders, names in os.walk(refs):
        paths = [Path(folder) / name for name in names]
        odd = [path for path in paths if not path.is_file()] + [
            path for path in map(Path(folder).joinpath, folders) if path.is_symlink()
        ]
        if odd:
            raise UnusableInput(f"{odd[0]} is not a regular file.", "Remove it, or add a clone.")
