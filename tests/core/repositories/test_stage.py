"""Adding and refreshing as jobs: what stays, what is refused, what is new."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.core.repositories.workshop import DAY, START, make

from espalier.core.failures import UnusableInput
from espalier.core.jobs.context import JobContext
from espalier.core.jobs.job import Job, enqueue, job
from espalier.core.jobs.requests import StopRequested, ask, resume
from espalier.core.project.file import Project
from espalier.core.repositories import stage
from espalier.core.repositories.activity import activities
from espalier.core.repositories.corpus import latest
from espalier.core.repositories.repository import add, move, named, repositories
from espalier.core.repositories.seek import Seen, repositories_below, seek
from espalier.core.repositories.stage import Wish
from espalier.core.worker.__main__ import work_off


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        yield made


def _adding(project: Project, *paths: Path) -> Job:
    number = enqueue(project, stage.ADD, stage.adding(tuple(Wish(path=str(path)) for path in paths), "ana"), "cpu")
    work_off(project, "cpu", lambda: False)
    return job(project, number)


def _refreshed(project: Project) -> Job:
    number = enqueue(project, stage.REFRESH, {"actor": "ana"}, "cpu")
    work_off(project, "cpu", lambda: False)
    return job(project, number)


def test_that_a_job_adds_repositories_and_records_a_corpus(project: Project, tmp_path: Path) -> None:
    for name in ("shop", "web"):
        make(tmp_path / name).commit({"a.py": name})
    ended = _adding(project, tmp_path / "shop", tmp_path / "web")
    assert ended.state == "done"
    assert ended.result is not None
    assert ended.result["corpus"] == latest(project).hash
    assert [one.name for one in repositories(project)] == ["shop", "web"]
    assert project.value("SELECT actor FROM audit WHERE action = 'repository.added'") == "ana"


def test_that_what_can_t_be_added_is_told_beside_what_was(project: Project, tmp_path: Path) -> None:
    make(tmp_path / "shop").commit({"a.py": "x"})
    make(tmp_path / "empty")
    ended = _adding(project, tmp_path / "empty", tmp_path / "shop")
    assert ended.state == "done"
    assert ended.result is not None
    refused = ended.result["refused"]
    assert isinstance(refused, list)
    assert "no commits" in refused[0]["sentence"]
    assert [one.name for one in repositories(project)] == ["shop"]


def test_that_a_job_that_can_add_nothing_fails_with_the_reason(project: Project, tmp_path: Path) -> None:
    make(tmp_path / "empty")
    ended = _adding(project, tmp_path / "empty")
    assert ended.state == "failed"
    assert ended.failure is not None
    assert "no commits" in ended.failure.sentence


def test_that_a_stopped_job_keeps_what_was_added_and_goes_on_with_the_rest(project: Project, tmp_path: Path) -> None:
    for name in ("shop", "web"):
        make(tmp_path / name).commit({"a.py": name})
    add(project, tmp_path / "shop")
    wishes = tuple(Wish(path=str(tmp_path / name)) for name in ("shop", "web"))
    number = enqueue(project, stage.ADD, stage.adding(wishes), "cpu")
    ask(project, number, "stop")
    assert job(project, number).state == "stopped"
    resume(project, number)
    work_off(project, "cpu", lambda: False)
    assert job(project, number).state == "done"
    assert [one.name for one in latest(project).repositories] == ["shop", "web"]


def test_that_a_request_ends_the_reading(project: Project, tmp_path: Path) -> None:
    make(tmp_path / "shop").commit({"a.py": "x"})
    add(project, tmp_path / "shop")
    number = enqueue(project, stage.REFRESH, {}, "cpu")
    context = JobContext(project, job(project, number), terminated=lambda: True)
    with pytest.raises(StopRequested):
        stage.refresh(context)
    assert project.value("SELECT count(*) FROM corpora") == 0


def test_that_a_refresh_says_what_is_new(project: Project, tmp_path: Path) -> None:
    made = make(tmp_path / "shop")
    made.commit({"a.py": "x"})
    _adding(project, made.path)
    first = latest(project).hash
    made.commit({"a.py": "y", "b.py": "z"}, when=START + DAY)
    result = _refreshed(project).result
    assert result is not None
    assert result["before"] == first
    assert result["changes"] == [{"repository": "shop", "kind": "moved", "commits": 1, "blobs": 2}]


def test_that_activity_counts_weeks_and_authors_and_names_nobody(project: Project, tmp_path: Path) -> None:
    made = make(tmp_path / "shop")
    made.commit({"a.py": "1"})
    made.commit({"a.py": "2"}, when=START + 1, author=b"Ann Lee <ANN@example.org>")
    made.commit({"a.py": "3"}, when=START + 14 * DAY, author=b"Bo <bo@example.org>")
    _adding(project, made.path)
    found = activities(project, latest(project).hash)["shop"]
    assert found.weeks == (("2023-11-13", 2), ("2023-11-27", 1))
    assert (found.authors, found.first_commit[:10], found.last_commit[:10]) == (2, "2023-11-14", "2023-11-28")
    assert project.path.read_bytes().find(b"bo@example.org") < 0


def test_that_activity_of_the_same_state_is_kept_for_a_later_corpus(project: Project, tmp_path: Path) -> None:
    for name in ("shop", "web"):
        make(tmp_path / name).commit({"a.py": name})
    _adding(project, tmp_path / "shop")
    first = activities(project, latest(project).hash)["shop"]
    _adding(project, tmp_path / "web")
    assert activities(project, latest(project).hash)["shop"] == first


def test_that_a_corpus_of_an_older_espalier_gets_its_activity_when_refreshed(project: Project, tmp_path: Path) -> None:
    make(tmp_path / "shop").commit({"a.py": "x"})
    _adding(project, tmp_path / "shop")
    with project.write() as db:
        db.execute("DELETE FROM activity")
        db.execute("DELETE FROM weekly_commits")
    _refreshed(project)
    assert activities(project, latest(project).hash)["shop"].authors == 1


def test_that_a_moved_repository_is_found_again_and_another_is_refused(project: Project, tmp_path: Path) -> None:
    make(tmp_path / "shop").commit({"a.py": "x"})
    make(tmp_path / "other").commit({"a.py": "other"})
    _adding(project, tmp_path / "shop")
    before = latest(project)
    (tmp_path / "shop").rename(tmp_path / "kept")
    with pytest.raises(UnusableInput, match="is not 'shop'"):
        move(project, "shop", tmp_path / "other")
    assert move(project, "shop", tmp_path / "kept").path == tmp_path / "kept"
    assert latest(project).repositories[0].path == tmp_path / "kept"
    assert latest(project).hash == before.hash
    assert _refreshed(project).state == "done"
    assert named(project, "shop").path == tmp_path / "kept"


def test_that_seeking_finds_repositories_and_looks_into_none(tmp_path: Path) -> None:
    make(tmp_path / "code" / "deep" / "b")
    make(tmp_path / "code" / "a")
    make(tmp_path / "code" / "a" / "inner")
    make(tmp_path / "code" / ".hidden")
    make(tmp_path / "code" / "node_modules" / "c")
    make(tmp_path / "elsewhere")
    (tmp_path / "code" / "link").symlink_to(tmp_path / "elsewhere")
    assert repositories_below(tmp_path / "code") == [tmp_path / "code" / "a", tmp_path / "code" / "deep" / "b"]


@pytest.mark.parametrize(
    ("bounds", "found"),
    [({"deepest": 1}, ["a", "b"]), ({"most": 1}, ["a"]), ({"seconds": -1.0}, [])],
)
def test_that_seeking_has_an_end(tmp_path: Path, bounds: dict[str, float], found: list[str]) -> None:
    for path in ("a", "b", "deep/er/c"):
        make(tmp_path / path)
    bounded: Callable[..., Iterator[Seen]] = seek
    assert [one.repository.name for one in bounded(tmp_path, **bounds) if one.repository] == found
