"""Two windows on one project, and the command line beside one: each shows what the others do."""

from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot
from tests.core.release.finished import finished
from tests.gui.conftest import PATIENCE, Opener
from tests.gui.looks import settled

from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.dataset.page import DatasetPage
from espalier.gui.examples.page import ExamplesPage
from espalier.gui.findings.page import FindingsPage
from espalier.gui.release.page import ReleasePage
from espalier.gui.repositories.page import RepositoriesPage
from espalier.gui.window import Window

Kind = TypeVar("Kind")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with finished(tmp_path).project as project:
        return project.path


@pytest.fixture
def both(idle: Path, open_window: Opener) -> tuple[Window, Window]:
    """Two windows on a project with something on every page; ana acts in the first."""
    one, other = open_window(idle), open_window(idle)
    one.session.act_as("ana")
    return one, other


def release(window: Window) -> ReleasePage:
    page = window.page("release")
    assert isinstance(page, ReleasePage)
    return page


def test_that_what_one_window_signs_opens_the_gate_in_the_other(path: Path, open_window: Opener, qtbot: QtBot) -> None:
    one, other = open_window(path), open_window(path)
    for window in (one, other):
        settled(window, "release")
        assert release(window).create_bundle.shut
    one.session.act_as("ana")
    release(one).sign_as("release")
    qtbot.waitUntil(lambda: not release(other).create_bundle.shut, timeout=PATIENCE)


def test_that_a_new_identity_is_known_in_every_window(path: Path, open_window: Opener, qtbot: QtBot) -> None:
    one, other = open_window(path), open_window(path)
    one.session.write(lambda project: identities.add(project, "Bo", roles=("legal",)))
    qtbot.waitUntil(lambda: other.acting.names == ("ana", "Bo"), timeout=PATIENCE)


def test_that_a_finding_decided_in_one_window_is_decided_in_the_other(
    both: tuple[Window, Window], qtbot: QtBot
) -> None:
    one, _ = both
    page, other_page = pages(both, "findings", FindingsPage)
    mine, theirs = page.decide, other_page.decide
    number = mine.table.current_id
    assert number is not None

    def state() -> str:
        row = theirs.model.row_of(number)
        known = None if row is None else theirs.model.row_at(row)
        return "" if known is None else known.state

    assert state() == "scrub"
    mine.decide("block")
    qtbot.waitUntil(lambda: state() == "block", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "Approved" not in other_page.header.sentence, timeout=PATIENCE)
    one.session.undo()
    qtbot.waitUntil(lambda: state() == "scrub", timeout=PATIENCE)
    qtbot.waitUntil(lambda: "Approved by ana" in other_page.header.sentence, timeout=PATIENCE)


def pages(both: tuple[Window, Window], name: str, kind: type[Kind]) -> tuple[Kind, Kind]:
    """The page of that name in each window, read."""
    assert all(settled(window, name) for window in both)
    mine, theirs = (window.page(name) for window in both)
    assert isinstance(mine, kind)
    assert isinstance(theirs, kind)
    return mine, theirs


def test_that_a_licence_decided_in_one_window_is_decided_in_the_other(
    both: tuple[Window, Window], qtbot: QtBot
) -> None:
    one, _ = both
    mine, theirs = pages(both, "repositories", RepositoriesPage)
    for page in (mine, theirs):
        page.show_detail("licences")
        page.licences.filters.clear()
    qtbot.waitUntil(lambda: theirs.licences.model.rowCount() > 0, timeout=PATIENCE)
    mine.licences.table.selectRow(0)
    mine.licences.reason.setText("a dispute")
    qtbot.waitUntil(mine.licences.actions_by_id["deny licence"].isEnabled, timeout=PATIENCE)
    mine.licences.actions_by_id["deny licence"].trigger()

    def denied() -> bool:
        row = theirs.licences.model.row_at(0)
        return row is not None and row[1].decision == "deny"

    qtbot.waitUntil(denied, timeout=PATIENCE)
    qtbot.waitUntil(lambda: one.session.can_undo, timeout=PATIENCE)
    one.session.undo()
    qtbot.waitUntil(lambda: not denied(), timeout=PATIENCE)


def test_that_an_example_rejected_in_one_window_leaves_the_other(both: tuple[Window, Window], qtbot: QtBot) -> None:
    one, _ = both
    mine, theirs = pages(both, "examples", ExamplesPage)
    kept = theirs.model.rowCount()
    qtbot.waitUntil(mine.actions_by_id["reject example"].isEnabled, timeout=PATIENCE)
    mine.actions_by_id["reject example"].trigger()
    qtbot.waitUntil(lambda: theirs.model.rowCount() == kept - 1, timeout=PATIENCE)
    one.session.undo()
    qtbot.waitUntil(lambda: theirs.model.rowCount() == kept, timeout=PATIENCE)


def test_that_a_job_asked_for_in_one_window_is_seen_in_the_other(both: tuple[Window, Window], qtbot: QtBot) -> None:
    _, other = both
    mine, theirs = pages(both, "dataset", DatasetPage)
    before = theirs.snapshots_model.rowCount()
    qtbot.waitUntil(mine.actions_by_id["freeze draft"].isEnabled, timeout=PATIENCE)
    mine.actions_by_id["freeze draft"].trigger()
    qtbot.waitUntil(lambda: "Freeze" in other.frame.job_bar.says, timeout=PATIENCE)
    qtbot.waitUntil(lambda: theirs.snapshots_model.rowCount() > before, timeout=3 * PATIENCE)


def test_that_what_the_command_line_does_appears_by_itself(path: Path, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(path)
    with Project.open(path) as project, project.write() as db:
        db.execute(
            "INSERT INTO jobs (kind, lane, args, state, created_at) VALUES ('findings.scan', 'cpu', '{}', 'queued', '')"
        )
    qtbot.waitUntil(lambda: "Scan for secrets" in window.frame.job_bar.says, timeout=PATIENCE)
