"""The copy of interpreter and tools that sandboxed programs see: only those, readable, whole or not there."""

import json
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

import pytest

from espalier.core.evaluation.sandbox import toolchain as toolchains
from espalier.core.evaluation.sandbox.confine import confined
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.toolchain import PYTHON, TOOLS, build, cache, required, toolchain
from espalier.core.evaluation.sandbox.uid import Account, account, readable
from espalier.core.failures import WorkFailed

Python = Callable[..., Outcome]


def test_that_only_the_tools_and_what_they_require_are_taken() -> None:
    taken = set(required(TOOLS))
    assert {"pytest", "ruff", "mypy", "bandit", "pluggy", "pyyaml"} <= taken
    assert not taken & {"torch", "hypothesis", "pytest-xdist", "pytest-timeout", "espalier", "numpy"}
    assert len(taken) < 30


def test_that_a_missing_tool_is_named() -> None:
    with pytest.raises(WorkFailed, match="no-such-tool"):
        required(("no-such-tool",))


@pytest.mark.slow
def test_that_the_sandbox_account_can_read_all_of_it_and_nobody_else_write() -> None:
    who = account()
    folder = toolchain(who).folder
    assert readable(folder, who)
    for path in folder.rglob("*"):
        if not path.is_symlink():
            assert path.stat().st_mode & 0o022 == 0
            assert path.stat().st_mode & 0o044 == 0o044


@pytest.mark.slow
def test_that_versions_inside_are_those_of_this_environment_and_no_plugin_is_there(tree: Path) -> None:
    code = (
        "import json, importlib.metadata as m\n"
        f"print(json.dumps([{{n: m.version(n) for n in {TOOLS!r}}}, [e.name for e in m.entry_points(group='pytest11')],"
        " sorted(d.name for d in m.distributions())]))"
    )
    outcome = confined([PYTHON, "-I", "-c", code], source=tree, limits=Limits(seconds=20))
    versions, plugins, packages = json.loads(outcome.output)
    assert versions == {name: version(name) for name in TOOLS}
    assert plugins == []
    assert len(packages) == len(required(TOOLS))


@pytest.mark.slow
@pytest.mark.parametrize("tool", TOOLS)
def test_that_each_tool_runs_inside(tool: str, tree: Path) -> None:
    command = ["ruff", "--version"] if tool == "ruff" else [PYTHON, "-I", "-m", tool, "--version"]
    outcome = confined(command, source=tree, limits=Limits(seconds=20))
    assert outcome.exit_code == 0
    assert version(tool) in outcome.output.decode()


def test_that_a_copy_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_target: Path) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(toolchains, "copy_interpreter", fail)
    with pytest.raises(OSError, match="disk full"):
        build(tmp_path / "toolchain", [])
    assert list(tmp_path.iterdir()) == []


def test_that_two_copies_at_once_come_to_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def overtaken(target: Path) -> None:
        (tmp_path / "toolchain" / "whole").mkdir(parents=True)
        target.mkdir()

    monkeypatch.setattr(toolchains, "copy_interpreter", overtaken)
    build(tmp_path / "toolchain", [])
    assert [path.name for path in tmp_path.iterdir()] == ["toolchain"]
    assert (tmp_path / "toolchain" / "whole").is_dir()


@pytest.mark.skipif("os.geteuid() != 0", reason="a user keeps the copy in a folder of their own")
def test_that_a_cache_which_others_can_write_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    planted = tmp_path / "cache"
    planted.mkdir()
    planted.chmod(0o777)
    monkeypatch.setattr(toolchains, "SYSTEM_CACHE", planted)
    with pytest.raises(WorkFailed, match="writable for nobody else"):
        cache(Account(uid=60578, gid=60578, dropped=True))


@pytest.mark.skipif("os.geteuid() != 0", reason="a user keeps the copy in a folder of their own")
def test_that_a_cache_made_under_a_tight_umask_can_still_be_entered(monkeypatch: pytest.MonkeyPatch) -> None:
    """A worker's umask is 077, and a worker may be the first that needs the cache on a machine."""
    with tempfile.TemporaryDirectory(prefix="espalier-test-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        monkeypatch.setattr(toolchains, "SYSTEM_CACHE", Path(name) / "cache")
        before = os.umask(0o077)
        try:
            made = cache(account())
        finally:
            os.umask(before)
        assert made.stat().st_mode & 0o777 == 0o755


@pytest.fixture
def users_home() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="espalier-test-", dir="/tmp") as name:
        Path(name).chmod(0o755)
        home = Path(name) / "home"
        home.mkdir()
        os.chown(home, 61000, 61000)
        yield home


@pytest.mark.slow
@pytest.mark.skipif("os.geteuid() != 0", reason="run by a user, every other test is this one")
def test_that_the_sandbox_holds_for_a_plain_user_too(users_home: Path) -> None:
    """Another account, which has to make its own toolchain, from the interpreter that root copied for it."""
    base = toolchain(account()).folder / "python"
    packages = users_home.parent / "packages"
    core = Path(toolchains.__file__).parents[2]
    for name in ("failures.py", "__init__.py", "evaluation/__init__.py"):
        target = packages / "espalier/core" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(core / name, target)
    shutil.copytree(core / "evaluation/sandbox", packages / "espalier/core/evaluation/sandbox")
    (packages / "espalier/__init__.py").touch()
    for package in (*required(TOOLS).values(), *required(("platformdirs",)).values()):
        toolchains.copy_package(package, packages, Path())
    code = (
        "from espalier.core.evaluation.sandbox.tier import probed\ncan = probed()\n"
        "assert can.tier == 'bubblewrap', can.reason\nprint(len(can.self_test))"
    )
    (program,) = (base / "bin").iterdir()
    done = subprocess.run(
        [program, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        cwd="/",
        env={
            "HOME": str(users_home),
            "PYTHONPATH": str(packages),
            "PATH": "/usr/bin:/bin",
            "LD_LIBRARY_PATH": str(base / "lib"),
            "PYTHONDONTWRITEBYTECODE": "1",
        },
        user=61000,
        group=61000,
        extra_groups=[],
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) >= 27
