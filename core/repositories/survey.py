"""One reading of a whole repository: every object checked against its id, and counted by what it is."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from espalier.core.repositories import attributes
from espalier.core.repositories.attributes import NONE, Attributes
from espalier.core.repositories.classify import HEAD, by_path, content
from espalier.core.repositories.git import LARGEST, ObjectReader
from espalier.core.repositories.history import (
    SUBMODULE,
    ObjectInfo,
    Place,
    TreeEntry,
    first_places,
    objects,
    tree,
)
from espalier.core.repositories.layout import is_partial, opened
from espalier.core.repositories.licences import Found, Header, Licences, header, sources
from espalier.core.repositories.services import Services
from espalier.core.repositories.standing import PROSE, File, Judge, Stands
from espalier.core.repositories.walks import NOTHING, Blob, Walk, walked

Progress = Callable[[int, int, str], None]
_STEP = 2000  # objects between two words of progress


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to survey: object ids of the tips, the commit that is now, globs of the paths wanted, services as given."""

    name: str
    path: Path
    tips: tuple[str, ...]
    head: str | None
    include: tuple[str, ...]
    services: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """`commits`, `blobs`, `bytes` and `excluded` are of the whole history; the other counts are files of the tree of now."""

    commits: int
    blobs: int
    bytes: int
    languages: dict[str, int]
    services: dict[str, int]
    licences: dict[str, int]
    excluded: dict[str, int]
    sources: tuple[Found, ...]


@dataclass(slots=True)
class _Gathered:
    """What was found so far; `history` and `now` map a path that may be trained on to its language."""

    excluded: Counter[str] = field(default_factory=Counter)
    history: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)
    headers: set[Header] = field(default_factory=set)


def survey(
    plan: Plan, earlier: Walk = NOTHING, said: Progress = lambda done, total, message: None
) -> tuple[Survey, Walk]:
    """What is in the repository, and the walk to begin with next time; what `earlier` knows is not read again, and nothing of it
    shows in the survey.

    Raises MissingObject or DamagedObject where the history is not whole. A partial clone may lack files, but for those that
    say what the others are: licences, manifests and attributes.
    """
    files = tree(plan.path, plan.head) if plan.head else {}
    walk, met = walked(plan.path, plan.tips, earlier)
    judge = Judge(plan.include, _attributes(plan.path, files))
    stands = Stands(walk, files)
    _read(plan, walk, met, stands, judge, said)
    _read_headers(plan, walk, stands, judge)
    return _summary(plan, _gathered(walk, stands, judge), files, walk, stands), walk


def verify(path: Path, tips: Sequence[str], said: Progress = lambda done, total, message: None) -> None:
    """Reads every object; raises MissingObject or DamagedObject for the first that is not what its id says, or that is not
    there: of what a partial clone lacks, only that it is a file is known.
    """
    found = objects(path, tips, may_lack=_Files(path, tips) if is_partial(opened(path)) else ())
    wanted = [one.oid for one in found if one.kind != "missing" and one.size <= LARGEST]
    with ObjectReader(path) as reader:
        for done, _ in enumerate(reader.read_all(wanted)):
            if done % _STEP == 0:
                said(done, len(wanted), f"Checking {path.name}")


class _Files:
    """The blobs that a history names as files; it is walked through when one is asked for, and so only where one is missing."""

    def __init__(self, path: Path, tips: Sequence[str]) -> None:
        self._path, self._tips = path, tips

    def __contains__(self, oid: object) -> bool:
        return oid in self._places

    @cached_property
    def _places(self) -> Mapping[str, Place]:
        return first_places(self._path, self._tips)


def _read(plan: Plan, walk: Walk, met: Sequence[ObjectInfo], stands: Stands, judge: Judge, said: Progress) -> None:
    """Checks every object that was met and is not too large, and learns what the blobs among them are."""
    blobs = walk.blobs
    wanted = [one.oid for one in met if one.kind not in ("blob", "missing") and one.size <= LARGEST]
    wanted += sorted((oid for oid, one in blobs.items() if _is_unread(one)), key=lambda oid: _path(blobs[oid]))
    with ObjectReader(plan.path) as reader:
        for done, (oid, data) in enumerate(reader.read_all(wanted)):
            if done % _STEP == 0:
                said(done, len(wanted), f"Reading {plan.name}")
            if oid in blobs:
                blobs[oid] = replace(blobs[oid], content=content(data[:HEAD]))
                if _wants_header(oid, walk, stands, judge):
                    blobs[oid] = replace(blobs[oid], top=_top(data))


def _read_headers(plan: Plan, walk: Walk, stands: Stands, judge: Judge) -> None:
    """The tops of files that were known and are code only since."""
    wanted = [oid for oid in walk.blobs if _wants_header(oid, walk, stands, judge)]
    with ObjectReader(plan.path) as reader:
        for oid, data in reader.read_all(wanted):
            walk.blobs[oid] = replace(walk.blobs[oid], top=_top(data))


