"""The rights in what a snapshot was made of, as they are decided today and not only when it was built."""

from collections import Counter
from collections.abc import Iterator

from espalier.core.failures import GateShut
from espalier.core.project.file import Project
from espalier.core.release.licences import strictest
from espalier.core.release.manifest import SourceLicence
from espalier.core.repositories.licence_decisions import Allowance, Allowances


def sources(project: Project, snapshot: str, corpus: str) -> tuple[SourceLicence, ...]:
    """Of the examples that went in, not of whole repositories; raises GateShut where one may no longer be learnt from."""
    counted: Counter[tuple[str, str, str]] = Counter()
    denied = []
    for repository, path, built_as, examples, now in _places(project, snapshot, corpus):
        if not now.allowed:
            denied.append(f"{repository}/{path}: {now.why}")
        counted[repository, now.expression, strictest([built_as, now.export_class])] += examples
    if denied:
        raise GateShut(
            f"{len(denied)} files behind the snapshot {snapshot[:12]} may no longer be learnt from, first {denied[0]}.",
            "Build and freeze again without them, and train again.",
            tuple(denied),
        )
    return tuple(
        SourceLicence(repository=repository, licence=licence, export=strictest([export]), examples=examples)
        for (repository, licence, export), examples in sorted(counted.items())
    )


def _places(project: Project, snapshot: str, corpus: str) -> Iterator[tuple[str, str, str, int, Allowance]]:
    rows = project.rows(
        """SELECT repository, path, export_class, COUNT(*) AS examples
           FROM snapshot_examples JOIN snapshots ON snapshots.hash = snapshot
           JOIN examples ON examples.build = snapshots.build AND examples.id = snapshot_examples.example
           WHERE snapshot = ? GROUP BY repository, path, export_class ORDER BY repository, path, export_class""",
        (snapshot,),
    )
    known = {name: Allowances(project, corpus, name) for name in {row["repository"] for row in rows}}
    for row in rows:
        now = known[row["repository"]].of(row["path"])
        yield row["repository"], row["path"], row["export_class"], row["examples"], now
