"""The audit page: found by person, thing, time and words; one entry whole; walked, signed, exported, by keyboard."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from espalier.core.project import audit, checkpoints
from espalier.core.project.file import Project
from espalier.core.project.identities import add, identity
from espalier.gui.audit.page import AuditPage
from espalier.gui.session import Session
from espalier.gui.settings import Settings

Show = Callable[..., AuditPage]


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "a") as made:
        add(made, "Ana", roles=("security",))
        for number in range(20):
            with made.write() as db:
                who = "Ben" if number % 4 == 0 else "Ana"
                audit.record(db, who, "finding.decided", f"finding:{number}", {"state": "scrub", "n": number})
        yield made


@pytest.fixture
def show(qtbot: QtBot, project: Project) -> Iterator[Show]:
    shown: list[tuple[AuditPage, Session]] = []

    def shower() -> AuditPage:
        session = Session(project.path, Settings())
        session.act_as("Ana")
        page = AuditPage(session)
        qtbot.addWidget(page)
        page.resize(1200, 800)
        page.show()
        shown.append((page, session))
        with qtbot.waitSignal(page.model.loaded):
            _read(page, project)
        return page

    yield shower
    for page, session in shown:
        page.leave()
        session.close()


def _read(page: AuditPage, project: Project) -> None:
    page.take("audit", page.readings["audit"].read(project))


def _rows(page: AuditPage) -> list[int]:
    return list(page.model.keys(0, page.model.rowCount()))


def test_that_the_newest_entry_is_shown_whole(show: Show, qtbot: QtBot) -> None:
    page = show()
    assert "21 entries by 2 actors" in page.header.sentence
    assert _rows(page)[:2] == [21, 20]
    qtbot.waitUntil(lambda: '"n": 19' in page.pane.detail.toPlainText())


def test_that_entries_are_found_by_person_and_by_words(show: Show, qtbot: QtBot) -> None:
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page.filters.chips["who"].set_values(("Ben",))
        page.filters.changed.emit()
    assert _rows(page) == [18, 14, 10, 6, 2]
    assert page.filters.count.text() == "5 of 21"
    QTest.keyClick(page.table, Qt.Key.Key_Slash)
    with qtbot.waitSignal(page.model.loaded):
        QTest.keyClicks(page.filters.search, '"n":8')
    assert _rows(page) == [10]
    with qtbot.waitSignal(page.model.loaded):
        QTest.keyClick(page.table, Qt.Key.Key_Escape)
    assert len(_rows(page)) == 21


def test_that_nothing_found_says_so_and_offers_all(show: Show, qtbot: QtBot) -> None:
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page.filters.search.setText("nobody did this")
    assert _rows(page) == []
    with qtbot.waitSignal(page.model.loaded):
        page.table.remedy_asked.emit()
    assert len(_rows(page)) == 21


def test_that_new_entries_come_in_while_the_chosen_one_stays(show: Show, qtbot: QtBot, project: Project) -> None:
    page = show()
    page.table.step(3)
    chosen = page.table.current_id
    with project.write() as db:
        audit.record(db, "Ana", "looked", "thing")
    with qtbot.waitSignal(page.model.loaded):
        _read(page, project)
    assert _rows(page)[0] == 22
    assert page.table.current_id == chosen


def test_that_an_entry_can_be_gone_to_from_elsewhere(show: Show, qtbot: QtBot) -> None:
    page = show()
    page.show_detail("7")
    qtbot.waitUntil(lambda: page.table.current_id == 7)


def test_that_v_walks_the_chain_and_a_break_is_said(show: Show, qtbot: QtBot, project: Project) -> None:
    page = show()
    QTest.keyClick(page.table, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: page.verdict.tone == "ok" and "The chain holds" in page.verdict.words)
    with project.write() as db:
        db.execute("DROP TRIGGER audit_never_shrinks")
        db.execute("DELETE FROM audit WHERE seq > 19")
    page.verify()
    qtbot.waitUntil(lambda: "19 entries" in page.verdict.words)
    assert "Only a checkpoint kept elsewhere shows" in page.verdict.words


def test_that_a_checkpoint_is_signed_by_who_acts_and_shows_a_cut(
    show: Show, qtbot: QtBot, project: Project, tmp_path: Path
) -> None:
    page = show()
    target = tmp_path / "checkpoint.json"
    page.sign_checkpoint(target)
    qtbot.waitUntil(target.exists)
    qtbot.waitUntil(lambda: bool(target.read_bytes()))
    read = checkpoints.read(project, target)
    assert (read.seq, read.signer) == (21, "Ana")
    assert read.fingerprint == identity(project, "Ana").fingerprint
    with project.write() as db:
        db.execute("DROP TRIGGER audit_never_shrinks")
        db.execute("DELETE FROM audit WHERE seq > 19")
    page.verify(target)
    qtbot.waitUntil(lambda: page.verdict.tone == "bad")
    assert "was cut" in page.verdict.words
    page.verify(project.path)
    qtbot.waitUntil(lambda: "not a checkpoint" in page.verdict.words)


def test_that_what_is_shown_is_exported(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    page = show()
    with qtbot.waitSignal(page.model.loaded):
        page.filters.chips["who"].set_values(("Ben",))
        page.filters.changed.emit()
    target = tmp_path / "out.jsonl"
    page.export(target)
    qtbot.waitUntil(target.exists)
    assert [json.loads(line)["seq"] for line in target.read_text().splitlines()] == [2, 6, 10, 14, 18]


def test_that_an_export_that_can_t_be_written_is_told(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    page = show()
    with qtbot.waitSignal(page._session.refused) as refused:
        page.export(tmp_path / "nowhere" / "out.csv")
    assert "could not be written" in refused.args[0]
