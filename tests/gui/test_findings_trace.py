"""A secret that was found late, by the window: how far it came, and its quarantine behind a confirmation."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot
from tests.core.release.tracing.leaked import SECRET, Leaked, copied, decided, evaluated, leaked, raw
from tests.gui.reviewing import Reviewer, everything_said, worked_off

from espalier.core.project import audit, identities
from espalier.gui.findings.tracing import TraceSecret


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> Leaked:
    folder = tmp_path_factory.mktemp("traced")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_HOME", str(folder / "home"))
        made = leaked(folder)
        with made.project:
            evaluated(made)
            identities.add(made.project, "ben", roles=("builder",))
    return made


@pytest.fixture
def made(original: Leaked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Leaked]:
    monkeypatch.setenv("ESPALIER_HOME", str(original.project.path.parent / "home"))
    with copied(original, tmp_path) as copy:
        yield copy


@pytest.fixture
def reviewer(made: Leaked, qtbot: QtBot) -> Iterator[Reviewer]:
    with Reviewer(made.project.path, qtbot, acting=made.ana.name) as reviewer:
        reviewer.page.show_detail(made.secret)
        reviewer.wait(lambda: reviewer.looking() == made.secret)
        yield reviewer


def traced(reviewer: Reviewer) -> TraceSecret:
    reviewer.page.actions_by_id["trace finding"].trigger()
    dialog = reviewer.page.more.dialog
    assert isinstance(dialog, TraceSecret)
    reviewer.wait(lambda: dialog.found is not None)
    return dialog


def rows(dialog: TraceSecret) -> dict[str, set[str]]:
    """By what it is, how they stand."""
    found: dict[str, set[str]] = {}
    for number in range(dialog.model.rowCount()):
        row = dialog.model.row_at(number)
        assert row is not None
        found.setdefault(row[1].what, set()).add(row[1].state)
    return found


def test_that_everything_a_secret_could_have_reached_is_listed_and_the_secret_is_not(
    made: Leaked, reviewer: Reviewer
) -> None:
    dialog = traced(reviewer)
    told = rows(dialog)
    for what in ("Example", "Snapshot", "Run", "Evaluation"):
        assert "reached" in told[what]
    assert dialog.quarantine.isEnabled() and SECRET not in everything_said(dialog)
    dialog.table.selectAll()
    dialog.table.copy()
    assert SECRET not in everything_said(dialog)
    assert dialog.found is not None and dialog.found.finding.fingerprint == made.secret


def test_that_nothing_is_erased_before_it_is_confirmed_with_a_reason(made: Leaked, reviewer: Reviewer) -> None:
    before = len(audit.entries(made.project))
    decided(made, made.secret)
    dialog = traced(reviewer)
    dialog.quarantine.click()
    confirm = dialog.confirm
    assert confirm is not None and not confirm.ok.isEnabled()
    QTest.keyClick(confirm.sure, Qt.Key.Key_Space)
    QTest.keyClick(confirm.ok, Qt.Key.Key_Space)
    assert "needs a reason" in confirm.trouble.text()
    QTest.keyClick(confirm, Qt.Key.Key_Escape)
    assert not confirm.isVisible() and dialog.isVisible()
    assert len(audit.entries(made.project)) == before + 1  # of the decision alone
    assert SECRET.encode() in raw(made.project)


def test_that_a_confirmed_quarantine_erases_the_text_and_the_trace_says_so(
    made: Leaked, reviewer: Reviewer, qtbot: QtBot
) -> None:
    decided(made, made.secret)
    dialog = traced(reviewer)
    dialog.quarantine.click()
    confirm = dialog.confirm
    assert confirm is not None
    QTest.keyClicks(confirm.reason, "seen in the sampled review")
    QTest.keyClick(confirm.sure, Qt.Key.Key_Space)
    QTest.keyClick(confirm.ok, Qt.Key.Key_Space)
    with qtbot.waitSignal(reviewer.session.did) as told:
        worked_off(made.project, reviewer)
    assert told.args == ["Quarantined: 1 examples, 1 snapshots, 1 runs", False]
    dialog = traced(reviewer)
    assert "quarantined" in rows(dialog)["Example"] and "reached" not in rows(dialog)["Run"]
    assert not dialog.quarantine.isEnabled() and SECRET.encode() not in raw(made.project)


def test_that_who_may_not_quarantine_is_told_so_and_nothing_is_erased(made: Leaked, reviewer: Reviewer) -> None:
    decided(made, made.secret)
    reviewer.session.act_as("ben")
    dialog = traced(reviewer)
    dialog.quarantine.click()
    confirm = dialog.confirm
    assert confirm is not None
    confirm.reason.setText("seen in the sampled review")
    confirm.sure.click()
    confirm.ok.click()
    reviewer.wait(lambda: "does not have the role security" in confirm.trouble.text())
    assert confirm.isVisible() and SECRET.encode() in raw(made.project)


def test_that_a_trace_that_is_closed_is_given_up(reviewer: Reviewer) -> None:
    reviewer.page.actions_by_id["trace finding"].trigger()
    dialog = reviewer.page.more.dialog
    assert dialog is not None
    dialog.reject()
    assert reviewer.page.more.dialog is None
    reviewer.wait(lambda: not reviewer.session.reading)
