"""Sampled review: people read objects in which nothing was found, to bound how much the rules miss."""

import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from espalier.core.failures import UnusableInput
from espalier.core.findings.decode import decode
from espalier.core.findings.strata import Stratum, allocate, total_bound, total_required
from espalier.core.findings.stratified import Place, stratified
from espalier.core.findings.summary import scan_of
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Connection, Project
from espalier.core.project.identities import Identity
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.git import ObjectReader

CONFIDENCE = 0.95
_STRATA = (
    "SELECT t.service, t.language, t.size, COUNT(DISTINCT d.repository || d.object) AS drawn,"
    " COUNT(DISTINCT CASE WHEN d.identity IS NOT NULL THEN d.repository || d.object END) AS read,"
    " (SELECT COUNT(DISTINCT o.repository || o.object) FROM sampled_objects o JOIN samples s ON s.id = o.sample"
    "  WHERE s.corpus = t.corpus AND s.ruleset = t.ruleset AND o.service = t.service AND o.language = t.language"
    "   AND o.missed > 0) AS missed,"
    " (SELECT COUNT(DISTINCT o.repository || o.object) FROM sampled_objects o JOIN samples s ON s.id = o.sample"
    "  WHERE s.corpus = t.corpus AND s.ruleset = t.ruleset AND o.service = t.service AND o.language = t.language"
    "   AND o.identity IS NOT NULL AND NOT EXISTS (SELECT 1 FROM standing_draws e"
    "    WHERE e.sample = o.sample AND e.repository = o.repository AND e.object = o.object)) AS earlier"
    " FROM strata t LEFT JOIN standing_draws d ON d.corpus = t.corpus AND d.ruleset = t.ruleset"
    "  AND d.service = t.service AND d.language = t.language"
    " WHERE t.corpus = :corpus AND t.ruleset = :ruleset"
    " GROUP BY t.service, t.language ORDER BY t.service, t.language"
)
_RESTARTS = (
    "SELECT COUNT(*) FROM (SELECT DISTINCT o.sample, o.service, o.language FROM sampled_objects o"
    " JOIN samples s ON s.id = o.sample WHERE s.corpus = ? AND s.ruleset = ? AND o.missed > 0 AND o.service IS NOT NULL)"
)
_POPULATION = (
    "SELECT DISTINCT s.repository, s.object FROM scanned s JOIN corpus_repositories c ON c.repository = s.repository"
    " WHERE c.corpus = ? AND s.ruleset = ? AND s.places = 0 AND s.not_scanned IS NULL AND s.kind = 'blob'"
    " AND s.unreachable = 0 AND COALESCE(s.archive, 0) = 0"
    " ORDER BY s.repository, s.object"
)


Blob = tuple[str, str]  # repository, object id


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledReview:
    """How far the review of a corpus is; `bound` is the one-sided bound, at `confidence`, on the part of clean blobs that hold a miss.

    `reviewed` counts the blobs of the standing draws, `missed` every blob with a miss. `restarts` is how often a miss began the draw
    of a stratum anew: reading until nothing is seen would prove nothing, so each halves the doubt that is left to the bound.
    """

    population: int
    reviewed: int
    missed: int
    bound: float
    restarts: int = 0
    strata: tuple[Stratum, ...] = ()

    @property
    def state(self) -> str:
        return "not done" if self.reviewed == 0 and self.population else "done"

    @property
    def clean(self) -> int:
        """Of those reviewed; a standing draw by stratum holds no miss, since a miss ends it."""
        return self.reviewed if self.strata else self.reviewed - self.missed

    @property
    def confidence(self) -> float:
        return float(1 - (1 - CONFIDENCE) / 2**self.restarts)

    def required(self, asked: float) -> int | None:
        """How many must have been read for a bound of at most `asked`, those that count included; None: no reading gives it."""
        if not self.strata:
            return required(self.population, self.missed, asked)
        sizes, read = [one.size for one in self.strata], [one.read for one in self.strata]
        return self.reviewed + total_required(sizes, read, asked, 1 - self.confidence)

    def bound_after(self, read: int) -> float:
        """The bound when so many have been read in the order of drawing, and nothing more was missed."""
        if read == self.reviewed:
            return self.bound
        if not self.strata:
            return miss_bound(self.population, read, min(self.missed, read))
        sizes = [one.size for one in self.strata]
        before = [one.read for one in self.strata] if read > self.reviewed else [0] * len(sizes)
        after = [had + more for had, more in zip(before, allocate(sizes, before, read - sum(before)), strict=True)]
        return total_bound(sizes, after, 1 - self.confidence) / (sum(sizes) or 1)


