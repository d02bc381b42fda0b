"""One object of a repository as a scan reads it: its texts, and the places where something was found in them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import Literal

from espalier.core.findings.archives import members
from espalier.core.findings.archives.kind import kind as archive_kind
from espalier.core.findings.decode import ARCHIVE, Decoded, decode
from espalier.core.findings.detection.detect import MESSAGE, Detector, Naming
from espalier.core.findings.detection.spans import Span
from espalier.core.findings.fingerprint import Fingerprints

Kind = Literal["blob", "commit", "tag"]
Source = Literal["file", "message", "tag", "author", "import"]
MISSING = "missing"  # from the repository, as large blobs are from a partial clone
TOO_LARGE = "too large"
NAMED = "named by the rule"  # of a company's own, which names files by their path: what is in them is found, and never learnt
_WORST = (
    "encrypted",
    "damaged",
    TOO_LARGE,
    "too deep",
    "unsupported",
)  # what else is not read there is binary, or like it
_PEOPLE = (b"author ", b"committer ", b"tagger ")
_OURS = (b"tree ", b"parent ", b"object ", b"type ", b"encoding ")
_WHEN = re.compile(r"(?<=> )[0-9]{9,10} [+-][0-9]{4}$", re.MULTILINE)
_SIGNED = (b"gpgsig ", b"gpgsig-sha256 ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Where an object comes from: a blob's first path and commit, a commit itself, the commit that a tag names.

    One that no ref leads to has neither path nor commit.
    """

    oid: str
    kind: Kind
    path: str | None
    commit: str | None
    unreachable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place without its text: `line` counts from 1, `span` is in characters of the decoded text; `inner` is the file in an
    archive, '' in whatever is none.
    """

    fingerprint: str
    source: Source
    line: int
    span: Span
    inner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What came of an object: hits, or why it could not be scanned.

    An archive that was opened may have both, and a file that a rule names. `archive` is None where nobody looked whether it is one.
    """

    origin: Origin
    not_scanned: str | None
    hits: tuple[Hit, ...] = ()
    archive: bool | None = None


def read(origin: Origin, data: bytes, detector: Detector, named: Fingerprints, *, archives: bool = False) -> Reading:
    """Scan one object's bytes; what is in an archive only where that is asked for."""
    if archives and origin.kind == "blob" and archive_kind(data):
        return _read_archive(origin, data, detector, named)
    hits: list[Hit] = []
    looked = False if archives and origin.kind == "blob" else None
    for source, text in texts(origin.kind, data):
        if text.text is None:
            return Reading(origin=origin, not_scanned=text.not_scanned, archive=looked)
        hits += _hits(source, text.text, origin.path or MESSAGE, detector, named)
    rule = detector.named(origin.path) if origin.kind == "blob" and origin.path else None
    return Reading(origin=origin, not_scanned=f"{NAMED} {rule}" if rule else None, hits=tuple(hits))


def _read_archive(origin: Origin, data: bytes, detector: Detector, named: Fingerprints) -> Reading:
    """What is found in an archive, and the worst of what keeps a part of it from being read.

    However much of it is read, it is no text and nothing is learnt from it.
    """
    hits: list[Hit] = []
    reasons = set[str]()
    for member in members.members(data, archive_name(origin.path)):
        if member.decoded.text is None:
            reasons.add(member.decoded.not_scanned)
            continue
        path = archive_path(origin.path, member.path)
        found = _hits("file", member.decoded.text, path, detector, named)
        hits += [replace(hit, inner=member.path) for hit in found]
    return Reading(origin=origin, not_scanned=_worst(reasons), hits=tuple(hits), archive=True)


def _worst(reasons: set[str]) -> str | None:
    if not reasons:
        return None
    return f"{ARCHIVE}: {next((reason for reason in _WORST if reason in reasons), 'binary inside')}"


def holds(origin: Origin, data: bytes, naming: Naming, *, archive: bool) -> bool:
    """Whether one of the people is named in an object that was read before, or in the archive that it was opened as.

    Author lines name people everywhere, which is no finding there.
    """
    path = origin.path or MESSAGE
    if archive:
        members_of = members.members(data, archive_name(origin.path))
        inside = ((archive_path(origin.path, one.path), one.decoded.text) for one in members_of)
        return any(naming.holds(text, at) for at, text in inside if text is not None)
    found = ((source, text.text) for source, text in texts(origin.kind, data))
    return any(naming.holds(text, path) for source, text in found if text is not None and source != "author")


def archive_name(path: str | None) -> str:
    return PurePosixPath(path or "").name


def archive_path(path: str | None, inner: str) -> str:
    """How a file in an archive is called: outer.zip!/inner."""
    return f"{path or ''}{members.WITHIN}{inner}"


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


def _no_time(when: re.Match[str]) -> str:
    return "0" * len(when[0])


def _hits(source: Source, text: str, path: str, detector: Detector, named: Fingerprints) -> Iterator[Hit]:
    """Author lines are looked at for secrets only: that a person has an address is no finding there.

    Nor is the time, which git writes; without it, lines of one person are one line, and looked at once.
    """
    line, at = 1, 0
    read = _WHEN.sub(_no_time, text) if source == "author" else text
    for span in detector.spans(read, path, names=source != "author"):
        line, at = line + text.count("\n", at, span.start), span.start
        if source != "author" or span.kind == "secret":
            name = named.of(text[span.start : span.end], span.kind)
            yield Hit(fingerprint=name, source=source, line=line, span=span)
