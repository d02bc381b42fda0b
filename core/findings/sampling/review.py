"""What the reading comes to: how far the queue of a corpus is read, and the bound that this gives for all its clean files."""

from collections import defaultdict
from dataclasses import dataclass

from espalier.core.findings.sampling.one_sample import miss_bound, required
from espalier.core.findings.sampling.strata import (
    CONFIDENCE,
    Stratum,
    allocate,
    doubt,
    head,
    total_bound,
    total_required,
)
from espalier.core.findings.sampling.stratified import Place
from espalier.core.project.file import Project, Row

POPULATION = (
    "SELECT DISTINCT s.repository, s.object FROM scanned s JOIN corpus_repositories c ON c.repository = s.repository"
    " WHERE c.corpus = ? AND s.ruleset = ? AND s.places = 0 AND s.not_scanned IS NULL AND s.kind = 'blob'"
    " AND s.unreachable = 0 AND COALESCE(s.archive, 0) = 0"
    " ORDER BY s.repository, s.object"
)


# Of a stratum: its clean files; how many of those are known to hold a miss; and how many ever were.
_STRATA = (
    "SELECT t.service, t.language, t.size AS files, COALESCE(e.epoch, 0) AS missed, (SELECT COUNT(*) FROM read_files r"
    "  WHERE r.missed > 0 AND r.service = t.service AND r.language = t.language AND EXISTS (SELECT 1 FROM scanned s"
    "   JOIN corpus_repositories c ON c.repository = s.repository AND c.corpus = t.corpus"
    "   WHERE s.ruleset = t.ruleset AND s.repository = r.repository AND s.object = r.object"
    "   AND s.places = 0 AND s.not_scanned IS NULL AND s.unreachable = 0 AND COALESCE(s.archive, 0) = 0)) AS known"
    " FROM strata t LEFT JOIN epochs e ON e.service = t.service AND e.language = t.language"
    " WHERE t.corpus = ? AND t.ruleset = ? ORDER BY t.service, t.language"
)
_CARRIED = (
    "SELECT COUNT(*) FROM standing_draws d JOIN samples s ON s.id = d.sample"
    " WHERE d.corpus = ? AND d.ruleset = ? AND d.identity IS NOT NULL AND (s.corpus <> d.corpus OR s.ruleset <> d.ruleset)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SampledReview:
    """How far the review of a corpus is; `bound` is the one-sided bound, at `confidence`, on the part of clean files that hold a miss.

    `reviewed` counts the files of its queue that were read, `carried` those of them that were read for another corpus or other
    rules. `missed` are the files that ever showed a miss; each was a restart of its stratum, and halved the doubt that is left.
    """

    population: int
    reviewed: int
    missed: int
    bound: float
    carried: int = 0
    restarts: int = 0
    strata: tuple[Stratum, ...] = ()

    @property
    def state(self) -> str:
        return "not done" if self.reviewed == 0 and self.population else "done"

    @property
    def clean(self) -> int:
        """Of those reviewed; a queue holds no miss, since a miss begins it anew."""
        return self.reviewed if self.strata else self.reviewed - self.missed

    @property
    def confidence(self) -> float:
        return float(1 - (1 - CONFIDENCE) / 2**self.restarts)

    @property
    def sizes(self) -> list[int]:
        return [one.size for one in self.strata]

    @property
    def head(self) -> list[int]:
        """How many files of each stratum count: those of the queue up to the first that nobody has read."""
        return head(self.sizes, [one.ready for one in self.strata])

    @property
    def counted(self) -> int:
        """Files that the bound is of."""
        return sum(self.head) if self.strata else self.reviewed

    def required(self, asked: float) -> int | None:
        """How many must have been read for a bound of at most `asked`, those read included; None: no reading gives it."""
        if not self.strata:
            return required(self.population, self.missed, asked)
        none = [0] * len(self.strata)
        needed = allocate(self.sizes, none, total_required(self.sizes, none, asked, self._doubt))
        return self.reviewed + self._unread(needed)

    def bound_after(self, read: int) -> float:
        """The bound when so many have been read in the order of the queue, and nothing more was missed."""
        if read == self.reviewed:
            return self.bound
        if not self.strata:
            return miss_bound(self.population, read, min(self.missed, read))
        none = [0] * len(self.strata)
        if read < self.reviewed:  # not less than now, where what was read stands behind files that are to be read
            return max(self.bound, self._bound(allocate(self.sizes, none, read)))
        low, high = sum(self.head), read
        while low < high:
            middle = (low + high + 1) // 2
            enough = self._unread(allocate(self.sizes, none, middle)) <= read - self.reviewed
            low, high = (middle, high) if enough else (low, middle - 1)
        return self._bound(allocate(self.sizes, none, low))

    def _bound(self, read: list[int]) -> float:
        return total_bound(self.sizes, read, self._doubt) / (sum(self.sizes) or 1)

    def _unread(self, first: list[int]) -> int:
        return sum(one.unread(some) for one, some in zip(self.strata, first, strict=True))

    @property
    def _doubt(self) -> float:
        return _doubt(self.strata, self.restarts)


def standing(project: Project, corpus: str, ruleset: str) -> dict[Place, list[Row]]:
    """What is drawn from a corpus, each stratum in its order; `identity` is who read it, `sample` where it was read or waits."""
    found: dict[Place, list[Row]] = defaultdict(list)
    sql = "SELECT * FROM standing_draws WHERE corpus = ? AND ruleset = ? ORDER BY rank, repository, object"
    for row in project.rows(sql, (corpus, ruleset)):
        found[row["service"], row["language"]].append(row)
    return found


def strata_of(project: Project, corpus: str, ruleset: str) -> tuple[Stratum, ...]:
    """In the order of their names; none before the first draw."""
    drawn = standing(project, corpus, ruleset)
    return tuple(
        Stratum(
            service=row["service"],
            language=row["language"],
            files=row["files"],
            size=row["files"] - row["known"],
            drawn=len(drawn[row["service"], row["language"]]),
            missed=row["missed"],
            waiting=tuple(
                index for index, one in enumerate(drawn[row["service"], row["language"]]) if one["identity"] is None
            ),
        )
        for row in project.rows(_STRATA, (corpus, ruleset))
    )


def review_of(project: Project, corpus: str, ruleset: str) -> SampledReview:
    """What all reading amounts to for this corpus under this ruleset; a file counts once."""
    strata = strata_of(project, corpus, ruleset)
    if not strata:
        return _of_one_sample(project, corpus, ruleset)
    restarts = int(project.value("SELECT COUNT(*) FROM read_files WHERE missed > 0"))
    sizes = [one.size for one in strata]
    bad = total_bound(sizes, head(sizes, [one.ready for one in strata]), _doubt(strata, restarts))
    return SampledReview(
        population=sum(one.files for one in strata),
        reviewed=sum(one.read for one in strata),
        missed=restarts,
        bound=bad / (sum(sizes) or 1),
        carried=int(project.value(_CARRIED, (corpus, ruleset))),
        restarts=restarts,
        strata=strata,
    )


def _doubt(strata: tuple[Stratum, ...], restarts: int) -> float:
    return doubt([one.files for one in strata], [one.missed for one in strata], restarts)


def _of_one_sample(project: Project, corpus: str, ruleset: str) -> SampledReview:
    """Nothing is drawn yet, or before there were strata."""
    population = int(project.value(f"SELECT COUNT(*) FROM ({POPULATION})", (corpus, ruleset)))
    row = project.row(
        "SELECT COUNT(*) AS n, COALESCE(SUM(missed > 0), 0) AS missed FROM"
        " (SELECT MAX(o.missed) AS missed FROM sampled_objects o JOIN samples s ON s.id = o.sample"
        "  WHERE s.corpus = ? AND s.ruleset = ? AND o.identity IS NOT NULL GROUP BY o.repository, o.object)",
        (corpus, ruleset),
    )
    assert row
    bound = miss_bound(population, row["n"], row["missed"])
    return SampledReview(population=population, reviewed=row["n"], missed=row["missed"], bound=bound)
