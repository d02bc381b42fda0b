"""The company's own tests, formatter, linter and type checker agree with its code, and its tests notice a missing body."""

import ast
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from espalier.core.sample import Sample
from espalier.core.sample.history import planned

pytestmark = pytest.mark.slow
FIXES = [commit.key for commit in planned() if commit.key.startswith(("fix-", "repair-"))]


def tool(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("PYTEST_ADDOPTS", None)
    command = [sys.executable, "-m", *arguments]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=120)


def outcomes(folder: Path, *paths: str) -> dict[str, bool]:
    """For each test, by file and name, whether it passed."""
    tool(folder, "pytest", "-q", "-p", "no:cacheprovider", "--junitxml=outcomes.xml", *paths)
    cases = ElementTree.parse(folder / "outcomes.xml").iter("testcase")
    return {_test_id(case): not list(case) for case in cases}


def _test_id(case: ElementTree.Element) -> str:
    return f"{case.attrib['classname'].replace('.', '/')}.py::{case.attrib['name']}"


def checked_out(sample: Sample, commit: str, folder: Path) -> Path:
    data = subprocess.run(["git", "-C", str(sample.path), "archive", commit], check=True, capture_output=True).stdout
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def without_bodies(source: str) -> str:
    """Every function with nothing behind its docstring but a raise."""
    tree = ast.parse(source)
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            node.body = [node.body[0], *ast.parse("raise NotImplementedError").body]
    return ast.unparse(tree)


def test_that_every_test_at_the_head_passes(sample: Sample, tmp_path: Path) -> None:
    results = outcomes(checked_out(sample, "main", tmp_path))
    assert [name for name, passed in results.items() if not passed] == []
    assert results.keys() >= {test for function in sample.functions for test in function.tests}


def test_that_every_service_test_fails_without_the_bodies(sample: Sample, tmp_path: Path) -> None:
    checked_out(sample, "main", tmp_path)
    for path in {function.path for function in sample.functions}:
        (tmp_path / path).write_text(without_bodies((tmp_path / path).read_text("utf-8")), "utf-8")
    results = outcomes(tmp_path)
    assert all(function.tests for function in sample.functions)
    assert [test for function in sample.functions for test in function.tests if results[test]] == []
    assert any(results.values())


def test_that_a_held_out_function_alone_decides_its_tests(sample: Sample) -> None:
    """No other held-out function is called by them, so that one blank body fails one function's tests."""
    shared = [test for function in sample.held_out for test in function.tests]
    assert len(shared) == len(set(shared))


@pytest.mark.parametrize("tag", ["v1.0", "v2.0", "v2.4"])
def test_that_every_release_passes_its_own_tests(sample: Sample, tmp_path: Path, tag: str) -> None:
    results = outcomes(checked_out(sample, tag, tmp_path))
    assert len(results) > 80
    assert all(results.values())


@pytest.mark.parametrize("key", FIXES)
def test_that_a_fix_comes_with_a_test_that_failed_before(sample: Sample, tmp_path: Path, key: str) -> None:
    after = checked_out(sample, sample.commits[key], tmp_path / "after")
    before = checked_out(sample, f"{sample.commits[key]}^", tmp_path / "before")
    changed = subprocess.run(
        ["git", "-C", str(sample.path), "show", "--format=", "--name-only", sample.commits[key]],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    code, tests = sorted(changed)
    assert (code.split("/")[0], tests.split("/")[0]) == ("services", "tests")
    held = outcomes(before, tests)
    assert all(held.values())
    shutil.copy(after / tests, before / tests)
    fresh = outcomes(before, tests)
    assert outcomes(after, tests) == dict.fromkeys(fresh, True)
    assert [name for name, passed in fresh.items() if not passed] == sorted(fresh.keys() - held.keys()) != []


def test_that_repairs_name_the_weakness(sample: Sample) -> None:
    repairs = [commit for commit in planned() if commit.key.startswith("repair-")]
    assert len(repairs) == 3
    assert all(re.search(r"\(CWE-\d+\)", commit.message) for commit in repairs)
    assert len(FIXES) - len(repairs) >= 6


def test_that_formatter_linter_and_type_checker_agree(sample: Sample, tmp_path: Path) -> None:
    checked_out(sample, "main", tmp_path)
    for arguments in (("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)):
        done = tool(tmp_path, *arguments)
        assert done.returncode == 0, done.stdout
