"""Sampled review: people read objects in which nothing was found, to bound how much the rules miss."""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from espalier.core.failures import UnusableInput
from espalier.core.findings.decode import decode
from espalier.core.findings.summary import scan_of
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.git import ObjectReader

CONFIDENCE = 0.95
_POPULATION = (
    "SELECT DISTINCT s.repository, s.object FROM scanned s JOIN corpus_repositories c ON c.repository = s.repository"
    " WHERE c.corpus = ? AND s.ruleset = ? AND s.places = 0 AND s.not_scanned IS NULL AND s.kind = 'blob'"
    " AND s.unreachable = 0 AND COALESCE(s.archive, 0) = 0"
    " ORDER BY s.repository, s.object"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledReview:
    """How far the review of a corpus is; `bound` is the one-sided 95 % bound on the part of clean blobs that hold a miss."""

    population: int
    reviewed: int
    missed: int
    bound: float

    @property
    def state(self) -> str:
        return "not done" if self.reviewed == 0 and self.population else "done"


def draw(project: Project, corpus: str, ruleset: str, size: int, seed: int) -> int:
    """Draw blobs that were not drawn before, and return the sample's number; the same seed after the same draws draws the same.

    Drawing from what is left makes all draws together one sample without replacement.
    """
    if scan_of(project, corpus, ruleset) is None:
        raise UnusableInput(
            "This corpus has not been scanned under the current rules.", "espalier findings scan PROJECT"
        )
    clean = [(row["repository"], row["object"]) for row in project.rows(_POPULATION, (corpus, ruleset))]
    before = _drawn(project, corpus, ruleset)
    left = [one for one in clean if one not in before]
    chosen = random.Random(seed).sample(left, min(size, len(left)))
    with project.write() as db:
        row = (corpus, ruleset, seed, len(clean), utc_now())
        sql = "INSERT INTO samples (corpus, ruleset, seed, population, drawn_at) VALUES (?, ?, ?, ?, ?)"
        sample = int(db.execute(sql, row).lastrowid or 0)
        rows = [(sample, *one) for one in chosen]
        db.executemany("INSERT INTO sampled_objects (sample, repository, object) VALUES (?, ?, ?)", rows)
    return sample


def _drawn(project: Project, corpus: str, ruleset: str) -> set[tuple[str, str]]:
    rows = project.rows(
        "SELECT o.repository, o.object FROM sampled_objects o JOIN samples s ON s.id = o.sample"
        " WHERE s.corpus = ? AND s.ruleset = ?",
        (corpus, ruleset),
    )
    return {(row["repository"], row["object"]) for row in rows}


def open_sample(project: Project, corpus: str, ruleset: str) -> int | None:
    """The newest sample with blobs that nobody has read yet."""
    found = project.value(
        "SELECT max(s.id) FROM samples s JOIN sampled_objects o ON o.sample = s.id"
        " WHERE s.corpus = ? AND s.ruleset = ? AND o.identity IS NULL",
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
    sql = "SELECT repository, object FROM sampled_objects WHERE sample = ? AND identity IS NULL ORDER BY repository, object"
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
    """Take back that this person read these blobs; what somebody else read stays read."""
    with project.write() as db:
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
    bound = miss_bound(population, row["n"], row["missed"])
    return SampledReview(population=population, reviewed=row["n"], missed=row["missed"], bound=bound)


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
