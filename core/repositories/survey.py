"""One reading of a whole repository: every object checked against its id, and counted by what it is."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from espalier.core.repositories import attributes, globs
from espalier.core.repositories.attributes import Attributes
from espalier.core.repositories.classify import HEAD, exclusion, language
from espalier.core.repositories.git import LARGEST, ObjectReader
from espalier.core.repositories.history import (
    SUBMODULE,
    ObjectInfo,
    Place,
    TreeEntry,
    changes,
    first_places,
    objects,
    tree,
)
from espalier.core.repositories.layout import is_partial, opened
from espalier.core.repositories.licences import Found, Header, Licences, header, sources, speaks_of_licence
from espalier.core.repositories.services import Services

Progress = Callable[[int, int, str], None]
NOT_INCLUDED = "not-included"
_STEP = 2000  # objects between two words of progress
_PROSE = frozenset(("Markdown", "reStructuredText", "Text", "JSON", "HTML", "XML", "Jupyter"))


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


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    mode: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Where:
    """Where blobs stand: first in history, in the tree of now, and as the last licence file or manifest of a path."""

    first: Mapping[str, _File]
    now: Mapping[str, Sequence[_File]]
    licence_paths: Mapping[str, Sequence[str]]


@dataclass(slots=True)
class _Gathered:
    """What the reading has found so far; `history` and `now` map a path that may be trained on to its language."""

    excluded: Counter[str] = field(default_factory=Counter)
    history: dict[str, str] = field(default_factory=dict)
    now: dict[str, str] = field(default_factory=dict)
    headers: set[Header] = field(default_factory=set)
    licence_files: dict[str, bytes] = field(default_factory=dict)


def survey(plan: Plan, said: Progress = lambda done, total, message: None) -> Survey:
    """Raises MissingObject or DamagedObject where the history is not whole. A partial clone may lack files, but for those that
    say what the others are: licences, manifests and attributes.
    """
    files = tree(plan.path, plan.head) if plan.head else {}
    where = _where(plan, files)
    may_lack = where.first.keys() - where.licence_paths.keys() if is_partial(opened(plan.path)) else set[str]()
    found = list(objects(plan.path, plan.tips, may_lack=may_lack))
    rules = _attributes(plan.path, files)
    judge = _Judge(plan, rules)
    gathered = _Gathered()
    for one, data in _read(plan, found, where, said):
        if one.kind == "blob":
            _look(gathered, one, data, where, judge)
    gathered.excluded["missing"] += sum(one.kind == "missing" for one in found)
    gathered.excluded["too-large"] += sum(one.kind == "blob" and one.size > LARGEST for one in found)
    gathered.excluded["submodule"] += sum(entry.mode == SUBMODULE for entry in files.values())
    return _summary(plan, gathered, files, found)


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


class _Judge:
    """The reason to leave a file out, the person's globs first."""

    def __init__(self, plan: Plan, rules: Attributes) -> None:
        self._wanted: list[re.Pattern[str]] = [globs.below(pattern) for pattern in plan.include]
        self._rules = rules

    def reason(self, file: _File, data: bytes) -> str | None:
        if self._wanted and not globs.matches(file.path, self._wanted):
            return NOT_INCLUDED
        return exclusion(file.path, data[:HEAD], len(data), file.mode, self._rules)


def _look(gathered: _Gathered, blob: ObjectInfo, data: bytes, where: _Where, judge: _Judge) -> None:
    """Take note of one blob wherever it stands."""
    for path in where.licence_paths.get(blob.oid, ()):
        gathered.licence_files[path] = data
    if first := where.first.get(blob.oid):
        if reason := judge.reason(first, data):
            gathered.excluded[reason] += 1
        else:
            _keep(gathered, first.path, data, gathered.history)
    for file in where.now.get(blob.oid, ()):
        if not judge.reason(file, data):
            _keep(gathered, file.path, data, gathered.now)


def _keep(gathered: _Gathered, path: str, data: bytes, kept: dict[str, str]) -> None:
    spoken = language(path, data[:HEAD])
    kept[path] = spoken or "Other"
    if spoken and spoken not in _PROSE and not speaks_of_licence(path) and (found := header(path, data)):
        gathered.headers.add(found)