def draw(project: Project, corpus: str, ruleset: str, size: int, seed: int) -> int:
    """Draw blobs that were not drawn before, stratum by stratum, and return the sample's number; the same seed after the same draws
    draws the same.

    In each stratum all draws together are one sample without replacement, of what was left when a miss last ended one there.
    """
    if scan_of(project, corpus, ruleset) is None:
        raise UnusableInput(
            "This corpus has not been scanned under the current rules.", "espalier findings scan PROJECT"
        )
    clean = [(row["repository"], row["object"]) for row in project.rows(_POPULATION, (corpus, ruleset))]
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


def strata_of(project: Project, corpus: str, ruleset: str) -> tuple[Stratum, ...]:
    """In the order of their names; none before the first draw by stratum."""
    rows = project.rows(_STRATA, {"corpus": corpus, "ruleset": ruleset})
    return tuple(
        Stratum(
            service=row["service"],
            language=row["language"],
            size=row["size"] - row["earlier"],
            drawn=row["drawn"],
            read=row["read"],
            missed=row["missed"],
        )
        for row in rows
    )


def open_sample(project: Project, corpus: str, ruleset: str) -> int | None:
    """The newest sample with blobs that nobody has read yet."""
    found = project.value(
        "SELECT max(sample) FROM standing_draws WHERE corpus = ? AND ruleset = ? AND identity IS NULL",
        (corpus, ruleset),
    )
    return None if found is None else int(found)


def text_of(project: Project, corpus: str, blob: tuple[str, str]) -> str:
    """What a reviewer reads, from git as it is now; for the screen only."""
    paths = {one.name: one.path for one in corpus_named(project, corpus).repositories}
    with ObjectReader(paths[blob[0]]) as reader:
        return decode(reader.read(blob[1])).text or ""


def waiting(project: Project, sample: int) -> list[tuple[str, str]]:
    """The (repository, blob) pairs of a sample that nobody has read yet."""
    sql = "SELECT repository, object FROM standing_draws WHERE sample = ? AND identity IS NULL ORDER BY repository, object"
    return [(row["repository"], row["object"]) for row in project.rows(sql, (sample,))]


def reviewed(project: Project, sample: int, blobs: Sequence[tuple[str, str]], *, missed: int, who: Identity) -> None:
    """Record that a person read these blobs whole and saw `missed` secrets in each that the rules had not found."""
    if who.automatic:
        raise UnusableInput(f"{who.name} stands for nobody and can't review.", "Review as a person: --as IDENTITY")
    with project.write() as db:
        rows = [(who.name, missed, utc_now(), sample, *blob) for blob in blobs]
        db.executemany(
            "UPDATE sampled_objects SET identity = ?, missed = ?, reviewed_at = ?"
            " WHERE sample = ? AND repository = ? AND object = ? AND identity IS NULL",
            rows,
        )
        detail: dict[str, object] = {"objects": [blob[1] for blob in blobs], "missed": missed}
        audit.record(db, who.name, "findings.sampled", f"sample:{sample}", detail)


def read_by(project: Project, corpus: str, ruleset: str, who: Identity) -> dict[tuple[str, str], int]:
    """The (repository, blob) pairs that this person has read, each with the newest sample that it was read in."""
    rows = project.rows(
        "SELECT o.repository, o.object, MAX(s.id) AS sample FROM sampled_objects o JOIN samples s ON s.id = o.sample"
        " WHERE s.corpus = ? AND s.ruleset = ? AND o.identity = ? GROUP BY o.repository, o.object",
        (corpus, ruleset, who.name),
    )
    return {(row["repository"], row["object"]): row["sample"] for row in rows}


