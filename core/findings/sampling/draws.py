"""Drawing: which clean blobs are put before a person, so many of each stratum, and what of them still waits."""

import random
from collections import Counter
from collections.abc import Mapping

from espalier.core.failures import UnusableInput
from espalier.core.findings.sampling.review import POPULATION, strata_of
from espalier.core.findings.sampling.strata import allocate
from espalier.core.findings.sampling.stratified import Place, stratified
from espalier.core.findings.summary import scan_of
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project

Blob = tuple[str, str]  # repository, object id


def draw(project: Project, corpus: str, ruleset: str, size: int, seed: int) -> int:
    """Draw blobs that were not drawn before, stratum by stratum, and return the sample's number; the same seed after the same draws
    draws the same.

    In each stratum all draws together are one sample without replacement, of what was left when a miss last ended one there.
    """
    if scan_of(project, corpus, ruleset) is None:
        raise UnusableInput(
            "This corpus has not been scanned under the current rules.", "espalier findings scan PROJECT"
        )
    clean = [(row["repository"], row["object"]) for row in project.rows(POPULATION, (corpus, ruleset))]
    placed = stratified(project, corpus, clean)
    with project.write() as db:
        _keep_strata(db, corpus, ruleset, placed)
        row = (corpus, ruleset, seed, len(clean), utc_now())
        sql = "INSERT INTO samples (corpus, ruleset, seed, population, drawn_at) VALUES (?, ?, ?, ?, ?)"
        sample = int(db.execute(sql, row).lastrowid or 0)
        chosen = _chosen(project, corpus, ruleset, placed, size, random.Random(seed))
        db.executemany(
            "INSERT INTO sampled_objects (sample, repository, object, service, language) VALUES (?, ?, ?, ?, ?)",
            [(sample, *one, *placed[one]) for one in chosen],
        )
    return sample


def _chosen(
    project: Project, corpus: str, ruleset: str, placed: Mapping[Blob, Place], size: int, chance: random.Random
) -> list[Blob]:
    """Blobs that were not read and do not wait, so many of each stratum as its share asks."""
    known = _known(project, corpus, ruleset)
    left: dict[Place, list[Blob]] = {}
    for one, place in placed.items():
        if one not in known:
            left.setdefault(place, []).append(one)
    strata = strata_of(project, corpus, ruleset)
    more = allocate([one.size for one in strata], [one.drawn for one in strata], size)
    return [
        one
        for stratum, number in zip(strata, more, strict=True)
        if number
        for one in chance.sample(left[stratum.service, stratum.language], number)
    ]


def _keep_strata(db: Connection, corpus: str, ruleset: str, placed: Mapping[Blob, Place]) -> None:
    """How large each is; and blobs that were drawn before there were strata are put into theirs."""
    rows = [(corpus, ruleset, *place, number) for place, number in Counter(placed.values()).items()]
    db.execute("DELETE FROM strata WHERE corpus = ? AND ruleset = ?", (corpus, ruleset))
    db.executemany("INSERT INTO strata VALUES (?, ?, ?, ?, ?)", rows)
    old = db.execute(
        "SELECT o.sample, o.repository, o.object FROM sampled_objects o JOIN samples s ON s.id = o.sample"
        " WHERE s.corpus = ? AND s.ruleset = ? AND o.service IS NULL",
        (corpus, ruleset),
    ).fetchall()
    db.executemany(
        "UPDATE sampled_objects SET service = ?, language = ? WHERE sample = ? AND repository = ? AND object = ?",
        [(*placed[one[1], one[2]], *one) for one in map(tuple, old) if (one[1], one[2]) in placed],
    )


def _known(project: Project, corpus: str, ruleset: str) -> set[Blob]:
    """What was read, and what waits; what waited in a draw that a miss ended may be drawn again."""
    rows = project.rows(
        "SELECT repository, object FROM standing_draws WHERE corpus = :corpus AND ruleset = :ruleset UNION"
        " SELECT o.repository, o.object FROM sampled_objects o JOIN samples s ON s.id = o.sample"
        " WHERE s.corpus = :corpus AND s.ruleset = :ruleset AND o.identity IS NOT NULL",
        {"corpus": corpus, "ruleset": ruleset},
    )
    return {(row["repository"], row["object"]) for row in rows}


def open_sample(project: Project, corpus: str, ruleset: str) -> int | None:
    """The newest sample with blobs that nobody has read yet."""
    found = project.value(
        "SELECT max(sample) FROM standing_draws WHERE corpus = ? AND ruleset = ? AND identity IS NULL",
        (corpus, ruleset),
    )
    return None if found is None else int(found)


def waiting(project: Project, sample: int) -> list[tuple[str, str]]:
    """The (repository, blob) pairs of a sample that nobody has read yet."""
    sql = "SELECT repository, object FROM standing_draws WHERE sample = ? AND identity IS NULL ORDER BY repository, object"
    return [(row["repository"], row["object"]) for row in project.rows(sql, (sample,))]
