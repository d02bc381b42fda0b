"""The first file that a fresh machine runs: any Python reads it, and each wrong start gets a sentence."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest


def started(checkout: Path, *arguments: str, before: str = "pass") -> subprocess.CompletedProcess[str]:
    code = f"import sys, bootstrap; {before}; sys.exit(bootstrap.main({list(arguments)!r}))"
    return subprocess.run([sys.executable, "-c", code], cwd=checkout / "packaging", capture_output=True, text=True)


def test_that_pythons_of_ten_years_read_it(checkout: Path) -> None:
    ast.parse((checkout / "packaging/bootstrap.py").read_text(), feature_version=(3, 4))


def test_that_an_old_python_is_told_which_one_is_needed(checkout: Path) -> None:
    done = started(checkout, "run", before="bootstrap.OLDEST = (99, 0)")
    assert (done.returncode, done.stdout) == (2, "")
    assert "needs Python 3.11 or newer" in done.stderr
    assert "Traceback" not in done.stderr


def test_that_a_python_without_its_library_is_told_what_to_install(checkout: Path) -> None:
    (checkout / "packaging/verbs.py").write_text("import no_such_part_of_the_library\n")
    done = started(checkout, "run")
    assert done.returncode == 3
    assert "apt-get install -y python3" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("arguments", [(), ("install",), ("--version",)])
def test_that_another_verb_is_answered_with_the_two_there_are(checkout: Path, arguments: tuple[str, ...]) -> None:
    done = started(checkout, *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert "bootstrap.py run" in done.stderr


def test_that_help_is_no_error(checkout: Path) -> None:
    done = started(checkout, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert "bootstrap.py test" in done.stdout
