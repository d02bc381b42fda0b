"""What `release check --json` and `release verify --json` print is described by the published schemas."""

import json
from importlib import resources

import pytest
from pydantic import TypeAdapter

from espalier.core.release.checklist import ReleaseCheck
from espalier.core.release.verify import Verification


@pytest.mark.parametrize(("name", "kind"), [("release-verify", Verification), ("release-check", ReleaseCheck)])
def test_that_the_published_schema_is_the_one_of_the_value(name: str, kind: type) -> None:
    published = resources.files("espalier.resources").joinpath("schemas", f"{name}.schema.json").read_text("utf-8")
    assert json.loads(published) == TypeAdapter(kind).json_schema()
