"""What the console script makes of its arguments."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from espalier.gui.__main__ import wants_window

SCRIPT = [sys.executable, "-m", "espalier.gui"]


def started(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    hidden = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "WAYLAND_DISPLAY")}
    hidden.pop("QT_QPA_PLATFORM", None)
    return subprocess.run(
        [*SCRIPT, *arguments], capture_output=True, text=True, env=hidden | environment, check=False, timeout=120
    )


@pytest.mark.parametrize(
    ("arguments", "window"),
    [
        ([], True),
        (["company.espalier"], True),
        (["--help"], False),
        (["doctor"], False),
        (["train", "list", "company.espalier"], False),
        (["company.espalier", "extra"], False),
    ],
)
def test_that_nothing_or_a_project_opens_the_window(arguments: list[str], window: bool) -> None:
    assert wants_window(arguments) is window


def test_that_a_file_opens_the_window_whatever_its_name(tmp_path: Path) -> None:
    file = tmp_path / "old-name"
    file.write_bytes(b"")
    assert wants_window([str(file)])
    assert not wants_window([str(tmp_path)])


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere there always is a display")
@pytest.mark.parametrize("arguments", [(), ("company.espalier",)])
def test_that_without_a_display_it_says_what_works(arguments: tuple[str, ...]) -> None:
    told = started(*arguments)
    assert told.returncode == 2
    assert "espalier demo" in told.stderr
    assert "Traceback" not in told.stderr


def test_that_a_file_that_is_no_project_is_told_in_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "notes.espalier"
    file.write_text("not a project, but some words that go on for a while " * 20, encoding="utf-8")
    told = started(str(file), QT_QPA_PLATFORM="offscreen")
    assert told.returncode == 2
    assert "is not an Espalier project" in told.stderr
    assert "Traceback" not in told.stderr


def test_that_verbs_go_to_the_command_line() -> None:
    told = started("--help")
    assert told.returncode == 0
    assert "init" in told.stdout
