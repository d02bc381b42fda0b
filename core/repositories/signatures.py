"""Who signed a history: the names and addresses in author, committer and tagger fields and in the trailers of messages.

In memory only: the project file holds nobody's name.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from espalier.core.repositories.git import records, stream
from espalier.core.repositories.history import tip_lines, year_bound

_TRAILER = re.compile(
    rb"[ \t]*[A-Za-z][A-Za-z-]{1,40}-(?:by|to|cc|and|with):[ \t]*([^<>\0]{1,200}?)[ \t]*(?:<([^<>\0]{1,200})>.*)?"
)
_FIELDS = b"%an%x00%ae%x00%cn%x00%ce%x00%B"


def authored(repository: Path, tips: Iterable[str]) -> Iterator[tuple[int, str]]:
    """Of each commit when it was committed, and the address that its author is known by or, without one, the name; in no order."""
    command = ("rev-list", "--format=%ct%x00%ae%x00%an", "--stdin")
    for line in records(stream(repository, *command, input=tip_lines(tips)), b"\n"):
        when, mark, who = line.partition(b"\0")
        if mark:
            address, _, name = who.partition(b"\0")
            yield year_bound(when.decode("ascii", "replace")), _text(address or name)


def signed(repository: Path, tips: Iterable[str]) -> set[tuple[str, str]]:
    """Every name with its address, '' where a trailer gives none."""
    tips = tuple(tips)
    found = set(_of_commits(repository, tips))
    command = ("for-each-ref", "--format=%(objectname)%00%(taggername)%00%(taggeremail)", "refs/tags")
    for line in records(stream(repository, *command), b"\n"):
        oid, name, address = (*line.split(b"\0"), b"", b"")[:3]
        if name and oid.decode("ascii", "replace") in tips:
            found.add((name, address.strip(b"<>")))
    return {(_text(name), _text(address)) for name, address in found}


def _of_commits(repository: Path, tips: Iterable[str]) -> Iterator[tuple[bytes, bytes]]:
    """A line with a header's fields begins each message."""
    command = ("rev-list", f"--format={_FIELDS.decode()}", "--stdin")
    for line in records(stream(repository, *command, input=tip_lines(tips)), b"\n"):
        if line.count(b"\0") >= 4:
            author, address, committer, other, line = line.split(b"\0", 4)
            yield author, address
            yield committer, other
        if b"-" in line and b":" in line and (trailer := _TRAILER.fullmatch(line.rstrip(b"\r"))):
            yield trailer[1], trailer[2] or b""


def _text(name: bytes) -> str:
    return name.decode("utf-8", "replace")
