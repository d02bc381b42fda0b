"""The manifest has one form, published as a schema, and one spelling."""

import json
from importlib import resources

import pytest
from tests.core.release import made

from espalier.core.failures import GateShut
from espalier.core.project.canonical import canonical
from espalier.core.release import manifest


def listed() -> dict[str, object]:
    said = made.facts()
    files = [
        {"path": path, "size": len(data), "sha256": made.sha(data)}
        for path, data in sorted(made.documents(said).items())
    ]
    return {**said, "files": files}


def test_that_the_published_schema_is_the_one_that_is_checked() -> None:
    published = resources.files("espalier.resources").joinpath("schemas", "manifest.schema.json").read_text("utf-8")
    assert json.loads(published) == manifest.schema()


def test_that_reading_and_writing_keep_every_byte() -> None:
    data = canonical(listed())
    assert manifest.read(data).canonical() == data


@pytest.mark.parametrize("part", sorted(listed()))
def test_that_every_part_is_required(part: str) -> None:
    said = listed()
    del said[part]
    with pytest.raises(GateShut, match=part):
        manifest.read(canonical(said))


def test_that_an_unknown_part_is_refused() -> None:
    with pytest.raises(GateShut, match="approved_by"):
        manifest.read(canonical({**listed(), "approved_by": "everybody"}))


@pytest.mark.parametrize("notice", ["approved under the policy solo", ""])
def test_that_a_demonstration_can_not_be_called_otherwise(notice: str) -> None:
    with pytest.raises(GateShut, match="demonstration"):
        manifest.read(canonical({**listed(), "demonstration": True, "notice": notice}))
    with pytest.raises(GateShut, match="demonstration"):
        manifest.read(canonical({**listed(), "notice": manifest.DEMONSTRATION}))


def test_that_files_are_listed_once_and_in_order() -> None:
    files = listed()["files"]
    assert isinstance(files, list)
    for wrong in (files[::-1], [files[0], *files], files[:-1]):
        with pytest.raises(GateShut, match="listed"):
            manifest.read(canonical({**listed(), "files": wrong}))


def test_that_a_key_can_not_speak_to_the_terminal() -> None:
    with pytest.raises(GateShut) as refused:
        manifest.read(canonical({**listed(), "\x1b[2J": 1}))
    assert "\x1b" not in refused.value.sentence
