"""System libraries: root gets them installed, others get the one command, and nothing is asked of apt in vain."""

import os
from pathlib import Path
from types import ModuleType

import pytest
from tests.packaging.conftest import Load

APT = """#!/bin/sh
echo "$*" >> {log}
case "$*" in
  *update) touch {lists}/deb_Packages ;;
  *install*) {install} ;;
esac
"""


class Machine:
    """A machine whose apt-get installs one library, as a file."""

    def __init__(self, folder: Path) -> None:
        self.log, self.lists, self.library = folder / "log", folder / "lists", folder / "library"
        self.programs = folder / "programs"
        self.lists.mkdir()
        self.programs.mkdir()

    def apt(self, install: str) -> None:
        script = self.programs / "apt-get"
        script.write_text(APT.format(log=self.log, lists=self.lists, install=install))
        script.chmod(0o755)

    @property
    def asked(self) -> list[str]:
        return [line.split()[2] for line in self.log.read_text().splitlines()] if self.log.exists() else []


@pytest.fixture
def system(load: Load) -> ModuleType:
    return load("system")


@pytest.fixture
def machine(tmp_path: Path, system: ModuleType, monkeypatch: pytest.MonkeyPatch) -> Machine:
    found = Machine(tmp_path)
    needs = [system.Need("libGL.so.1", "libgl1", found.library.exists)]
    monkeypatch.setattr(system, "needs", lambda display, tests: needs)
    monkeypatch.setattr(system, "APT_LISTS", found.lists)
    monkeypatch.setenv("PATH", f"{found.programs}:/usr/bin:/bin")
    found.apt(f"touch {found.library}")
    return found


def as_user(monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: number)


def test_that_root_gets_what_is_missing_after_empty_lists_were_filled(
    system: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, 0)
    system.complete(display=False, tests=True)
    assert machine.asked == ["update", "install"]
    system.complete(display=False, tests=True)
    assert machine.asked == ["update", "install"]


def test_that_lists_too_old_to_serve_are_refreshed(
    system: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, 0)
    (machine.lists / "deb_Packages").touch()
    machine.apt(
        f"if [ -e {machine.library}.seen ]; then touch {machine.library}; else touch {machine.library}.seen; exit 100; fi"
    )
    system.complete(display=False, tests=False)
    assert machine.asked == ["install", "update", "install"]


def test_that_a_failing_apt_is_quoted_with_the_command_to_run(
    system: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, 0)
    machine.apt("echo 'E: Could not get lock'; exit 100")
    with pytest.raises(system.notices.Trouble) as raised:
        system.complete(display=False, tests=False)
    assert raised.value.details == "E: Could not get lock"
    assert "apt-get install -y --no-install-recommends libgl1" in raised.value.remedy


def test_that_others_get_the_one_command_and_may_go_on(
    system: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    as_user(monkeypatch, 1000)
    system.complete(display=False, tests=False)
    told = capsys.readouterr()
    assert told.out == ""
    assert "sudo apt-get update && sudo apt-get install -y --no-install-recommends libgl1" in told.err
    assert machine.asked == []


def test_that_the_tests_do_not_start_on_a_machine_that_can_not_pass_them(
    system: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, 1000)
    with pytest.raises(system.notices.Trouble, match="lacks libGL"):
        system.complete(display=False, tests=True)


def test_that_there_is_no_going_on_without_what_is_vital(
    system: ModuleType, machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_user(monkeypatch, 1000)
    monkeypatch.setattr(system, "needs", lambda display, tests: [system.program("no-such-git", "git", vital=True)])
    with pytest.raises(system.notices.Trouble, match="lacks no-such-git"):
        system.complete(display=False, tests=False)


def test_that_the_loader_itself_is_asked_for_a_library(system: ModuleType) -> None:
    assert system.loads("libc.so.6")
    assert not system.loads("libno-such-library.so.1")
