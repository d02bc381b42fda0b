"""A program's way into the sandbox without the self-test before it, and a tree to give it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from espalier.core.evaluation.sandbox.confine import confined
from espalier.core.evaluation.sandbox.limits import Limits
from espalier.core.evaluation.sandbox.outcome import Outcome
from espalier.core.evaluation.sandbox.toolchain import PYTHON

Python = Callable[..., Outcome]


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    folder = tmp_path / "tree"
    folder.mkdir()
    return folder


@pytest.fixture
def python(tree: Path) -> Python:
    """Runs a program text in the sandbox, with the tree as its source."""

    def start(code: str, *, limits: Limits | None = None, results: tuple[str, ...] = ()) -> Outcome:
        return confined([PYTHON, "-IS", "-c", code], source=tree, limits=limits or Limits(seconds=20), results=results)

    return start
