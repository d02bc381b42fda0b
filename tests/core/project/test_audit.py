"""The audit chain: it grows, and every other change is refused or shows."""

from pathlib import Path

import pytest

from espalier.core.project import audit
from espalier.core.project.checkpoints import checkpoint
from espalier.core.project.file import Project
from espalier.core.project.identities import add
from espalier.core.project.sqlite import sqlite

CHANGES = [
    "UPDATE audit SET actor = 'mallory' WHERE seq = 2",
    "DELETE FROM audit WHERE seq = 3",
    "INSERT INTO audit VALUES (7, 't', 'a', 'b', 'c', '{}', 'x', 'y')",
    "INSERT OR REPLACE INTO audit SELECT 2, at, 'mallory', action, subject, detail, previous, hash FROM audit WHERE seq = 2",
    "REPLACE INTO audit SELECT 3, at, 'mallory', action, subject, detail, previous, hash FROM audit WHERE seq = 3",
    "INSERT INTO audit SELECT seq + 3, at, actor, action, subject, detail, previous, hash FROM audit",
]


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project.create(tmp_path / "a")
    for number in range(3):
        with made.write() as db:
            audit.record(db, "ana", "looked", f"thing:{number}", {"n": number, "text": "é"})
    return made


def test_that_the_chain_verifies(project: Project) -> None:
    verdict = audit.verify(project)
    assert verdict.passed
    assert verdict.entries == 3
    assert verdict.head == audit.entries(project)[-1].hash


@pytest.mark.parametrize("change", CHANGES)
def test_that_triggers_refuse_every_other_change(project: Project, change: str) -> None:
    with pytest.raises(sqlite.DatabaseError, match="append-only"), project.write() as db:
        db.execute(change)
    assert audit.verify(project).passed


@pytest.mark.parametrize("column", ["at", "actor", "action", "subject", "detail"])
def test_that_an_entry_changed_behind_the_triggers_shows(project: Project, column: str) -> None:
    with project.write() as db:
        db.execute("DROP TRIGGER audit_never_changes")
        db.execute(
            f"UPDATE audit SET {column} = '{{}}' || {column} WHERE seq = 2"
            if column != "detail"
            else "UPDATE audit SET detail = '{}' WHERE seq = 2"
        )
    verdict = audit.verify(project)
    assert not verdict.passed
    assert "Entry 2 was changed" in verdict.why


def test_that_only_a_checkpoint_from_outside_shows_a_cut_tail(project: Project) -> None:
    who = add(project, "ana", roles=("security",))
    statement = checkpoint(project, who)["statement"]
    assert isinstance(statement, dict)
    outside = int(statement["seq"]), str(statement["head"])
    with project.write() as db:
        db.execute("DROP TRIGGER audit_never_shrinks")
        db.execute("DELETE FROM audit WHERE seq > 2")
    assert audit.verify(project).passed
    verdict = audit.verify(project, outside)
    assert not verdict.passed
    assert "was cut" in verdict.why


def test_that_a_checkpoint_shows_a_rewritten_chain(project: Project) -> None:
    head = audit.verify(project).head
    with project.write() as db:
        db.execute("DROP TRIGGER audit_never_shrinks")
        db.execute("DELETE FROM audit WHERE seq > 2")
        audit.record(db, "mallory", "looked", "thing:other")
    assert audit.verify(project).passed
    assert "rewritten" in audit.verify(project, (3, head)).why


def test_that_an_entry_and_its_effect_share_a_transaction(project: Project) -> None:
    with pytest.raises(RuntimeError), project.write() as db:
        audit.record(db, "ana", "did", "something")
        raise RuntimeError
    assert audit.verify(project).entries == 3
