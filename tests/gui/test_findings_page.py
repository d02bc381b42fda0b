"""The whole review by keys on a real scan: decide, take back, reveal, read a sample, mark a miss, sign."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester, QTest
from pytestqt.qtbot import QtBot
from tests.core.findings.desk import KEY, PASSWORD, desk, scanned
from tests.core.findings.reports.written import baseline
from tests.core.repositories.workshop import START
from tests.gui import looks
from tests.gui.reviewing import FILES, SECRETS, WORD, Reviewer, everything_said, scanned_project

from espalier.core.findings.approval import approve, scrub_gate, standing_approval
from espalier.core.findings.decisions import decide, decide_all
from espalier.core.findings.detection.detect import bundled_digest
from espalier.core.findings.findings import findings
from espalier.core.findings.reports.imported import bring_in
from espalier.core.findings.reports.report import read
from espalier.core.findings.sampling import draws, reads
from espalier.core.project import audit, identities
from espalier.core.project.file import Project
from espalier.core.repositories import corpus
from espalier.gui.findings.filters import UNLIKE

KEYS = {"scrub": Qt.Key.Key_S, "false-alarm": Qt.Key.Key_F, "block": Qt.Key.Key_B}


@pytest.fixture
def made(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Project, str, Reviewer]]:
    with scanned_project(tmp_path) as (project, _, state), Reviewer(project.path, qtbot) as reviewer:
        reviewer.wait(lambda: reviewer.looking())
        yield project, state, reviewer


def states(project: Project, corpus: str) -> dict[str, str]:
    return {one.fingerprint: one.state for one in findings(project, corpus)}


def press(reviewer: Reviewer, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(reviewer.page.decide.table, key)


def test_that_a_review_goes_from_the_first_finding_to_the_signature_by_keys(
    made: tuple[Project, str, Reviewer], qtbot: QtBot
) -> None:
    project, corpus, reviewer = made
    page = reviewer.page
    first = reviewer.looking()
    press(reviewer, Qt.Key.Key_2, Qt.Key.Key_S)
    reviewer.wait(lambda: states(project, corpus)[first] == "scrub")
    reviewer.wait(lambda: reviewer.looking() not in ("", first))
    second = reviewer.looking()
    press(reviewer, Qt.Key.Key_F)
    assert page.decide.pane.reasons.asking and states(project, corpus)[second] == "open"
    press(reviewer, Qt.Key.Key_1)
    reviewer.wait(lambda: states(project, corpus)[second] == "false-alarm")
    for number in range(3):
        reviewer.wait(lambda: states(project, corpus).get(reviewer.looking()) == "open")
        name = reviewer.looking()
        press(reviewer, Qt.Key.Key_B if number == 0 else Qt.Key.Key_S)
        reviewer.decides(name)
    assert sorted(states(project, corpus).values()) == ["block", "false-alarm", "scrub", "scrub", "scrub"]
    reasons = {row["reason"] for row in project.rows("SELECT reason FROM decisions")}
    assert reasons == {"was rotated", "test value", ""}

    QTest.keyClick(page, Qt.Key.Key_2, Qt.KeyboardModifier.AltModifier)
    reviewer.wait(lambda: page.sampled.empty.isVisible())
    page.sampled.empty.action.click()
    for _ in range(2):
        reviewer.wait(lambda: page.sampled.asks)
        read = reviewer.read_files()
        QTest.keyClick(page.sampled.view, Qt.Key.Key_C)
        reviewer.reads_more_than(read)
    reviewer.wait(lambda: scrub_gate(project, corpus).items[0].startswith("No approval"))

    QTest.keyClick(page, Qt.Key.Key_3, Qt.KeyboardModifier.AltModifier)
    reviewer.wait(lambda: page.actions_by_id["sign approval"].isEnabled())
    QTest.keyClick(page, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    reviewer.wait(lambda: standing_approval(project, corpus) is not None)
    reviewer.wait(lambda: "Approved by ann" in page.header.sentence)


def test_that_undo_restores_and_returns_to_the_finding(made: tuple[Project, str, Reviewer]) -> None:
    project, corpus, reviewer = made
    first = reviewer.looking()
    press(reviewer, Qt.Key.Key_B)
    reviewer.wait(lambda: states(project, corpus)[first] == "block")
    reviewer.wait(lambda: reviewer.looking() != first)
    reviewer.wait(lambda: reviewer.session.can_undo)
    reviewer.session.undo()
    reviewer.wait(lambda: states(project, corpus)[first] == "open")
    reviewer.wait(lambda: reviewer.looking() == first)


def test_that_many_are_decided_at_once_and_taken_back(made: tuple[Project, str, Reviewer]) -> None:
    project, corpus, reviewer = made
    reviewer.page.decide.table.selectAll()
    press(reviewer, Qt.Key.Key_S)
    reviewer.wait(lambda: set(states(project, corpus).values()) == {"scrub"})
    assert project.value("SELECT COUNT(*) FROM audit WHERE action = 'findings.decided'") == 1
    reviewer.wait(lambda: reviewer.session.can_undo)
    reviewer.session.undo()
    reviewer.wait(lambda: set(states(project, corpus).values()) == {"open"})


def test_that_nothing_in_clear_is_said_anywhere_also_while_it_is_revealed(
    made: tuple[Project, str, Reviewer],
) -> None:
    project, _, reviewer = made
    pane = reviewer.page.decide.pane
    for _ in range(5):
        name = reviewer.looking()
        QTest.keyPress(reviewer.page.decide.table, Qt.Key.Key_R)
        reviewer.wait(lambda: pane.clear.isVisible())
        pane.lines.select_all()
        pane.lines.copy()
        said = everything_said(reviewer.page)
        assert not [secret for secret in SECRETS if secret in said]
        QTest.keyRelease(reviewer.page.decide.table, Qt.Key.Key_R)
        assert not pane.clear.isVisible()
        press(reviewer, Qt.Key.Key_J)
        reviewer.goes_on_from(name)
    told = [entry for entry in audit.entries(project) if entry.action == "findings.revealed"]
    assert len(told) == 5 and {entry.actor for entry in told} == {"ann"}
    assert project.path.read_bytes().find(PASSWORD.encode()) < 0


def test_that_a_reveal_ends_with_the_page_and_without_the_key(made: tuple[Project, str, Reviewer]) -> None:
    _, _, reviewer = made
    pane = reviewer.page.decide.pane
    reviewer.page.actions_by_id["reveal finding"].trigger()
    reviewer.wait(lambda: pane.clear.isVisible())
    reviewer.page.hide()
    assert not pane.clear.isVisibleTo(reviewer.page)


def test_that_the_pane_shows_what_training_would_see(made: tuple[Project, str, Reviewer]) -> None:
    _, _, reviewer = made
    page = reviewer.page
    page.show_detail("open")
    page.decide.bar.search.setText("password")
    reviewer.wait(lambda: page.decide.model.rowCount() == 1)
    reviewer.wait(lambda: "password" in (page.decide.pane.detail.finding.rule if page.decide.pane.detail else ""))
    assert "SECRET_PASSWORD_" in page.decide.pane.trained.all_text()
    assert "2 places in 2 files" in everything_said(page)
    press(reviewer, Qt.Key.Key_F)
    assert "•" * len(PASSWORD) in page.decide.pane.trained.all_text()


def test_that_filters_say_when_nothing_passes_and_let_all_through_again(made: tuple[Project, str, Reviewer]) -> None:
    _, _, reviewer = made
    page = reviewer.page
    QTest.keyClick(page.decide.table, Qt.Key.Key_Slash)
    QTest.keyClicks(page.decide.bar.search, "no such thing")
    reviewer.wait(lambda: page.decide.model.rowCount() == 0 and not page.decide.pane.isVisible())
    page.decide.bar.clear()
    reviewer.wait(lambda: page.decide.model.rowCount() == 5 and page.decide.pane.isVisible())


def test_that_a_mark_in_a_sampled_file_becomes_a_finding(made: tuple[Project, str, Reviewer]) -> None:
    project, corpus, reviewer = made
    page = reviewer.page
    page.show_detail("sampled")
    page.actions_by_id["draw sample"].trigger()
    view = page.sampled.view
    reviewer.wait(lambda: page.sampled.asks)
    if WORD not in view.toPlainText():
        QTest.keyClick(view, Qt.Key.Key_C)
        reviewer.wait(lambda: WORD in view.toPlainText())
    assert view.find(WORD)
    QTest.keyClick(view, Qt.Key.Key_M)
    reviewer.wait(lambda: len(states(project, corpus)) == 6)
    marked = next(one for one in findings(project, corpus) if one.rule == "reviewer")
    text = str(FILES["gate.py"])
    assert text[marked.places[0].start : marked.places[0].end] == WORD
    QTest.keyClick(view, Qt.Key.Key_C)
    reviewer.wait(lambda: project.value("SELECT SUM(missed) FROM sampled_objects") == 1)


def test_that_what_another_scanner_saw_is_listed_and_told_as_its_own(made: tuple[Project, str, Reviewer]) -> None:
    project, corpus, reviewer = made
    page, file = reviewer.page, project.path.with_name("report")
    file.write_text(baseline("gate.py", WORD, 1))
    (name,) = bring_in(project, corpus, read(file), identities.identity(project, "ann")).findings
    reviewer.read()
    QTest.keyClick(page.decide.table, Qt.Key.Key_Slash)
    QTest.keyClicks(page.decide.bar.search, "detect-secrets:")
    reviewer.wait(lambda: page.decide.model.rowCount() == 1 and "Reported by" in everything_said(page))
    assert "Reported by detect-secrets as secret-keyword" in everything_said(page)
    assert "•" * len(WORD) in page.decide.pane.lines.all_text()
    press(reviewer, Qt.Key.Key_S)
    reviewer.wait(lambda: states(project, corpus)[name] == "scrub")


def test_that_another_session_is_seen_and_not_overwritten(made: tuple[Project, str, Reviewer]) -> None:
    project, corpus, reviewer = made
    first = reviewer.looking()
    bob = identities.add(project, "bob", roles=("security",))
    press(reviewer, Qt.Key.Key_S)
    reviewer.wait(lambda: states(project, corpus)[first] == "scrub")
    decide(project, corpus, first, "block", who=bob)
    reviewer.read()
    reviewer.wait(lambda: reviewer.session.can_undo)
    reviewer.session.undo()
    reviewer.qtbot.wait(200)
    assert states(project, corpus)[first] == "block"


def test_that_a_window_that_only_looks_decides_and_reveals_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    with (
        scanned_project(tmp_path) as (project, _, state),
        Reviewer(project.path, qtbot, looks_only=True) as reviewer,
    ):
        reviewer.wait(lambda: reviewer.looking())
        before = len(audit.entries(project))
        press(reviewer, Qt.Key.Key_S, Qt.Key.Key_B)
        QTest.keyPress(reviewer.page.decide.table, Qt.Key.Key_R)
        assert "only looks" in everything_said(reviewer.page)
        assert len(audit.entries(project)) == before and set(states(project, state).values()) == {"open"}


def test_that_nobody_in_particular_is_told_to_choose_who_acts(tmp_path: Path, qtbot: QtBot) -> None:
    with scanned_project(tmp_path) as (project, _, state), Reviewer(project.path, qtbot, acting="") as reviewer:
        reviewer.wait(lambda: reviewer.looking())
        first = reviewer.looking()
        with qtbot.waitSignal(reviewer.session.refused) as told:
            press(reviewer, Qt.Key.Key_S)
        assert told.args is not None and "Nobody acts" in told.args[0]
        reviewer.wait(lambda: reviewer.looking() == first)
        assert set(states(project, state).values()) == {"open"}


def test_that_a_secret_that_git_has_lost_is_told_and_can_still_be_decided(tmp_path: Path, qtbot: QtBot) -> None:
    with scanned_project(tmp_path) as (project, repository, state):
        repository.path.rename(tmp_path / "gone")
        with Reviewer(project.path, qtbot) as reviewer:
            reviewer.wait(lambda: reviewer.looking())
            assert "shop" in everything_said(reviewer.page)
            first = reviewer.looking()
            press(reviewer, Qt.Key.Key_B)
            reviewer.wait(lambda: states(project, state)[first] == "block")


def test_that_before_a_scan_the_page_offers_one(tmp_path: Path, qtbot: QtBot) -> None:
    with desk(tmp_path, FILES) as (project, _, _state), Reviewer(project.path, qtbot) as reviewer:
        assert "has not been scanned" in reviewer.page.header.sentence
        assert reviewer.page.empty.isVisible() and not reviewer.page.tabs.isVisible()
        reviewer.page.empty.action.click()
        reviewer.wait(lambda: project.value("SELECT COUNT(*) FROM jobs WHERE kind = 'findings.scan'") == 1)


def test_that_without_a_repository_the_page_leads_to_them(tmp_path: Path, qtbot: QtBot) -> None:
    with Project.create(tmp_path / "p") as project, Reviewer(project.path, qtbot) as reviewer:
        with qtbot.waitSignal(reviewer.session.went) as went:
            reviewer.page.empty.action.click()
        assert went.args == ["repositories", ""]


def test_that_the_demonstration_is_signed_by_its_stand_in_and_says_so(tmp_path: Path, qtbot: QtBot) -> None:
    with scanned_project(tmp_path, policy="demo") as (project, _, state), Reviewer(project.path, qtbot) as reviewer:
        reviewer.page.show_detail("approve")
        reviewer.wait(lambda: reviewer.page.actions_by_id["sign approval"].isEnabled())
        reviewer.page.actions_by_id["sign approval"].trigger()
        reviewer.wait(lambda: standing_approval(project, state) is not None)
        reviewer.wait(lambda: "demonstration, not approved" in reviewer.page.header.sentence)


def test_that_a_builder_is_told_why_not_to_approve_where_two_must(tmp_path: Path, qtbot: QtBot) -> None:
    with (
        scanned_project(tmp_path, policy="two-person") as (project, _, _state),
        Reviewer(project.path, qtbot) as reviewer,
    ):
        reviewer.page.show_detail("approve")
        reviewer.wait(lambda: any("does not approve" in one.what for one in reviewer.page.approving.checks.items))
        assert not reviewer.page.actions_by_id["sign approval"].isEnabled()


def test_that_what_would_be_signed_is_read_only_while_it_is_in_front(made: tuple[Project, str, Reviewer]) -> None:
    """Hashing every decision of a large corpus takes its time, and what else is read would wait for it."""
    _, _, reviewer = made
    reviewer.page.decide.decide("scrub")
    reviewer.wait(lambda: not reviewer.session.reading and reviewer.session.can_undo)
    assert "Signed by" not in everything_said(reviewer.page.approving)
    reviewer.page.show_detail("approve")
    reviewer.wait(lambda: "Signed by" in everything_said(reviewer.page.approving))
    assert "1 scrubbed" in everything_said(reviewer.page.approving)


def test_that_only_what_nobody_approved_is_listed_when_asked(tmp_path: Path, qtbot: QtBot) -> None:
    with scanned_project(tmp_path) as (project, history, state):
        ann = identities.identity(project)
        decide_all(project, states(project, state), "scrub", who=ann)
        number = draws.draw(project, state, bundled_digest(), 30)
        reads.reviewed(project, number, draws.waiting(project, number), missed=0, who=ann)
        approve(project, state)
        history.commit({"late.py": f'password = "{PASSWORD}late"\n'}, when=START + 600)
        scanned(project, corpus.refresh(project).hash)
        with Reviewer(project.path, qtbot) as reviewer:
            bar, model = reviewer.page.decide.bar, reviewer.page.decide.model
            reviewer.wait(lambda: bar.chips["approved"].isVisibleTo(reviewer.page))
            bar.chips["state"].clear()
            reviewer.wait(lambda: model.rowCount() == len(states(project, state)) + 1)
            bar.chips["approved"]._toggle(UNLIKE)
            reviewer.wait(lambda: model.rowCount() == 1)
            reviewer.page.show_detail("approve")
            reviewer.wait(lambda: "1 new, 0 decided since, 0 gone" in everything_said(reviewer.page.approving))


@pytest.mark.parametrize("size", [(1224, 812), (808, 612), (2000, 1300)])
@pytest.mark.parametrize("tab", ["decide", "sampled", "approve"])
def test_that_nothing_is_cut_laid_over_or_nameless(
    made: tuple[Project, str, Reviewer], tab: str, size: tuple[int, int]
) -> None:
    _, _, reviewer = made
    page = reviewer.page
    page.resize(max(size[0], page.minimumSizeHint().width()), max(size[1], page.minimumSizeHint().height()))
    page.show_detail(tab)
    if tab == "sampled":
        page.actions_by_id["draw sample"].trigger()
        reviewer.wait(lambda: page.sampled.view.toPlainText() != "")
    reviewer.qtbot.wait(50)
    assert page.minimumSizeHint().width() <= 808
    assert looks.cut(page) == [] and looks.overlapping(page) == [] and looks.nameless(page) == []


def test_that_the_models_keep_qts_rules(made: tuple[Project, str, Reviewer]) -> None:
    _, _, reviewer = made
    QAbstractItemModelTester(reviewer.page.decide.model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    press(reviewer, Qt.Key.Key_S, Qt.Key.Key_J)
    assert KEY.splitlines()[1] not in everything_said(reviewer.page)


def test_that_the_keyboard_goes_to_the_list_when_a_scan_has_ended(tmp_path: Path, qtbot: QtBot) -> None:
    """From the button of the empty page, and not to the search, where S is a letter."""
    with desk(tmp_path, FILES) as (project, _, state):
        identities.add(project, "ann", roles=("security",))
        with Reviewer(project.path, qtbot) as reviewer:
            page = reviewer.page
            page.activateWindow()
            reviewer.wait(page.isActiveWindow)
            page.empty.action.setFocus(Qt.FocusReason.TabFocusReason)
            assert page.empty.action.hasFocus()
            scanned(project, state)
            reviewer.read()
            reviewer.wait(page.decide.table.hasFocus)
            reviewer.wait(lambda: page.decide.pane.detail is not None)
            waiting = page.decide.table.current_id
            QTest.keyClick(page.decide.table, Qt.Key.Key_S)
            reviewer.wait(lambda: page.decide.table.current_id != waiting)
