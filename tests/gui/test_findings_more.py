"""The menu More of the findings page, on a real scan: what is scanned besides, and rules that are muted."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.core.findings.desk import desk
from tests.gui.reviewing import FILES, Reviewer, scanned_project

from espalier.core.jobs.job import jobs
from espalier.core.project.file import Project


@pytest.fixture
def made(tmp_path: Path, qtbot: QtBot) -> Iterator[tuple[Project, str, Reviewer]]:
    with scanned_project(tmp_path) as (project, _, state), Reviewer(project.path, qtbot) as reviewer:
        reviewer.wait(lambda: reviewer.looking())
        yield project, state, reviewer


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


def test_that_a_window_that_only_looks_scans_nothing_more(tmp_path: Path, qtbot: QtBot) -> None:
    with (
        scanned_project(tmp_path) as (project, _, _state),
        Reviewer(project.path, qtbot, looks_only=True) as reviewer,
    ):
        assert not [one.text() for one in reviewer.page.more.menu.actions() if one.isEnabled() and one.text()]
