"""Whose names a scan looks for: those who signed the history of a corpus, and which of them are new since an object was read.

The project file numbers them as they come, by keyed digests: an object that was read when the last number was n has been looked
through for all up to n. One who leaves the history loses the number, and has a new one on coming back.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

from espalier.core.findings.detection.people import People, people
from espalier.core.findings.detection.spans import Confidence
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey
from espalier.core.repositories.corpus import Corpus
from espalier.core.repositories.signatures import signed


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """The people of a corpus, and the number of each full name and each handle; `last` is the greatest number that was given."""

    people: People
    names: Mapping[str, int] = field(repr=False)
    handles: Mapping[str, int] = field(repr=False)
    last: int

    def since(self, number: int) -> People:
        """Those that came after it."""
        return People(
            {name: sure for name, sure in self.people.names.items() if self.names[name] > number},
            {handle: sure for handle, sure in self.people.handles.items() if self.handles[handle] > number},
        )


def sought(project: Project, corpus: Corpus, key: ProjectKey) -> Sought:
    """Read from git, and numbered."""
    found = people(one for held in corpus.repositories for one in signed(held.path, held.tips.values()))
    names = {name: _digest(key, "name", name, sure) for name, sure in found.names.items()}
    handles = {handle: _digest(key, "handle", handle, sure) for handle, sure in found.handles.items()}
    numbers = _numbered(project, sorted({*names.values(), *handles.values()}))
    return Sought(
        people=found,
        names={name: numbers[digest] for name, digest in names.items()},
        handles={handle: numbers[digest] for handle, digest in handles.items()},
        last=max(numbers.values(), default=0),
    )


def _digest(key: ProjectKey, kind: str, name: str, sure: Confidence) -> str:
    return key.fingerprint(f"{kind}\0{sure}\0{name}".encode("utf-8", "surrogatepass"))


def _numbered(project: Project, digests: list[str]) -> dict[str, int]:
    known = _numbers(project)
    if known.keys() != set(digests):
        with project.write() as db:
            there = (json.dumps(digests),)
            db.execute("DELETE FROM sought_names WHERE name NOT IN (SELECT value FROM json_each(?))", there)
            db.execute("INSERT OR IGNORE INTO sought_names (name) SELECT value FROM json_each(?)", there)
        known = _numbers(project)
    return known


def _numbers(project: Project) -> dict[str, int]:
    return {row["name"]: row["id"] for row in project.rows("SELECT id, name FROM sought_names")}
