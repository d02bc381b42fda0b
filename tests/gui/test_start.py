"""The window without a project: what it offers, what was open, what is dropped, and what this machine has."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from tests.core.repositories.workshop import make

from espalier.core.demo import driving
from espalier.core.doctor.finding import Finding
from espalier.core.jobs.job import jobs
from espalier.core.project.file import Project
from espalier.core.project.policy import project_policy
from espalier.gui.adding.wishing import names
from espalier.gui.settings import Settings
from espalier.gui.start import making
from espalier.gui.start.checking import Checking
from espalier.gui.start.machine import Machine
from espalier.gui.start.new_project import NewProject
from espalier.gui.start.sample import SampleFolder
from espalier.gui.start.window import StartWindow
from espalier.gui.theme import Theme

Show = Callable[[], StartWindow]


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def show(qtbot: QtBot, qapp: QApplication, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[Show]:
    """The machine is not looked at, unless a test does so itself; no worker is started."""
    monkeypatch.setattr(Checking, "start", lambda self: None)
    monkeypatch.setattr(making, "launch", lambda project, lane: None)
    windows: list[StartWindow] = []

    def shower() -> StartWindow:
        window = StartWindow(qapp, settings, Theme(qapp, "light"))
        qtbot.addWidget(window)
        windows.append(window)
        window.show()
        return window

    yield shower
    for window in windows:
        window.close()


def test_that_enter_begins_with_the_sample(show: Show, qtbot: QtBot) -> None:
    window = show()
    QTest.keyClick(window.page, Qt.Key.Key_Return)
    assert isinstance(window.dialog, SampleFolder)
    window.dialog.reject()


def test_that_the_sample_says_whether_it_goes_on(qtbot: QtBot, tmp_path: Path) -> None:
    dialog = SampleFolder(folder=tmp_path)
    qtbot.addWidget(dialog)
    assert dialog.ok.text() == "Start"
    (tmp_path / "demo.espalier").write_text("")
    dialog.place.changed.emit()
    assert dialog.ok.text() == "Go on"
    assert "goes on where it was" in dialog.about


def test_that_the_sample_is_walked_by_a_process_and_its_project_opens_at_once(
    show: Show, qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[Path] = []

    def start(folder: Path) -> Path:
        started.append(folder)
        return folder / driving.PROJECT

    monkeypatch.setattr(driving, "start", start)
    window = show()
    window.ask_for_sample()
    assert isinstance(window.dialog, SampleFolder)
    window.dialog.place.field.setText(str(tmp_path / "demo"))
    with qtbot.waitSignal(window.chosen) as chosen:
        window.dialog.ok.click()
    assert started == [tmp_path / "demo"]
    assert chosen.args == [str(tmp_path / "demo" / "demo.espalier")]


def test_that_a_project_is_made_with_its_policy_and_repositories(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    make(tmp_path / "code" / "shop").commit({"a.py": "1"})
    window = show()
    window.ask_for_new([tmp_path / "code"])
    dialog = window.dialog
    assert isinstance(dialog, NewProject)
    qtbot.waitUntil(lambda: len(dialog.picking.chosen) == 1 and not dialog.picking.looking)
    assert dialog.name.text() == "code"
    dialog.name.setText("payments")
    dialog.place.field.setText(str(tmp_path))
    dialog.policy.pick(1)
    with qtbot.waitSignal(window.chosen) as chosen:
        dialog.ok.click()
    assert chosen.args == [str(tmp_path / "payments.espalier")]
    with Project.open(tmp_path / "payments.espalier") as project:
        assert project_policy(project).name == "two-person"
        assert [one.kind for one in jobs(project)] == ["repositories.add"]


def test_that_repositories_can_go_into_a_project_that_is_there(
    show: Show, qtbot: QtBot, tmp_path: Path, settings: Settings
) -> None:
    make(tmp_path / "shop").commit({"a.py": "1"})
    with Project.create(tmp_path / "there") as project:
        path = project.path
    settings.remember(str(path))
    window = show()
    window.ask_for_new([tmp_path / "shop"])
    dialog = window.dialog
    assert isinstance(dialog, NewProject)
    dialog.into.pick(str(path))
    dialog.into.picked.emit(str(path))
    qtbot.waitUntil(lambda: len(dialog.picking.chosen) == 1 and not dialog.picking.looking)
    with qtbot.waitSignal(window.chosen):
        dialog.ok.click()
    with Project.open(path) as project:
        assert len(jobs(project)) == 1


@pytest.mark.parametrize(("name", "wrong"), [("a/b", "without slashes"), ("taken", "is there already")])
def test_that_a_name_that_can_t_be_is_told(
    qtbot: QtBot, tmp_path: Path, settings: Settings, name: str, wrong: str
) -> None:
    Project.create(tmp_path / "taken").close()
    dialog = NewProject(settings)
    qtbot.addWidget(dialog)
    dialog.name.setText(name)
    dialog.place.field.setText(str(tmp_path))
    dialog.ok.click()
    assert wrong in dialog.trouble.text()
    assert not dialog.isHidden() or dialog.result() == 0


def test_that_recent_projects_open_by_enter_and_go_by_delete(
    show: Show, qtbot: QtBot, tmp_path: Path, settings: Settings
) -> None:
    Project.create(tmp_path / "here").close()
    settings.remember(str(tmp_path / "gone.espalier"))
    settings.remember(str(tmp_path / "here.espalier"))
    window = show()
    table = window.page.recent.table
    table.go_first()
    with qtbot.waitSignal(window.chosen) as chosen:
        QTest.keyClick(table, Qt.Key.Key_Return)
    assert chosen.args == [str(tmp_path / "here.espalier")]
    table.step(1)
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert "There is no file at" in window.page.trouble.words
    QTest.keyClick(table, Qt.Key.Key_Delete)
    assert settings.recent == (str(tmp_path / "here.espalier"),)


def test_that_the_list_of_recent_projects_stays_short_and_has_each_once(settings: Settings) -> None:
    for number in range(30):
        settings.remember(f"/p{number % 15}.espalier")
    assert len(settings.recent) == len(set(settings.recent)) == 12
    assert settings.recent[0] == "/p14.espalier"


def test_that_a_dropped_project_file_is_opened(show: Show, qtbot: QtBot, tmp_path: Path) -> None:
    Project.create(tmp_path / "here").close()
    window = show()
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(str(tmp_path / "here.espalier"))])
    event = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, data, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    )
    with qtbot.waitSignal(window.chosen) as chosen:
        window.page.drop.dropEvent(event)
    assert chosen.args == [str(tmp_path / "here.espalier")]


def test_that_what_is_lacking_stands_first_and_its_remedy_folds_out(qtbot: QtBot) -> None:
    machine = Machine()
    qtbot.addWidget(machine)
    machine.begin()
    for name in ("Python", "git", "SQLite", "memory", "disk", "bitsandbytes", "Qt"):
        machine.add(Finding(name=name, state="ok", found="1"))
    machine.add(Finding(name="sandbox", state="limited", found="none", remedy="Install bubblewrap."))
    assert "8 of 11" in machine.sentence
    machine.end(True)
    machine.show()
    lacking = machine.rows[-1]
    assert lacking.y() == min(row.y() for row in machine.rows if row.isVisible())
    assert sum(row.isVisible() for row in machine.rows) == 5
    lacking.fix.click()
    assert lacking.remedy_shown
    lacking.fix.click()
    assert not lacking.remedy_shown


def test_that_findings_arrive_one_by_one_and_the_look_can_be_ended(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    checking = Checking()
    with qtbot.waitSignal(checking.found, timeout=60_000) as found:
        checking.start()
    assert found.args[0].name == "Python"
    checking.leave()
    assert not checking.running
    monkeypatch.setattr(sys, "executable", "/nowhere")
    with qtbot.waitSignal(checking.ended) as ended:
        checking.start()
    assert ended.args == [False]


def test_that_found_repositories_are_called_apart() -> None:
    paths = [Path("/a/web"), Path("/b/web"), Path("/c/shop.git"), Path("/c/ odd*name")]
    assert names(paths) == ["a-web", "b-web", "shop", "odd-name"]


def test_that_the_look_begins_when_the_page_is_first_seen_and_only_then(
    qtbot: QtBot, qapp: QApplication, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[int] = []
    monkeypatch.setattr(Checking, "start", lambda self: started.append(1))
    window = StartWindow(qapp, settings, Theme(qapp, "light"))
    qtbot.addWidget(window)
    assert started == []
    window.show()
    window.hide()
    window.show()
    assert started == [1]
    window.close()
