"""Identities and sign-offs: keys stand for people, and a signature holds only over what was signed."""

import subprocess
from pathlib import Path

import pytest

from espalier.core.failures import GateShut, UnusableInput
from espalier.core.project import signoffs
from espalier.core.project.file import Project
from espalier.core.project.identities import add, identity, signing_key, stand_in
from espalier.core.project.sshsig import REVIEW, public_key


def test_that_a_new_identity_has_a_key_that_only_its_person_holds(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        ana = add(project, "Ana", roles=("security",))
        assert public_key(signing_key(project, ana)).fingerprint == ana.fingerprint
        assert identity(project) == ana
        assert "PRIVATE" not in project.path.read_bytes().decode("latin-1")


def test_that_an_existing_ssh_key_serves(tmp_path: Path) -> None:
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", tmp_path / "key"], check=True)
    with Project.create(tmp_path / "a") as project, Project.create(tmp_path / "b") as elsewhere:
        ana = add(project, "Ana", key=tmp_path / "key")
        assert add(elsewhere, "Ana", key=tmp_path / "key.pub").fingerprint == ana.fingerprint


def test_that_names_keys_and_roles_are_checked(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        add(project, "Ana")
        with pytest.raises(UnusableInput, match="already in this project"):
            add(project, "Ana")
        with pytest.raises(UnusableInput, match="no role 'boss'"):
            add(project, "Ben", roles=("boss",))
        with pytest.raises(UnusableInput, match="no identity 'Eve'"):
            identity(project, "Eve")
        add(project, "Ben")
        with pytest.raises(UnusableInput, match="Several identities"):
            identity(project)


def test_that_the_stand_in_is_made_once_and_is_nobody(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a", policy="demo") as project:
        first = stand_in(project)
        assert first.automatic
        assert stand_in(project) == first
        with pytest.raises(UnusableInput, match="no identity in this project"):
            identity(project)


def test_that_a_sign_off_holds_until_a_word_of_it_changes(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        ana = add(project, "Ana")
        signoffs.sign(project, ana, "approval:x", {"corpus": "x", "findings": 3}, REVIEW)
        (kept,) = signoffs.sign_offs(project, "approval:x")
        assert signoffs.check(project, kept) == ana
        with project.write() as db:
            db.execute("UPDATE sign_offs SET statement = replace(statement, '3', '2')")
        (changed,) = signoffs.sign_offs(project, "approval:x")
        with pytest.raises(GateShut):
            signoffs.check(project, changed)


def test_that_a_signature_by_another_key_does_not_pass_for_this_identity(tmp_path: Path) -> None:
    with Project.create(tmp_path / "a") as project:
        add(project, "Ana")
        ben = add(project, "Ben")
        signoffs.sign(project, ben, "approval:x", {"corpus": "x"}, REVIEW)
        with project.write() as db:
            db.execute("UPDATE sign_offs SET identity = 'Ana'")
        (forged,) = signoffs.sign_offs(project, "approval:x")
        with pytest.raises(GateShut, match="was not made by the key of Ana"):
            signoffs.check(project, forged)
