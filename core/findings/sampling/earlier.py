"""What was drawn before there were strata and queues, at random over all files of a corpus: none of its reading is lost."""

from collections.abc import Mapping

from espalier.core.findings.sampling.order import Blob, epochs
from espalier.core.findings.sampling.stratified import Place
from espalier.core.project.file import Connection, Project

_EARLIER = (
    "SELECT o.repository, o.object, o.sample FROM sampled_objects o JOIN samples s ON s.id = o.sample"
    " WHERE s.corpus = ? AND s.ruleset = ? AND NOT EXISTS (SELECT 1 FROM queues q WHERE q.sample = o.sample)"
    " ORDER BY o.sample DESC, o.repository DESC, o.object DESC"
)


def place_earlier(db: Connection, placed: Mapping[Blob, Place]) -> None:
    """Files that were drawn before there were strata are put into theirs, whatever corpus they were drawn from."""
    old = map(
        tuple, db.execute("SELECT DISTINCT repository, object FROM sampled_objects WHERE service IS NULL").fetchall()
    )
    db.executemany(
        "UPDATE sampled_objects SET service = ?, language = ? WHERE service IS NULL AND repository = ? AND object = ?",
        [(*placed[repository, oid], repository, oid) for repository, oid in old if (repository, oid) in placed],
    )


def keep_earlier(project: Project, db: Connection, named: tuple[str, str], placed: Mapping[Blob, Place]) -> None:
    """In the corpus that it was drawn from it stands first in its strata's order, but for strata in which it showed a miss."""
    begun = epochs(project)
    for number, row in enumerate(db.execute(_EARLIER, named).fetchall(), 1):
        one = (row["repository"], row["object"])
        if one in placed and placed[one] not in begun:
            values = (*named, *placed[one], 0, -number, *one, row["sample"])
            db.execute("INSERT INTO queues VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)
