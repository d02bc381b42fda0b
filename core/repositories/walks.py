"""The whole history of a repository as one walk through it, which a later walk goes on from where only commits were added.

What is added need not be newer: a branch that was merged brings commits that stand between those that were known. A walk goes on
where these are all still there and stand in the same order; where one is gone, or a clone was deepened, it begins anew. So it
comes to the same as one that began anew: a blob's first place, and the last licence of a path, are told by the commits' order.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from espalier.core.repositories.classify import Content
from espalier.core.repositories.history import (
    Change,
    ObjectInfo,
    Place,
    Step,
    Submodule,
    changes_of,
    objects,
    walk,
)
from espalier.core.repositories.layout import is_partial, opened
from espalier.core.repositories.licences import speaks_of_licence


@dataclass(frozen=True, slots=True)
class Blob:
    """`size` in bytes, None of what a partial clone lacks; no place where only a tag leads to it.

    `content` and `top` (the licence that its first lines name and whose it is, both '' for none) are None as long as nobody looked.
    """

    size: int | None
    place: Place | None
    content: Content | None = None
    top: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """A blob that a commit puts at a path."""

    commit: str
    blob: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """`heads` are the commits that no other follows, `order` is the SHA-256 over the ids of all `commits` in their order, `licences`
    the last licence file or manifest at each path, `kept` the name that it is kept by. `position` of each commit is not kept.
    """

    tips: tuple[str, ...] = ()
    heads: tuple[str, ...] = ()
    commits: int = 0
    order: str = ""
    blobs: dict[str, Blob] = field(default_factory=dict)
    submodules: frozenset[Submodule] = frozenset()
    licences: Mapping[str, Named] = field(default_factory=dict)
    position: Mapping[str, int] = field(default_factory=dict)
    kept: str = ""

    @property
    def whole(self) -> bool:
        """Whether every blob is there and has a place: only then is it something to go on from."""
        return all(blob.place and blob.size is not None for blob in self.blobs.values())

    def oldest_first(self) -> Iterator[str]:
        """The blobs that have a place, in the order in which history shows them."""
        placed = [
            (self.position[blob.place.commit], blob.place.path, oid) for oid, blob in self.blobs.items() if blob.place
        ]
        return (oid for *_, oid in sorted(placed))


NOTHING = Walk()


def walked(path: Path, tips: Iterable[str], earlier: Walk = NOTHING) -> tuple[Walk, list[ObjectInfo]]:
    """The walk, and every object that it met: all that `earlier` had not, and perhaps some that it had.

    Raises MissingObject where one is not there; a partial clone may lack files, but for licences and manifests.
    """
    tips = tuple(sorted(set(tips)))
    steps = walk(path, tips)
    known = _still(earlier, steps)
    position = {step.oid: number for number, step in enumerate(steps)}
    before = _reached(known.heads, steps)
    blobs, licences, submodules = dict(known.blobs), dict(known.licences), set(known.submodules)
    new = [step for step in steps if step.oid not in before]
    for change, when in _timed(changes_of(path, new), new):
        if change.submodule:
            submodules.add(Submodule(path=change.path, commit=change.submodule))
        if change.new_blob:
            _place(blobs, change, when, position)
            if speaks_of_licence(change.path):
                _name(licences, change, position)
    may_lack = blobs.keys() - {last.blob for last in licences.values()} if is_partial(opened(path)) else set[str]()
    met = list(objects(path, tips, may_lack, beside=known.heads))
    for one in met:
        if one.kind == "blob":
            blobs[one.oid] = replace(blobs.get(one.oid, _UNSEEN), size=one.size)
        elif one.kind == "missing":
            blobs.setdefault(one.oid, _UNSEEN)
    found = Walk(
        tips=tips,
        heads=_heads(steps),
        commits=len(steps),
        order=_order(steps),
        blobs=blobs,
        submodules=frozenset(submodules),
        licences=licences,
        position=position,
    )
    return found, met


_UNSEEN = Blob(None, None)


def _still(earlier: Walk, steps: Sequence[Step]) -> Walk:
    """The earlier walk, where all of its commits are there still and in its order; else none."""
    before = _reached(earlier.heads, steps)
    same = len(before) == earlier.commits and _order([step for step in steps if step.oid in before]) == earlier.order
    return earlier if same else NOTHING


def _reached(heads: Iterable[str], steps: Sequence[Step]) -> set[str]:
    """The commits among the steps that lead to one of these; steps come parents first."""
    found = set(heads)
    for step in reversed(steps if found else ()):
        if step.oid in found:
            found.update(step.parents)
    return found


def _heads(steps: Sequence[Step]) -> tuple[str, ...]:
    parents = {parent for step in steps for parent in step.parents}
    return tuple(step.oid for step in steps if step.oid not in parents)


def _order(steps: Iterable[Step]) -> str:
    return hashlib.sha256("\n".join(step.oid for step in steps).encode()).hexdigest()


def _timed(changes: Iterable[Change], steps: Iterable[Step]) -> Iterator[tuple[Change, int]]:
    when = {step.oid: step.committed_at for step in steps}
    return ((change, when[change.commit]) for change in changes)


def _place(blobs: dict[str, Blob], change: Change, when: int, position: Mapping[str, int]) -> None:
    """A blob's place is the first that history shows, and of one commit's the first path."""
    assert change.new_blob
    known = blobs.get(change.new_blob, _UNSEEN)
    if known.place is None or position[change.commit] < position[known.place.commit]:
        place = Place(path=change.path, mode=change.mode, commit=change.commit, committed_at=when)
        blobs[change.new_blob] = replace(known, place=place)


def _name(licences: dict[str, Named], change: Change, position: Mapping[str, int]) -> None:
    """The last that history shows at a path."""
    assert change.new_blob
    known = licences.get(change.path)
    if known is None or position[known.commit] <= position[change.commit]:
        licences[change.path] = Named(change.commit, change.new_blob)
