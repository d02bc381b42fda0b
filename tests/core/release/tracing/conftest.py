"""The same leaked project for every test of a module, each with a copy of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.core.release.tracing.leaked import Leaked, copied, evaluated, leaked


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Leaked:
    folder = tmp_path_factory.mktemp("leaked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ESPALIER_HOME", str(folder / "home"))
        made = leaked(folder)
        with made.project:
            evaluated(made)
    return made


@pytest.fixture
def made(original: Leaked, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Leaked]:
    """With its key, its identities and its work folder."""
    monkeypatch.setenv("ESPALIER_HOME", str(original.project.path.parent / "home"))
    with copied(original, tmp_path) as copy:
        yield copy
