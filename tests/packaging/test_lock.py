"""The lock pins what is installed, all of it, at the version that is installed."""

import re
import tomllib
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
OF_A_GPU = ("nvidia-", "cuda-", "triton")  # what torch brings on another machine than this one


def pins() -> dict[str, Version]:
    lines = [line for line in (ROOT / "packaging/lock.txt").read_text().splitlines() if line and line[0] != "#"]
    found = [re.fullmatch(r"([A-Za-z0-9._-]+)==([^=;\s*]+)", line) for line in lines]
    assert None not in found
    named = [(canonicalize_name(match[1]), Version(match[2])) for match in found if match]
    assert len(named) == len(dict(named))
    return dict(named)


def test_that_everything_installed_is_pinned_at_its_version() -> None:
    pinned = pins()
    installed = {
        canonicalize_name(one.metadata["Name"]): Version(one.version).public for one in metadata.distributions()
    }
    of_ours = {name for name in installed if name != "espalier" and not name.startswith(OF_A_GPU)}
    differing = {
        name: (installed[name], str(pinned.get(name))) for name in of_ours if str(pinned.get(name)) != installed[name]
    }
    assert {name: pair for name, pair in differing.items() if name != "pip"} == {}


def test_that_every_requirement_of_the_project_is_pinned_within_its_bounds() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = [*project["build-system"]["requires"], *project["project"]["dependencies"]]
    wanted += project["project"]["optional-dependencies"]["dev"]
    pinned = pins()
    requirements = [Requirement(text) for text in wanted]
    absent = [one.name for one in requirements if canonicalize_name(one.name) not in pinned]
    assert absent == []
    assert [str(one) for one in requirements if pinned[canonicalize_name(one.name)] not in one.specifier] == []


def test_that_torch_is_the_release_that_was_tried_whatever_its_build() -> None:
    assert pins()["torch"] == Version("2.13.0")
