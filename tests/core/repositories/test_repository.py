import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.repositories.workshop import QUIET, Made, make

from espalier.core.failures import UnusableInput
from espalier.core.project import audit
from espalier.core.project.file import Project
from espalier.core.repositories.corpus import refresh
from espalier.core.repositories.repository import add, drop, named, repositories


@pytest.fixture
def project(tmp_path: Path) -> Iterator[Project]:
    with Project.create(tmp_path / "p") as made:
        yield made


@pytest.fixture
def made(tmp_path: Path) -> Made:
    repository = make(tmp_path / "shop")
    repository.commit({"a.py": "x = 1\n", "src/b.py": "y = 1\n"})
    return repository


def refused(project: Project, path: Path, **options: object) -> str:
    with pytest.raises(UnusableInput) as caught:
        add(project, path, **options)  # type: ignore[arg-type]  # the options of one test at a time
    assert caught.value.remedy
    assert not repositories(project)
    return caught.value.sentence


def test_that_a_repository_takes_its_folder_s_name(project: Project, made: Made) -> None:
    assert add(project, made.path).name == "shop"
    assert named(project, "shop").path == made.path


def test_that_what_was_said_is_kept(project: Project, made: Made) -> None:
    added = add(project, made.path, name="store", include=["src/"], services={"src/": "core"})
    assert (added.name, added.include, added.services, added.notes) == ("store", ("src/",), {"src": "core"}, ())


def test_that_adding_and_dropping_is_in_the_audit_chain(project: Project, made: Made) -> None:
    add(project, made.path, actor="ann")
    drop(project, "shop", actor="bob")
    assert [(one.actor, one.action, one.subject) for one in audit.entries(project)][-2:] == [
        ("ann", "repository.added", "repository:shop"),
        ("bob", "repository.dropped", "repository:shop"),
    ]


def test_that_a_missing_folder_is_refused(project: Project, tmp_path: Path) -> None:
    assert "no folder" in refused(project, tmp_path / "nowhere")


