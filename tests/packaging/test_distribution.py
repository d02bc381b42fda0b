"""The check of the wheel does see a file that is missing, and one that does not belong."""

import subprocess
import zipfile
from pathlib import Path
from types import ModuleType

import pytest
from tests.packaging.conftest import Load


@pytest.fixture
def distribution(load: Load, checkout: Path) -> ModuleType:
    for name in ("core/here.py", "core/table.sql", "resources/help/index.md"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        (checkout / name).touch()
    subprocess.run(["git", "init", "-q", str(checkout)], check=True)
    return load("distribution")


def wheel(folder: Path, *names: str) -> Path:
    path = folder / "some.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for name in (*names, "espalier-0.1.0.dist-info/METADATA"):
            archive.writestr(name, "")
    return path


WHOLE = ("espalier/core/here.py", "espalier/core/table.sql", "espalier/resources/help/index.md")


def test_that_a_whole_wheel_passes(distribution: ModuleType, tmp_path: Path) -> None:
    distribution.check_contents(wheel(tmp_path, *WHOLE))


def test_that_a_missing_file_is_named(distribution: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"not in the wheel: espalier/core/table\.sql"):
        distribution.check_contents(wheel(tmp_path, WHOLE[0], WHOLE[2]))


def test_that_a_stranger_is_named(distribution: ModuleType, tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"not of the packages: tests/secret\.txt"):
        distribution.check_contents(wheel(tmp_path, *WHOLE, "tests/secret.txt"))
