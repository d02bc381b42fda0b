"""What a verb loads: no more than it needs, for every start costs it."""

import subprocess
import sys

import pytest

from espalier.core.cli.__main__ import command_line

HEAVY = ("torch", "transformers", "datasets", "PySide6", "detect_secrets", "numpy", "scipy")
OTHERS = ("espalier.core.cli.train", "espalier.core.cli.eval", "espalier.gui")
LOADED = "import sys; from espalier.core.cli.__main__ import command_line; command_line(sys.argv[1]); print(*sys.modules, sep='\\n')"


def loaded(noun: str) -> set[str]:
    told = subprocess.run([sys.executable, "-c", LOADED, noun], check=True, capture_output=True, text=True).stdout
    return set(told.split())


@pytest.mark.parametrize("noun", ["repo", "findings"])
def test_that_neither_libraries_of_models_nor_the_window_nor_other_verbs_are_loaded(noun: str) -> None:
    found = loaded(noun)
    assert not found & {*HEAVY, *OTHERS}
    assert f"espalier.core.cli.{noun}" in found


def test_that_looking_after_repositories_loads_no_detector() -> None:
    assert "espalier.core.findings.detection.detect" not in loaded("repo")


def test_that_a_word_that_is_no_verb_brings_all_of_them() -> None:
    every = {command.name for command in command_line("no such").registered_groups}
    assert {group.name for group in command_line().registered_groups} == every
    assert len(every) == 13