def _read(plan: Plan, found: Sequence[ObjectInfo], where: _Where, said: Progress) -> Iterator[tuple[ObjectInfo, bytes]]:
    """Every object that is not too large, in the order of paths: git unpacks neighbours faster."""
    wanted = [one for one in found if one.kind != "missing" and one.size <= LARGEST]
    wanted.sort(key=lambda one: (one.kind, where.first[one.oid].path if one.oid in where.first else ""))
    with ObjectReader(plan.path) as reader:
        contents = reader.read_all(one.oid for one in wanted)
        for done, (one, (_, data)) in enumerate(zip(wanted, contents, strict=True)):
            if done % _STEP == 0:
                said(done, len(wanted), f"Reading {plan.name}")
            yield one, data


def _where(plan: Plan, files: Mapping[str, TreeEntry]) -> _Where:
    first: dict[str, _File] = {}
    last: dict[str, str] = {}
    for change in changes(plan.path, plan.tips):
        if change.new_blob:
            first.setdefault(change.new_blob, _File(change.path, change.mode))
            if speaks_of_licence(change.path):
                last[change.path] = change.new_blob
    last.update({path: entry.oid for path, entry in files.items() if path in last})
    now: dict[str, list[_File]] = {}
    for path, entry in files.items():
        now.setdefault(entry.oid, []).append(_File(path, entry.mode))
    return _Where(first=first, now=now, licence_paths=_inverted(last))


def _inverted(blobs: Mapping[str, str]) -> dict[str, list[str]]:
    paths: dict[str, list[str]] = {}
    for path, oid in blobs.items():
        paths.setdefault(oid, []).append(path)
    return paths


def _attributes(path: Path, files: Mapping[str, TreeEntry]) -> Attributes:
    """The attributes of the tree of now, which hold for all revisions: a file marked late was no more ours before."""
    named = {name: entry.oid for name, entry in files.items() if name.rsplit("/", 1)[-1] == ".gitattributes"}
    small = {name: oid for name, oid in named.items() if (files[name].size or 0) <= attributes.LARGEST}
    with ObjectReader(path) as reader:
        contents = [(name, reader.read(oid)) for name, oid in small.items()]
    return attributes.read(contents, frozenset(("linguist-generated", "linguist-vendored")))


def _summary(plan: Plan, gathered: _Gathered, files: Mapping[str, TreeEntry], found: Sequence[ObjectInfo]) -> Survey:
    blobs = [one.size for one in found if one.kind in ("blob", "missing")]
    licence_files = {path: data for path, data in gathered.licence_files.items() if _stands_for_us(path)}
    headers = sorted(gathered.headers, key=lambda one: (one.path, one.expression))
    code = [path for path, spoken in {**gathered.history, **gathered.now}.items() if spoken not in _PROSE]
    named = sources(licence_files, headers, code)
    services = Services(plan.name, files, plan.services)
    whose = Licences(named)
    return Survey(
        commits=sum(one.kind == "commit" for one in found),
        blobs=len(blobs),
        bytes=sum(blobs),
        languages=_counted(gathered.now.values()),
        services=_counted(services.of(path) for path in gathered.now),
        licences=_counted(source.expression for path in gathered.now for source in whose.of(path)),
        excluded=_counted(gathered.excluded.elements()),
        sources=_used(named, whose, gathered),
    )


def _stands_for_us(path: str) -> bool:
    """A licence in a vendored folder says nothing about what may be trained on: all of it is left out."""
    return exclusion(path, b"", 0, "100644") != "vendored"


def _used(named: Sequence[Found], whose: Licences, gathered: _Gathered) -> tuple[Found, ...]:
    """The sources that some file that may be trained on belongs to, now or before."""
    used = {source for path in {**gathered.history, **gathered.now} for source in whose.of(path)}
    return tuple(source for source in named if source in used)


def _counted(values: Iterable[str]) -> dict[str, int]:
    """Most frequent first."""
    return dict(sorted(Counter(values).items(), key=lambda item: (-item[1], item[0])))
