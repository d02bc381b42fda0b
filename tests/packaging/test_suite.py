"""The suite runs all its stages, and its figures and status tell what failed."""

import sys
from pathlib import Path
from types import ModuleType

import pytest
from tests.packaging.conftest import Load

REPORT = '<testsuites><testsuite tests="{}" failures="{}" errors="0" skipped="1"></testsuite></testsuites>'


@pytest.fixture
def suite(load: Load) -> ModuleType:
    return load("suite")


def planned(suite: ModuleType, folder: Path, failures: int) -> list[object]:
    fast, slow = folder / "fast.xml", folder / "slow.xml"
    fast.write_text(REPORT.format(10, failures))
    slow.write_text(REPORT.format(5, 0))
    return [
        suite.Stage(name="lint", arguments=("-c", "raise SystemExit(1)")),
        suite.Stage(name="fast", arguments=("-c", f"raise SystemExit({failures})"), report=fast),
        suite.Stage(name="slow", arguments=("-c", ""), report=slow),
    ]


def test_that_a_failing_stage_does_not_keep_the_next_from_running(
    suite: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "stages", lambda folder: planned(suite, tmp_path, failures=1))
    assert suite.main([]) == 1
    told = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in told[-4:-1]] == [["failed", "lint"], ["failed", "fast"], ["passed", "slow"]]
    assert told[-1].startswith("== 1 failed, 12 passed, 2 skipped, 1 errors in ")


def test_that_all_is_well_only_when_every_stage_is(
    suite: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(suite, "stages", lambda folder: planned(suite, tmp_path, failures=0)[1:])
    assert suite.main([]) == 0
    assert capsys.readouterr().out.splitlines()[-1].startswith("== 13 passed, 2 skipped in ")


def test_that_a_pytest_that_died_counts_as_an_error(suite: ModuleType) -> None:
    assert suite.closing_line(suite.counts([Path("never-written.xml")]), 1, 2.0) == "== 1 errors in 2.00s =="


def test_that_each_tool_that_guards_the_code_has_its_stage(suite: ModuleType, tmp_path: Path) -> None:
    words = " ".join(word for stage in suite.stages(tmp_path) for word in stage.arguments)
    for guard in (
        "ruff check",
        "ruff format --check",
        "mypy",
        "importlinter",
        "distribution.py",
        "not slow",
        "-m slow",
    ):
        assert guard in words
    assert Path(sys.executable).exists()
