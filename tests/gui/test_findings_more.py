"""The menu More of the findings page, on a real scan: what is scanned besides, and rules that are muted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.core.findings.desk import KEY, desk, scanned
from tests.core.repositories.workshop import Content
from tests.gui.reviewing import FILES, Reviewer, everything_said, scanned_project, worked_off

from espalier.core.findings import mutes
from espalier.core.findings.findings import finding
from espalier.core.jobs.job import jobs
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.findings.mute import MutedRules, MuteRule

RULE = "password-assignment"
DOUBTFUL: dict[str, Content] = {
    "low.py": 'password = "correct horse"\n',
    "other.py": 'password = "sunshine"\n',
    "server.pem": KEY,
}


@pytest.fixture
def made(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Project, str, Reviewer]]:
    with scanned_project(tmp_path) as (project, _, state), Reviewer(project.path, qtbot) as reviewer:
        reviewer.wait(lambda: reviewer.looking())
        yield project, state, reviewer


def test_that_the_menu_and_the_palette_offer_the_same(made: tuple[Project, str, Reviewer]) -> None:
    _, _, reviewer = made
    page = reviewer.page
    listed = {action.objectName() for action in page.more.menu.actions() if action.text()}
    assert listed <= page.actions_by_id.keys()  # which the palette lists
    assert listed == {
        *("scan archives", "scan unreachable", "mute rule", "muted rules", "draft rule", "own rules", "trace finding"),
        *("import report", "export findings", "pack findings", "accept decisions"),
    }


@pytest.mark.parametrize("asked", ["archives", "unreachable"])
def test_that_more_is_scanned_when_it_is_asked_for(tmp_path: Path, qtbot: QtBot, asked: str) -> None:
    with desk(tmp_path, FILES) as (project, _, state), Reviewer(project.path, qtbot) as reviewer:
        action = reviewer.page.actions_by_id[f"scan {asked}"]
        assert action in reviewer.page.more.menu.actions() and action.isEnabled()
        action.trigger()
        reviewer.wait(lambda: jobs(project))
        told = jobs(project)[0]
        assert (told.kind, told.args["corpus"], told.args.get(asked)) == ("findings.scan", state, True)
        reviewer.read()
        assert not action.isEnabled()


def test_that_a_scan_that_failed_is_asked_for_again_as_it_was(made: tuple[Project, str, Reviewer]) -> None:
    project, _, reviewer = made
    reviewer.page.actions_by_id["scan archives"].trigger()
    reviewer.wait(lambda: jobs(project)[0].args.get("archives"))
    with project.write() as db:
        db.execute("UPDATE jobs SET state = 'failed' WHERE id = ?", (jobs(project)[0].id,))
    reviewer.read()
    reviewer.page.banner.acted.emit()
    reviewer.wait(lambda: len([one for one in jobs(project) if one.args.get("archives")]) == 2)


def test_that_a_window_that_only_looks_may_change_nothing(tmp_path: Path, qtbot: QtBot) -> None:
    with (
        scanned_project(tmp_path) as (project, _, _state),
        Reviewer(project.path, qtbot, looks_only=True) as reviewer,
    ):
        able = [one.text() for one in reviewer.page.more.menu.actions() if one.isEnabled() and one.text()]
        assert able == ["Draft a rule…", "Rules of your own…", "Trace this secret…"]


def muting(reviewer: Reviewer) -> MuteRule:
    """The dialog about the rule of the finding that is looked at, once the rules are read."""
    reviewer.page.actions_by_id["mute rule"].trigger()
    dialog = reviewer.page.more.dialog
    assert isinstance(dialog, MuteRule)
    reviewer.wait(lambda: dialog.ok.isEnabled() or dialog.trouble.text())
    return dialog


def go_to(reviewer: Reviewer, rule: str) -> str:
    """To the first finding of a rule."""
    with Project.open(reviewer.path, read_only=True) as project:
        name = str(project.value("SELECT fingerprint FROM findings WHERE rule = ?", (rule,)))
    reviewer.page.show_detail(name)
    reviewer.wait(lambda: reviewer.looking() == name)
    return name


@pytest.fixture
def doubtful(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Project, str, Reviewer]]:
    """A project in which a rule found what it is unsure of."""
    with desk(tmp_path, DOUBTFUL) as (project, _, state):
        identities.add(project, "ann", roles=("security", "builder"))
        identities.add(project, "bob", roles=("builder",))
        scanned(project, state)
        with Reviewer(project.path, qtbot) as reviewer:
            reviewer.wait(lambda: reviewer.looking())
            yield project, state, reviewer


def test_that_a_rule_is_muted_with_a_reason_and_unmuted_by_keys(doubtful: tuple[Project, str, Reviewer]) -> None:
    project, state, reviewer = doubtful
    name = go_to(reviewer, RULE)
    dialog = muting(reviewer)
    said = everything_said(dialog)
    assert RULE in said and "nobody decided anything of it yet" in said
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    assert "needs a reason" in dialog.trouble.text() and not mutes.standing(project)
    QTest.keyClicks(dialog.reason, "placeholders of the templates")
    QTest.keyClick(dialog.reason, Qt.Key.Key_Return)
    worked_off(project, reviewer)
    assert RULE in mutes.standing(project)
    reviewer.wait(lambda: finding(project, state, name).state == "false-alarm")
    reviewer.wait(lambda: "muted by ann" in everything_said(reviewer.page.decide.pane))
    reviewer.wait(lambda: "muted: placeholders of the templates" in everything_said(reviewer.page.decide.pane))

    reviewer.page.actions_by_id["muted rules"].trigger()
    listed = reviewer.page.more.dialog
    assert isinstance(listed, MutedRules)
    reviewer.wait(lambda: listed.ok.isEnabled())
    row = listed.model.row_at(0)
    assert row is not None and row[1].mute is not None
    assert (row[1].rule, row[1].mute.identity, row[1].mute.reason) == (RULE, "ann", "placeholders of the templates")
    QTest.keyClick(listed.reason, Qt.Key.Key_Return)
    worked_off(project, reviewer)
    assert not mutes.standing(project)
    reviewer.wait(lambda: finding(project, state, name).state == "open")


def test_that_who_may_not_approve_mutes_nothing_and_is_told_why(doubtful: tuple[Project, str, Reviewer]) -> None:
    project, _, reviewer = doubtful
    reviewer.session.act_as("bob")
    go_to(reviewer, RULE)
    dialog = muting(reviewer)
    assert not dialog.ok.isEnabled() and "bob does not have the role security" in dialog.trouble.text()
    assert "--as" not in dialog.trouble.text()
    QTest.keyClick(dialog.reason, Qt.Key.Key_Escape)
    assert not mutes.standing(project)


def test_that_what_no_mute_covers_is_told_in_the_dialog(doubtful: tuple[Project, str, Reviewer]) -> None:
    project, _, reviewer = doubtful
    go_to(reviewer, "private-key")
    dialog = muting(reviewer)
    QTest.keyClicks(dialog.reason, "never ours")
    dialog.ok.click()
    reviewer.wait(lambda: "high confidence" in dialog.trouble.text())
    assert dialog.isVisible() and dialog.ok.isEnabled() and not mutes.standing(project)


def test_that_the_precision_so_far_follows_the_decisions(made: tuple[Project, str, Reviewer]) -> None:
    _, _, reviewer = made
    pane, first = reviewer.page.decide.pane, reviewer.looking()
    reviewer.wait(lambda: "nobody decided anything of it yet" in everything_said(pane))
    reviewer.page.decide.decide("scrub")
    reviewer.decides(first)
    reviewer.page.show_detail(first)
    reviewer.wait(lambda: reviewer.looking() == first)
    reviewer.wait(lambda: "100 %: 1 kept, 0 false alarms" in everything_said(pane))