def _top(data: bytes) -> tuple[str, str]:
    found = header("", data)
    return (found.expression, found.holder) if found else ("", "")


def _is_unread(blob: Blob) -> bool:
    return blob.content is None and blob.size is not None and blob.size <= LARGEST


def _path(blob: Blob) -> str:
    """Git unpacks neighbours faster."""
    return blob.place.path if blob.place else ""


def _wants_header(oid: str, walk: Walk, stands: Stands, judge: Judge) -> bool:
    blob = walk.blobs[oid]
    if blob.content is None or blob.top is not None:
        return False
    return any(judge.wants_header(file, blob) and not judge.reason(file, blob) for file in stands.files(oid))


def _gathered(walk: Walk, stands: Stands, judge: Judge) -> _Gathered:
    """Of every blob that was read, oldest first."""
    gathered = _Gathered()
    for oid in walk.oldest_first():
        blob = walk.blobs[oid]
        if blob.content is None:
            continue
        if first := stands.first(oid):
            if reason := judge.reason(first, blob):
                gathered.excluded[reason] += 1
            else:
                _keep(gathered, first, blob, judge, gathered.history)
        for file in stands.now.get(oid, ()):
            if not judge.reason(file, blob):
                _keep(gathered, file, blob, judge, gathered.now)
    return gathered


def _keep(gathered: _Gathered, file: File, blob: Blob, judge: Judge, kept: dict[str, str]) -> None:
    kept[file.path] = judge.language(file.path, blob) or "Other"
    if blob.top and blob.top[0] and judge.wants_header(file, blob):
        gathered.headers.add(Header(path=file.path, expression=blob.top[0], holder=blob.top[1]))


def _attributes(path: Path, files: Mapping[str, TreeEntry]) -> Attributes:
    """The attributes of the tree of now, which hold for all revisions: a file marked late was no more ours before."""
    named = {name: entry.oid for name, entry in files.items() if name.rsplit("/", 1)[-1] == ".gitattributes"}
    sizes = {name: files[name].size for name in named}  # a submodule of that name has none
    small = {
        name: oid for name, oid in named.items() if (size := sizes[name]) is not None and size <= attributes.LARGEST
    }
    with ObjectReader(path) as reader:
        contents = [(name, reader.read(oid)) for name, oid in small.items()]
    return attributes.read(contents, frozenset(("linguist-generated", "linguist-vendored")))


def _licence_files(plan: Plan, walk: Walk, stands: Stands) -> dict[str, bytes]:
    """The last licence files and manifests by path, but those in vendored folders: all that these speak for is left out."""
    wanted = {path: oid for path, oid in stands.licences.items() if by_path(path, NONE) != "vendored"}
    readable = [oid for oid in dict.fromkeys(wanted.values()) if oid in walk.blobs and walk.blobs[oid].content]
    with ObjectReader(plan.path) as reader:
        found = dict(reader.read_all(readable))
    return {path: found[oid] for path, oid in wanted.items() if oid in found}


def _summary(plan: Plan, gathered: _Gathered, files: Mapping[str, TreeEntry], walk: Walk, stands: Stands) -> Survey:
    sizes = [blob.size for blob in walk.blobs.values()]
    headers = sorted(gathered.headers, key=lambda one: (one.path, one.expression, one.holder))
    code = [path for path, spoken in {**gathered.history, **gathered.now}.items() if spoken not in PROSE]
    named = sources(_licence_files(plan, walk, stands), headers, code)
    services = Services(plan.name, files, plan.services)
    whose = Licences(named)
    missing, too_large = sizes.count(None), sum(size is not None and size > LARGEST for size in sizes)
    submodules = sum(entry.mode == SUBMODULE for entry in files.values())
    gathered.excluded.update({"missing": missing, "too-large": too_large, "submodule": submodules})
    return Survey(
        commits=walk.commits,
        blobs=len(sizes),
        bytes=sum(size or 0 for size in sizes),
        languages=_counted(gathered.now.values()),
        services=_counted(services.of(path) for path in gathered.now),
        licences=_counted(source.expression for path in gathered.now for source in whose.of(path)),
        excluded=_counted(gathered.excluded.elements()),
        sources=_used(named, whose, gathered),
    )


def _used(named: Sequence[Found], whose: Licences, gathered: _Gathered) -> tuple[Found, ...]:
    """The sources that some file that may be trained on belongs to, now or before."""
    used = {source for path in {**gathered.history, **gathered.now} for source in whose.of(path)}
    return tuple(source for source in named if source in used)


def _counted(values: Iterable[str]) -> dict[str, int]:
    """Most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
