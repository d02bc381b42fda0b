"""What pages share: writes in order, undo, questions of which the newest wins, and who acts."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from tests.gui.conftest import PATIENCE

from espalier.core.failures import UnusableInput
from espalier.core.jobs.job import enqueue
from espalier.core.project import identities
from espalier.core.project.file import Project
from espalier.gui.session import Session
from espalier.gui.settings import Settings


@pytest.fixture
def session(tmp_path: Path, qtbot: QtBot) -> Iterator[Session]:
    Project.create(tmp_path / "p").close()
    one = Session(tmp_path / "p.espalier", Settings())
    yield one
    one.close()


def keep(key: str, value: str) -> Callable[[Project], str]:
    def write(project: Project) -> str:
        before = project.meta(key)
        with project.write() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))
        return before

    return write


def note(done: list[str], word: str, _before: str) -> None:
    done.append(word)


def same(number: int, _project: Project) -> int:
    return number


def meta(session: Session, key: str) -> str:
    with Project.open(session.path, read_only=True) as project:
        return project.meta(key)


def test_that_writes_stand_in_the_order_in_which_they_were_asked_for(session: Session, qtbot: QtBot) -> None:
    done: list[str] = []
    for number in range(20):
        session.write(keep("last", str(number)), partial(note, done, str(number)))
    qtbot.waitUntil(lambda: len(done) == 20, timeout=PATIENCE)
    assert done == [str(number) for number in range(20)]
    assert meta(session, "last") == "19"


def test_that_undo_takes_back_the_newest_first_and_says_so(session: Session, qtbot: QtBot) -> None:
    said: list[tuple[str, bool]] = []
    session.did.connect(lambda words, can: said.append((words, can)))
    for value in ("one", "two"):
        session.write(keep("k", value), words=f"kept {value}", undo=lambda before: keep("k", before))
    qtbot.waitUntil(lambda: len(said) == 2, timeout=PATIENCE)
    session.undo()
    qtbot.waitUntil(lambda: len(said) == 3, timeout=PATIENCE)
    assert meta(session, "k") == "one"
    session.undo()
    qtbot.waitUntil(lambda: len(said) == 4, timeout=PATIENCE)
    assert meta(session, "k") == ""
    assert said == [
        ("kept one", True),
        ("kept two", True),
        ("Taken back: kept two", False),
        ("Taken back: kept one", False),
    ]
    session.undo()
    assert not session.can_undo


def test_that_the_newest_question_of_a_kind_is_answered_and_older_ones_are_not(session: Session, qtbot: QtBot) -> None:
    answers: list[int] = []
    for number in range(50):
        session.read("excerpt", partial(same, number), answers.append)
    other: list[str] = []
    session.read("another", lambda project: project.id, other.append)
    qtbot.waitUntil(lambda: bool(other), timeout=PATIENCE)
    assert answers[-1] == 49
    assert answers.count(49) == 1


def test_that_what_can_not_be_written_is_told_and_the_next_write_goes_on(session: Session, qtbot: QtBot) -> None:
    told: list[tuple[str, str]] = []
    session.refused.connect(lambda sentence, remedy: told.append((sentence, remedy)))

    def refuse(_project: Project) -> None:
        raise UnusableInput("It is no good.", "Do better.")

    done: list[str] = []
    session.write(refuse)
    session.write(keep("k", "v"), done.append)
    qtbot.waitUntil(lambda: bool(done), timeout=PATIENCE)
    assert told == [("It is no good.", "Do better.")]


def test_that_a_decision_needs_somebody(session: Session, qtbot: QtBot) -> None:
    told: list[str] = []
    session.write(lambda project: session.who(project), failed=lambda sentence, _remedy: told.append(sentence))
    qtbot.waitUntil(lambda: bool(told), timeout=PATIENCE)
    names: list[str] = []
    session.write(lambda project: identities.add(project, "Ana").name, names.append)
    qtbot.waitUntil(lambda: bool(names), timeout=PATIENCE)
    session.act_as("Ana")
    session.write(lambda project: session.who(project).name, names.append)
    qtbot.waitUntil(lambda: len(names) == 2, timeout=PATIENCE)
    assert names == ["Ana", "Ana"]


def test_that_closing_waits_for_what_is_being_written(tmp_path: Path, qtbot: QtBot) -> None:
    Project.create(tmp_path / "q").close()
    one = Session(tmp_path / "q.espalier", Settings())
    for number in range(10):
        one.write(keep("last", str(number)))
    one.close()
    assert meta(one, "last") == "9"


def test_that_nothing_is_called_back_after_closing(tmp_path: Path, qtbot: QtBot) -> None:
    """A page that is gone must not be woken, nor a timer started for it."""
    Project.create(tmp_path / "q").close()
    one = Session(tmp_path / "q.espalier", Settings())
    called: list[str] = []
    one.write(keep("k", "v"), called.append)
    one.start(lambda project: enqueue(project, "findings.scan", {}, "cpu"), lambda job: called.append(str(job)))
    one.close()
    qtbot.wait(50)
    assert called == []
    assert meta(one, "k") == "v"
