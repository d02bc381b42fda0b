"""The project's secret key: where it lies, what it gives away, and how it moves."""

from pathlib import Path

import pytest

from espalier.core.failures import UnusableInput
from espalier.core.project.file import Project
from espalier.core.project.folders import config_folder
from espalier.core.project.key import ProjectKey, export_key, import_key, project_key


def _forget(key: ProjectKey) -> None:
    (config_folder() / "keys" / f"{key.id}.key").unlink()


def test_that_the_key_stays_outside_the_file_and_is_found_again(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        key = project_key(project)
        assert project_key(project).fingerprint(b"x") == key.fingerprint(b"x")
        assert project.meta("key_id") == key.id
    stored = (config_folder() / "keys" / f"{key.id}.key").read_bytes()
    assert stored not in project.path.read_bytes()
    assert (config_folder() / "keys" / f"{key.id}.key").stat().st_mode & 0o777 == 0o600


def test_that_the_key_is_never_shown(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        key = project_key(project)
    stored = (config_folder() / "keys" / f"{key.id}.key").read_text()
    assert stored not in repr(key)
    assert stored not in f"{key} {vars(type(key))}"


def test_that_without_the_key_the_refusal_names_the_remedy(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        _forget(project_key(project))
        with pytest.raises(UnusableInput, match="is not on this machine") as caught:
            project_key(project)
        assert "key PROJECT import" in caught.value.remedy


def test_that_an_exported_key_gives_the_same_fingerprints_elsewhere(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        key = project_key(project)
        wanted = key.fingerprint(b"secret"), key.placeholder_tag(b"secret")
        file = export_key(project, tmp_path / "key.json")
        assert file.stat().st_mode & 0o777 == 0o600
        _forget(key)
        brought = import_key(project, file)
        assert (brought.fingerprint(b"secret"), brought.placeholder_tag(b"secret")) == wanted


def test_that_another_projects_key_and_other_files_are_refused(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project, Project.create(tmp_path / "b") as other:
        project_key(project)
        project_key(other)
        file = export_key(other, tmp_path / "key.json")
        with pytest.raises(UnusableInput, match="another project"):
            import_key(project, file)
        for content in ("", "{}", "[]", '{"key": 3}', '{"key": "AAAA"}'):
            (tmp_path / "bad.json").write_text(content)
            with pytest.raises(UnusableInput, match="is not an exported project key"):
                import_key(project, tmp_path / "bad.json")


def test_that_an_export_never_overwrites(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        export_key(project, tmp_path / "key.json")
        with pytest.raises(UnusableInput, match="already exists"):
            export_key(project, tmp_path / "key.json")


def test_that_placeholders_and_fingerprints_are_separate_functions_of_the_key() -> None:
    key = ProjectKey(bytes(32))
    assert not key.fingerprint(b"x").startswith(key.placeholder_tag(b"x").lower())
    assert key.fingerprint(b"x") != ProjectKey(bytes(31) + b"\1").fingerprint(b"x")
