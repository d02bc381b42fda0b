"""The second reading of a sampled review: somebody else reads the same files blind, and then both see how far they agree."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.core.findings.desk import desk, scanned
from tests.core.repositories.workshop import Content
from tests.gui import looks
from tests.gui.reviewing import Reviewer, everything_said

from espalier.core.findings.findings import findings
from espalier.core.findings.ruleset import current_ruleset
from espalier.core.findings.sampling import draws, reads, second_reads
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.findings.sampled import SampledReview

WORDS = {"one.py": "sunflower", "two.py": "meadowlark"}
FILES: dict[str, Content] = {name: f"# say {word}\n" for name, word in WORDS.items()}


class Two:
    """ann, as `looking`, has read both files and saw a secret in one; what a page shows is whose name acts in it."""

    def __init__(self, project: Project, corpus: str, reviewer: Reviewer) -> None:
        self.project, self.corpus, self.rules, self.reviewer = project, corpus, current_ruleset(project), reviewer

    @property
    def tab(self) -> SampledReview:
        return self.reviewer.page.sampled

    def read(self) -> second_reads.Agreement:
        return second_reads.agreement(self.project, self.corpus, self.rules)

    def act_as(self, name: str) -> None:
        self.reviewer.session.act_as(name)
        self.reviewer.wait(lambda: not self.reviewer.session.reading)

    def begin(self) -> None:
        self.reviewer.page.actions_by_id["second reading"].trigger()
        self.reviewer.wait(lambda: self.tab.asks)

    def answer(self, key: Qt.Key = Qt.Key.Key_C) -> None:
        files = self.read().files
        QTest.keyClick(self.tab.view, key)
        self.reviewer.wait(lambda: self.read().files > files)
        self.reviewer.wait(lambda: not self.reviewer.session.reading)


@pytest.fixture
def two(tmp_path: Path, qtbot: QtBot) -> Iterator[Two]:
    with desk(tmp_path, FILES) as (project, _, state):
        for name in ("ann", "ben"):
            identities.add(project, name, roles=("security",))
        scanned(project, state)
        ann, rules = identities.identity(project, "ann"), current_ruleset(project)
        number = draws.draw(project, state, rules, 2)
        for missed, one in enumerate(draws.waiting(project, number)):
            reads.reviewed(project, number, [one], missed=missed, who=ann)
        with Reviewer(project.path, qtbot) as reviewer:
            reviewer.page.show_detail("sampled")
            reviewer.wait(lambda: not reviewer.session.reading)
            yield Two(project, state, reviewer)


def said(two: Two) -> str:
    return everything_said(two.tab)


def test_that_somebody_else_reads_blind_by_keys_and_then_sees_how_far_both_agree(two: Two) -> None:
    two.act_as("ben")
    assert "Read 2 blind" in two.tab.figures.second.go.text()
    two.begin()
    for left in (1, 0):
        assert "ann" not in said(two) and "kappa" not in said(two).lower()
        two.answer()
        assert two.tab.asks is bool(left)
    two.reviewer.wait(lambda: two.tab.agreement.isVisible())
    words = said(two)
    assert "Every file that was read was read by two people" in words and "1 of 2" in words and "0.00" in words
    row = two.tab.agreement.model.row_at(0)
    assert row is not None and (row[2].first, row[2].first_missed, row[2].second, row[2].second_missed) == (
        *("ann", 1),
        *("ben", 0),
    )
    assert not looks.cut(two.reviewer.page) and not looks.overlapping(two.reviewer.page)
    two.tab.figures.second.back.click()
    assert two.tab.empty.isVisibleTo(two.tab) and not two.tab.agreement.isVisible()


def test_that_who_read_first_is_offered_no_second_reading_and_told_who_may(two: Two) -> None:
    assert not two.reviewer.page.actions_by_id["second reading"].isEnabled()
    assert not two.tab.figures.second.go.isVisible()
    assert "2 files were read by one person only" in said(two) or "1 file was read by one person only" in said(two)
    assert "choose who acts" in said(two)


def test_that_a_mark_of_the_second_reader_is_a_finding_and_counts_as_missed(two: Two) -> None:
    two.act_as("ben")
    two.begin()
    drawn = two.tab.reader.drawn
    assert drawn is not None
    cursor = two.tab.view.textCursor()
    cursor.setPosition(drawn.text.index(WORDS[drawn.path]))
    cursor.movePosition(cursor.MoveOperation.Right, cursor.MoveMode.KeepAnchor, len(WORDS[drawn.path]))
    two.tab.view.setTextCursor(cursor)
    QTest.keyClick(two.tab.view, Qt.Key.Key_M)
    two.reviewer.wait(lambda: findings(two.project, two.corpus))
    two.answer()
    missed = two.project.value("SELECT missed FROM second_reads WHERE object = ?", (drawn.blob,))
    assert missed == 1


def test_that_a_second_answer_is_taken_back(two: Two) -> None:
    two.act_as("ben")
    two.begin()
    two.answer()
    two.reviewer.session.undo()
    two.reviewer.wait(lambda: two.read().files == 0)
    two.reviewer.wait(lambda: two.tab.reader.drawn is not None and two.tab.reader.drawn.waiting == 2)


def test_that_a_file_that_another_second_reader_took_meanwhile_is_refused_and_the_next_is_shown(two: Two) -> None:
    identities.add(two.project, "eve", roles=("security",))
    two.act_as("ben")
    two.begin()
    drawn = two.tab.reader.drawn
    assert drawn is not None
    second_reads.read(two.project, drawn.read, missed=0, who=identities.identity(two.project, "eve"))
    with two.reviewer.qtbot.waitSignal(two.reviewer.session.refused) as told:
        QTest.keyClick(two.tab.view, Qt.Key.Key_C)
    assert told.args == ["This file does not wait for your second reading.", ""]
    two.reviewer.wait(lambda: two.tab.reader.drawn is not None and two.tab.reader.drawn.blob != drawn.blob)


def test_that_a_window_that_only_looks_is_told_and_reads_nothing(two: Two, qtbot: QtBot) -> None:
    with Reviewer(two.project.path, qtbot, looks_only=True, acting="ben") as reviewer:
        reviewer.page.show_detail("sampled")
        reviewer.wait(lambda: not reviewer.session.reading)
        assert not reviewer.page.actions_by_id["second reading"].isEnabled()
        assert "0 of 2 files read again by ben" in everything_said(reviewer.page.sampled)
