"""Rules of the company's own by the window: drafted after a miss, added from a file, replaced, removed, and taken back."""

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.core.findings.desk import GITHUB, PASSWORD, scanned
from tests.gui import looks
from tests.gui.reviewing import SECRETS, WORD, Reviewer, everything_said, scanned_project

from espalier.core.findings.own import files
from espalier.core.findings.ruleset import current_ruleset, ruleset_of, uses
from espalier.core.project.file import Project
from espalier.core.project.identities import identity
from espalier.gui.findings.add_rules import AddRules
from espalier.gui.findings.draft import DraftRule
from espalier.gui.findings.own_rules import OwnRules

RULES = "[[rules]]\nid = \"shop\"\nregex = '''QX-[a-z0-9]{11}'''\nstrange = 1\n"


@pytest.fixture
def made(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Project, str, Reviewer]]:
    with scanned_project(tmp_path) as (project, _, state), Reviewer(project.path, qtbot) as reviewer:
        reviewer.wait(lambda: reviewer.looking())
        yield project, state, reviewer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    target = tmp_path / "rules" / ".gitleaks.toml"
    target.parent.mkdir()
    target.write_text(RULES, encoding="utf-8")
    return target


def names(project: Project) -> list[str]:
    return [one.name for one in uses(project)]


def drafted(reviewer: Reviewer) -> DraftRule:
    reviewer.page.actions_by_id["draft rule"].trigger()
    dialog = reviewer.page.more.dialog
    assert isinstance(dialog, DraftRule)
    reviewer.wait(lambda: not reviewer.session.reading)
    return dialog


def own_rules(reviewer: Reviewer) -> OwnRules:
    reviewer.page.actions_by_id["own rules"].trigger()
    dialog = reviewer.page.more.dialog
    assert isinstance(dialog, OwnRules)
    reviewer.wait(lambda: not reviewer.session.reading)
    return dialog


def proven(reviewer: Reviewer, adding: AddRules | None) -> AddRules:
    assert adding is not None
    reviewer.wait(lambda: adding.ok.isEnabled() or adding.trouble.text())
    return adding


def test_that_a_rule_is_drafted_from_what_was_marked_and_used_in_the_next_scan(
    made: tuple[Project, str, Reviewer],
) -> None:
    project, state, reviewer = made
    tab = reviewer.page.sampled
    reviewer.page.show_detail("sampled")
    tab.empty.action.click()
    reviewer.wait(lambda: tab.asks)
    while WORD not in tab.view.toPlainText():
        read = reviewer.read_files()
        QTest.keyClick(tab.view, Qt.Key.Key_C)
        reviewer.reads_more_than(read)
        reviewer.wait(lambda: tab.asks)
    assert not tab.reader.draft.isVisible()
    cursor = tab.view.textCursor()
    cursor.setPosition(tab.view.toPlainText().index(WORD))
    cursor.movePosition(cursor.MoveOperation.Right, cursor.MoveMode.KeepAnchor, len(WORD))
    tab.view.setTextCursor(cursor)
    QTest.keyClick(tab.view, Qt.Key.Key_M)
    reviewer.wait(lambda: tab.reader.draft.isVisible())
    tab.reader.draft.click()
    dialog = reviewer.page.more.dialog
    assert isinstance(dialog, DraftRule)
    reviewer.wait(lambda: dialog.ok.isEnabled())
    assert WORD not in everything_said(dialog) and tomllib.loads(dialog.view.toPlainText())["rules"]
    assert not looks.cut(dialog) and not looks.overlapping(dialog) and not looks.nameless(dialog)
    dialog.ok.click()
    adding = proven(reviewer, dialog.adding)
    QTest.keyClick(adding.name, Qt.Key.Key_Return)
    reviewer.wait(lambda: names(project) == ["draft-value"])
    reviewer.wait(lambda: "has not been scanned" in reviewer.page.empty.words)
    assert [one.id for one in ruleset_of(project).own] == ["draft-value/draft-value"]
    assert scanned(project, state)["ruleset"] == current_ruleset(project)


