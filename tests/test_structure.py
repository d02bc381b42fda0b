"""The structure of the code holds, and what watches over it would say so if it did not."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
HEAVY = ("torch", "transformers", "peft", "bitsandbytes", "accelerate", "datasets", "pyqtgraph")
LINT = "from importlinter.cli import lint_imports_command as lint; lint()"

# A violation of each contract, by its name in pyproject.toml.
PLANTED = {
    "core: lower lines import upper ones only": ("core/project/planted.py", "import espalier.core.jobs.job"),
    "detection reads text: it knows no project, no scan and no person": (
        "core/findings/detection/planted.py",
        "import espalier.core.findings.approval",
    ),
    "gui imports core, and never back": ("core/jobs/planted.py", "import espalier.gui"),
    "pages do not import each other": ("gui/overview/planted.py", "import espalier.gui.training"),
    "core knows no window toolkit": ("core/findings/planted.py", "def lazily():\n    import PySide6.QtCore"),
    "what trains and loads weights stays with those who do; the window and the rest go through a worker": (
        "core/examples/planted.py",
        "def lazily():\n    import torch",
    ),
}


def lint(root: Path) -> str:
    """What import-linter says of the code under `root`."""
    env = {"PYTHONPATH": str(root / ".namespace"), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", LINT, "--no-cache"]
    return subprocess.run(command, cwd=root, env=env, capture_output=True, text=True).stdout


def copied(root: Path) -> Path:
    for name in ("core", "gui", "resources", ".namespace"):
        shutil.copytree(ROOT / name, root / name, symlinks=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    return root


@pytest.mark.slow
def test_that_every_contract_sees_its_violation(tmp_path: Path) -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    root = copied(tmp_path)
    for path, code in PLANTED.values():
        (root / path).write_text(code + "\n")
    said = lint(root)
    assert {contract["name"] for contract in contracts} == set(PLANTED)
    assert [name for name in PLANTED if f"{name} BROKEN" not in " ".join(said.split())] == []


@pytest.mark.parametrize("module", ["espalier.core.cli.__main__", "espalier.gui.app", "espalier.gui.__main__"])
def test_that_nothing_heavy_is_loaded_before_it_is_needed(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(set({HEAVY}) & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, ""), done.stderr


def test_that_the_command_line_loads_no_window_toolkit() -> None:
    code = "import sys, espalier.core.cli.__main__; print('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_that_the_top_level_holds_nothing_else() -> None:
    command = ["git", "ls-files", "-z"]
    files = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.split("\0")
    top = {name.split("/")[0] for name in files if name and not name.startswith(".")}
    assert top == {"pyproject.toml", "README.md", "core", "gui", "resources", "tests", "packaging"}
