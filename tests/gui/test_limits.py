"""A file that can't be written, and a window that only looks."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMenu
from pytestqt.qtbot import QtBot
from tests.core.release.finished import finished
from tests.gui.conftest import Opener, settle
from tests.gui.looks import settled

from espalier.core.jobs.job import enqueue
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.app import Desk
from espalier.gui.pages import PLACES
from espalier.gui.window import Window


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with finished(tmp_path).project as project:
        return project.path


def actions_of(window: Window, page: str) -> dict[str, QAction]:
    """The page's own and those of the parts in it, by id."""
    shown = window.page(page)
    parts = [one for one in vars(shown).values() if isinstance(getattr(one, "actions_by_id", None), Mapping)]
    return {name: action for one in (shown, *parts) for name, action in one.actions_by_id.items()}


def writes(action: QAction) -> bool:
    return bool(action.property("writes"))


def test_that_a_file_that_cannot_be_written_is_shown_and_offers_nothing_that_writes(
    idle: Path, open_window: Opener
) -> None:
    idle.chmod(0o444)
    window = open_window(idle)
    assert "read-only" in window.frame.top_bar.limits
    known = set()
    for place in PLACES:
        assert settled(window, place.id), place.id
        actions = actions_of(window, place.id)
        known |= {name for name, action in actions.items() if writes(action)}
        assert [name for name, one in actions.items() if writes(one) and one.isEnabled()] == [], place.id
    assert len(known) > 30
    assert [name for name, one in window.actions_by_id.items() if writes(one) and one.isEnabled()] == []


def test_that_the_palette_says_why_nothing_can_be_changed_here(idle: Path, open_window: Opener) -> None:
    idle.chmod(0o444)
    window = open_window(idle)
    for place in PLACES:
        assert settled(window, place.id), place.id
        window.palette_of_commands.turn()
        notes = {one.text: one.note for one in window.palette_of_commands.box.entries}
        tables = (window.page(place.id).actions_by_id, window.actions_by_id)
        writing = {action.text() for table in tables for action in table.values() if writes(action)}
        assert writing <= set(notes)
        assert {text for text in writing if "nothing can be changed" not in notes[text]} == set(), place.id
        window.palette_of_commands.turn()


def test_that_nothing_that_can_be_done_in_a_window_that_only_looks_changes_the_project(
    idle: Path, qapp: QApplication, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever runs the tests may write any file: what is off, and what the session refuses, keeps it as it is."""
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)
    monkeypatch.setattr(QFileDialog, "open", lambda *_: None)
    before = idle.read_bytes()
    window = Desk(qapp, pinned="light", looks_only=True).open(idle)
    assert isinstance(window, Window)
    qtbot.addWidget(window)
    tried = set()
    for place in PLACES:
        assert settled(window, place.id), place.id
        actions = actions_of(window, place.id)
        assert [name for name, one in actions.items() if writes(one) and one.isEnabled()] == [], place.id
        for name, action in actions.items():
            if action.isEnabled():
                action.trigger()
                tried.add(name)
                settle(qapp)
            for dialog in window.findChildren(QDialog):
                dialog.reject()
            window.go_to(place.id)
    assert len(tried) > 25
    window.session.write(lambda project: identities.add(project, "eve"))
    window.session.start(lambda project: enqueue(project, "findings.scan", {}, "cpu"))
    window.leave()
    settle(qapp)
    assert idle.read_bytes() == before
    assert not idle.with_name(f"{idle.name}-wal").exists()


def test_that_what_only_shows_the_project_in_another_way_does_not_change_it(
    idle: Path, open_window: Opener, qapp: QApplication, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An action that writes and does not say so would be on where nothing may be changed."""
    monkeypatch.setattr(QMenu, "popup", lambda *_: None)
    monkeypatch.setattr(QFileDialog, "open", lambda *_: None)
    window = open_window(idle)
    window.session.act_as("ana")
    with Project.open(idle, read_only=True) as project:
        for place in PLACES:
            assert settled(window, place.id), place.id
            before = project.data_version()
            for name, action in actions_of(window, place.id).items():
                if action.isEnabled() and not writes(action):
                    action.trigger()
                    settle(qapp)
                    assert project.data_version() == before, name
                for dialog in window.findChildren(QDialog):
                    dialog.reject()
                window.go_to(place.id)
