"""One object of a repository as a scan reads it: its texts, and the places where something was found in them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from espalier.core.findings.decode import Decoded, decode
from espalier.core.findings.detect import MESSAGE, Detector
from espalier.core.findings.fingerprint import fingerprint
from espalier.core.findings.spans import Span
from espalier.core.project.key import ProjectKey

Kind = Literal["blob", "commit", "tag"]
Source = Literal["file", "message", "tag", "author", "import"]
_PEOPLE = (b"author ", b"committer ", b"tagger ")
_OURS = (b"tree ", b"parent ", b"object ", b"type ", b"encoding ")
_SIGNED = (b"gpgsig ", b"gpgsig-sha256 ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an object comes from: a blob's first path and commit, a commit itself, the commit that a tag names."""

    oid: str
    kind: Kind
    path: str | None
    commit: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place without its text: `line` counts from 1, `span` is in characters of the decoded text."""

    fingerprint: str
    source: Source
    line: int
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of an object: hits, or why it could not be scanned."""

    origin: Origin
    not_scanned: str | None
    hits: tuple[Hit, ...] = ()


def read(origin: Origin, data: bytes, detector: Detector, key: ProjectKey) -> Reading:
    """Scan one object's bytes."""
    hits: list[Hit] = []
    for source, text in texts(origin.kind, data):
        if text.text is None:
            return Reading(origin=origin, not_scanned=text.not_scanned)
        hits += _hits(source, text.text, origin.path or MESSAGE, detector, key)
    return Reading(origin=origin, not_scanned=None, hits=tuple(hits))


def texts(kind: Kind, data: bytes) -> Iterator[tuple[Source, Decoded]]:
    """The texts of an object: a file; or a message, and of the header what people can write into it."""
    if kind == "blob":
        yield "file", decode(data)
        return
    header, _, message = data.partition(b"\n\n")
    yield ("tag" if kind == "tag" else "message"), decode(message)
    yield "author", decode(_written(header))


def _written(header: bytes) -> bytes:
    """The lines that name people, then whatever else somebody wrote there, such as the tag that a merge keeps whole.

    Ids and signatures are left out: git makes them. A line that begins with a space goes on with the field before it.
    """
    people, others, own = [], [], False
    for line in header.split(b"\n"):
        if line.startswith(_PEOPLE):
            people.append(line)
        elif not line.startswith(b" "):
            own = not line.startswith(_OURS + _SIGNED)
        if own and not line.startswith(_PEOPLE):
            others.append(line)
    return b"\n".join([*people, *others])


def tagged_commit(data: bytes) -> str | None:
    """The commit that an annotated tag names; None where it names something else."""
    lines = data.split(b"\n", 2)
    named = lines[0].startswith(b"object ") and lines[1:2] == [b"type commit"]
    return lines[0][7:].decode("ascii", "replace") if named else None


def _hits(source: Source, text: str, path: str, detector: Detector, key: ProjectKey) -> Iterator[Hit]:
    """Author lines are looked at for secrets only: that a person has an address is no finding there."""
    line, at = 1, 0
    for span in detector.spans(text, path):
        line, at = line + text.count("\n", at, span.start), span.start
        if source != "author" or span.kind == "secret":
            name = fingerprint(key, text[span.start : span.end], span.kind)
            yield Hit(fingerprint=name, source=source, line=line, span=span)
