"""The shape of the project file, one function per change, applied once each and never edited after a release.

Imported only where a file is made or migrated: sqlite-utils takes most of a second to load.
"""

from collections.abc import Iterator
from importlib import resources

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from espalier.core.project.sqlite import sqlite

MIGRATIONS = Migrations("espalier")

FIRST_SCHEMA = (
    "project",
    "jobs",
    "repositories",
    "findings",
    "models",
    "examples",
    "dataset",
    "training",
    "evaluation",
    "release",
)


@MIGRATIONS()
def first_schema(db: Database) -> None:
    for name in FIRST_SCHEMA:
        source = resources.files("espalier.core.project").joinpath("schema", f"{name}.sql")
        if source.is_file():
            for statement in statements(source.read_text(encoding="utf-8")):
                db.execute(statement)


@MIGRATIONS()
def example_reviews(db: Database) -> None:
    _perform(db, "2-examples")


@MIGRATIONS()
def findings_index(db: Database) -> None:
    _perform(db, "2-findings")


@MIGRATIONS()
def repository_activity(db: Database) -> None:
    _perform(db, "2-activity")


@MIGRATIONS()
def withdrawn_licence_decisions(db: Database) -> None:
    _perform(db, "2-withdrawn")


@MIGRATIONS()
def blind_rubric(db: Database) -> None:
    _perform(db, "2-rubric")


@MIGRATIONS()
def quarantine(db: Database) -> None:
    _perform(db, "2-quarantine")


@MIGRATIONS()
def review_packs(db: Database) -> None:
    _perform(db, "2-packs")


@MIGRATIONS()
def rule_mutes(db: Database) -> None:
    _perform(db, "2-mutes")


@MIGRATIONS()
def reach_of_scans(db: Database) -> None:
    _perform(db, "2-reach")


@MIGRATIONS()
def own_rules(db: Database) -> None:
    _perform(db, "2-own-rules")


@MIGRATIONS()
def strata_of_samples(db: Database) -> None:
    _perform(db, "2-strata")


@MIGRATIONS()
def second_reads(db: Database) -> None:
    _perform(db, "2-second-reads")


@MIGRATIONS()
def queues_of_samples(db: Database) -> None:
    _perform(db, "2-queues")


@MIGRATIONS()
def walks(db: Database) -> None:
    _perform(db, "2-walks")


@MIGRATIONS()
def sought_names(db: Database) -> None:
    _perform(db, "2-names")


def _perform(db: Database, name: str) -> None:
    """Every statement of that file of the folder schema."""
    source = resources.files("espalier.core.project").joinpath("schema", f"{name}.sql")
    for statement in statements(source.read_text(encoding="utf-8")):
        db.execute(statement)


def statements(script: str) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would commit the migration's transaction."""
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if sqlite.complete_statement(pending):
            yield pending
            pending = ""
    if pending.strip():
        raise ValueError(f"unfinished SQL statement: {pending.strip()[:80]}")