def test_that_a_file_is_refused(project: Project, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert "is a file" in refused(project, tmp_path / "file")


def test_that_a_folder_without_a_repository_is_refused(project: Project, tmp_path: Path) -> None:
    assert "no git repository" in refused(project, tmp_path)


def test_that_a_repository_without_commits_is_refused(project: Project, tmp_path: Path) -> None:
    assert "no commits" in refused(project, make(tmp_path / "empty").path)


def test_that_a_repository_with_a_tag_and_no_commit_is_refused(project: Project, tmp_path: Path) -> None:
    empty = make(tmp_path / "tagged")
    empty.run("tag", "only", empty.run("hash-object", "-w", "--stdin", input=b"x"))
    assert "no commits" in refused(project, empty.path)


def test_that_a_folder_in_a_repository_stands_for_the_whole_and_says_so(project: Project, made: Made) -> None:
    (made.path / "src").mkdir()
    added = add(project, made.path / "src")
    assert added.path == made.path
    assert any("inside this repository" in note for note in added.notes)


def test_that_the_git_folder_itself_stands_for_its_repository(project: Project, made: Made) -> None:
    added = add(project, made.path / ".git")
    assert (added.path, added.name, added.bare) == (made.path, "shop", False)


def test_that_a_bare_repository_serves_as_well(project: Project, made: Made, tmp_path: Path) -> None:
    made.run("clone", "-q", "--bare", str(made.path), str(tmp_path / "bare.git"))
    added = add(project, tmp_path / "bare.git")
    assert (added.name, added.bare) == ("bare", True)
    assert refresh(project).repositories[0].head == made.oid("main")


def test_that_a_shallow_clone_is_taken_with_a_note(project: Project, made: Made, tmp_path: Path) -> None:
    made.commit({"a.py": "x = 2\n"})
    made.run("clone", "-q", "--depth", "1", f"file://{made.path}", str(tmp_path / "cut"))
    added = add(project, tmp_path / "cut")
    assert added.shallow
    assert any("shallow" in note for note in added.notes)


def test_that_borrowed_objects_are_noted(project: Project, made: Made, tmp_path: Path) -> None:
    made.run("clone", "-q", "--shared", str(made.path), str(tmp_path / "borrower"))
    assert any("borrows" in note for note in add(project, tmp_path / "borrower").notes)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_that_another_user_s_repository_is_read_and_noted(project: Project, made: Made) -> None:
    for path in [made.path, *made.path.rglob("*")]:
        os.lchown(path, 65534, 65534)
    assert "dubious ownership" in _complaint(made), "git itself would have read it"
    assert any("another user" in note for note in add(project, made.path).notes)


def _complaint(made: Made) -> str:
    return subprocess.run(["git", "log"], cwd=made.path, env=QUIET, capture_output=True, text=True, check=False).stderr


@pytest.mark.parametrize("name", ["main:a.py", "main^{tree}", "main:src"])
def test_that_a_repository_that_lacks_an_object_is_refused_with_the_way_to_find_out(
    project: Project, made: Made, name: str
) -> None:
    oid = made.oid(name)
    (made.path / ".git" / "objects" / oid[:2] / oid[2:]).unlink()
    with pytest.raises(UnusableInput, match="git fsck"):
        add(project, made.path)


@pytest.mark.parametrize("name", ["main:a.py", "main^{tree}", "main^{commit}"])
def test_that_a_damaged_object_is_refused(project: Project, made: Made, name: str) -> None:
    oid = made.oid(name)
    target = made.path / ".git" / "objects" / oid[:2] / oid[2:]
    target.chmod(0o600)
    target.write_bytes(target.read_bytes()[:-5] + b"12345")
    with pytest.raises(UnusableInput, match="git fsck"):
        add(project, made.path)


def test_that_a_ref_to_nothing_is_refused(project: Project, made: Made) -> None:
    (made.path / ".git" / "refs" / "heads" / "broken").write_text("e" * 40 + "\n")
    with pytest.raises(UnusableInput, match="git fsck"):
        add(project, made.path)


def test_that_the_same_repository_is_not_added_twice(project: Project, made: Made, tmp_path: Path) -> None:
    add(project, made.path)
    made.run("worktree", "add", "-q", str(tmp_path / "linked"))
    (tmp_path / "symlink").symlink_to(made.path)
    for path in (made.path, tmp_path / "linked", tmp_path / "symlink"):
        with pytest.raises(UnusableInput, match="already in this project, as 'shop'"):
            add(project, path, name="other")


def test_that_two_repositories_need_two_names(project: Project, made: Made, tmp_path: Path) -> None:
    other = make(tmp_path / "elsewhere" / "shop")
    other.commit({"a": "1"})
    add(project, made.path)
    with pytest.raises(UnusableInput, match="already has a repository named 'shop'"):
        add(project, other.path)
    assert add(project, other.path, name="shop2").name == "shop2"


@pytest.mark.parametrize("name", ["", "a/b", "-x", "a\nb", "x" * 101, "\x1b[31m"])
def test_that_an_unusable_name_is_refused(project: Project, made: Made, name: str) -> None:
    if name:
        assert "can't be a repository's name" in refused(project, made.path, name=name)


@pytest.mark.parametrize("services", [{"/abs": "x"}, {"../up": "x"}, {"src": " "}, {"src": "a\nb"}])
def test_that_an_unusable_service_is_refused(project: Project, made: Made, services: dict[str, str]) -> None:
    assert "service" in refused(project, made.path, services=services)


@pytest.mark.parametrize("pattern", ["", "!src", "#x", "a**b", "*" * 500])
def test_that_an_unusable_pattern_is_refused(project: Project, made: Made, pattern: str) -> None:
    assert "not a path pattern" in refused(project, made.path, include=[pattern])


def test_that_an_unknown_name_lists_the_known_ones(project: Project, made: Made) -> None:
    add(project, made.path)
    with pytest.raises(UnusableInput, match="Known: shop"):
        drop(project, "shap")


def test_that_a_repository_is_never_written_to(project: Project, made: Made) -> None:
    def state() -> dict[Path, tuple[int, int]]:
        return {path: (path.stat().st_mtime_ns, path.stat().st_size) for path in made.path.rglob("*")}

    before = state()
    add(project, made.path)
    refresh(project)
    assert state() == before
