"""The order in which the clean files of each stratum are read: at random for everyone but who holds the project's key.

Which files are read decides what a review is worth, so nobody may choose it. A file's rank is a hash under the project's secret key
of the stratum, how often a miss began it anew, and the file: who reads can't try seeds until one pleases, and who commits can't
foresee what is read. (Who has the key and the project can; that is why a policy may ask for two readers.) The first so many are
a random sample without replacement of whatever files are there, for the hash knows nothing of them.

So neither a new corpus nor new rules begin a review anew. A file that stays keeps its place among the others, a new one comes in
at a random place, and one that is gone, or in which new rules find something, leaves the rest as it stood. What a person read is a
fact about the file and counts wherever the head of the queue comes by it; a new file that stands before it is read first. So the
bound is as sure for each corpus as if everything had been read there. It may depend on what was seen in one way only: files change
because of a miss, as when a rule is made of it. But a miss begins the order of its stratum anew, by ranks that nothing seen before
has to do with, and the other strata's ranks have nothing to do with it. How many misses there were in all corpora is never
forgotten, so that no commit makes them cheaper.
"""

from collections import defaultdict
from collections.abc import Mapping

from espalier.core.findings.sampling.stratified import Place
from espalier.core.project.file import Project
from espalier.core.project.key import ProjectKey, project_key

Blob = tuple[str, str]  # repository, object id
Ranked = tuple[int, str, str]  # rank, repository, object id
Order = dict[Place, list[Ranked]]


def order(
    project: Project, placed: Mapping[Blob, Place], begun: Mapping[Place, int], standing: Mapping[Blob, int]
) -> Order:
    """Each stratum's files, the first to be read first, without those in which a miss is known.

    `begun` are the epochs of the strata; `standing` are the ranks of what is drawn, and stay.
    """
    key = project_key(project)
    rows = project.rows("SELECT repository, object FROM read_files WHERE missed > 0")
    missed = {(row["repository"], row["object"]) for row in rows}
    found: Order = defaultdict(list)
    for one, place in placed.items():
        if one not in missed:
            number = standing[one] if one in standing else rank(key, project.id, place, begun.get(place, 0), one)
            found[place].append((number, *one))
    return {place: sorted(found[place]) for place in sorted(found)}


def rank(key: ProjectKey, project: str, place: Place, epoch: int, one: Blob) -> int:
    return key.rank("\0".join((project, *place, str(epoch), *one)).encode())


def epochs(project: Project) -> dict[Place, int]:
    """How many files of each stratum ever showed a miss, and so began its order anew; strata without one are left out."""
    rows = project.rows("SELECT service, language, epoch FROM epochs")
    return {(row["service"], row["language"]): row["epoch"] for row in rows}
