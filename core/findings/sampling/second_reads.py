"""Second readings of a sampled review: another person reads the same files blind, and how far both agree is told.

What one person said of a file is told to nobody here before the other has read it too; how many files hold a miss in all is.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from espalier.core.failures import UnusableInput
from espalier.core.findings.sampling.reads import OF_REVIEW
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity

Read = tuple[int, str, str]  # sample, repository, object id

_OF_BOTH = (
    "SELECT r.repository, r.object, o.identity AS first, r.identity AS second, r.first_missed, r.missed"
    f" FROM second_reads r JOIN sampled_objects o USING (sample, repository, object) WHERE {OF_REVIEW}"
    " ORDER BY r.repository, r.object"
)
_WAITING = (
    f"SELECT r.sample, r.repository, r.object FROM read_files r WHERE r.identity <> :who AND {OF_REVIEW}"
    " AND NOT EXISTS (SELECT 1 FROM second_reads a WHERE a.repository = r.repository AND a.object = r.object)"
    " ORDER BY r.repository, r.object"
)
_ONCE = (
    "SELECT COUNT(DISTINCT d.repository || d.object) FROM standing_draws d"
    " WHERE d.corpus = ? AND d.ruleset = ? AND d.identity IS NOT NULL AND NOT EXISTS (SELECT 1 FROM second_reads r"
    "  WHERE r.repository = d.repository AND r.object = d.object)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A file in which one of two people saw a miss and the other none; how many secrets each saw."""

    repository: str
    blob: str
    first: str
    second: str
    first_missed: int
    second_missed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement:
    """Of the files that two people read: on how many both said the same, a miss or none; `kappa` is None where it is not defined."""

    files: int
    agreed: int
    kappa: float | None
    disagreements: tuple[Disagreement, ...]


def waiting(project: Project, corpus: str, ruleset: str, who: Identity | None) -> list[Read]:
    """What somebody else has read and no second person yet, in whatever corpus; misses included: a choice by the first answer
    would tell it. None: what waits for anybody.
    """
    rows = project.rows(_WAITING, {"corpus": corpus, "ruleset": ruleset, "who": who.name if who else ""})
    return [(row["sample"], row["repository"], row["object"]) for row in rows]


def read_once(project: Project, corpus: str, ruleset: str) -> int:
    """How many files that count in the bound were read by one person only."""
    return int(project.value(_ONCE, (corpus, ruleset)))


def read(project: Project, one: Read, *, missed: int, who: Identity) -> None:
    """Record that a second person read this file whole and saw `missed` secrets in it; a miss that either saw counts.

    Raises UnusableInput for the one who read it first, for nobody's identity, and where it does not wait for a second reading.
    """
    if who.automatic:
        raise UnusableInput(f"{who.name} stands for nobody and can't review.", "Review as a person: --as IDENTITY")
    if missed < 0:
        raise UnusableInput("Fewer than no secrets can't be seen.", "Count what you saw: 0 or more.")
    with project.write() as db:
        added = db.execute(
            "INSERT INTO second_reads SELECT sample, repository, object, missed, ?, ?, ? FROM sampled_objects"
            " WHERE sample = ? AND repository = ? AND object = ? AND identity <> ? ON CONFLICT DO NOTHING",
            (who.name, missed, utc_now(), *one, who.name),
        ).rowcount
        if not added:
            raise UnusableInput("This file does not wait for your second reading.", "espalier findings second PROJECT")
        db.execute(
            "UPDATE sampled_objects SET missed = MAX(missed, ?) WHERE sample = ? AND repository = ? AND object = ?",
            (missed, *one),
        )
        detail: dict[str, object] = {"object": one[2], "missed": missed}
        audit.record(db, who.name, "findings.sampled.second", f"sample:{one[0]}", detail)


def read_by(project: Project, corpus: str, ruleset: str, who: Identity) -> list[Read]:
    """What this person read as the second."""
    rows = project.rows(
        "SELECT r.sample, r.repository, r.object FROM second_reads r"
        f" WHERE r.identity = :who AND {OF_REVIEW} ORDER BY r.repository, r.object",
        {"corpus": corpus, "ruleset": ruleset, "who": who.name},
    )
    return [(row["sample"], row["repository"], row["object"]) for row in rows]


def take_back(project: Project, one: Read, *, who: Identity) -> None:
    """The file waits for a second reading again, and only what the first person said counts."""
    with project.write() as db:
        mine = "sample = ? AND repository = ? AND object = ? AND identity = ?"
        first = db.execute(f"SELECT first_missed FROM second_reads WHERE {mine}", (*one, who.name)).fetchone()
        if first is None:
            raise UnusableInput("You have not read this file as the second.", "espalier findings second PROJECT")
        db.execute(f"DELETE FROM second_reads WHERE {mine}", (*one, who.name))
        db.execute(
            "UPDATE sampled_objects SET missed = ? WHERE sample = ? AND repository = ? AND object = ?", (first[0], *one)
        )
        audit.record(db, who.name, "findings.sampled.second taken back", f"sample:{one[0]}", {"object": one[2]})


def agreement(project: Project, corpus: str, ruleset: str) -> Agreement:
    """Over all files that two people read under this ruleset, those of other corpora and of draws that a miss ended included."""
    rows = project.rows(_OF_BOTH, {"corpus": corpus, "ruleset": ruleset})
    said = [(row["first_missed"] > 0, row["missed"] > 0) for row in rows]
    return Agreement(
        files=len(said),
        agreed=sum(one == other for one, other in said),
        kappa=cohens_kappa(said),
        disagreements=tuple(
            Disagreement(
                repository=row["repository"],
                blob=row["object"],
                first=row["first"],
                second=row["second"],
                first_missed=row["first_missed"],
                second_missed=row["missed"],
            )
            for row, (one, other) in zip(rows, said, strict=True)
            if one != other
        ),
    )


def cohens_kappa(said: Sequence[tuple[bool, bool]]) -> float | None:
    """(p_o - p_e) / (1 - p_e): agreement beyond what chance gives two people who say yes as often as these did.

    J. Cohen, "A coefficient of agreement for nominal scales", Educational and Psychological Measurement 20 (1960). None where
    nothing was read twice, or both said the same one thing of everything: then chance alone would agree as far. Where misses are
    rare kappa may be low though nearly all agree, so it is told beside how many do.
    """
    files = len(said)
    first, second = sum(one for one, _ in said), sum(other for _, other in said)
    chance = first * second + (files - first) * (files - second)  # of files², so that whole numbers are compared
    if chance == files * files:
        return None
    return (files * sum(one == other for one, other in said) - chance) / (files * files - chance)