def test_that_a_draft_is_copied_and_saved_to_a_new_file_only(
    made: tuple[Project, str, Reviewer], tmp_path: Path
) -> None:
    _, _, reviewer = made
    dialog = drafted(reviewer)
    dialog.copy.click()
    assert dialog.made is not None and QApplication.clipboard().text() == dialog.made.toml
    assert not any(one in everything_said(dialog) for one in SECRETS)
    dialog.save_to(tmp_path / "new.toml")
    reviewer.wait(lambda: "Wrote new.toml" in dialog.said.text())
    assert (tmp_path / "new.toml").read_text() == dialog.made.toml
    dialog.save_to(tmp_path / "new.toml")
    reviewer.wait(lambda: "can't be written" in dialog.trouble.text())
    QApplication.clipboard().clear()


def test_that_a_second_draft_takes_no_other_rules_place(made: tuple[Project, str, Reviewer]) -> None:
    project, _, reviewer = made
    dialog = drafted(reviewer)
    assert dialog.made is not None
    name = dialog.made.id
    files.add(project, files.given(name, RULES), identity(project, "ann"))
    dialog.ok.click()
    assert proven(reviewer, dialog.adding).name.text() == f"{name}-2"


def test_that_a_rule_file_is_proven_added_replaced_and_taken_back(
    made: tuple[Project, str, Reviewer], path: Path
) -> None:
    project, _, reviewer = made
    dialog = own_rules(reviewer)
    dialog.add_file(path)
    adding = proven(reviewer, dialog.adding)
    assert adding.name.text() == "gitleaks" and "strange" in everything_said(adding)
    assert not looks.cut(adding) and not looks.overlapping(adding) and not looks.nameless(adding)
    adding.ok.click()
    reviewer.wait(lambda: dialog.model.rowCount() == 1)
    row = dialog.model.row_at(0)
    assert row is not None and (row[1].use.name, row[1].rules, row[1].use.identity) == ("gitleaks", 1, "ann")
    first = uses(project)[0].hash

    path.write_text(RULES.replace("shop", "store"), encoding="utf-8")
    dialog.add_file(path)
    adding = proven(reviewer, dialog.adding)
    assert "take the place" in adding.said.text()
    adding.ok.click()
    reviewer.wait(lambda: uses(project)[0].hash != first)
    reviewer.session.undo()
    reviewer.wait(lambda: uses(project)[0].hash == first)
    reviewer.session.undo()
    reviewer.wait(lambda: not names(project))


def test_that_a_rule_file_is_removed_and_taken_back(made: tuple[Project, str, Reviewer], path: Path) -> None:
    project, _, reviewer = made
    files.add(project, files.read(path), identity(project, "ann"))
    dialog = own_rules(reviewer)
    reviewer.wait(lambda: dialog.remove.isEnabled())
    assert not looks.cut(dialog) and not looks.overlapping(dialog) and not looks.nameless(dialog)
    dialog.remove.click()
    reviewer.wait(lambda: not names(project))
    reviewer.wait(lambda: dialog.model.rowCount() == 0 and not dialog.remove.isEnabled())
    reviewer.session.undo()
    reviewer.wait(lambda: names(project) == ["gitleaks"])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("not toml", "is no TOML that can be read"),
        ("[[rules]]\nid = 'a'\nregex = '''('''\n", "A pattern of the rule a does not compile"),
        (f"[[rules]]\nid = 'a'\nregex = '''a'''\n[allowlist]\nstopwords = ['{GITHUB}']\n", "holds what looks like a secret"),
    ],
)  # fmt: skip
def test_that_a_file_that_can_not_be_used_is_told_as_on_the_command_line(
    made: tuple[Project, str, Reviewer], path: Path, text: str, said: str
) -> None:
    project, _, reviewer = made
    path.write_text(text, encoding="utf-8")
    dialog = own_rules(reviewer)
    dialog.add_file(path)
    adding = proven(reviewer, dialog.adding)
    assert said in adding.trouble.text() and GITHUB not in everything_said(adding) and not adding.ok.isEnabled()
    assert not names(project)


def test_that_the_very_same_rules_are_not_added_twice(made: tuple[Project, str, Reviewer], path: Path) -> None:
    project, _, reviewer = made
    files.add(project, files.read(path), identity(project, "ann"))
    dialog = own_rules(reviewer)
    dialog.add_file(path)
    adding = proven(reviewer, dialog.adding)
    adding.ok.click()
    reviewer.wait(lambda: "in use already as gitleaks" in adding.trouble.text())
    adding.name.setText("No Name")
    adding.ok.click()
    reviewer.wait(lambda: "can't name rules" in adding.trouble.text())
    assert names(project) == ["gitleaks"] and not reviewer.session.can_undo and PASSWORD not in everything_said(adding)
