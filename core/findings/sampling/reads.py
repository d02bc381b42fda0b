"""First readings: what a person saw in the blobs that were drawn, and taking it back."""

from collections.abc import Sequence

from espalier.core.failures import UnusableInput
from espalier.core.findings.decode import decode
from espalier.core.project import audit
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.project.identities import Identity
from espalier.core.repositories.corpus import corpus as corpus_named
from espalier.core.repositories.git import ObjectReader

# Of a file `r` that was read: whether it was drawn from this corpus under this ruleset, be it that it was read for another.
OF_REVIEW = (
    "EXISTS (SELECT 1 FROM sampled_objects f JOIN samples s ON s.id = f.sample"
    " WHERE s.corpus = :corpus AND s.ruleset = :ruleset AND f.repository = r.repository AND f.object = r.object)"
)


def text_of(project: Project, corpus: str, blob: tuple[str, str]) -> str:
    """What a reviewer reads, from git as it is now; for the screen only."""
    paths = {one.name: one.path for one in corpus_named(project, corpus).repositories}
    with ObjectReader(paths[blob[0]]) as reader:
        return decode(reader.read(blob[1])).text or ""


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
    """The (repository, blob) pairs of this review that this person has read, each with the sample that it was read in."""
    rows = project.rows(
        f"SELECT r.repository, r.object, r.sample FROM read_files r WHERE r.identity = :who AND {OF_REVIEW}",
        {"corpus": corpus, "ruleset": ruleset, "who": who.name},
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
