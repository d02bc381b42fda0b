"""The set-up programs, loaded from a checkout of their own, so that no test can touch the real environment."""

import importlib
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
Load = Callable[[str], ModuleType]


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    folder = tmp_path / "checkout"
    shutil.copytree(ROOT / "packaging", folder / "packaging", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


@pytest.fixture
def load(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Load]:
    """Imports one of them by name."""
    names = [path.stem for path in (checkout / "packaging").glob("*.py")]
    monkeypatch.syspath_prepend(str(checkout / "packaging"))
    yield importlib.import_module
    for name in names:
        sys.modules.pop(name, None)
