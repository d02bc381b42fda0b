"""What the audit page reads: the chain as a whole, its entries as rows, and the walk."""

from array import array
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot

from espalier.core.project import audit, checkpoints
from espalier.core.project.audit_search import Wanted
from espalier.core.project.file import Project
from espalier.core.project.identities import add
from espalier.gui.audit.reading import ChainReading
from espalier.gui.audit.table import Query, entries_model
from espalier.gui.audit.verifying import Judged, Verifying
from espalier.gui.audit.words import did, sentence, since, verdict


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a") as made:
        _record(made, 5)
        yield made


def _record(project: Project, count: int) -> None:
    for number in range(count):
        with project.write() as db:
            audit.record(db, "ana" if number % 2 else "ben", "job.worker-died", f"job:{number}")


def test_that_an_empty_chain_says_so(tmp_path: Path) -> None:
    with Project.create(tmp_path / "empty") as made:
        assert sentence(ChainReading()(made)) == "Nothing has been done in this project yet."


def test_that_the_chain_is_counted_as_it_grows(project: Project) -> None:
    reading = ChainReading()
    assert reading(project).actors == (("ben", 3), ("ana", 2))
    _record(project, 3)
    chain = reading(project)
    assert chain == ChainReading()(project)
    assert (chain.entries, chain.actors, chain.actions) == (8, (("ben", 5), ("ana", 3)), (("job.worker-died", 8),))
    assert "8 entries by 2 actors" in sentence(chain)
    assert "tamper-evident, never tamper-proof" in sentence(chain).lower()


def test_that_actions_are_said_in_words() -> None:
    assert did("job.worker-died") == "Job worker died"
    assert did("signed") == "Signed"


def test_that_time_is_asked_for_from_the_beginning_of_a_day() -> None:
    assert since(7) < since(0) <= since(0)[:11] + "99"


def test_that_entries_are_rows_newest_first_and_by_what_is_wanted(project: Project, qtbot: QtBot) -> None:
    model = entries_model(project.path)
    QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    with qtbot.waitSignal(model.loaded):
        model.set_query(Query())
    assert model.keys(0, 4) == array("q", [5, 4, 3, 2, 1])
    qtbot.waitUntil(lambda: model.index(0, 2).data() == "ben")
    with qtbot.waitSignal(model.loaded):
        model.set_query(Query(wanted=Wanted(actor="ana"), oldest_first=True))
    assert model.keys(0, 9) == array("q", [2, 4])
    model.close()


def test_that_a_walk_of_the_whole_chain_holds_and_a_change_breaks_it(project: Project, qtbot: QtBot) -> None:
    assert verdict(_walked(qtbot, project.path, None))[0].startswith("The chain holds: 5 entries")
    with project.write() as db:
        db.execute("DROP TRIGGER audit_never_changes")
        db.execute("UPDATE audit SET actor = 'mallory' WHERE seq = 3")
    what, why = verdict(_walked(qtbot, project.path, None))
    assert what == "The chain is broken after entry 2."
    assert "Entry 3 was changed" in why


def test_that_a_walk_is_held_against_a_checkpoint(project: Project, qtbot: QtBot, tmp_path: Path) -> None:
    who = add(project, "ana", roles=("security",))
    checkpoints.write(project, who, tmp_path / "checkpoint.json")
    assert "6 entries that ana signed" in verdict(_walked(qtbot, project.path, tmp_path / "checkpoint.json"))[1]
    walk = Verifying(project.path, project.path)
    with qtbot.waitSignal(walk.refused) as refused:
        walk.start()
    walk.wait()
    assert "not a checkpoint" in refused.args[0]


def _walked(qtbot: QtBot, path: Path, checkpoint: Path | None) -> Judged:
    walk = Verifying(path, checkpoint)
    with qtbot.waitSignal(walk.judged) as judged:
        walk.start()
    walk.wait()
    found = judged.args[0]
    assert isinstance(found, Judged)
    return found


def test_that_a_walk_can_be_ended(project: Project, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "_AT_ONCE", 1)
    _record(project, 200)
    walk = Verifying(project.path, None)
    judged: list[object] = []
    walk.judged.connect(judged.append)
    walk.start()
    walk.stop()
    assert walk.isFinished()
    assert judged == []
