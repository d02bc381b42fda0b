"""A list of a million findings: python -m tests.benchmarks.findings_list [FINDINGS].

Prints seconds for filling the list, for the first rows under several filters and orders, for the counts beside the filters,
and for a decision; and each as a ratio to reading the whole table once.
"""

import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from espalier.core.findings import index
from espalier.core.findings.decisions import decide_many, take_back
from espalier.core.findings.index import Query
from espalier.core.project import identities
from espalier.core.project.file import Project

RULES = [f"rule-{number:02}" for number in range(60)]
ROWS = 60  # what a window shows at once
QUERIES = {
    "to decide": Query(states=("open",)),
    "everything": Query(),
    "to decide, one rule": Query(states=("open",), rules=("rule-07",)),
    "one repository, high": Query(repositories=("shop-3",), severities=("high", "critical")),
    "text in 1 of 1000 paths": Query(text="module_421/"),
    "text in every path": Query(text="src/"),
    "fingerprint": Query(text="abc12"),
    "everything by place": Query(order="place"),
    "everything by rule": Query(order="rule"),
    "everything by places": Query(order="places", descending=True),
}


def main(number: int) -> None:
    with tempfile.TemporaryDirectory() as folder, Project.create(Path(folder) / "p") as project:
        who = identities.add(project, "ann", roles=("security",), key=None)
        _timed("make", lambda: _make(project, number))
        _timed("fill the list", lambda: index.fill(project, "c", "r"))
        whole = _timed(
            "read the table once", lambda: project.value("SELECT SUM(length(fingerprint)) FROM listed_findings")
        )
        listed = index.list_of(project, "c", "r")
        assert listed is not None
        for name, query in QUERIES.items():
            _timed(f"first rows, {name}", partial(_first, project, listed, query), whole)
        _timed("counts beside the filters", lambda: index.facets(project, listed, Query(states=("open",))), whole)
        _timed("counts of states", lambda: index.counts(project, listed), whole)
        some = index.fingerprints(project, index.ids(project, listed, Query(states=("open",)))[:10_000])
        one = decide_many(project, some[:1], "scrub", who=who)
        _timed("a decision", lambda: decide_many(project, some[1:2], "scrub", who=who))
        _timed("taking it back", lambda: take_back(project, one, who=who))
        _timed("ten thousand decisions", lambda: decide_many(project, some, "scrub", who=who))


def _first(project: Project, listed: int, query: Query) -> int:
    found = index.ids(project, listed, query)
    index.page(project, found[:ROWS])
    return len(found)


def _make(project: Project, number: int) -> None:
    chance = random.Random(3)
    names = [hashlib.sha256(str(one).encode()).hexdigest() for one in range(number)]
    for at in range(0, number, 20_000):
        some = names[at : at + 20_000]
        with project.write() as db:
            db.executemany("INSERT INTO findings VALUES (?, ?, 'T', 'secret', ?, 'high')", _findings(some, chance))
            places = list(_places(some, at))
            db.executemany(
                'INSERT INTO places (fingerprint, ruleset, source, repository, object, path, line, start, "end")'
                " VALUES (?, 'r', 'file', ?, ?, ?, 7, ?, 9)",
                places,
            )
            noted = {(place[1], place[2]) for place in places}
            db.executemany("INSERT OR IGNORE INTO noted VALUES ('c', 'r', ?, ?, NULL)", noted)
            decided = [one for one in some if chance.random() < 0.3]
            db.executemany(
                "INSERT INTO decisions (fingerprint, state, reason, identity, role, decided_at)"
                " VALUES (?, 'scrub', '', 'ann', 'security', '2026')",
                [(one,) for one in decided],
            )


def _findings(names: list[str], chance: random.Random) -> Iterator[tuple[str, str, str]]:
    for name in names:
        yield name, chance.choice(RULES), chance.choice(("critical", "high", "medium", "low"))


def _places(names: list[str], at: int) -> Iterator[tuple[str, str, str, str, int]]:
    for number, name in enumerate(names, at):
        for more in range(1 + number % 2):
            path = f"services/part_{number % 40}/src/module_{number % 1000}/file_{number % 30_000}.py"
            yield name, f"shop-{number % 12}", f"o{number % 50_000}", path, number * 2 + more


def _timed(name: str, work: Callable[[], object], whole: float = 0.0) -> float:
    started = time.perf_counter()
    work()
    seconds = time.perf_counter() - started
    ratio = f"   {seconds / whole:6.2f} of reading the table once" if whole else ""
    sys.stdout.write(f"{name:40} {seconds:8.3f} s{ratio}\n")
    sys.stdout.flush()
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
