"""Findings that come from elsewhere and go elsewhere by the window: reports, exports, review packs, decisions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMetaObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot
from tests.core.findings.packs.packed import Sent, sent
from tests.core.findings.reports.written import baseline
from tests.gui.reviewing import SECRETS, WORD, Reviewer, everything_said, scanned_project, worked_off

from espalier.core.findings.decisions import decide
from espalier.core.findings.findings import findings
from espalier.core.findings.packs import make, review
from espalier.core.jobs.job import jobs
from espalier.core.project.file import Project
from espalier.gui.findings.conflicts import Conflicts
from espalier.gui.findings.importing import Brought, ImportReport


@pytest.fixture
def made(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Project, str, Reviewer]]:
    with scanned_project(tmp_path) as (project, _, state), Reviewer(project.path, qtbot) as reviewer:
        reviewer.wait(lambda: reviewer.looking())
        yield project, state, reviewer


@pytest.fixture
def back(tmp_path: Path) -> Iterator[Sent]:
    """A pack that a reviewer has; bob made it."""
    with sent(tmp_path) as given:
        yield given


def importing(reviewer: Reviewer) -> ImportReport:
    reviewer.page.actions_by_id["import report"].trigger()
    dialog = reviewer.page.more.dialog
    assert isinstance(dialog, ImportReport)
    reviewer.wait(lambda: not reviewer.session.reading)
    return dialog


def brought(reviewer: Reviewer) -> Brought:
    reviewer.wait(lambda: isinstance(reviewer.page.more.dialog, Brought))
    dialog = reviewer.page.more.dialog
    assert isinstance(dialog, Brought)
    return dialog


def test_that_a_report_is_imported_by_keys_and_what_came_of_it_is_told(
    made: tuple[Project, str, Reviewer], tmp_path: Path
) -> None:
    project, state, reviewer = made
    (tmp_path / "report.json").write_text(baseline("gate.py", WORD, 1))
    before = len(findings(project, state))
    dialog = importing(reviewer)
    QTest.keyClicks(dialog.file, str(tmp_path / "report.json"))
    QTest.keyClick(dialog.file, Qt.Key.Key_Return)
    worked_off(project, reviewer)
    assert len(findings(project, state)) == before + 1
    said = everything_said(brought(reviewer))
    assert "detect-secrets, as seen in the file" in said and "1, new findings: 1" in said and WORD not in said
    reviewer.wait(lambda: reviewer.page.decide.model.rowCount() == before + 1)


def test_that_what_could_not_be_placed_is_told_one_by_one(made: tuple[Project, str, Reviewer], tmp_path: Path) -> None:
    project, _, reviewer = made
    (tmp_path / "report.json").write_text(baseline("gone.py", WORD, 7))
    dialog = importing(reviewer)
    dialog.file.setText(str(tmp_path / "report.json"))
    dialog.ok.click()
    worked_off(project, reviewer)
    row = brought(reviewer).model.row_at(0)
    assert row is not None and (row[1]["path"], row[1]["line"]) == ("gone.py", 7) and row[1]["reason"]


def test_that_verdicts_are_taken_over_for_a_reason_only(made: tuple[Project, str, Reviewer], tmp_path: Path) -> None:
    project, state, reviewer = made
    (tmp_path / "report.json").write_text(baseline("gate.py", WORD, 1, is_secret=False))
    dialog = importing(reviewer)
    dialog.file.setText(str(tmp_path / "report.json"))
    dialog.verdicts.setChecked(True)
    dialog.ok.click()
    assert "for a reason" in dialog.trouble.text() and not jobs(project)[0].args.get("file")
    dialog.reason.setText(f"we say {SECRETS[0]} is none")
    dialog.ok.click()
    reviewer.wait(lambda: "holds what looks like a secret" in dialog.trouble.text())
    assert dialog.isVisible() and SECRETS[0].encode() not in project.path.read_bytes()
    dialog.reason.setText("a word")
    dialog.ok.click()
    worked_off(project, reviewer)
    assert "left alone" in everything_said(brought(reviewer)).lower()
    assert {one.state for one in findings(project, state)} == {"open"}


def test_that_a_file_that_is_no_report_is_refused_with_a_sentence(
    made: tuple[Project, str, Reviewer], tmp_path: Path, qtbot: QtBot
) -> None:
    project, _, reviewer = made
    (tmp_path / "report.json").write_text("{}")
    dialog = importing(reviewer)
    dialog.file.setText(str(tmp_path / "nowhere.json"))
    dialog.ok.click()
    reviewer.wait(lambda: "nowhere.json is not there" in dialog.trouble.text())
    dialog.file.setText(str(tmp_path / "report.json"))
    dialog.ok.click()
    with qtbot.waitSignal(reviewer.session.refused) as told:
        worked_off(project, reviewer)
    assert told.args is not None and "no format that is known" in told.args[0] and "--" not in told.args[1]


@pytest.mark.parametrize("ending", ["sarif", "csv", "html"])
def test_that_findings_are_exported_without_a_secret(
    made: tuple[Project, str, Reviewer], tmp_path: Path, qtbot: QtBot, ending: str
) -> None:
    project, _, reviewer = made
    target = tmp_path / f"out.{ending}"
    reviewer.page.more.traffic.export(target)
    with qtbot.waitSignal(reviewer.session.did) as told:
        worked_off(project, reviewer)
    assert told.args == [f"Wrote out.{ending}", False]
    text = target.read_text()
    assert len(text) > 500 and not [secret for secret in SECRETS if secret in text]
    reviewer.page.more.traffic.export(target)
    with qtbot.waitSignal(reviewer.session.refused) as refused:
        worked_off(project, reviewer)
    assert refused.args is not None and "already" in refused.args[0]


def test_that_a_pack_goes_out_and_its_decisions_come_back_once(
    made: tuple[Project, str, Reviewer], tmp_path: Path, qtbot: QtBot
) -> None:
    project, state, reviewer = made
    reviewer.page.more.traffic.pack(tmp_path / "out.zip")
    with qtbot.waitSignal(reviewer.session.did) as told:
        worked_off(project, reviewer)
    assert told.args is not None and told.args[0] == "5 findings in out.zip, signed by ann"
    assert len(review.opened(tmp_path / "out.zip").contents.findings) == len(findings(project, state))


def test_that_a_pack_holds_what_the_filters_let_through(
    made: tuple[Project, str, Reviewer], tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    project, state, reviewer = made
    bar = reviewer.page.decide.bar
    rule = findings(project, state)[0].rule
    wanted = {one.fingerprint for one in findings(project, state) if one.rule == rule}
    monkeypatch.setattr(make, "MOST", len(wanted))
    reviewer.page.more.traffic.pack(tmp_path / "all.zip")
    with qtbot.waitSignal(reviewer.session.refused) as refused:
        worked_off(project, reviewer)
    assert refused.args is not None and "5 findings are open" in refused.args[0]
    assert "filter the list first" in refused.args[1]
    bar.chips["rule"].set_values((rule,))
    reviewer.page.more.traffic.pack(tmp_path / "out.zip")
    with qtbot.waitSignal(reviewer.session.did):
        worked_off(project, reviewer)
    assert {one.fingerprint for one in review.opened(tmp_path / "out.zip").contents.findings} == wanted
    bar.search.setText(SECRETS[0])
    with qtbot.waitSignal(reviewer.session.refused) as refused:
        reviewer.page.more.traffic.pack(tmp_path / "more.zip")
    assert refused.args is not None and "looks like a secret" in refused.args[0]
    assert SECRETS[0].encode() not in project.path.read_bytes()


def test_that_decisions_are_accepted_and_what_was_decided_here_stays_and_is_listed(back: Sent, qtbot: QtBot) -> None:
    project, corpus = back.project, back.corpus
    names = [one.fingerprint for one in back.pack.contents.findings]
    review.decide(back.pack, back.pack.contents.findings, "scrub", "real")
    path = back.path.with_name("back.json")
    review.sign(back.pack, path, back.key)
    decide(project, corpus, names[0], "block", who=back.bob, reason="real")
    with Reviewer(project.path, qtbot, acting="bob") as reviewer:
        reviewer.page.more.traffic.accept(path)
        worked_off(project, reviewer)
        reviewer.wait(lambda: isinstance(reviewer.page.more.dialog, Conflicts))
        dialog = reviewer.page.more.dialog
        assert isinstance(dialog, Conflicts) and dialog.model.rowCount() == 1
        assert {"file blocked", "bob", "scrubbed"} <= set(
            dialog.table.model().data(dialog.table.model().index(0, n)) for n in range(4)
        )
        stands = {one.fingerprint: one.state for one in findings(project, corpus)}
        assert stands == dict.fromkeys(names, "scrub") | {names[0]: "block"}
        with qtbot.waitSignal(reviewer.session.refused) as refused:
            reviewer.page.more.traffic.accept(path)
            worked_off(project, reviewer)
        assert refused.args is not None and "accepted" in refused.args[0]


def test_that_the_ending_of_an_export_follows_the_format_that_is_chosen(
    made: tuple[Project, str, Reviewer], tmp_path: Path, qtbot: QtBot
) -> None:
    project, _, reviewer = made
    reviewer.page.actions_by_id["export findings"].trigger()
    (dialog,) = reviewer.page.findChildren(QFileDialog)
    chosen = next(one for one in dialog.nameFilters() if one.endswith("(*.csv)"))
    dialog.selectNameFilter(chosen)
    dialog.filterSelected.emit(chosen)
    dialog.selectFile(str(tmp_path / "table"))
    QMetaObject.invokeMethod(dialog, "accept")
    with qtbot.waitSignal(reviewer.session.did) as told:
        worked_off(project, reviewer)
    assert told.args == ["Wrote table.csv", False] and (tmp_path / "table.csv").exists()
