"""What the reading comes to: how much of each stratum was read, and the bound that this gives for the whole."""

from dataclasses import dataclass

from espalier.core.findings.sampling.one_sample import miss_bound, required
from espalier.core.findings.sampling.strata import CONFIDENCE, Stratum, allocate, total_bound, total_required
from espalier.core.project.file import Project

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
POPULATION = (
    "SELECT DISTINCT s.repository, s.object FROM scanned s JOIN corpus_repositories c ON c.repository = s.repository"
    " WHERE c.corpus = ? AND s.ruleset = ? AND s.places = 0 AND s.not_scanned IS NULL AND s.kind = 'blob'"
    " AND s.unreachable = 0 AND COALESCE(s.archive, 0) = 0"
    " ORDER BY s.repository, s.object"
)


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


def review_of(project: Project, corpus: str, ruleset: str) -> SampledReview:
    """What all samples of this corpus under this ruleset amount to; a blob counts once."""
    population = int(project.value(f"SELECT COUNT(*) FROM ({POPULATION})", (corpus, ruleset)))
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
