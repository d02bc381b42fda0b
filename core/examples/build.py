"""Builds: the examples of a corpus under one set of decisions; what is decided anew makes another build."""

from dataclasses import dataclass

from espalier.core.examples import reviews
from espalier.core.findings.approval import required_approval, standing_approval
from espalier.core.project.canonical import digest
from espalier.core.project.clock import utc_now
from espalier.core.project.file import Project
from espalier.core.repositories.licence_decisions import sources

BUILDER = 1  # raised when the same inputs give other examples
AT_ONCE = 200  # rows in one short transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What people have decided about a corpus, as digests."""

    scrub: str
    rights: str


def begin(project: Project, corpus: str, tokenizer: str, cap: int) -> str:
    """The build of what is decided now, taken up where it was left. Raises GateShut where no approval covers the corpus."""
    required_approval(project, corpus)
    now = decided(project, corpus)
    build = digest([BUILDER, corpus, now.scrub, now.rights, tokenizer, cap])[:40]
    with project.write() as db:
        row = (build, corpus, now.scrub, now.rights, tokenizer, cap, utc_now())
        db.execute(
            "INSERT INTO builds VALUES (?, ?, ?, ?, ?, ?, ?, NULL) ON CONFLICT DO UPDATE SET begun_at = excluded.begun_at",
            row,
        )
    return build


def finish(project: Project, build: str) -> None:
    """From now on the build can be frozen; what people have rejected leaves it in the same moment."""
    with project.write() as db:
        db.execute("UPDATE builds SET finished_at = ? WHERE id = ? AND finished_at IS NULL", (utc_now(), build))
        reviews.apply(db, build)


def standing(project: Project, corpus: str, tokenizer: str | None = None) -> str | None:
    """The newest finished build of a corpus that fits what is decided now, or None."""
    if standing_approval(project, corpus) is None:
        return None
    now = decided(project, corpus)
    found = project.value(
        "SELECT id FROM builds WHERE corpus = ? AND scrub = ? AND rights = ? AND tokenizer = ifnull(?, tokenizer)"
        " AND finished_at IS NOT NULL ORDER BY finished_at DESC LIMIT 1",
        (corpus, now.scrub, now.rights, tokenizer),
    )
    return None if found is None else str(found)


def newest_finished(project: Project, corpus: str | None = None) -> str | None:
    """The one that was finished last, of this corpus if one is named, whether or not it fits what is decided now."""
    found = project.value(
        "SELECT id FROM builds WHERE corpus = ifnull(?, corpus) AND finished_at IS NOT NULL ORDER BY finished_at DESC, id LIMIT 1",
        (corpus,),
    )
    return None if found is None else str(found)


def newest(project: Project, corpus: str | None = None) -> str | None:
    """The build that was begun last, finished or not."""
    found = project.value(
        "SELECT id FROM builds WHERE corpus = ifnull(?, corpus) ORDER BY begun_at DESC, id LIMIT 1", (corpus,)
    )
    return None if found is None else str(found)


def forget_superseded(project: Project, build: str) -> None:
    """Delete what this corpus' other builds hold under decisions that no longer stand, unless a snapshot needs it.

    A text that somebody called a false alarm and now scrubs must not stay behind.
    """
    rows = project.rows(
        "SELECT old.id FROM builds AS old JOIN builds AS new ON new.id = ? AND old.corpus = new.corpus"
        " WHERE (old.scrub != new.scrub OR old.rights != new.rights) AND old.id NOT IN (SELECT build FROM snapshots)",
        (build,),
    )
    for row in rows:
        _forget(project, row["id"])


def decided(project: Project, corpus: str) -> Decided:
    approval = standing_approval(project, corpus)
    scrub = [] if approval is None else [approval.ruleset, approval.decisions_hash]
    rights = [
        [one.repository, one.prefix, one.expression, one.decision, one.export_class] for one in sources(project, corpus)
    ]
    return Decided(scrub=digest(scrub), rights=digest(rights))


def _forget(project: Project, build: str) -> None:
    """First that it is to be built again, then its examples, then the build: a kill in between leaves no half build."""
    with project.write() as db:
        db.execute("UPDATE builds SET finished_at = NULL WHERE id = ?", (build,))
        db.execute("DELETE FROM built_sources WHERE build = ?", (build,))
    gone = 1
    while gone:
        with project.write() as db:
            some = "SELECT rowid FROM examples WHERE build = ? LIMIT ?"
            gone = db.execute(f"DELETE FROM examples WHERE rowid IN ({some})", (build, AT_ONCE)).rowcount
    with project.write() as db:
        db.execute("DELETE FROM builds WHERE id = ?", (build,))
