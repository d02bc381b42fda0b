"""The demonstration on the overview: how far it is, stopping it, going on with it."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.page_alone import Alone

from espalier.core.demo import driving
from espalier.core.jobs.life import this_process
from espalier.core.project.file import Project
from espalier.gui.overview.page import OverviewPage


def _shown(qtbot: QtBot, path: Path) -> Alone[OverviewPage]:
    alone = Alone(path, OverviewPage)
    qtbot.addWidget(alone.page)
    alone.page.show()
    alone.read()
    return alone


def test_that_a_walk_that_broke_off_says_why_and_can_go_on(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Project.create(tmp_path / "demo.espalier", policy="demo") as project:
        driving.enter(project, "training")
        driving._keep(project, "demo_trouble", '{"sentence":"The disk is full.","remedy":"Free some space."}')
    started: list[Path] = []
    monkeypatch.setattr("espalier.gui.overview.walk.start", started.append)
    alone = _shown(qtbot, tmp_path / "demo.espalier")
    assert "step 5 of 7, training" in alone.page.banner.words
    assert "The disk is full. Free some space." in alone.page.banner.words
    with qtbot.waitSignal(alone.session.did):
        alone.page.banner.button.click()
    assert started == [tmp_path]
    alone.close()


def test_that_a_walk_can_be_stopped(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Project.create(tmp_path / "demo.espalier", policy="demo") as project:
        driving.enter(project, "findings")
        driving._announce(project, this_process())
    stopped: list[Path] = []
    monkeypatch.setattr("espalier.gui.overview.walk.stop", lambda project: stopped.append(project.path))
    alone = _shown(qtbot, tmp_path / "demo.espalier")
    assert "step 2 of 7, findings" in alone.page.banner.words
    assert "goes on when this window is closed" in alone.page.banner.words
    with qtbot.waitSignal(alone.session.did):
        alone.page.banner.button.click()
    assert stopped == [tmp_path / "demo.espalier"]
    alone.close()


def test_that_a_copy_is_only_looked_at_and_another_project_says_nothing(qtbot: QtBot, tmp_path: Path) -> None:
    with Project.create(tmp_path / "demo.espalier", policy="demo") as project:
        driving.enter(project, "findings")
        project.copy_to(tmp_path / "copy.espalier")
    alone = _shown(qtbot, tmp_path / "copy.espalier")
    assert "It stands at step 2 of 7" in alone.page.banner.words
    assert alone.page.banner.button.isHidden()
    alone.close()
    Project.create(tmp_path / "mine.espalier").close()
    mine = _shown(qtbot, tmp_path / "mine.espalier")
    assert mine.page.banner.isHidden()
    mine.close()
