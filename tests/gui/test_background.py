"""The reader follows the file: it tells what changed, rests when nothing does, and ends when it is asked."""

from functools import partial
from pathlib import Path

from pytestqt.qtbot import QtBot
from tests.gui.conftest import PATIENCE

from espalier.core.project.file import Project
from espalier.gui.background import Reader, Reading


def saying(word: str, _project: Project) -> object:
    return word


def counting(project: Project) -> object:
    return project.value("SELECT count(*) FROM jobs")


def test_that_a_change_of_another_connection_arrives(project: Project, qtbot: QtBot) -> None:
    reader = Reader(project.path, {"jobs": Reading(read=counting, seconds=0.0, always=True)})
    heard: list[object] = []
    reader.arrived.connect(lambda _name, value: heard.append(value))
    reader.start()
    qtbot.waitUntil(lambda: heard == [0], timeout=PATIENCE)
    with project.write() as db:
        db.execute(
            "INSERT INTO jobs (kind, lane, args, state, created_at) VALUES ('findings.scan', 'cpu', '{}', 'queued', '')"
        )
    qtbot.waitUntil(lambda: heard == [0, 1], timeout=PATIENCE)
    reader.close()
    assert not reader.isRunning()
    reader.close()


def test_that_only_watched_readings_are_taken(project: Project, qtbot: QtBot) -> None:
    readings = {name: Reading(read=partial(saying, name), seconds=0.0) for name in ("here", "there")}
    reader = Reader(project.path, readings)
    heard: list[object] = []
    reader.arrived.connect(lambda _name, value: heard.append(value))
    reader.watch("here")
    reader.start()
    qtbot.waitUntil(lambda: heard == ["here"], timeout=PATIENCE)
    reader.watch("there")
    qtbot.waitUntil(lambda: heard == ["here", "there"], timeout=PATIENCE)
    reader.close()


def test_that_a_file_that_vanished_is_told_and_found_again(project: Project, tmp_path: Path, qtbot: QtBot) -> None:
    path = project.path
    project.close()
    hidden = path.rename(tmp_path / "hidden")
    reader = Reader(path, {"jobs": Reading(read=counting, seconds=0.0, always=True)})
    with qtbot.waitSignal(reader.lost, timeout=PATIENCE) as lost:
        reader.start()
    assert "There is no project" in lost.args[0]
    hidden.rename(path)
    with qtbot.waitSignal(reader.arrived, timeout=PATIENCE):
        pass
    reader.close()


def test_that_no_transaction_stays_open_behind_a_reading(project: Project, qtbot: QtBot) -> None:
    """A reader that held one would keep the log of the file from being folded back, for as long as the window is open."""
    reader = Reader(project.path, {"jobs": Reading(read=counting, seconds=0.0, always=True)})
    with qtbot.waitSignal(reader.arrived, timeout=PATIENCE):
        reader.start()
    with project.write() as db:
        db.execute("INSERT INTO meta VALUES ('colour', 'green')")
    qtbot.waitUntil(lambda: project.value("PRAGMA wal_checkpoint(TRUNCATE)") == 0, timeout=PATIENCE)
    reader.close()