def unread(project: Project, sample: int, blobs: Sequence[tuple[str, str]], *, who: Identity) -> None:
    """Take back that this person read these blobs; what somebody else read stays read.

    Raises UnusableInput where a second person has read one of them since: their two answers are compared.
    """
    with project.write() as db:
        second = "SELECT 1 FROM second_reads WHERE sample = ? AND repository = ? AND object = ?"
        if any(db.execute(second, (sample, *blob)).fetchone() for blob in blobs):
            raise UnusableInput("A second person has read this file since.", "Let them take their reading back first.")
        db.executemany(
            "UPDATE sampled_objects SET identity = NULL, missed = NULL, reviewed_at = NULL"
            " WHERE sample = ? AND repository = ? AND object = ? AND identity = ?",
            [(sample, *blob, who.name) for blob in blobs],
        )
        detail: dict[str, object] = {"objects": [blob[1] for blob in blobs]}
        audit.record(db, who.name, "findings.sample.taken back", f"sample:{sample}", detail)


def review_of(project: Project, corpus: str, ruleset: str) -> SampledReview:
    """What all samples of this corpus under this ruleset amount to; a blob counts once."""
    population = int(project.value(f"SELECT COUNT(*) FROM ({_POPULATION})", (corpus, ruleset)))
    row = project.row(
        "SELECT COUNT(*) AS n, COALESCE(SUM(missed > 0), 0) AS missed FROM"
        " (SELECT MAX(o.missed) AS missed FROM sampled_objects o JOIN samples s ON s.id = o.sample"
        "  WHERE s.corpus = ? AND s.ruleset = ? AND o.identity IS NOT NULL GROUP BY o.repository, o.object)",
        (corpus, ruleset),
    )
    assert row
    strata = strata_of(project, corpus, ruleset)
    if not strata:
        bound = miss_bound(population, row["n"], row["missed"])
        return SampledReview(population=population, reviewed=row["n"], missed=row["missed"], bound=bound)
    restarts = int(project.value(_RESTARTS, (corpus, ruleset)))
    sizes, read = [one.size for one in strata], [one.read for one in strata]
    bad = total_bound(sizes, read, (1 - CONFIDENCE) / 2**restarts)
    return SampledReview(
        population=population,
        reviewed=sum(read),
        missed=row["missed"],
        bound=bad / (sum(sizes) or 1),
        restarts=restarts,
        strata=strata,
    )


def miss_bound(population: int, reviewed: int, missed: int) -> float:
    """The largest part of the population that may hold a miss and still let so few be seen in 5 % of samples.

    Exact for sampling without replacement (hypergeometric), so that reading everything leaves no doubt.
    """
    low, high = missed, population - (reviewed - missed)
    while low < high:
        middle = (low + high + 1) // 2
        if _seen_at_most(missed, population, middle, reviewed) > 1 - CONFIDENCE:
            low = middle
        else:
            high = middle - 1
    return low / population if population else 0.0


def required(population: int, missed: int, asked: float) -> int | None:
    """How many must have been read, with so many misses among them, for a bound of at most `asked`; None: no reading gives it."""
    if miss_bound(population, population, missed) > asked:
        return None
    low, high = missed, population
    while low < high:
        middle = (low + high) // 2
        if miss_bound(population, middle, missed) <= asked:
            high = middle
        else:
            low = middle + 1
    return low


def _seen_at_most(missed: int, population: int, bad: int, read: int) -> float:
    """The chance that `read` blobs, of which the population holds `bad` with a miss, show at most `missed`."""
    ways = _log_choose(population, read)
    first = max(0, read - (population - bad))
    terms = (
        _log_choose(bad, seen) + _log_choose(population - bad, read - seen) - ways
        for seen in range(first, min(missed, bad, read) + 1)
    )
    return min(1.0, math.fsum(math.exp(term) for term in terms))


def _log_choose(of: int, some: int) -> float:
    return math.lgamma(of + 1) - math.lgamma(some + 1) - math.lgamma(of - some + 1)
