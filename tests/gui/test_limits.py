"""A file that can't be written, and two windows on one project."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.core.release.finished import finished
from tests.gui.conftest import PATIENCE, Opener
from tests.gui.looks import settled

from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.pages import PLACES
from espalier.gui.release.page import ReleasePage
from espalier.gui.window import Window

# What changes the project, page by page; everything else only shows it in another way.
WRITING: dict[str, tuple[str, ...]] = {
    "repositories": ("add repositories", "refresh repositories", "locate repository", "drop repository"),
    "findings": ("scan findings", "scrub finding", "false alarm", "block finding", "reveal finding", "sign approval"),
    "examples": ("build examples", "accept example", "reject example", "insecure example", "quality 3"),
    "dataset": ("freeze draft",),
    "training": ("new run", "copy run", "reproduce run", "pause", "resume", "stop"),
    "evaluation": ("evaluate", "blind rubric", "resume evaluation"),
    "release": ("sign", "bundle"),
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with finished(tmp_path).project as project:
        return project.path


def test_that_a_file_that_cannot_be_written_is_shown_and_offers_nothing_that_writes(
    path: Path, open_window: Opener
) -> None:
    path.chmod(0o444)
    window = open_window(path)
    assert "read-only" in window.frame.top_bar.limits
    for place in PLACES:
        assert settled(window, place.id), place.id
        actions = window.page(place.id).actions_by_id
        writing = WRITING.get(place.id, ())
        assert set(writing) <= set(actions), place.id
        assert [name for name in writing if actions[name].isEnabled()] == [], place.id
    assert not window.actions_by_id["undo"].isEnabled()


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


def test_that_what_the_command_line_does_appears_by_itself(path: Path, open_window: Opener, qtbot: QtBot) -> None:
    window = open_window(path)
    with Project.open(path) as project, project.write() as db:
        db.execute(
            "INSERT INTO jobs (kind, lane, args, state, created_at) VALUES ('findings.scan', 'cpu', '{}', 'queued', '')"
        )
    qtbot.waitUntil(lambda: "Scan for secrets" in window.frame.job_bar.says, timeout=PATIENCE)
